// What the strings, numbers and words in an event do, by the place where they stand.
#pragma once
#include "event_members.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// May a member act that belongs to events of type `wanted`? Before the type is known, the event's name is asked, and
// the event is committed to its type.
inline bool EventMembers::acts_for(Type wanted) {
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

inline void EventMembers::deliver(EventKind route, Type wanted) {
  if (!acts_for(wanted)) return;
  draft_.route = route;
  json_.deliver();
}

inline void EventMembers::begin_string() {
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

inline void EventMembers::take_usage(bool exact, std::uint32_t value) {
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

PICOCLAUDE_INLINE void EventMembers::take_number() {
  std::uint32_t value = 0;
  const bool exact = json_.integer(value);
  if (place() == Place::root && draft_.key == Word::index) {
    if (!exact || value > 0xFFFF || draft_.has_index) {
      // What a type that is not known here calls an index may be anything.
      return draft_.type == Type::other ? void() : stop_on(Error::bad_event);
    }
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
  if (draft_.key == Word::cache_missed_input_tokens && place() == Place::cache_miss_reason && exact &&
      acts_for(Type::message_start)) {
    cache_report_.missed_input_tokens = value;
  }
#endif
}

constexpr StopReason stop_reason_of(Word word) {
  if (word == Word::tool_use) return StopReason::tool_use;
  const std::uint8_t place = place_in(word, Word::end_turn, 7);
  return place == 7 ? StopReason::other : static_cast<StopReason>(1 + place);
}

inline void EventMembers::take_type(Word word) {
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
    case Place::cache_miss_reason:
      if (acts_for(Type::message_start)) cache_report_.miss_reason.keep(json_.text());
      break;
#endif
    default: break;
  }
}

inline void EventMembers::take_word(Word word) {
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
  if (key == Word::id && place() == Place::message && acts_for(Type::message_start))
    cache_report_.message_id.keep(json_.text());
#endif
}

}  // namespace detail
PICOCLAUDE_END
