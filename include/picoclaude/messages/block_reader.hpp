// Reads the JSON object of one content block, from its { to its }, when more than text is wanted (API.md, section 4.2).
//
// `type` may come after other members: what comes before it is held. Then a block of text or thinking goes on as a
// payload, a tool's call is held to its end and told with id and name at once, and every other block that is shown is
// passed on as it came. Nothing is changed, so that a transcript can echo it byte for byte.
#pragma once
#include "../wire/json_reader.hpp"
#include "event.hpp"
#include "event_order.hpp"
#include "words.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// Received bytes that wait in the caller's memory. They stand in front of those that are read next.
struct Hold {
  char* data = nullptr;
  std::size_t size = 0;

  void append(char* bytes, std::size_t count) {
    if (size == 0) data = bytes;
    if (data + size != bytes) std::memmove(data + size, bytes, count);
    size += count;
  }
};

constexpr BlockKind kind_of(Word type) {
  switch (type) {
    case Word::text: return BlockKind::text;
#if PICOCLAUDE_BLOCKS
    case Word::thinking: return BlockKind::thinking;
    case Word::redacted_thinking: return BlockKind::redacted_thinking;
    case Word::tool_use: return BlockKind::tool_use;
    case Word::server_tool_use:
    case Word::mcp_tool_use: return BlockKind::server_tool_use;
#endif
    default: return BlockKind::other;
  }
}

// As what a string member of a block, or the payload of its deltas, is told; none: it does not fit the block.
constexpr EventKind route_of(Word member, BlockKind kind) {
  if (!is_shown(kind)) return EventKind::none;
  if (member == Word::text && kind == BlockKind::text) return EventKind::text;
  if (member == Word::thinking && kind == BlockKind::thinking) return EventKind::thinking;
  if (member == Word::signature && kind == BlockKind::thinking) return EventKind::signature;
  const bool has_input = kind == BlockKind::tool_use || kind == BlockKind::server_tool_use;
  return member == Word::partial_json && has_input ? EventKind::tool_input : EventKind::none;
}

#if PICOCLAUDE_BLOCKS

class BlockReader {
 public:
  // Whose bytes come next, or an event waits.
  constexpr bool active() const { return stage_ != Stage::idle; }
  constexpr BlockKind kind() const { return kind_; }

  // The { at `brace` was taken; the reader is at `depth` now.
  void begin(Hold& hold, char* brace, unsigned depth) {
    *this = {};
    stage_ = Stage::hold;
    depth_ = static_cast<std::uint8_t>(depth);
    hold.size = 0;
    hold.append(brace, 1);
  }

  // Up to an event, the end of the block, or a token that is the caller's: a line's end, a failure.
  Event read(JsonReader& json, Hold& hold, char*& next, char* end) {
    if (stage_ >= Stage::tell_raw) return tell(hold);
    char* begin = next;
    while (true) {
      const Json token = json.read(next, end);
      const bool mine = json.depth() == depth_;
      switch (token) {
        case Json::key:
          if (!mine) break;
          key_ = find_word(json.text());
          if (key_ != Word::type && !typed_) is_first_ = false;
          break;
        case Json::begin_string:
          if (mine && key_ == Word::type) json.collect();
          break;
        case Json::end_string:
          if (!mine || key_ != Word::type || typed_) break;
          flush(hold, begin, next);
          take_type(find_word(json.text()));
          if (stage_ != Stage::hold) return tell(hold);
          begin = next;
          break;
        case Json::end_object:
          if (json.depth() + 1u == depth_) return end_block(hold, begin, next);
          break;
        case Json::more:
        case Json::line_end:
        case Json::failed: return flush(hold, begin, next);
        default: break;
      }
    }
  }

 private:
  enum class Stage : std::uint8_t {
    idle,
    hold,  // what comes is held
    pass,  // what comes is told
    tell_raw,
    tell_start,
    tell_input,
    tell_members,
  };

  Event flush(Hold& hold, char* begin, const char* next) const {
    const auto size = static_cast<std::size_t>(next - begin);
    if (size == 0) return {};
    if (stage_ == Stage::pass) return {EventKind::block, 0, {begin, size}};
    hold.append(begin, size);
    return {};
  }

  void take_type(Word type) {
    typed_ = true;
    kind_ = kind_of(type);
    const bool is_payload = kind_ == BlockKind::text || kind_ == BlockKind::thinking;
    if (PICOCLAUDE_ENABLE_TOOLS && kind_ == BlockKind::tool_use) return;
    stage_ = !is_shown(kind_) ? Stage::idle : !is_payload ? Stage::pass : is_first_ ? Stage::idle : Stage::tell_members;
  }

  Event end_block(Hold& hold, char* begin, const char* next) {
    const Event rest = flush(hold, begin, next);
    if (stage_ == Stage::pass || !typed_) {
      stage_ = Stage::idle;
      return rest || !is_shown(kind_) ? rest : take(hold, EventKind::block);
    }
    stage_ = PICOCLAUDE_ENABLE_TRANSCRIPT ? Stage::tell_raw : Stage::tell_start;
    return tell(hold);
  }

  // ---- what was held ------------------------------------------------------------------------------------------------

  static Event take(Hold& hold, EventKind kind) {
    const std::size_t size = hold.size;
    hold.size = 0;
    return {kind, 0, {hold.data, size}};
  }

  // What is held was read before: it is good up to its end.
  static constexpr bool is_good(Json token) { return token != Json::more && token != Json::failed; }

  Event tell(Hold& hold) {
    switch (stage_) {
      case Stage::idle: hold.size = 0; return {};
      case Stage::pass: return take(hold, EventKind::block);
      case Stage::tell_raw: stage_ = Stage::tell_start; return {EventKind::block, 0, {hold.data, hold.size}};
#if PICOCLAUDE_ENABLE_TOOLS
      case Stage::tell_start: return tell_start(hold);
#endif
      case Stage::tell_members: return tell_member(hold);
      default: stage_ = Stage::idle; return take(hold, EventKind::tool_input);
    }
  }

#if PICOCLAUDE_ENABLE_TOOLS
  // The id and the name, decoded in place. An input that came with the start stays held: it is told next.
  Event tell_start(Hold& hold) {
    Event event{EventKind::tool_start, 0, {}};
    JsonReader json;
    Word key = Word::unknown;
    char* next = hold.data;
    char* const end = next + hold.size;
    char* input = end;
    hold.size = 0;
    stage_ = Stage::idle;
    for (Json token = json.read(next, end); is_good(token); token = json.read(next, end)) {
      if (token == Json::key && json.depth() == 1) key = find_word(json.text());
      if (token == Json::begin_string && json.depth() == 1 && (key == Word::id || key == Word::name)) json.deliver();
      if (token == Json::text) (key == Word::id ? event.id : event.text) = json.text();
      if (json.depth() == 2 && token == Json::begin_object && key == Word::input) input = next - 1;
      if (json.depth() == 1 && token == Json::end_object && key == Word::input && !is_empty_object(input)) {
        hold.data = input;
        hold.size = static_cast<std::size_t>(next - input);
        stage_ = Stage::tell_input;
      }
    }
    return event;
  }

  static bool is_empty_object(const char* brace) {
    while (*++brace == ' ' || *brace == '\t') {}
    return *brace == '}';
  }
#endif

  // The next member before `type` that is a payload, decoded in place. What is held shrinks to the members behind it.
  Event tell_member(Hold& hold) {
    JsonReader json;
    Word key = Word::unknown;
    char* next = hold.data;
    char* const end = next + hold.size;
    for (Json token = json.read(next, end); is_good(token); token = json.read(next, end)) {
      if (token == Json::key && json.depth() == 1) key = find_word(json.text());
      if (json.depth() != 1 || route_of(key, kind_) == EventKind::none) continue;
      if (token == Json::begin_string) json.deliver();
      if (token != Json::text) continue;
      while (*next != ',') ++next;  // at least `type` follows
      *next = '{';
      hold.data = next;
      hold.size = static_cast<std::size_t>(end - next);
      return {route_of(key, kind_), 0, json.text()};
    }
    hold.size = 0;
    stage_ = Stage::idle;
    return {};
  }

  Stage stage_ = Stage::idle;
  BlockKind kind_ = BlockKind::other;
  Word key_ = Word::unknown;
  bool typed_ = false;
  bool is_first_ = true;  // no other member came before `type`
  std::uint8_t depth_ = 0;
};

#endif

}  // namespace detail
PICOCLAUDE_END
