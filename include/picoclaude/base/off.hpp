// What stands in the place of a part that is switched off: empty types that say the name of the switch when used.
#pragma once
#include <type_traits>

#include "../config.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// False, but only once somebody uses what asks.
template <class...>
inline constexpr bool off = false;

// A member of an aggregate: of type T when its part is on, else one of the placeholders below.
template <int On, class T, class Placeholder>
using Part = std::conditional_t<(On != 0), T, Placeholder>;

// An empty placeholder. It can be left alone and copied; whoever gives it a value or takes one is told the switch.
#define PICOCLAUDE_PLACEHOLDER(Name, SWITCH)                          \
  struct Name {                                                       \
    constexpr Name() = default;                                       \
    template <class T, class... More>                                 \
    constexpr Name(const T&, const More&...) {                        \
      static_assert(off<T>, SWITCH " is 0: set it to 1 to use this"); \
    }                                                                 \
    template <class T>                                                \
    constexpr operator T() const {                                    \
      static_assert(off<T>, SWITCH " is 0: set it to 1 to use this"); \
      return T{};                                                     \
    }                                                                 \
  };

PICOCLAUDE_PLACEHOLDER(OffTools, "PICOCLAUDE_ENABLE_TOOLS")
PICOCLAUDE_PLACEHOLDER(OffVision, "PICOCLAUDE_ENABLE_VISION")
PICOCLAUDE_PLACEHOLDER(OffDocuments, "PICOCLAUDE_ENABLE_DOCUMENTS")
PICOCLAUDE_PLACEHOLDER(OffCaching, "PICOCLAUDE_ENABLE_CACHING")
PICOCLAUDE_PLACEHOLDER(OffThinking, "PICOCLAUDE_ENABLE_THINKING")
PICOCLAUDE_PLACEHOLDER(OffOutput, "PICOCLAUDE_ENABLE_OUTPUT")
PICOCLAUDE_PLACEHOLDER(OffServerTools, "PICOCLAUDE_ENABLE_SERVER_TOOLS")
PICOCLAUDE_PLACEHOLDER(OffTranscript, "PICOCLAUDE_ENABLE_TRANSCRIPT")
PICOCLAUDE_PLACEHOLDER(OffBudget, "PICOCLAUDE_ENABLE_BUDGET")
#undef PICOCLAUDE_PLACEHOLDER

}  // namespace detail
PICOCLAUDE_END
