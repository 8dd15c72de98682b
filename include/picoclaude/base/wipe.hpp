// Overwrites bytes that held a secret, so that it happens: a compiler may drop a plain memset of what nobody reads again.
#pragma once
#include "view.hpp"

PICOCLAUDE_BEGIN
namespace detail {

inline void wipe(Room room) {
  volatile char* const bytes = room.data;
  for (std::size_t left = room.size; left != 0; --left) bytes[left - 1] = 0;
}

}  // namespace detail
PICOCLAUDE_END
