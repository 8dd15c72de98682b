// Reads the JSON object of one content block, from its { to its }, when more than text is wanted (API.md, section 4.2).
//
// `type` may come after other members: what comes before it is held. Then a block of text or thinking goes on as a
// payload, a tool's call is held to its end and told with id and name at once, and every other block that is shown is
// passed on as it came. Nothing is changed, so that a transcript can echo it byte for byte.
#pragma once
#include "../wire/json_reader.hpp"
#include "../wire/json_walk.hpp"
#include "block_route.hpp"
#include "hold.hpp"

PICOCLAUDE_BEGIN
namespace detail {

#if PICOCLAUDE_RAW_BLOCKS

class BlockReader {
 public:
  // Whose bytes come next, or an event waits.
  constexpr bool active() const { return stage_ != Stage::idle; }
  constexpr BlockKind kind() const { return kind_; }

  // The { at `brace` was taken; the reader is at `depth` now. `whole`: a block of a message, with all that is in it.
  void begin(Hold& hold, char* brace, unsigned depth, bool whole = false) {
    *this = {};
    whole_ = whole;
    stage_ = Stage::hold;
    depth_ = static_cast<std::uint8_t>(depth);
    hold.size = 0;
    hold.append(brace, 1);
  }

#if PICOCLAUDE_MESSAGES && PICOCLAUDE_CITATIONS
  // Where in what is held the citations of a text stand that came before its type; 0: nowhere. All else was told.
  constexpr std::uint32_t citations_at() const { return citations_at_; }
#endif

#if PICOCLAUDE_ENABLE_TRANSCRIPT
  // The same for an object that is added to a block of this kind: all of it is passed on.
  void begin_delta(Hold& hold, char* brace, unsigned depth, BlockKind kind) {
    begin(hold, brace, depth);
    kind_ = kind;
    stage_ = Stage::tell_delta;
    passed_as_ = EventKind::block_delta;
  }
#endif

  // Up to an event, the end of the block, or a token that is the caller's: a line's end, a failure.
  Event read(JsonReader& json, Hold& hold, char*& next, char* end) {
    if (stage_ >= Stage::tell_raw) return tell(hold);
    char* begin = next;
    Word type = Word::unknown;
    while (true) {
      const Json token = json.read(next, end);
      const bool mine = json.depth() == depth_;
      switch (token) {
        case Json::key:
          if (mine) key_ = find_word(json.text());
          break;
        case Json::begin_object:
          if (json.depth() != depth_ + 1u || key_ != Word::input) break;
          if (streams_input && is_known_call()) return begin_input(hold, begin, next);
          note(hold, next - begin);
          break;
#if PICOCLAUDE_MESSAGES && (PICOCLAUDE_ENABLE_TRANSCRIPT || PICOCLAUDE_CITATIONS)
        case Json::begin_array:
          if (json.depth() == depth_ + 1u && key_ == Word::citations && whole_) {
            at_[citations] = offset(hold, next - begin - 1);
          }
          break;
#endif
        case Json::begin_string:
          if (!mine) break;
          if (key_ == Word::type) json.collect();
          if (key_ != Word::input) note(hold, next - begin);
          break;
        case Json::end_string:
          if (!mine || key_ != Word::type || typed_ || stage_ == Stage::pass) break;
          type = find_word(json.text());  // before its bytes are moved
          flush(hold, begin, next);
          take_type(type);
          if (stage_ != Stage::hold) return tell(hold);
          begin = next;
          break;
        case Json::end_object:
          if (json.depth() + 1u == depth_) return end_block(hold, begin, next);
          if (streams_input && mine && stage_ == Stage::input) return end_input(hold, begin, next);
          if (mine && key_ == Word::input) at_[input_end] = offset(hold, next - begin);
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
    hold,   // what comes is held
    pass,   // what comes is told
    input,  // what comes is told as a call's input
    tell_raw,
    tell_delta,
    tell_start,
    tell_input,
    tell_brace,
    tell_members,
  };
  static constexpr bool streams_input = PICOCLAUDE_MESSAGES && PICOCLAUDE_ENABLE_TOOLS;
  static constexpr Stage first_of_call = PICOCLAUDE_ENABLE_TRANSCRIPT ? Stage::tell_raw : Stage::tell_start;

  // Members whose places in what is held are noted: those of a payload, and those of a call.
  enum Member : std::uint8_t { data, text, thinking, signature, id, name, input, citations, input_end, members };

  static std::uint32_t offset(const Hold& hold, std::ptrdiff_t taken) {
    return static_cast<std::uint32_t>(hold.size) + static_cast<std::uint32_t>(taken);
  }

  void note(const Hold& hold, std::ptrdiff_t taken) {
    std::uint8_t member = place_in(key_, Word::data, id);
    if (member == id) member = static_cast<std::uint8_t>(id + place_in(key_, Word::id, citations - id));
    if (member != citations) at_[member] = offset(hold, taken - 1);
  }

  Event flush(Hold& hold, char* begin, const char* next) const {
    const auto size = static_cast<std::size_t>(next - begin);
    if (size == 0) return {};
    if (stage_ == Stage::pass) return {passed_as_, 0, {begin, size}};
    if (streams_input && stage_ == Stage::input) return {EventKind::tool_input, 0, {begin, size}};
    hold.append(begin, size);
    return {};
  }

  // A call of a message whose input comes behind what names it: the input need not be held. Behind its type, only a call
  // is still held.
  bool is_known_call() const { return whole_ && typed_ && stage_ == Stage::hold && at_[id] != 0 && at_[name] != 0; }

  Event begin_input(Hold& hold, char* begin, const char* next) {
    flush(hold, begin, next - 1);
    at_[input] = at_[input_end] = 0;
    stage_ = first_of_call;
    return tell(hold);
  }

  Event end_input(Hold& hold, char* begin, const char* next) {
    const Event rest = flush(hold, begin, next);
    stage_ = PICOCLAUDE_ENABLE_TRANSCRIPT ? Stage::pass : Stage::idle;
    return rest;
  }

  void take_type(Word type) {
    typed_ = true;
    kind_ = kind_of(type);
    if (PICOCLAUDE_ENABLE_TOOLS && kind_ == BlockKind::tool_use) return;
    const bool is_payload =
        kind_ == BlockKind::text || kind_ == BlockKind::thinking || kind_ == BlockKind::redacted_thinking;
    stage_ = !is_shown(kind_) ? Stage::idle : is_payload ? Stage::tell_members : Stage::pass;
  }

  Event end_block(Hold& hold, char* begin, const char* next) {
    const Event rest = flush(hold, begin, next);
    if (stage_ == Stage::pass) {
      stage_ = Stage::idle;
      return rest;
    }
    if (!typed_) {
      stage_ = Stage::idle;
      constexpr bool shown = is_shown(BlockKind::other);
      return shown ? take(hold, EventKind::block) : Event{};
    }
    whole_ = false;
    stage_ = first_of_call;
    return tell(hold);
  }

  // ---- what was held ------------------------------------------------------------------------------------------------

  static Event take(Hold& hold, EventKind kind) {
    const std::size_t size = hold.size;
    hold.size = 0;
    return {kind, 0, {hold.data, size}};
  }

  // The member's string, decoded in place; empty when there is none.
  string_view value(const Hold& hold, Member member) const {
    if (at_[member] == 0) return {};
    JsonReader json;
    json.begin_text();
    char* next = hold.data + at_[member] + 1;
    return json.read(next, hold.data + hold.size) == Json::text ? json.text() : string_view{};
  }

  Event tell(Hold& hold) {
    switch (stage_) {
      case Stage::pass: return take(hold, EventKind::block);
      case Stage::tell_delta: stage_ = Stage::pass; return take(hold, EventKind::block_delta);
      case Stage::tell_raw: stage_ = Stage::tell_start; return {EventKind::block, 0, {hold.data, hold.size}};
#if PICOCLAUDE_ENABLE_TOOLS
      case Stage::tell_start: return tell_start(hold);
      case Stage::tell_input: stage_ = Stage::idle; return take(hold, EventKind::tool_input);
      case Stage::tell_brace: stage_ = Stage::input; return {EventKind::tool_input, 0, "{"};
#endif
      case Stage::tell_members:
        for (unsigned member = data; member <= signature; ++member) {
          const Event event = tell_member(hold, static_cast<Member>(member));
          if (event) return event;
        }
#if PICOCLAUDE_MESSAGES && PICOCLAUDE_CITATIONS
        if (at_[citations] != 0 && kind_ == BlockKind::text) {  // what is held of them is to be read
          stage_ = Stage::idle;
          citations_at_ = at_[citations];
          return {};
        }
#elif PICOCLAUDE_MESSAGES && PICOCLAUDE_ENABLE_TRANSCRIPT
        if (at_[citations] != 0 && kind_ == BlockKind::text) {
          const Event event = tell_citation(hold);
          if (event) return event;
        }
#endif
        break;
      default: break;
    }
    stage_ = Stage::idle;
    hold.size = 0;
    return {};
  }

  // A payload that came before `type`.
  Event tell_member(const Hold& hold, Member member) {
    const auto word = static_cast<Word>(static_cast<unsigned>(Word::data) + member);
    const EventKind kind = route_of(word, kind_);
    const string_view payload = kind == EventKind::none ? string_view{} : value(hold, member);
    at_[member] = 0;
    return payload.empty() ? Event{} : Event{kind, 0, payload};
  }

#if PICOCLAUDE_MESSAGES && PICOCLAUDE_ENABLE_TRANSCRIPT && !PICOCLAUDE_CITATIONS
  // Citations that came before `type`: each as it would be added to a text, an empty event first.
  Event tell_citation(const Hold& hold) {
    JsonWalk list({hold.data + at_[citations], hold.size - at_[citations]});
    bool more = list.next();
    for (unsigned at = 0; more && at < cited_ / 2u; ++at) more = list.next();
    if (!more) return {};
    return {EventKind::block_delta, 0, cited_++ % 2 == 0 ? string_view{} : list.value_text()};
  }
#endif

#if PICOCLAUDE_ENABLE_TOOLS
  // An input that came with the start stays held: it is told next. Usually it is {}, which says nothing.
  Event tell_start(Hold& hold) {
    Event event{EventKind::tool_start, 0, value(hold, name)};
    event.id = value(hold, id);
    hold.data += at_[input];
    hold.size = at_[input_end] - at_[input];
    if (find({hold.data, hold.size}, '"') == hold.size) hold.size = 0;
    stage_ = streams_input && whole_ ? Stage::tell_brace : hold.size == 0 ? Stage::idle : Stage::tell_input;
    return event;
  }

#endif

  Stage stage_ = Stage::idle;
  BlockKind kind_ = BlockKind::other;
  Word key_ = Word::unknown;
  EventKind passed_as_ = EventKind::block;
  bool whole_ = false;
  bool typed_ = false;
  std::uint8_t depth_ = 0;
#if PICOCLAUDE_MESSAGES && PICOCLAUDE_CITATIONS
  std::uint32_t citations_at_ = 0;
#elif PICOCLAUDE_MESSAGES && PICOCLAUDE_ENABLE_TRANSCRIPT
  std::uint16_t cited_ = 0;  // events of citations that were told
#endif
  std::uint32_t at_[members] = {};  // 0: not there
};

#endif

}  // namespace detail
PICOCLAUDE_END
