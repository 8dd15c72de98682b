// Where a value stands in an event's JSON, as far as it matters there.
#pragma once
#include "event_members.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// Where stop_reason and its relatives stand: in the delta of message_delta, or in a message that came whole.
inline bool EventMembers::is_ending(Place where) const {
#if PICOCLAUDE_MESSAGES
  if (whole_ && where == Place::message) return true;
#endif
  return where == Place::delta;
}

inline EventPlace EventMembers::child(Place parent) const {
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

#if PICOCLAUDE_MESSAGES
// The root is the message itself, and its content a list of blocks.
inline bool EventMembers::enter_message(bool object) {
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

inline void EventMembers::enter(bool object) {
  const unsigned depth = json_.depth();
  if (depth >= max_places) return;
#if PICOCLAUDE_MESSAGES
  if (whole_ && enter_message(object)) return;
#endif
  draft_.path[depth] = !object ? Place::elsewhere : depth == 1 ? Place::root : child(draft_.path[depth - 1]);
}

}  // namespace detail
PICOCLAUDE_END
