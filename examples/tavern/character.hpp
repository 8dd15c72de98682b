// Somebody in the tavern: what they are like, where they stand, what they heard and what they say. Everything has its
// place in here; nothing is allocated when they talk.
#pragma once
#include <picoclaude.hpp>

#include <cstring>

namespace tavern {

using picoclaude::string_view;

// Text of at most N bytes that ends at a code point; what does not fit is left out.
template <std::size_t N>
class Text {
 public:
  void clear() { size_ = 0; }
  void add(string_view more) {
    const std::size_t fits = picoclaude::utf8_cut(more, N - size_);
    std::memcpy(bytes_ + size_, more.data(), fits);
    size_ += fits;
    bytes_[size_] = '\0';
  }
  void set(string_view text) {
    clear();
    add(text);
  }
  string_view view() const { return {bytes_, size_}; }
  const char* c_str() const { return bytes_; }
  bool empty() const { return size_ == 0; }

 private:
  char bytes_[N + 1] = {};
  std::size_t size_ = 0;
};

enum class Place { bar, fire, door, window, table, stairs, stage, barrel };
enum class Item { ale, bread, candle, coin, map, key };
enum class Mood { smile, nod, laugh, frown, wave, yawn };

inline constexpr const char* place_names[] = {"bar", "fire", "door", "window", "table", "stairs", "stage", "barrel"};
inline constexpr const char* item_names[] = {"ale", "bread", "candle", "coin", "map", "key"};
inline constexpr const char* mood_names[] = {"smiles", "nods", "laughs", "frowns", "waves", "yawns"};
inline constexpr unsigned place_count = 8;

// What the model may do with its character. The words are those of the enums above.
inline constexpr auto walk = picoclaude::tool("walk", "Walk to another place of the tavern.",
    picoclaude::enumeration(
        "place", "where to", "bar", "fire", "door", "window", "table", "stairs", "stage", "barrel"));
inline constexpr auto give = picoclaude::tool("give", "Give something to whom you talk with.",
    picoclaude::enumeration("item", "what", "ale", "bread", "candle", "coin", "map", "key"));
inline constexpr auto emote = picoclaude::tool("emote", "Show a feeling.",
    picoclaude::enumeration("mood", "which", "smile", "nod", "laugh", "frown", "wave", "yawn"));

struct Part {
  const char* name;
  std::uint32_t color;  // 0xRRGGBB
  string_view persona;  // with examples of how they speak
  Place place;
};

class Character : public picoclaude::Turn {
 public:
  const Part* part = nullptr;
  float x = 0;
  float y = 0;
  float to_x = 0;
  float to_y = 0;
  Place place = Place::bar;
  Item item = Item::ale;
  bool has_item = false;
  Mood mood = Mood::smile;
  std::uint32_t mood_until_ms = 0;
  Text<220> bubble;  // what they say, or said last
  std::uint32_t bubble_until_ms = 0;
  Character* partner = nullptr;  // whom they talk with; null: the player
  unsigned replies_left = 0;     // before this chat is over
  std::uint32_t speak_at_ms = 0;
  bool wants_to_speak = false;
  unsigned failures = 0;

  const char* name() const { return part->name; }

  // Somebody speaks to them; they answer in a while.
  void hear(string_view speaker, string_view words, std::uint32_t answer_at_ms) {
    heard_.set(speaker);
    heard_.add(" says to you: ");
    heard_.add(words);
    think_later(answer_at_ms);
  }
  // They shall begin to talk.
  void begin_chat(string_view with, std::uint32_t at_ms) {
    const std::uint32_t minutes = at_ms / 1000;  // of the evening
    const char clock[] = {static_cast<char>('0' + minutes / 60 % 10), ':', static_cast<char>('0' + minutes / 10 % 6),
        static_cast<char>('0' + minutes % 10), '\0'};
    heard_.set("It is ");
    heard_.add(clock);
    heard_.add(" into the night. You are at the ");
    heard_.add(place_names[static_cast<unsigned>(place)]);
    heard_.add(" and see ");
    heard_.add(with);
    heard_.add(". Say something to them.");
    think_later(at_ms);
  }
  string_view heard() const { return heard_.view(); }

  // The next request of this turn of theirs: what they heard, and what came of the tools they used.
  const picoclaude::Request& request(string_view model) {
    request_ = {};
    request_.model = model;
    request_.max_tokens = 120;
    request_.system = picoclaude::Content{part->persona};
    messages_[0] = picoclaude::user(heard_.view());
    std::size_t count = 1;
    if (used_ != 0) {
      messages_[1] = picoclaude::assistant(picoclaude::List<picoclaude::Block>{uses_, used_});
      messages_[2] = picoclaude::user(picoclaude::List<picoclaude::Block>{results_, used_});
      count = 3;
    }
    request_.messages = {messages_, count};
    request_.tools = tools_;
    if (used_ != 0) request_.tool_choice = picoclaude::ToolChoice::none();
    answer_.clear();
    return request_;
  }

  // An event of their answer.
  void take(const picoclaude::Event& event) {
    if (event.kind == picoclaude::EventKind::text) {
      if (answer_.empty()) bubble.clear();
      answer_.add(event.text);
      bubble.add(event.text);
    }
    if (event.kind == picoclaude::EventKind::retrying) bubble.set("...");
    if (used_ == 0) calls_.take(event);
  }
  string_view answer() const { return answer_.view(); }

  // Runs the tools that the answer asked for. False: it asked for none, and the turn is over.
  template <class Walk, class Give, class Emote>
  bool run_tools(Walk on_walk, Give on_give, Emote on_emote) {
    if (used_ != 0) return false;
    for (std::size_t at = 0; at < calls_.size() && at < max_calls; ++at) {
      const picoclaude::ToolCall call = calls_[at];
      results_kept_[at] = {};
      picoclaude::run_tool(call, calls_.room(), results_kept_[at].reply(), walk.calls(on_walk), give.calls(on_give),
          emote.calls(on_emote));
      uses_[at] = picoclaude::tool_use(call.id, call.name, call.input);
      results_[at] = results_kept_[at].block(call.id);
      used_ = at + 1;
    }
    return used_ != 0;
  }

 private:
  static constexpr std::size_t max_calls = 4;

  void think_later(std::uint32_t at_ms) {
    wants_to_speak = true;
    speak_at_ms = at_ms;
    used_ = 0;
    calls_.clear();
  }

  Text<400> heard_;
  Text<400> answer_;
  picoclaude::Request request_;
  picoclaude::Message messages_[3];
  picoclaude::Tool tools_[3] = {walk, give, emote};
  char call_bytes_[640];
  picoclaude::ToolCalls calls_{call_bytes_};
  std::size_t used_ = 0;  // tools of this turn
  picoclaude::Block uses_[max_calls];
  picoclaude::Block results_[max_calls];
  picoclaude::ToolResult<40> results_kept_[max_calls];
};

}  // namespace tavern
