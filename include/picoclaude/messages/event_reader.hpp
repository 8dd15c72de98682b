// From the bytes of an event stream to events (API.md, section 6).
//
// Members come in any order: what acts before the event's `type` commits the event to a type, and a later `type` that
// differs is bad_event. An event counts at its blank line; its text leaves before. The reader never waits for a line's
// end, and never tells that an answer is complete without its message_stop.
#pragma once
#include "../wire/json_reader.hpp"
#include "../wire/sse.hpp"
#include "block_reader.hpp"
#include "error_reader.hpp"
#include "event.hpp"
#include "event_order.hpp"
#if PICOCLAUDE_ENABLE_PREFIX
#include "event_prefix.hpp"
#endif
#include "message.hpp"

PICOCLAUDE_BEGIN

class EventReader {
 public:
  // An event stream, or the JSON body of an error.
  enum class Body : std::uint8_t { events, error };

  // Bytes in front of those to be read that must be free: text that is held may need them.
  static constexpr std::size_t margin = 4;

  constexpr EventReader() = default;
  constexpr explicit EventReader(Body body) : body_(body) {}

  // Reads up to the next event, and moves `next` behind what was taken. No event and no error(): all bytes were taken.
  // Decoded text overwrites its source.
  Event read(char*& next, char* end) PICOCLAUDE_NONBLOCKING {
    while (next != end && error_ == Error::none && !complete()) {
#if PICOCLAUDE_ENABLE_PREFIX
      const Event event = read_quickly(next, end);
#else
      const Event event = read_some(next, end);
#endif
      if (event) return event;
    }
    return {};
  }

  // The blank line that ends message_stop was read.
  constexpr bool complete() const { return order_.phase() == EventOrder::Phase::stopped; }
  // Why reading stopped: the bytes are wrong, or the service sent an error event.
  constexpr Error error() const { return error_; }
  // What an error body says of itself, none when it said nothing that could be read.
  constexpr Error service_error() const { return service_error_; }

  constexpr const Usage& usage() const { return usage_; }
  constexpr StopReason stop_reason() const { return stop_reason_; }
  constexpr Refusal refusal() const { return refusal_; }
  constexpr std::uint16_t block_count() const { return order_.block_count(); }

  // Text whose block is not known yet. Before the caller reuses its bytes it moves it and tells where it is.
  constexpr Room held() const { return {held_.data, held_.size}; }
  constexpr void held_moved(char* to) { held_.data = to; }

 private:
  using Word = detail::Word;

  // The first group of Word, in its order.
  enum class Type : std::uint8_t {
    none,
    ping,
    error,
    message_start,
    content_block_start,
    content_block_delta,
    content_block_stop,
    message_delta,
    message_stop,
    other
  };

  // The second and third group of Word, in their order.
  enum class Payload : std::uint8_t { none, text, thinking, signature, partial_json, other };

  enum class Place : std::uint8_t { elsewhere, root, delta, block, message, usage, error, details, stop_details };

  static constexpr unsigned max_places = 4;       // the root object is at depth 1, message.usage at depth 3
  static constexpr unsigned max_event_name = 20;  // "content_block_delta" has 19

  // What the event at work has told so far. All of it starts as zero, so that clearing it is cheap.
  struct Draft {
    Type type = Type::none;
    Type assumed = Type::none;  // a member acted before `type`
    Type skipped = Type::none;  // a member did not act, for the event's name promised another type
    BlockKind kind = BlockKind::other;
    Payload told = Payload::none;     // by delta.type
    Payload payload = Payload::none;  // by the member's name
    Word key = Word::unknown;
    EventKind route = EventKind::none;  // as what the string at work is delivered
    StopReason stop_reason = StopReason::none;
    bool has_data = false;
    bool has_index = false;
    bool has_owner = false;  // the payload went to block `owner`
    bool holding = false;
    std::uint8_t name_size = 0;
    std::uint16_t index = 0;
    std::uint16_t owner = 0;
    Place path[max_places] = {};
  };

  template <class Enum>
  static constexpr Enum pick(Word word, Word first) {
    return static_cast<Enum>(1 + detail::place_in(word, first, static_cast<std::uint8_t>(Enum::other) - 1));
  }

  static constexpr Word member_of(Payload payload) {
    return static_cast<Word>(static_cast<unsigned>(Word::text) + static_cast<unsigned>(payload) - 1);
  }

  // Reading goes on as long as the error is none.
  Event stop_on(Error error) {
    error_ = error;
    return {};
  }

  // One token of JSON, or one byte of a line.
  Event read_some(char*& next, char* end) {
    return body_ == Body::error || sse_.in_data() ? read_json(next, end) : read_line(next);
  }

#if PICOCLAUDE_ENABLE_PREFIX
  // ---- the same, faster where an event is like the one before ---------------------------------------------------------

  // All that reading the bytes in front of a delta's payload changes.
  struct Position {
    SseReader sse;
    Draft draft;
    char name[max_event_name] = {};
    JsonReader json;
  };

  Event read_quickly(char*& next, char* end) {
    if (prefix_.comparing()) {
      compare_prefix(next, end);
      return {};
    }
    if (prefix_.recording()) return record_prefix(next, end);
    Event event;
    if (*next != '"' || !take_tail(next, end, event)) event = read_some(next, end);
    if (sse_.at_line_start() && !draft_.has_data && draft_.name_size == 0) prefix_.begin_event();
    return event;
  }

  void compare_prefix(char*& next, char* end) {
    if (prefix_.compare(next, end)) {
      const Position& position = prefix_.state();
      sse_ = position.sse;
      draft_ = position.draft;
      std::memcpy(name_, position.name, sizeof name_);
      json_ = position.json;
    } else if (prefix_.recording()) {
      const Room bytes = prefix_.compared();
      for (char* at = bytes.data; at != bytes.data + bytes.size;) read_some(at, bytes.data + bytes.size);
    }
  }

  Event record_prefix(char*& next, char* end) {
    prefix_.record(next, end);
    const char* const begin = next;
    const Event event = read_some(next, end);
    prefix_.recorded(static_cast<std::size_t>(next - begin));
    if (prefix_.recording() && draft_.has_owner && json_.in_string()) {
      Position position;
      position.sse = sse_;
      position.draft = draft_;
      std::memcpy(position.name, name_, sizeof name_);
      position.json = json_;
      prefix_.remember(position);
    } else if (sse_.at_line_start() && !draft_.has_data && draft_.name_size == 0) {
      prefix_.begin_event();
    }
    return event;
  }

  // The rest of a delta behind its text: quote, brace, padding, brace, blank line, if all of it is there.
  bool take_tail(char*& next, const char* end, Event& event) {
    if (!json_.in_text_of_two_objects() || !draft_.has_owner || !sse_.in_data()) return false;
    const char* at = next + 1;
    if (at == end || *at++ != '}') return false;
    while (at != end && *at == ' ') ++at;
    if (end - at < 3 || at[0] != '}' || at[1] != '\n' || at[2] != '\n') return false;
    json_.close_text_and_two_objects();
    sse_.end_event();
    next += at + 3 - next;
    event = end_event();
    return true;
  }
#endif

  // ---- lines --------------------------------------------------------------------------------------------------------

  Event read_line(char*& next) {
    switch (sse_.step(*next)) {
      case Sse::begin_data:
        if (draft_.has_data) json_.blank();
        draft_.has_data = true;
        break;
      case Sse::begin_name: draft_.name_size = 0; break;
      case Sse::value:
        if (sse_.in_data()) return {};  // not taken: it belongs to the JSON
        if (draft_.name_size < max_event_name) name_[draft_.name_size++] = *next;
        break;
      case Sse::dispatch: ++next; return end_event();
      case Sse::nothing: break;
    }
    ++next;
    return {};
  }

  Event end_event() {
    Event event;
    if (draft_.has_data) {
      if (!json_.finished()) return stop_on(Error::bad_json);
      event = apply();
#if PICOCLAUDE_ENABLE_PREFIX
      if (draft_.type != Type::content_block_delta) prefix_.forget();
#endif
      json_.restart();
    }
    draft_ = Draft{};
    held_.size = 0;
    return event;
  }

  // ---- tokens -------------------------------------------------------------------------------------------------------

  Event read_json(char*& next, char* end) {
#if PICOCLAUDE_BLOCKS
    if (block_.active()) {
      const Event event = read_block(next, end);
      if (event || next == end || !block_.active()) return event;
    }
#endif
    const Json token = json_.read(next, end);
    switch (token) {
      case Json::key: draft_.key = detail::find_word(json_.text()); break;
      case Json::begin_object:
      case Json::begin_array: enter(token == Json::begin_object);
#if PICOCLAUDE_BLOCKS
        if (place() == Place::block && acts_for(Type::content_block_start))
          block_.begin(held_, next - 1, json_.depth());
#endif
        break;
      case Json::begin_string: begin_string(); break;
      case Json::text: return take_text(next);
      case Json::end_string: take_word(detail::find_word(json_.text())); break;
      case Json::number: return take_number();
      case Json::line_end:
        if (body_ == Body::error) {
          json_.blank();
        } else {
          sse_.step(*next);
        }
        ++next;
        break;
      case Json::failed: return stop_on(json_.error());
      default: break;
    }
    return {};
  }

#if PICOCLAUDE_BLOCKS
  // Blocks start in the order of their indexes: the next one is known before it is told.
  Event read_block(char*& next, char* end) {
    if (order_.phase() != EventOrder::Phase::started) return stop_on(Error::bad_event_order);
    Event event = block_.read(json_, held_, next, end);
    draft_.kind = block_.kind();
    event.index = order_.block_count();
#if PICOCLAUDE_ENABLE_TOOLS
    // A call without one of them could be neither found nor answered.
    if (event.kind == EventKind::tool_start && (event.id.empty() || event.text.empty())) {
      return stop_on(Error::bad_event);
    }
#endif
    return event;
  }
#endif

  Place place() const { return json_.depth() < max_places ? draft_.path[json_.depth()] : Place::elsewhere; }

  void enter(bool object) {
    const unsigned depth = json_.depth();
    if (depth >= max_places) return;
    draft_.path[depth] = !object ? Place::elsewhere : depth == 1 ? Place::root : child(draft_.path[depth - 1]);
  }

  Place child(Place parent) const {
    Place from = Place::root;
    Place to = Place::elsewhere;
    switch (draft_.key) {
      case Word::delta: to = Place::delta; break;
      case Word::content_block: to = Place::block; break;
      case Word::message: to = Place::message; break;
      case Word::error: to = Place::error; break;
      case Word::usage:
        to = Place::usage;
        if (parent == Place::message) from = parent;
        break;
      case Word::details:
        from = Place::error;
        to = Place::details;
        break;
      case Word::stop_details:
        from = Place::delta;
        to = Place::stop_details;
        break;
      default: break;
    }
    return parent == from ? to : Place::elsewhere;
  }

  // May a member act that belongs to events of type `wanted`? Before the type is known, the event's name is asked, and
  // the event is committed to its type.
  bool acts_for(Type wanted) {
    if (draft_.type != Type::none) return draft_.type == wanted;
    if (draft_.name_size != 0 && pick<Type>(detail::find_word({name_, draft_.name_size}), Word::ping) != wanted) {
      draft_.skipped = wanted;
      return false;
    }
    if (draft_.assumed != Type::none && draft_.assumed != wanted) stop_on(Error::bad_event);
    draft_.assumed = wanted;
    return true;
  }

  void deliver(EventKind route, Type wanted) {
    if (!acts_for(wanted)) return;
    draft_.route = route;
    json_.deliver();
  }

  void begin_string() {
    const Word key = draft_.key;
    switch (place()) {
      case Place::root:
        if (key == Word::type) json_.collect();
        break;
      case Place::block:
#if PICOCLAUDE_BLOCKS
        draft_.owner = order_.block_count();
        draft_.route = detail::route_of(key, draft_.kind);
        if (draft_.route != EventKind::none) json_.deliver();
#else
        if (key == Word::type) json_.collect();
        if (key == Word::text) {  // told with the block's start, and usually empty
          draft_.holding = true;
          deliver(EventKind::text, Type::content_block_start);
        }
#endif
        break;
      case Place::delta:
        if (key == Word::type || key == Word::stop_reason) json_.collect();
        if (key == Word::stop_sequence) deliver(EventKind::stop_sequence, Type::message_delta);
        begin_payload(pick<Payload>(key, Word::text));
        break;
      case Place::stop_details:
        if (key == Word::category) json_.collect();
        if (key == Word::explanation) deliver(EventKind::explanation, Type::message_delta);
        break;
      case Place::error:
        if (key == Word::type) json_.collect();
        if (key == Word::message) deliver(EventKind::error_text, Type::error);
        break;
      case Place::details:
        if (key == Word::error_code) json_.collect();
        break;
      default: break;
    }
  }

  // ---- a delta's payload, and whose it is ---------------------------------------------------------------------------

  void begin_payload(Payload payload) {
    if (payload == Payload::other || draft_.told == Payload::other || !acts_for(Type::content_block_delta)) return;
    if (draft_.payload != Payload::none || (draft_.told != Payload::none && draft_.told != payload)) {
      stop_on(Error::bad_event);
      return;
    }
    draft_.payload = payload;
    if (draft_.has_index || order_.open_count() < 2) {
      own_payload(draft_.has_index ? draft_.index : order_.only().index);
    } else {
      draft_.holding = true;
    }
    if (draft_.holding || draft_.route != EventKind::none) json_.deliver();
  }

  // A payload that does not fit its block is nobody's, as in the official SDKs.
  void own_payload(std::uint16_t index) {
    const EventOrder::Block* const block = order_.find(index);
    if (block == nullptr) {
      stop_on(Error::bad_event_order);
      return;
    }
    draft_.has_owner = true;
    draft_.owner = index;
    draft_.route = detail::route_of(member_of(draft_.payload), block->kind);
  }

  Event take_text(char* next) {
    const string_view text = json_.text();
    if (!draft_.holding) return {draft_.route, draft_.owner, text};
    // What is held is one run of bytes that ends at or before `next`.
    if (held_.size == 0) held_.data = next - text.size();
    std::memmove(held_.data + held_.size, text.data(), text.size());
    held_.size += text.size();
    return {};
  }

  Event take_number() {
    std::uint32_t value = 0;
    const bool exact = json_.integer(value);
    if (place() == Place::root && draft_.key == Word::index) {
      if (!exact || value > 0xFFFF || draft_.has_index) return stop_on(Error::bad_event);
      return take_index(static_cast<std::uint16_t>(value));
    }
    if (place() == Place::usage) take_usage(exact, value);
    return {};
  }

  Event take_index(std::uint16_t index) {
    draft_.has_index = true;
    draft_.index = index;
    if (draft_.payload == Payload::none) return {};
    if (draft_.has_owner) return stop_on(draft_.owner == index ? Error::none : Error::bad_event);
    own_payload(index);
    draft_.holding = false;
    if (error_ != Error::none || draft_.route == EventKind::none || held_.size == 0) return {};
    return {draft_.route, index, {held_.data, held_.size}};
  }

  void take_usage(bool exact, std::uint32_t value) {
    std::uint32_t* const members[] = {&usage_.input_tokens, &usage_.output_tokens, &usage_.cache_creation_input_tokens,
        &usage_.cache_read_input_tokens};
    const std::uint8_t at = detail::place_in(draft_.key, Word::input_tokens, 4);
    if (at == 4 || !acts_for(json_.depth() == 2 ? Type::message_delta : Type::message_start)) return;
    if (!exact) stop_on(Error::bad_event);
    *members[at] = value;
  }

  // ---- words --------------------------------------------------------------------------------------------------------

  void take_word(Word word) {
    const Word key = draft_.key;
    if (key == Word::type) {
      take_type(word);
    } else if (key == Word::stop_reason && place() == Place::delta && acts_for(Type::message_delta)) {
      draft_.stop_reason = stop_reason_of(word);
    } else if (key == Word::category && place() == Place::stop_details && acts_for(Type::message_delta)) {
      refusal_ = static_cast<Refusal>(1 + detail::place_in(word, Word::cyber, 5));
    } else if (key == Word::error_code && place() == Place::details && acts_for(Type::error)) {
      if (detail::is_spend_cap(word)) service_error_ = Error::spend_limit;
    }
  }

  void take_type(Word word) {
    switch (place()) {
      case Place::root:
        if (draft_.type != Type::none) stop_on(Error::bad_event);
        draft_.type = pick<Type>(word, Word::ping);
        if (draft_.assumed != Type::none && draft_.assumed != draft_.type) stop_on(Error::bad_event);
        if (draft_.skipped == draft_.type) stop_on(Error::bad_event);
        break;
      case Place::delta:
        draft_.told = pick<Payload>(word, Word::text_delta);
        if (draft_.payload != Payload::none && draft_.payload != draft_.told) stop_on(Error::bad_event);
        break;
#if !PICOCLAUDE_BLOCKS
      case Place::block: draft_.kind = detail::kind_of(word); break;
#endif
      case Place::error:
        if (acts_for(Type::error) && service_error_ == Error::none) service_error_ = detail::error_of(word);
        break;
      default: break;
    }
  }

  static StopReason stop_reason_of(Word word) {
    if (word == Word::tool_use) return StopReason::tool_use;
    const std::uint8_t place = detail::place_in(word, Word::end_turn, 7);
    return place == 7 ? StopReason::other : static_cast<StopReason>(1 + place);
  }

  // ---- the whole event ----------------------------------------------------------------------------------------------

  Event apply() {
    const bool block = draft_.type == Type::content_block_start || draft_.type == Type::content_block_delta ||
        draft_.type == Type::content_block_stop;
    if (block && !draft_.has_index) return stop_on(Error::bad_event);
    switch (draft_.type) {
      case Type::message_start: return stop_on(order_.message_start());
      case Type::content_block_start:
        stop_on(order_.block_start(draft_.index, draft_.kind));
        if (error_ != Error::none || draft_.kind != BlockKind::text || held_.size == 0) return {};
        return {EventKind::text, draft_.index, {held_.data, held_.size}};
      case Type::content_block_delta: return stop_on(order_.block_delta(draft_.index));
      case Type::content_block_stop: return stop_block();
      case Type::message_delta:
        if (draft_.stop_reason != StopReason::none) stop_reason_ = draft_.stop_reason;
        return stop_on(order_.message_delta());
      case Type::message_stop:
        stop_on(order_.message_stop(stop_reason_ != StopReason::none));
        return {error_ == Error::none ? EventKind::end : EventKind::none, 0, {}};
      case Type::error: return stop_on(service_error_ == Error::none ? Error::unknown_error : service_error_);
      default: return stop_on(draft_.assumed == Type::none ? Error::none : Error::bad_event);
    }
  }

  Event stop_block() {
    const EventOrder::Block* const block = order_.find(draft_.index);
    const bool shown = block != nullptr && detail::is_shown(block->kind);
    stop_on(order_.block_stop(draft_.index));
    return {shown ? EventKind::block_end : EventKind::none, draft_.index, {}};
  }

  Body body_ = Body::events;
  Error error_ = Error::none;
  Error service_error_ = Error::none;
  StopReason stop_reason_ = StopReason::none;
  Refusal refusal_ = Refusal::none;
  SseReader sse_;
  EventOrder order_;
  Draft draft_;
  char name_[max_event_name] = {};  // of the event at work
  JsonReader json_;
  Usage usage_;
  detail::Hold held_;
#if PICOCLAUDE_BLOCKS
  detail::BlockReader block_;
#endif
#if PICOCLAUDE_ENABLE_PREFIX
  detail::EventPrefix<Position> prefix_;
#endif
};

PICOCLAUDE_END
