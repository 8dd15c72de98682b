// What next() gives: one piece of an answer.
#pragma once
#include "../base/off.hpp"
#include "../base/view.hpp"
#include "message.hpp"

PICOCLAUDE_BEGIN

enum class EventKind : std::uint8_t {
  none,               // nothing now
  text,               // a fragment of a text block
  thinking,           // a fragment of a thinking block
  signature,          // the signature of a thinking block, in fragments
  redacted_thinking,  // a fragment of the data of a redacted thinking block
  citation,           // a fragment of a text that the block cites
  citation_title,     // a fragment of the title of what is cited
  citation_source,    // a fragment of its URL, or of a search result's source
  citation_end,       // the citation is complete: citation() tells its kind and its place
  tool_start,         // a tool call begins: text is the tool's name; for display, never to be run
  tool_input,         // a fragment of a tool call's input; for display
  block,              // a fragment of the raw JSON of a block that this library does not model
  block_delta,  // a fragment of the raw JSON of what is added to such a block, or of a citation; begins with an empty one
  block_end,    // the block `index` is complete
  container,    // a fragment of the id of the container that the service's tools ran in; begins with an empty one
  stop_sequence,  // a fragment of the stop sequence that ended the answer
  explanation,    // a fragment of why the answer was refused
  error_text,     // a fragment of the service's error message
  retrying,       // the request will be sent again; text() is empty
  end,            // the answer is complete
  item,           // the next thing of a list, or the new state of what is watched, stands in the call
  data,           // bytes of a file or of an answer that this library does not model, cut anywhere
  token,          // the next token of a JSON answer that this library does not model
};

// Lifetime: its views are borrowed until the next call of next(). They are cut at code points only, not terminated.
struct Event {
  EventKind kind = EventKind::none;
#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_TRANSCRIPT
  StopReason stop_reason = StopReason::none;  // with end
#endif
  std::uint16_t index = 0;  // of the content block
  string_view text;
#if PICOCLAUDE_ENABLE_TOOLS
  string_view id;  // of the call, with tool_start
#else
  static constexpr detail::OffTools id{};
#endif

  constexpr Event() = default;
  constexpr Event(EventKind what, std::uint16_t block, string_view words) : kind(what), index(block), text(words) {}

  constexpr explicit operator bool() const { return kind != EventKind::none; }
};

PICOCLAUDE_END
