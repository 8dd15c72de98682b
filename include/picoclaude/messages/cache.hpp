// Prompt caching: the marks behind which the service keeps a prefix of the request (API.md, section 3.7).
//
// The prefix runs through tools, system and messages, in this order. What differs from the last request ends it.
#pragma once
#include "../wire/json_writer.hpp"
#include "block.hpp"

PICOCLAUDE_BEGIN

#if PICOCLAUDE_ENABLE_CACHING
// The block as the end of a prefix that is kept.
constexpr Block cached(Block block, CacheControl how_long = CacheControl::ephemeral_5m) {
  block.cache_control = how_long;
  return block;
}
#else
template <class... Arguments>
constexpr Block cached(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_CACHING is 0: set it to 1 to use cached()");
  return {};
}
#endif

namespace detail {

inline constexpr unsigned max_marks = 4;

#if PICOCLAUDE_ENABLE_CACHING
// Marks come in the order of the prefix, at most 4, and those of an hour before those of 5 minutes: else a window that
// measures fails with bad_cache_control. `counted`: how many of the four this one is.
constexpr void render_cache_control(Window& window, CacheControl cache_control, unsigned counted = 1) {
  if (cache_control == CacheControl::none) return;
  window.raw(R"(,"cache_control":{"type":"ephemeral")");
  constexpr unsigned minutes = 8;  // were seen; below it the count
  unsigned marks = window.marks + counted;
  unsigned most = max_marks;
  if (cache_control == CacheControl::ephemeral_1h) {
    window.raw(R"(,"ttl":"1h")");
  } else {
    marks |= minutes;
    most |= minutes;
  }
  window.marks = marks;
  window.raw("}");
  if (marks > most) window.fail(Error::bad_cache_control);
}
#endif
constexpr void render_cache_control(Window&, OffCaching, unsigned = 1) {}

// The member "diagnostics" of a request, with the comma in front. Without an id there is nothing to compare with yet.
constexpr void render_diagnostics(Window& window, bool wanted, string_view previous_message_id) {
  if (!wanted) return;
  window.raw(R"(,"diagnostics":{"previous_message_id":)");
  if (previous_message_id.empty()) {
    window.raw("null");
  } else {
    json_string(window, previous_message_id);
  }
  window.raw("}");
}
constexpr void render_diagnostics(Window&, OffCaching, OffCaching) {}

// Counts the marks of a request in their order: at most 4, and those of an hour before those of 5 minutes.
class Breakpoints {
 public:
  constexpr Error error() const { return error_; }
  constexpr unsigned count() const { return count_; }

#if PICOCLAUDE_ENABLE_CACHING
  constexpr void add(CacheControl cache_control) {
    if (cache_control == CacheControl::none) return;
    if (++count_ > max_marks) error_ = Error::bad_cache_control;
    add_whole(cache_control);
  }

  // The mark of the whole request stands behind all others, and is none of the four.
  constexpr void add_whole(CacheControl cache_control) {
    if (cache_control == CacheControl::ephemeral_5m) short_ = true;
    if (cache_control == CacheControl::ephemeral_1h && short_) error_ = Error::bad_cache_control;
  }

  // A tool's result may hold search results, and these hold text: blocks are three lists deep.
  constexpr void add(List<Block> blocks) {
    for (const Block& block : blocks) {
#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_DOCUMENTS
      for (const Block& inner : block.content.blocks) {
        for (const Block& innermost : inner.content.blocks) add(innermost.cache_control);
        add(inner.cache_control);
      }
#endif
      add(block.cache_control);
    }
  }
#endif

 private:
  Error error_ = Error::none;
  std::uint16_t count_ = 0;
  [[maybe_unused]] bool short_ = false;
};

}  // namespace detail
PICOCLAUDE_END
