// Puts a state back to its start in place, without a copy on the stack: every state of this library starts as zero.
#pragma once
#include <cstring>
#include <type_traits>

#include "view.hpp"

PICOCLAUDE_BEGIN
namespace detail {

template <class State>
void clear(State& state) {
  static_assert(std::is_trivially_copyable_v<State>, "a state is plain memory");
  std::memset(static_cast<void*>(&state), 0, sizeof state);
}

}  // namespace detail
PICOCLAUDE_END
