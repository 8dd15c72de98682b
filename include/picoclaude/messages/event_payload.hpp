// A delta's payload, and the block that it belongs to: its index may come behind it.
#pragma once
#include "event_members.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// A payload that does not fit its block is nobody's, as in the official SDKs.
inline void EventMembers::own_payload(std::uint16_t index) {
  const EventOrder::Block* const block = order_.find(index);
  if (block == nullptr) {
    stop_on(Error::bad_event_order);
    return;
  }
  draft_.has_owner = true;
  draft_.owner = index;
  draft_.route = route_of(member_of(draft_.payload), block->kind);
}

inline void EventMembers::begin_payload(Payload payload) {
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

inline void EventMembers::take_text(char* next) {
  const string_view text = json_.text();
  if (!draft_.holding) return give(draft_.route, draft_.owner, text);
  // What is held is one run of bytes that ends at or before `next`.
  if (held_.size == 0) held_.data = next - text.size();
  std::memmove(held_.data + held_.size, text.data(), text.size());
  held_.size += text.size();
}

inline void EventMembers::take_index(std::uint16_t index) {
  draft_.has_index = true;
  draft_.index = index;
#if PICOCLAUDE_ENABLE_TRANSCRIPT
  // A delta that is to be passed on as it came was gone before its block was known.
  const EventOrder::Block* const block = order_.find(index);
  const bool missed = draft_.path[2] == Place::delta && !draft_.has_owner && block != nullptr;
  if (missed && block->kind == BlockKind::other && acts_for(Type::content_block_delta))
    return stop_on(Error::out_of_room);
#endif
#if PICOCLAUDE_CITATIONS
  if (draft_.kept) {
    draft_.path[2] = Place::delta;
    return begin_replay(R"(,"delta":{"citation":)", Word::citation, 0);
  }
#endif
  if (draft_.payload == Payload::none) return;
  if (draft_.has_owner) return stop_on(draft_.owner == index ? Error::none : Error::bad_event);
  own_payload(index);
  if (error_ == Error::none && held_.size != 0) give(draft_.route, index, {held_.data, held_.size});
  held_.size = 0;
}

}  // namespace detail
PICOCLAUDE_END
