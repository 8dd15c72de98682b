// What a content block is by its type, and as what its parts are told (API.md, sections 4.2 and 6.3).
#pragma once
#include "event.hpp"
#include "event_order.hpp"
#include "words.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// Which blocks are told, and their deltas. A transcript needs all of them.
constexpr bool is_shown(BlockKind kind) {
  if (kind == BlockKind::text || PICOCLAUDE_ENABLE_TRANSCRIPT != 0) return true;
  if (kind == BlockKind::tool_use) return PICOCLAUDE_ENABLE_TOOLS != 0;
  const bool is_thought = kind == BlockKind::thinking || kind == BlockKind::redacted_thinking;
  if (is_thought) return PICOCLAUDE_ENABLE_THINKING != 0;
  return PICOCLAUDE_ENABLE_SERVER_TOOLS != 0;
}

constexpr BlockKind kind_of(Word type) {
  switch (type) {
    case Word::text: return BlockKind::text;
#if PICOCLAUDE_BLOCKS
    case Word::thinking: return BlockKind::thinking;
    case Word::redacted_thinking: return BlockKind::redacted_thinking;
    case Word::tool_use: return BlockKind::tool_use;
#endif
#if PICOCLAUDE_RAW_BLOCKS
    case Word::server_tool_use:
    case Word::mcp_tool_use: return BlockKind::server_tool_use;
#endif
    default: return BlockKind::other;
  }
}

// As what a string member of a block, or the payload of its deltas, is told; none: it does not fit the block, or the block
// is not shown.
constexpr EventKind route_of(Word member, BlockKind kind) {
  switch (kind) {
    case BlockKind::text: return member == Word::text ? EventKind::text : EventKind::none;
#if PICOCLAUDE_ENABLE_THINKING || PICOCLAUDE_ENABLE_TRANSCRIPT
    case BlockKind::thinking:
      if (member == Word::thinking) return EventKind::thinking;
      return member == Word::signature ? EventKind::signature : EventKind::none;
    case BlockKind::redacted_thinking: return member == Word::data ? EventKind::redacted_thinking : EventKind::none;
#endif
#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_TRANSCRIPT
    case BlockKind::tool_use:
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS || PICOCLAUDE_ENABLE_TRANSCRIPT
    case BlockKind::server_tool_use:
#endif
#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_SERVER_TOOLS || PICOCLAUDE_ENABLE_TRANSCRIPT
      return member == Word::partial_json ? EventKind::tool_input : EventKind::none;
#endif
    default: return EventKind::none;
  }
}

}  // namespace detail
PICOCLAUDE_END
