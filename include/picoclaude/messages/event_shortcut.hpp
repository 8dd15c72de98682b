// Where an event may be taken at once: what its members would have told (whole_delta.hpp, event_prefix.hpp).
#pragma once
#include "event_members.hpp"
#if PICOCLAUDE_WIDE
#include "whole_delta.hpp"
#endif

PICOCLAUDE_BEGIN
namespace detail {

#if PICOCLAUDE_WIDE
inline bool EventMembers::take_whole(const WholeDelta& delta) {
  const EventOrder::Block* const block = order_.find(delta.index());
  if (block == nullptr || block->kind == BlockKind::other) return false;
  const auto payload = static_cast<Payload>(1 + delta.payload());
  const EventKind route = route_of(member_of(payload), block->kind);
  string_view text{delta.text().data, delta.text().size};
  if (!delta.plain()) {
    // Where it is wrong it is told up to there, which is only so when its block was known in front of it.
    if (route == EventKind::none || order_.open_count() != 1) return false;
    JsonReader json;
    json.begin_text();
    char* at = delta.text().data;
    text = json.read(at, at + text.size() + 1) == Json::text ? json.text() : string_view{};
    stop_on(json.error());
  }
  if (route != EventKind::none && !text.empty()) give(route, delta.index(), text);
  return true;
}
#endif

#if PICOCLAUDE_ENABLE_PREFIX
struct EventMembers::Position {
  // The payload is told, not skipped.
  bool is_told() const { return draft.route != EventKind::none; }

  Draft draft;
  JsonReader json;
  char name[max_name] = {};
};

inline bool EventMembers::is_plain(const Position& position) {
  return position.draft.type == Type::content_block_delta && position.draft.has_index &&
      position.json.in_text_of_two_objects();
}

inline void EventMembers::give_plain(const Position& position, string_view text) {
  if (position.draft.route != EventKind::none && !text.empty()) give(position.draft.route, position.draft.owner, text);
}

inline void EventMembers::save(Position& position) const {
  position.draft = draft_;
  position.json = json_;
  std::memcpy(position.name, name_, sizeof name_);
}

inline void EventMembers::restore(const Position& position) {
  draft_ = position.draft;
  json_ = position.json;
  std::memcpy(name_, position.name, sizeof name_);
}
#endif

}  // namespace detail
PICOCLAUDE_END
