// The members of one event's JSON, and what they do (API.md, sections 6.3 and 7.1).
//
// Members come in any order: what acts before the event's `type` commits the event to a type, and a later `type` that
// differs is bad_event. Unknown types and members do nothing. The JSON body of an error is one event of type `error`.
#pragma once
#include "../wire/json_reader.hpp"
#include "block_reader.hpp"
#include "cache_report.hpp"
#include "citation.hpp"
#include "error_reader.hpp"
#include "event.hpp"
#include "event_draft.hpp"
#include "event_order.hpp"
#include "message.hpp"

PICOCLAUDE_BEGIN
namespace detail {

class WholeDelta;

class EventMembers {
 public:
  // Reads one token. True: a line's end comes next, and is not taken.
  bool read(char*& next, char* end) {
#if PICOCLAUDE_CITATIONS
    if (replay_ != 0) return replay(), false;
#endif
    return read_token(next, end);
  }

 private:
  bool read_token(char*& next, char* end) {
#if PICOCLAUDE_MESSAGES
    if (in_block_ && !block_.active() && json_.depth() == 2) {
      end_whole_block();
      return false;
    }
#endif
#if PICOCLAUDE_RAW_BLOCKS
    if (block_.active()) {
      read_block(next, end);
#if PICOCLAUDE_CITATIONS && PICOCLAUDE_MESSAGES
      if (error_ == Error::none && block_.citations_at() != 0) {
        begin_replay(R"(,"citations":)", Word::citations, block_.citations_at());
        return false;
      }
#endif
      if (event_ || error_ != Error::none || next == end || !block_.active()) return false;
    }
#endif
#if PICOCLAUDE_BLOCK_STARTS
    if (draft_.telling && tell_held()) return false;
#endif
#if PICOCLAUDE_CITATIONS && PICOCLAUDE_ENABLE_TRANSCRIPT
    if (draft_.cites && give_raw(next, end)) return false;
#endif
    [[maybe_unused]] char* const begin = next;
    const Json token = json_.read(next, end);
#if PICOCLAUDE_CITATIONS && PICOCLAUDE_ENABLE_TRANSCRIPT
    if (raw_left_ != 0) raw_left_ -= static_cast<std::size_t>(next - begin);
#endif
#if PICOCLAUDE_CITATIONS
    if (draft_.keeps) held_.append(begin, static_cast<std::size_t>(next - begin));
#endif
#if PICOCLAUDE_BLOCK_STARTS && PICOCLAUDE_ENABLE_TOOLS
    if (draft_.in_input) held_.append(begin, static_cast<std::size_t>(next - begin));
#endif
    switch (token) {
      case Json::key: draft_.key = find_word(json_.text()); break;
      case Json::begin_object:
      case Json::begin_array: enter(token == Json::begin_object);
#if PICOCLAUDE_BLOCK_STARTS
        begin_start(next - 1, token == Json::begin_object);
#endif
#if PICOCLAUDE_RAW_BLOCKS
        if (place() == Place::block && acts_for(Type::content_block_start)) begin_block(next - 1);
#endif
#if PICOCLAUDE_ENABLE_TRANSCRIPT
        if (token == Json::begin_object) begin_delta(next - 1);
#endif
#if PICOCLAUDE_CITATIONS
        if (place() == Place::citation) begin_citation(next - 1);
#endif
        break;
#if PICOCLAUDE_CITATIONS || PICOCLAUDE_BLOCK_STARTS
      case Json::end_object:
#if PICOCLAUDE_CITATIONS
        end_citation();
#endif
#if PICOCLAUDE_BLOCK_STARTS
        end_start();
#endif
        break;
#endif
      case Json::begin_string: begin_string();
#if PICOCLAUDE_BLOCK_STARTS
        if (place() == Place::block) begin_start_string(next);
#endif
        break;
      case Json::text: take_text(next); break;
      case Json::end_string: take_word(find_word(json_.text()));
#if PICOCLAUDE_BLOCK_STARTS
        if (draft_.holding && place() == Place::block) end_held(draft_.key);
#endif
        break;
      case Json::number: take_number(); break;
      case Json::failed: stop_on(json_.error()); break;
      default: break;
    }
    return token == Json::line_end;
  }

 public:
  // A line break between two pieces of the JSON, or its beginning.
  void begin_data() {
    if (draft_.has_data) json_.blank();
    draft_.has_data = true;
  }
  void blank() { json_.blank(); }

#if PICOCLAUDE_MESSAGES
  // Before the first byte: they are a message, not events.
  constexpr void expect_message() { whole_ = true; }

#if PICOCLAUDE_ENABLE_BATCHES
  void refuse(Error error) { stop_on(error); }
#endif
  constexpr bool message_read() const { return json_.finished(); }

  // The message's bytes are at their end. True: it was whole, and the event `end` is there.
  bool end_message() {
    if (error_ == Error::none) stop_on(json_.finished() ? order_.message_delta() : Error::truncated);
    if (error_ == Error::none) stop_on(order_.message_stop(stop_reason_ != StopReason::none));
    if (error_ == Error::none) give_end();
    return error_ == Error::none;
  }
#endif

  // The event's name, a hint for what comes before `type`.
  void begin_name() { draft_.name_size = 0; }
  void add_to_name(char c) {
    if (draft_.name_size < max_name) name_[draft_.name_size++] = c;
  }

  // The event is complete. True: what is open has not changed.
  bool end() {
    const bool same = draft_.type == Type::content_block_delta || draft_.type == Type::ping;
    if (draft_.has_data) {
      if (!json_.finished()) {
        stop_on(Error::bad_json);
      } else {
        apply();
        json_.restart();
      }
    }
    draft_ = Draft{};
    held_.size = 0;
    return same;
  }

  // Nothing of the next event was told yet.
  constexpr bool untouched() const { return !draft_.has_data && draft_.name_size == 0; }

  constexpr const Event& event() const { return event_; }
  constexpr void clear_event() {
#if PICOCLAUDE_ENABLE_THINKING
    if (event_.kind == EventKind::text && !event_.text.empty()) said_ = true;
#endif
    event_.kind = EventKind::none;
#if PICOCLAUDE_ENABLE_TOOLS
    event_.id = {};
#endif
  }
  constexpr Error error() const { return error_; }
  constexpr Error service_error() const { return service_error_; }
  constexpr bool complete() const { return order_.phase() == EventOrder::Phase::stopped; }
  constexpr const Usage& usage() const { return usage_; }
  constexpr StopReason stop_reason() const { return stop_reason_; }
  constexpr Refusal refusal() const { return refusal_; }
  constexpr std::uint16_t block_count() const { return order_.block_count(); }
#if PICOCLAUDE_ENABLE_THINKING
  // All tokens went into thinking: there were thoughts, no text and no call, and max_tokens ended the answer.
  constexpr bool only_thought() const { return stop_reason_ == StopReason::max_tokens && thought_ && !said_; }
#endif
#if PICOCLAUDE_ENABLE_CACHING
  constexpr const CacheReport& cache_report() const { return cache_report_; }
#endif
#if PICOCLAUDE_CITATIONS
  constexpr const Citation& citation() const { return citation_; }
#endif
  constexpr Room held() const { return {held_.data, held_.size}; }
  constexpr void held_moved(char* to) { held_.data = to; }

#if PICOCLAUDE_WIDE
  // A delta that is all here, at the beginning of its lines: as if it had been read. False: nothing was done.
  bool take_whole(const WholeDelta& delta);
#endif

#if PICOCLAUDE_ENABLE_PREFIX
  // All that reading the bytes in front of a delta's payload changes.
  struct Position;
  // The payload of a delta has just begun, and its owner is known.
  bool at_payload() const { return in_payload() && place() == Place::delta; }
  void save(Position& position) const;
  void restore(const Position& position);
  // Inside the payload of a delta whose JSON has the usual shape: its quote and two braces may be taken at once.
  bool in_plain_payload() const { return in_payload() && json_.in_text_of_two_objects(); }
  void close_plain_payload() { json_.close_text_and_two_objects(); }
  // The same, and everything else that the event needs was told in front of the payload.
  static bool is_plain(const Position& position);
  // The payload of such a delta, between its quotes.
  void give_plain(const Position& position, string_view text);
  // Behind restore(): the reader of the payload has come so far, and told this.
  void go_on(const JsonReader& json, Json token, char* next) {
    json_ = json;
    if (token == Json::text) take_text(next);
    if (token == Json::failed) stop_on(json_.error());
  }
#endif

 private:
  using Type = EventType;
  using Payload = DeltaPayload;
  using Place = EventPlace;
  using Draft = EventDraft;
  static constexpr unsigned max_places = Draft::max_places;
  static constexpr unsigned max_name = 20;  // "content_block_delta" has 19

  // Reading goes on as long as the error is none.
  void stop_on(Error error) { error_ = error; }

  void give(EventKind kind, std::uint16_t index, string_view text) {
    event_.kind = kind;
    event_.index = index;
    event_.text = text;
  }

  void give_end() {
    give(EventKind::end, 0, {});
#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_TRANSCRIPT
    event_.stop_reason = stop_reason_;
#endif
  }

#if PICOCLAUDE_ENABLE_THINKING
  void note_kind() {
    const bool is_thought = draft_.kind == BlockKind::thinking || draft_.kind == BlockKind::redacted_thinking;
    if (is_thought) thought_ = true;
    if (!is_thought && draft_.kind != BlockKind::text) said_ = true;
  }
#endif

#if PICOCLAUDE_BLOCK_STARTS
  // ---- the start of a block: event_start.hpp ------------------------------------------------------------------------

  static constexpr std::size_t held_head = 4;

  static constexpr Word start_members[] = {
#if PICOCLAUDE_ENABLE_TOOLS
      Word::name,  // with Word::id
      Word::input,
#endif
      Word::data,
      Word::text,
      Word::thinking,
      Word::signature,
  };
  static constexpr std::uint8_t start_member_count = sizeof start_members / sizeof start_members[0];

  bool is_typed() const { return draft_.told != Payload::none; }

  EventKind start_route(Word member) const;

  void begin_start([[maybe_unused]] char* bracket, [[maybe_unused]] bool object);

  void begin_start_string(char* text);

  void begin_held(char* value);

  void end_held(Word member);

  string_view held_member(Word member) const;

  void end_start();

  bool tell_held();
#endif

#if PICOCLAUDE_RAW_BLOCKS
  void begin_block(char* brace);

#if PICOCLAUDE_MESSAGES
  void end_whole_block();
#endif

#if PICOCLAUDE_ENABLE_TRANSCRIPT
  void begin_delta(char* brace);
#endif

  void read_block(char*& next, char* end);
#endif

#if PICOCLAUDE_CITATIONS
  bool is_whole() const {
#if PICOCLAUDE_MESSAGES
    return whole_;
#else
    return false;
#endif
  }
  unsigned citation_depth() const { return is_whole() ? 5 : 3; }

  void begin_citation([[maybe_unused]] char* brace);

  void cite();

  void end_citation();

  void begin_replay(Literal before, Word key, std::size_t from);

  void replay();

#if PICOCLAUDE_ENABLE_TRANSCRIPT
  std::size_t raw_size(const char* next, const char* end) const;

  bool give_raw(const char* next, const char* end);
#endif
#endif

#if PICOCLAUDE_ENABLE_PREFIX
  // Not so in what a block is given in a form of its own.
  bool in_payload() const {
    return draft_.has_owner && draft_.payload != Payload::other && draft_.key == member_of(draft_.payload);
  }
#endif

  Place place() const { return json_.depth() < max_places ? draft_.path[json_.depth()] : Place::elsewhere; }

  void enter(bool object) {
    const unsigned depth = json_.depth();
    if (depth >= max_places) return;
#if PICOCLAUDE_MESSAGES
    if (whole_ && enter_message(object)) return;
#endif
    draft_.path[depth] = !object ? Place::elsewhere : depth == 1 ? Place::root : child(draft_.path[depth - 1]);
  }

#if PICOCLAUDE_MESSAGES
  // The root is the message itself, and its content a list of blocks.
  bool enter_message(bool object) {
    const unsigned depth = json_.depth();
    if (depth == 1) {
      draft_.path[1] = object ? Place::message : Place::elsewhere;
      stop_on(object ? order_.message_start() : Error::bad_event);
    } else if (depth == 2 && !object && draft_.key == Word::content) {
      draft_.path[2] = Place::content;
    } else if (depth == 3 && object && draft_.path[2] == Place::content) {
      draft_.path[3] = Place::block;
#if PICOCLAUDE_CITATIONS
    } else if (depth == 4 && !object && draft_.path[3] == Place::block && draft_.key == Word::citations) {
      draft_.path[4] = draft_.kind == BlockKind::text ? Place::citations : Place::elsewhere;
    } else if (depth == 5 && object && draft_.path[4] == Place::citations) {
      draft_.path[5] = Place::citation;
#endif
    } else {
      return false;
    }
    return true;
  }
#endif

  // Where stop_reason and its relatives stand: in the delta of message_delta, or in a message that came whole.
  bool is_ending(Place where) const {
#if PICOCLAUDE_MESSAGES
    if (whole_ && where == Place::message) return true;
#endif
    return where == Place::delta;
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
        if (is_ending(parent)) from = parent;
        to = Place::stop_details;
        break;
#if PICOCLAUDE_CITATIONS
      case Word::citation:
        from = Place::delta;
        to = Place::citation;
        break;
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
      case Word::container:
        from = parent == Place::message ? parent : Place::delta;
        to = Place::container;
        break;
#endif
#if PICOCLAUDE_ENABLE_CACHING
      case Word::cache_creation: from = to = Place::usage; break;  // its members have names of their own
      case Word::cache_miss_reason:                                // in message.diagnostics
        from = Place::elsewhere;
        if (draft_.path[json_.depth() - 2] == Place::message) to = Place::cache_miss_reason;
        break;
#endif
      default: break;
    }
    return parent == from ? to : Place::elsewhere;
  }

  // May a member act that belongs to events of type `wanted`? Before the type is known, the event's name is asked, and
  // the event is committed to its type.
  bool acts_for(Type wanted) {
#if PICOCLAUDE_MESSAGES
    if (whole_) return true;
#endif
    if (draft_.type != Type::none) return draft_.type == wanted;
    if (draft_.name_size != 0 && pick<Type>(find_word({name_, draft_.name_size}), Word::ping) != wanted) {
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
#if PICOCLAUDE_MESSAGES
    if (whole_ && place() == Place::message) {
      if (key == Word::stop_reason) json_.collect();
      if (key == Word::stop_sequence) deliver(EventKind::stop_sequence, Type::message_delta);
    }
#endif
    switch (place()) {
      case Place::root:
        if (key == Word::type) json_.collect();
        break;
#if !PICOCLAUDE_BLOCK_STARTS
      case Place::block:
#if PICOCLAUDE_RAW_BLOCKS
        draft_.owner = order_.block_count();
        draft_.route = route_of(key, draft_.kind);
        if (draft_.route != EventKind::none) json_.deliver();
#else
        if (key == Word::type) json_.collect();
        if (key == Word::text && acts_for(Type::content_block_start)) {  // told with the start, and usually empty
          draft_.holding = true;
          json_.deliver();
        }
#endif
        break;
#endif
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
#if PICOCLAUDE_CITATIONS
      case Place::citation:
        if (key == Word::type) json_.collect();
        draft_.route = citation_route(key);
        if (draft_.cites && draft_.route != EventKind::none) json_.deliver();
        break;
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
      case Place::container:
        if (key != Word::id) break;
        deliver(EventKind::container, draft_.path[2] == Place::delta ? Type::message_delta : Type::message_start);
        if (draft_.route == EventKind::container) give(EventKind::container, 0, {});
        break;
#endif
#if PICOCLAUDE_ENABLE_CACHING
      case Place::message:
        if (key == Word::id) json_.collect();
        break;
      case Place::cache_miss_reason:
        if (key == Word::type) json_.collect();
        break;
#endif
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
    draft_.route = route_of(member_of(draft_.payload), block->kind);
  }

  void take_text(char* next) {
    const string_view text = json_.text();
    if (!draft_.holding) return give(draft_.route, draft_.owner, text);
    // What is held is one run of bytes that ends at or before `next`.
    if (held_.size == 0) held_.data = next - text.size();
    std::memmove(held_.data + held_.size, text.data(), text.size());
    held_.size += text.size();
  }

  PICOCLAUDE_INLINE void take_number() {
    std::uint32_t value = 0;
    const bool exact = json_.integer(value);
    if (place() == Place::root && draft_.key == Word::index) {
      if (!exact || value > 0xFFFF || draft_.has_index) return stop_on(Error::bad_event);
      return take_index(static_cast<std::uint16_t>(value));
    }
    if (place() == Place::usage) take_usage(exact, value);
#if PICOCLAUDE_CITATIONS
    if (place() == Place::citation && draft_.cites) {
      std::uint32_t* const number = citation_number(citation_, draft_.key);
      if (number != nullptr && exact) *number = value;
    }
#endif
#if PICOCLAUDE_ENABLE_CACHING
    if (draft_.key == Word::cache_missed_input_tokens && place() == Place::cache_miss_reason && exact) {
      cache_report_.missed_input_tokens = value;
    }
#endif
  }

  void take_index(std::uint16_t index) {
    draft_.has_index = true;
    draft_.index = index;
#if PICOCLAUDE_CITATIONS
    if (draft_.kept) {
      draft_.path[2] = Place::delta;
      return begin_replay(R"(,"delta":{"citation":)", Word::citation, 0);
    }
#endif
    if (draft_.payload == Payload::none) return;
    if (draft_.has_owner) return stop_on(draft_.owner == index ? Error::none : Error::bad_event);
    own_payload(index);
    draft_.holding = false;
    if (error_ == Error::none && held_.size != 0) give(draft_.route, index, {held_.data, held_.size});
    held_.size = 0;
  }

  void take_usage(bool exact, std::uint32_t value) {
    std::uint32_t* const members[] = {
      &usage_.input_tokens,
      &usage_.output_tokens,
      &usage_.cache_creation_input_tokens,
      &usage_.cache_read_input_tokens,
#if PICOCLAUDE_ENABLE_CACHING
      &usage_.ephemeral_5m_input_tokens,
      &usage_.ephemeral_1h_input_tokens
#endif
    };
    constexpr auto count = static_cast<std::uint8_t>(sizeof members / sizeof members[0]);
    const std::uint8_t at = place_in(draft_.key, Word::input_tokens, count);
    if (at == count || !acts_for(draft_.path[2] == Place::usage ? Type::message_delta : Type::message_start)) return;
    if (!exact) stop_on(Error::bad_event);
    *members[at] = value;
  }

  // ---- words --------------------------------------------------------------------------------------------------------

  void take_word(Word word) {
    const Word key = draft_.key;
    if (key == Word::type) {
      take_type(word);
    } else if (key == Word::stop_reason && is_ending(place()) && acts_for(Type::message_delta)) {
      draft_.stop_reason = stop_reason_of(word);
#if PICOCLAUDE_MESSAGES
      if (whole_) stop_reason_ = draft_.stop_reason;
#endif
    } else if (key == Word::category && place() == Place::stop_details && acts_for(Type::message_delta)) {
      refusal_ = static_cast<Refusal>(1 + place_in(word, Word::cyber, 5));
    } else if (key == Word::error_code && place() == Place::details && acts_for(Type::error)) {
      if (is_spend_cap(word)) service_error_ = Error::spend_limit;
    }
#if PICOCLAUDE_ENABLE_CACHING
    if (key == Word::id && place() == Place::message) cache_report_.message_id.keep(json_.text());
#endif
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
#if PICOCLAUDE_BLOCK_STARTS
      case Place::block:
        if (!is_typed()) draft_.kind = kind_of(word);
        draft_.told = Payload::other;
        break;
#elif !PICOCLAUDE_BLOCKS
      case Place::block: draft_.kind = kind_of(word); break;
#endif
      case Place::error:
        if (acts_for(Type::error) && service_error_ == Error::none) service_error_ = error_of(word);
        break;
#if PICOCLAUDE_CITATIONS
      case Place::citation: citation_.kind = citation_kind(word); break;
#endif
#if PICOCLAUDE_ENABLE_CACHING
      case Place::cache_miss_reason: cache_report_.miss_reason.keep(json_.text()); break;
#endif
      default: break;
    }
  }

  static StopReason stop_reason_of(Word word) {
    if (word == Word::tool_use) return StopReason::tool_use;
    const std::uint8_t place = place_in(word, Word::end_turn, 7);
    return place == 7 ? StopReason::other : static_cast<StopReason>(1 + place);
  }

  // ---- the whole event ----------------------------------------------------------------------------------------------

  void apply() {
    const bool block = draft_.type == Type::content_block_start || draft_.type == Type::content_block_delta ||
        draft_.type == Type::content_block_stop;
    if (block && !draft_.has_index) return stop_on(Error::bad_event);
    switch (draft_.type) {
      case Type::message_start: return stop_on(order_.message_start());
      case Type::content_block_start: stop_on(order_.block_start(draft_.index, draft_.kind));
#if PICOCLAUDE_ENABLE_THINKING
        note_kind();
#endif
#if PICOCLAUDE_ENABLE_TRANSCRIPT
        // A transcript keeps the order of blocks, those too that say nothing yet.
        if (draft_.kind == BlockKind::text) give(EventKind::text, draft_.index, {});
        if (draft_.kind == BlockKind::thinking) give(EventKind::thinking, draft_.index, {});
        if (draft_.kind == BlockKind::redacted_thinking) give(EventKind::redacted_thinking, draft_.index, {});
#endif
#if !PICOCLAUDE_BLOCKS
        if (error_ != Error::none || draft_.kind != BlockKind::text || held_.size == 0) return;
        give(EventKind::text, draft_.index, {held_.data, held_.size});
#endif
        return;
      case Type::content_block_delta: return stop_on(order_.block_delta(draft_.index));
      case Type::content_block_stop: return stop_block();
      case Type::message_delta:
        if (draft_.stop_reason != StopReason::none) stop_reason_ = draft_.stop_reason;
        return stop_on(order_.message_delta());
      case Type::message_stop:
        stop_on(order_.message_stop(stop_reason_ != StopReason::none));
        if (error_ == Error::none) give_end();
        return;
      case Type::error: return stop_on(service_error_ == Error::none ? Error::unknown_error : service_error_);
      default: return stop_on(draft_.assumed == Type::none ? Error::none : Error::bad_event);
    }
  }

  void stop_block() {
    const EventOrder::Block* const block = order_.find(draft_.index);
    if (block != nullptr && is_shown(block->kind)) give(EventKind::block_end, draft_.index, {});
    stop_on(order_.block_stop(draft_.index));
  }

  // Small members first: a small machine reaches the first 32 bytes of an object with its shortest instructions.
  Error error_ = Error::none;
  Error service_error_ = Error::none;
  StopReason stop_reason_ = StopReason::none;
  Refusal refusal_ = Refusal::none;
#if PICOCLAUDE_ENABLE_THINKING
  bool thought_ = false;  // there was a block of thinking
  bool said_ = false;     // there was text, or a block that is no thinking: a call
#endif
#if PICOCLAUDE_MESSAGES
  bool whole_ = false;     // a message, not events
  bool in_block_ = false;  // one of its blocks was begun, and not told as ended
#endif
  Draft draft_;
  Event event_;
  Hold held_;
  JsonReader json_;
  EventOrder order_;
  Usage usage_;
  char name_[max_name] = {};  // of the event at work
#if PICOCLAUDE_ENABLE_CACHING
  CacheReport cache_report_;
#endif
#if PICOCLAUDE_CITATIONS
  Citation citation_;
#if PICOCLAUDE_ENABLE_TRANSCRIPT
  bool brace_waits_ = false;  // the citation's first byte is to be told
  std::size_t raw_left_ = 0;  // bytes that were told raw, and are still to be read
#endif
  std::size_t replay_ = 0;  // 1 + where what is held is read on; 0: it is not
#endif
#if PICOCLAUDE_RAW_BLOCKS
  BlockReader block_;
#endif
};

}  // namespace detail
PICOCLAUDE_END
