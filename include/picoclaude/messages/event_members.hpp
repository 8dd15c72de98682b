// The members of one event's JSON, and what they do (API.md, sections 6.3 and 7.1).
//
// Members come in any order: what acts before the event's `type` commits the event to a type, and a later `type` that
// differs is bad_event. Unknown types and members do nothing. The JSON body of an error is one event of type `error`.
//
// Here is what there is; what it does stands in the files named below, and event_token.hpp brings it together.
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

  // ---- one token: event_token.hpp ------------------------------------------------------------------------------------

  bool read_token(char*& next, char* end);
  void apply();
  void stop_block();

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

  // ---- where a value stands: event_place.hpp -------------------------------------------------------------------------

  Place place() const { return json_.depth() < max_places ? draft_.path[json_.depth()] : Place::elsewhere; }
  void enter(bool object);
  Place child(Place parent) const;
  bool is_ending(Place where) const;
#if PICOCLAUDE_MESSAGES
  bool enter_message(bool object);
#endif

  // ---- what a value does: event_values.hpp ---------------------------------------------------------------------------

  bool acts_for(Type wanted);
  void deliver(EventKind route, Type wanted);
  void begin_string();
  void take_number();
  void take_usage(bool exact, std::uint32_t value);
  void take_word(Word word);
  void take_type(Word word);

  // ---- a delta's payload, and whose it is: event_payload.hpp ---------------------------------------------------------

  void begin_payload(Payload payload);
  void own_payload(std::uint16_t index);
  void take_index(std::uint16_t index);
  void take_text(char* next);
#if PICOCLAUDE_ENABLE_PREFIX
  // Not so in what a block is given in a form of its own.
  bool in_payload() const {
    return draft_.has_owner && draft_.payload != Payload::other && draft_.key == member_of(draft_.payload);
  }
#endif

#if PICOCLAUDE_BLOCK_STARTS
  // ---- the start of a block: event_start.hpp -------------------------------------------------------------------------

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
  void begin_start(char* bracket, bool object);
  void begin_start_string(char* text);
  void begin_held(char* value);
  void end_held(Word member);
  string_view held_member(Word member) const;
  void end_start();
  bool tell_held();
#endif

#if PICOCLAUDE_RAW_BLOCKS
  void begin_block(char* brace);
  void read_block(char*& next, char* end);
#if PICOCLAUDE_MESSAGES
  void end_whole_block();
#endif
#if PICOCLAUDE_ENABLE_TRANSCRIPT
  void begin_delta(char* brace);
#endif
#endif

#if PICOCLAUDE_CITATIONS
  // ---- a citation: event_citation.hpp --------------------------------------------------------------------------------

  bool is_whole() const {
#if PICOCLAUDE_MESSAGES
    return whole_;
#else
    return false;
#endif
  }
  unsigned citation_depth() const { return is_whole() ? 5 : 3; }
  void begin_citation(char* brace);
  void cite();
  void end_citation();
  void begin_replay(Literal before, Word key, std::size_t from);
  void replay();
#if PICOCLAUDE_ENABLE_TRANSCRIPT
  std::size_t raw_size(const char* next, const char* end) const;
  bool give_raw(const char* next, const char* end);
#endif
#endif

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
