// Without tools or transcripts: says so when run_tools() is called.
#pragma once
#include "../base/off.hpp"

PICOCLAUDE_BEGIN

#if !PICOCLAUDE_ENABLE_TRANSCRIPT
template <class... Arguments>
bool converse(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_TRANSCRIPT is 0: set it to 1 to use converse()");
  return false;
}
#endif

template <class... Arguments>
bool run_tools(const Arguments&...) {
  static_assert(detail::off<Arguments...>,
      "run_tools() needs PICOCLAUDE_ENABLE_TOOLS and PICOCLAUDE_ENABLE_TRANSCRIPT: set both to 1");
  return false;
}

PICOCLAUDE_END
