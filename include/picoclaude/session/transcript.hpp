// The conversation in wire form, in the caller's bytes.
//
//   char pages[4096];
//   picoclaude::Transcript talk{pages};
//   talk.user("It is getting dark.");
//   request.transcript = talk.json();
//   while (auto event = claude.next()) talk.take(event);   // the assistant's turn, written as it streams
//
// A turn of the assistant counts when its answer is complete; one that ended early, or did not fit, was never there. What
// json() gives is always valid, and keeps the API's rules: it begins with a user, and every call of a tool is answered.
#pragma once
#include "../messages/content.hpp"
#include "tool_call.hpp"
#include "turn_writer.hpp"

#if PICOCLAUDE_ENABLE_TRANSCRIPT
PICOCLAUDE_BEGIN

class Transcript {
 public:
  // At most 4 GiB.
  explicit Transcript(Room pages) : pages_(pages) {}

  // The messages, separated by commas: for Request::transcript, and to be stored. Lifetime: until the next call of a
  // function that is not const; a request that is on its way may go on using it while take() is called.
  string_view json() const { return {pages_.data, size_}; }
  bool empty() const { return size_ == 0; }
  // Free bytes.
  std::size_t room() const { return pages_.size - lent_ - size_; }

  // ---- turns --------------------------------------------------------------------------------------------------------

  // Adds a user's turn. Calls of tools that were not answered are answered first, as not run.
  // Errors: out_of_room, or what is wrong with the content; then nothing changed but those answers.
  Error user(const Content& content) { return add({Role::user, content}); }

  // Adds any message; Role::system not as the first one.
  Error add(const Message& message) {
    drop_turn();
    stop_reason_ = StopReason::none;
    const Error error = answer_calls();
    return error != Error::none ? error : write([&](Window& window) {
      detail::render(window, message);
    });
  }

#if PICOCLAUDE_ENABLE_TOOLS
  // Adds what a tool answered to a call of the last turn. Errors: as user().
  Error tool_result(string_view id, const Content& content, bool is_error = false) {
    const Block block = picoclaude::tool_result(id, content, is_error);
    if (!begins_results(last_message())) {
      return write([&](Window& window) {
        detail::render(window, user_of(block));
      });
    }
    // The message of results is opened again.
    size_ -= 2;
    const Error error = write([&](Window& window) {
      detail::render(window, block);
      window.raw("]}");
    });
    if (error != Error::none) size_ = static_cast<std::uint32_t>(put(pages_.data + size_, "]}") - pages_.data);
    return error;
  }

  // The call `number`, counted from 0, of the last turn, if that stopped to use tools. False: there are no more, or a
  // later answer was begun, whatever became of it.
  // Lifetime: until the next call of a function that is not const, tool_result() excepted.
  bool call(unsigned number, ToolCall& call) const {
    return stop_reason_ == StopReason::tool_use && find_call(last_turn(), number, call);
  }

  // Lends the second half of the free room, for the strings of an input, until take_back().
  Room lend() {
    take_back();
    lent_ = static_cast<std::uint32_t>(room() / 2);
    return {pages_.data + pages_.size - lent_, lent_};
  }
  void take_back() { lent_ = 0; }
#endif

  // Takes any event of an answer. Errors: out_of_room: the answer is not recorded, what came before it stays.
  Error take(const Event& event) {
    if (event.kind == EventKind::retrying) drop_turn();
    if (event.kind == EventKind::retrying || error_ != Error::none) return error_;
    if (!writing_) begin_turn();
    if (error_ == Error::none) error_ = turn_.take(event);
    if (event.kind == EventKind::end) end_turn(event);
    return error_;
  }

  // Forgets the assistant's turn that is being written, for example after an answer that ended early. A new turn does
  // so by itself.
  void drop_turn() {
    writing_ = false;
    error_ = Error::none;
  }

  // ---- forgetting ---------------------------------------------------------------------------------------------------
  // Not in the middle of an answer: what is left of it would count as all of it.

  // Forgets the oldest user's turn and all up to the next one. False: there is only one.
  bool forget_oldest() {
    drop_turn();
    std::size_t at = 0;
    do {
      at = end_of(at) + 1;
      if (at >= size_) return false;
    } while (!begins_exchange(at));
    size_ -= static_cast<std::uint32_t>(at);
    std::memmove(pages_.data, pages_.data + at, size_);
    return true;
  }

  // Forgets until `size` bytes are free. False: they cannot be.
  bool make_room(std::size_t size) {
    while (room() < size) {
      if (!forget_oldest()) return false;
    }
    return true;
  }

  void clear() {
    drop_turn();
    stop_reason_ = StopReason::none;
    size_ = 0;
  }

  // Takes what json() gave, from flash or a saved game. Errors: out_of_room; bad_json when it is not that: then the
  // transcript is empty.
  Error restore(string_view saved) {
    clear();
    if (saved.size() > pages_.size) return Error::out_of_room;
    if (!saved.empty()) std::memmove(pages_.data, saved.data(), saved.size());
    size_ = static_cast<std::uint32_t>(saved.size());
    for (std::size_t at = 0; at < size_;) {
      const std::size_t end = end_of(at);
      const bool known = is_message(at) && begins_exchange(0);
      const bool separated = end == size_ || (end + 1 < size_ && pages_.data[end] == ',');
      if (!known || !separated || !detail::is_json_object({pages_.data + at, end - at})) {
        clear();
        return Error::bad_json;
      }
      at = end + 1;
    }
    return Error::none;
  }

 private:
  static constexpr char user_start[] = R"({"role":"user","content":)";
  static constexpr char assistant_start[] = R"({"role":"assistant","content":)";
  static constexpr char system_start[] = R"({"role":"system","content":)";

  string_view from(std::size_t at) const { return slice(json(), at); }

  // Where the message at `at` ends.
  std::size_t end_of(std::size_t at) const { return detail::skip_json_value(json(), at); }

  bool is_message(std::size_t at) const {
    return starts_with(from(at), user_start) || starts_with(from(at), assistant_start) ||
        starts_with(from(at), system_start);
  }

  // A user's own words: what came before is not needed for what follows.
  bool begins_exchange(std::size_t at) const {
    return starts_with(from(at), user_start) &&
        !starts_with(from(at + sizeof user_start - 1), R"([{"type":"tool_result")");
  }

  // Writes a message behind the others.
  template <class Render>
  Error write(Render render) {
    const std::size_t comma = size_ == 0 ? 0 : 1;
    if (room() <= comma) return Error::out_of_room;
    char* const to = pages_.data + size_ + comma;
    Window window(to, room() - comma, {});
    render(window);
    if (window.error() != Error::none) return window.error();
    if (!window.finished()) return Error::out_of_room;
    if (comma != 0) pages_.data[size_] = ',';
    size_ += static_cast<std::uint32_t>(comma + window.size());
    return Error::none;
  }

  void begin_turn() {
    writing_ = true;
    stop_reason_ = StopReason::none;
    const std::size_t comma = size_ == 0 ? 0 : 1;
    const std::size_t needed = comma + sizeof assistant_start + 2;  // with [ and ]}
    if (room() < needed) {
      error_ = Error::out_of_room;
      return;
    }
    char* const end = put(pages_.data + size_ + comma, {assistant_start, sizeof assistant_start - 1});
    *end = '[';
    turn_.begin(pages_.data, static_cast<std::size_t>(end + 1 - pages_.data), pages_.size - 2);
  }

  void end_turn(const Event& event) {
    writing_ = false;
    if (error_ != Error::none || turn_.empty()) return;
    stop_reason_ = event.stop_reason;
    if (size_ != 0) pages_.data[size_] = ',';
    put(pages_.data + turn_.size(), "]}");
    size_ = static_cast<std::uint32_t>(turn_.size() + 2);
  }

#if PICOCLAUDE_ENABLE_TOOLS
  static Message user_of(const Block& block) { return {Role::user, List<Block>(block)}; }

  bool begins_results(std::size_t at) const {
    return starts_with(from(at), R"({"role":"user","content":[{"type":"tool_result")");
  }

  // Where the last message begins, and where the last one of the assistant does; size_ if there is none.
  std::size_t last_message() const {
    std::size_t last = 0;
    for (std::size_t at = 0; at < size_; at = end_of(at) + 1) last = at;
    return last;
  }
  std::size_t last_turn() const {
    std::size_t last = size_;
    for (std::size_t at = 0; at < size_; at = end_of(at) + 1) {
      if (starts_with(from(at), assistant_start)) last = at;
    }
    return last;
  }

  bool find_call(std::size_t turn, unsigned number, ToolCall& call) const {
    if (turn == size_) return false;
    detail::JsonWalk blocks(from(turn + sizeof assistant_start - 1));
    unsigned seen = 0;
    while (blocks.text[0] == '[' && blocks.next()) {
      detail::JsonWalk type(blocks.value_text());
      if (!type.find("type") || !equal(type.string(), "tool_use") || seen++ != number) continue;
      call.id = member(blocks.value_text(), "id");
      call.name = member(blocks.value_text(), "name");
      detail::JsonWalk input(blocks.value_text());
      call.input = input.find("input") ? input.value_text() : string_view("{}");
      call.whole = !turn_.is_bad(number);
      return true;
    }
    return false;
  }

  static string_view member(string_view object, Literal name) {
    detail::JsonWalk walk(object);
    return walk.find(name) ? walk.string() : string_view{};
  }

  bool is_answered(std::size_t turn, string_view id) const {
    for (std::size_t at = end_of(turn) + 1; at < size_; at = end_of(at) + 1) {
      if (!begins_results(at)) continue;
      detail::JsonWalk blocks(from(at + sizeof user_start - 1));
      while (blocks.next()) {
        if (equal(member(blocks.value_text(), "tool_use_id"), id)) return true;
      }
    }
    return false;
  }

  Error answer_calls() {
    const std::size_t turn = last_turn();
    ToolCall call;
    for (unsigned number = 0; find_call(turn, number, call); ++number) {
      if (is_answered(turn, call.id)) continue;
      const Error error = tool_result(call.id, "Error: not run", true);
      if (error != Error::none) return error;
    }
    return Error::none;
  }
#else
  Error answer_calls() { return Error::none; }
#endif

  Room pages_;
  std::uint32_t size_ = 0;                     // of the messages that count
  std::uint32_t lent_ = 0;                     // bytes at the end that somebody else uses
  StopReason stop_reason_ = StopReason::none;  // of the last turn
  bool writing_ = false;                       // a turn stands behind them, not complete yet
  Error error_ = Error::none;
  detail::TurnWriter turn_;
};

PICOCLAUDE_END
#endif
