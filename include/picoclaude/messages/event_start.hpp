// The start of a content block, and what is added to a block in a form of its own (API.md, section 6.3).
//
// What comes before the block's type, and what names a call, is held: each member as four bytes (its word, and its size
// above that) and its value, a string decoded, an input as it came. It is told at the block's end.
#pragma once
#include "event_members.hpp"

PICOCLAUDE_BEGIN
namespace detail {

#if PICOCLAUDE_BLOCK_STARTS
// As what a member of the block at work is told; none: not at all.
inline EventKind EventMembers::start_route(Word member) const {
  if (!PICOCLAUDE_ENABLE_TOOLS || draft_.kind != BlockKind::tool_use) return route_of(member, draft_.kind);
  if (member == Word::name || member == Word::id) return EventKind::tool_start;
  return member == Word::input ? EventKind::tool_input : EventKind::none;
}

// The bracket of an object or a list was taken.
inline void EventMembers::begin_start([[maybe_unused]] char* bracket, [[maybe_unused]] bool object) {
  if (place() == Place::block) {
    if (!acts_for(Type::content_block_start)) {
      draft_.path[json_.depth()] = Place::elsewhere;
    } else if (order_.phase() != EventOrder::Phase::started) {
      stop_on(Error::bad_event_order);
    }
    draft_.owner = order_.block_count();
  }
#if PICOCLAUDE_ENABLE_TOOLS
  const bool is_input = object && draft_.key == Word::input && json_.depth() == 3 && draft_.path[2] == Place::block;
  if (!is_input || (is_typed() && draft_.kind != BlockKind::tool_use)) return;
  begin_held(bracket);
  held_.append(bracket, 1);
  draft_.in_input = true;
#endif
}

inline void EventMembers::begin_start_string(char* text) {
  if (draft_.key == Word::type) return json_.collect();
  const EventKind route = start_route(draft_.key);
  const bool named = draft_.key == Word::id || draft_.key == Word::name;
  const bool may_be = place_in(draft_.key, Word::data, 4) != 4 || (PICOCLAUDE_ENABLE_TOOLS && named);
  if (is_typed() ? route == EventKind::none : !may_be) return;
  if (is_typed() && draft_.kind != BlockKind::tool_use && held_.size == 0) {
    draft_.route = route;
  } else {
    begin_held(text);
  }
  json_.deliver();
}

inline void EventMembers::begin_held(char* value) {
  if (held_.size == 0) held_.data = value - held_head;
  held_.size += held_head;
  draft_.held = static_cast<std::uint32_t>(held_.size);
  draft_.holding = true;
}

inline void EventMembers::end_held(Word member) {
  const std::uint32_t size = static_cast<std::uint32_t>(held_.size) - draft_.held;
  if (size >= 1u << 24) return stop_on(Error::out_of_room);
  const std::uint32_t head = size << 8 | static_cast<std::uint8_t>(member);
  std::memcpy(held_.data + draft_.held - held_head, &head, held_head);
  draft_.holding = false;
}

inline string_view EventMembers::held_member(Word member) const {
  std::uint32_t head = 0;
  for (std::size_t at = 0; at != held_.size; at += held_head + (head >> 8)) {
    std::memcpy(&head, held_.data + at, held_head);
    if (static_cast<Word>(head & 0xFF) == member) return {held_.data + at + held_head, head >> 8};
  }
  return {};
}

// The } of an object was taken.
inline void EventMembers::end_start() {
#if PICOCLAUDE_ENABLE_TOOLS
  if (draft_.in_input && json_.depth() == 2) {
    draft_.in_input = false;
    end_held(Word::input);
  }
#endif
  if (json_.depth() == 1 && draft_.path[2] == Place::block) draft_.telling = true;
}

// One event of what was held; false: there is none left.
inline bool EventMembers::tell_held() {
  while (draft_.member != start_member_count) {
    const Word member = start_members[draft_.member++];
    const EventKind route = start_route(member);
    if (route == EventKind::none) continue;
    const string_view text = held_member(member);
#if PICOCLAUDE_ENABLE_TOOLS
    if (route == EventKind::tool_start) {
      event_.id = held_member(Word::id);
      // A call without one of them could be neither found nor answered.
      if (text.empty() || event_.id.empty()) return stop_on(Error::bad_event), true;
    }
    // Usually it is {}, which says nothing.
    if (route == EventKind::tool_input && find(text, '"') == text.size()) continue;
#endif
    if (text.empty()) continue;
    give(route, draft_.owner, text);
    return true;
  }
  draft_.telling = false;
  held_.size = 0;
  return false;
}
#endif

#if PICOCLAUDE_RAW_BLOCKS
// Blocks start in the order of their indexes: the next one is known before it is told.
inline void EventMembers::begin_block(char* brace) {
  if (order_.phase() != EventOrder::Phase::started) return stop_on(Error::bad_event_order);
  draft_.owner = order_.block_count();
#if PICOCLAUDE_MESSAGES
  draft_.kind = BlockKind::other;
  in_block_ = whole_;
  block_.begin(held_, brace, json_.depth(), whole_);
#else
  block_.begin(held_, brace, json_.depth());
#endif
}
#if PICOCLAUDE_MESSAGES
// A block of a message was read to its }.
inline void EventMembers::end_whole_block() {
  in_block_ = false;
#if PICOCLAUDE_ENABLE_THINKING
  note_kind();
#endif
  const std::uint16_t index = order_.block_count();
  stop_on(order_.block_start(index, draft_.kind));
  if (error_ == Error::none) stop_on(order_.block_stop(index));
  if (error_ == Error::none && is_shown(draft_.kind)) give(EventKind::block_end, index, {});
}
#endif

#if PICOCLAUDE_ENABLE_TRANSCRIPT
// What is added to a block in a form of its own: a citation to a text, a delta to what is passed on as it came.
inline void EventMembers::begin_delta(char* brace) {
#if PICOCLAUDE_MESSAGES
  if (whole_) {
#if !PICOCLAUDE_CITATIONS
    const bool listed = in_block_ && json_.depth() == 5 && draft_.key == Word::citations;
    if (!listed || draft_.kind != BlockKind::text) return;
    block_.begin_delta(held_, brace, json_.depth(), draft_.kind);
    give(EventKind::block_delta, draft_.owner, {});
#endif
    return;
  }
#endif
  const bool citation =
      !PICOCLAUDE_CITATIONS && json_.depth() == 3 && draft_.path[2] == Place::delta && draft_.key == Word::citation;
  if (!citation && place() != Place::delta) return;
  const EventOrder::Block* const block = draft_.has_index ? order_.find(draft_.index)
      : order_.open_count() == 1                          ? &order_.only()
                                                          : nullptr;
  // One that comes in front of its index while several blocks are open is held only where citations are read.
  if (citation && order_.open_count() > 1 && !draft_.has_index && acts_for(Type::content_block_delta))
    stop_on(Error::out_of_room);
  if (block == nullptr || block->kind != (citation ? BlockKind::text : BlockKind::other)) return;
  if (!acts_for(Type::content_block_delta)) return;
  draft_.payload = Payload::other;
  draft_.has_owner = true;
  draft_.owner = block->index;
  block_.begin_delta(held_, brace, json_.depth(), draft_.kind);
  give(EventKind::block_delta, block->index, {});
}
#endif

inline void EventMembers::read_block(char*& next, char* end) {
  event_ = block_.read(json_, held_, next, end);
  if (json_.error() != Error::none) stop_on(json_.error());
  draft_.kind = block_.kind();
  event_.index = draft_.owner;
#if PICOCLAUDE_ENABLE_TOOLS
  // A call without one of them could be neither found nor answered.
  if (event_.kind == EventKind::tool_start && (event_.id.empty() || event_.text.empty())) {
    event_ = {};
    stop_on(Error::bad_event);
  }
#endif
}
#endif

}  // namespace detail
PICOCLAUDE_END
