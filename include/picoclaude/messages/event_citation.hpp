// A citation in a delta, or in a message that came whole (API.md, section 4.3).
//
// One whose block is not known yet is held as it came, and read again when it is.
#pragma once
#include "event_members.hpp"

#if PICOCLAUDE_CITATIONS
PICOCLAUDE_BEGIN
namespace detail {

// The { of a citation was taken. A delta's that comes in front of its index while several blocks are open is held.
inline void EventMembers::begin_citation([[maybe_unused]] char* brace) {
  if (is_whole()) return cite();
  if (!acts_for(Type::content_block_delta)) return;
  const EventOrder::Block* const block = draft_.has_index ? order_.find(draft_.index)
      : order_.open_count() == 1                          ? &order_.only()
                                                          : nullptr;
  if (block == nullptr && order_.open_count() > 1 && !draft_.has_index && !draft_.kept) {
    draft_.keeps = draft_.kept = true;
    return held_.append(brace, 1);
  }
  if (block == nullptr) return stop_on(Error::bad_event_order);
  if (draft_.payload != Payload::none || (draft_.told != Payload::none && draft_.told != Payload::other))
    return stop_on(Error::bad_event);
  draft_.payload = Payload::other;
  draft_.has_owner = true;
  draft_.owner = block->index;
  if (block->kind == BlockKind::text) cite();
}

inline void EventMembers::cite() {
  draft_.cites = true;
  citation_ = {};
#if PICOCLAUDE_ENABLE_TRANSCRIPT
  brace_waits_ = true;
  give(EventKind::block_delta, draft_.owner, {});
#endif
}

inline void EventMembers::end_citation() {
  if (json_.depth() + 1 != citation_depth()) return;
  draft_.keeps = false;
  if (!draft_.cites) return;
  draft_.cites = false;
  give(EventKind::citation_end, draft_.owner, {});
}

// What was held from `from` on is read as if it came now: as the value of member `key`, behind `before`.
inline void EventMembers::begin_replay(Literal before, Word key, std::size_t from) {
  for (const char c : string_view{before}) json_.step(c);
  draft_.key = key;
  replay_ = from + 1;
}

inline void EventMembers::replay() {
  char* at = held_.data + replay_ - 1;
  read_token(at, held_.data + held_.size);
  replay_ = static_cast<std::size_t>(at - held_.data) + 1;
  if (json_.depth() > (is_whole() ? 3u : 2u)) return;
  if (!is_whole()) json_.step('}');
  replay_ = 0;
  held_.size = 0;
}
#if PICOCLAUDE_ENABLE_TRANSCRIPT
// What comes of the citation's JSON, before its strings are decoded over it.
inline std::size_t EventMembers::raw_size(const char* next, const char* end) const {
  JsonReader json = json_;
  const char* at = next;
  while (at != end) {
    Json token = json.step(*at);
    if (token == Json::number) token = json.step(*at);  // told before its byte is taken
    if (token == Json::line_end || token == Json::failed) break;
    ++at;
    if (token == Json::end_object && json.depth() + 1 == citation_depth()) break;
  }
  return static_cast<std::size_t>(at - next);
}

// As it came, in front of the events that its members are.
inline bool EventMembers::give_raw(const char* next, const char* end) {
  if (brace_waits_) {
    brace_waits_ = false;
    give(EventKind::block_delta, draft_.owner, "{");
    return true;
  }
  if (raw_left_ != 0) return false;
  raw_left_ = raw_size(next, end);
  if (raw_left_ != 0) give(EventKind::block_delta, draft_.owner, {next, raw_left_});
  return raw_left_ != 0;
}
#endif

}  // namespace detail
PICOCLAUDE_END
#endif
