// Reads an event's JSON, token by token, and does what the whole event means.
#pragma once
#include "event_citation.hpp"
#include "event_payload.hpp"
#include "event_place.hpp"
#include "event_start.hpp"
#include "event_values.hpp"

PICOCLAUDE_BEGIN
namespace detail {

inline bool EventMembers::read_token(char*& next, char* end) {
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
    if (block_.citations_at() != 0) {
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

inline void EventMembers::stop_block() {
  const EventOrder::Block* const block = order_.find(draft_.index);
  if (block != nullptr && is_shown(block->kind)) give(EventKind::block_end, draft_.index, {});
  stop_on(order_.block_stop(draft_.index));
}

inline void EventMembers::apply() {
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

}  // namespace detail
PICOCLAUDE_END
