// Without tools: says so when a tool is declared.
#pragma once
#include "../base/off.hpp"

PICOCLAUDE_BEGIN

template <class... Arguments>
constexpr int tool(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_TOOLS is 0: set it to 1 to use tool()");
  return 0;
}

template <class... Arguments>
constexpr int raw_tool(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_TOOLS is 0: set it to 1 to use raw_tool()");
  return 0;
}

PICOCLAUDE_END
