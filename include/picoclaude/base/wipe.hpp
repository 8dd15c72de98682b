// Overwrites bytes that held a secret, so that it happens: a compiler may drop a plain memset of what nobody reads again.
#pragma once
#include <cstring>

#include "view.hpp"

PICOCLAUDE_BEGIN
namespace detail {

inline void wipe(Room room) {
#if defined(__GNUC__)
  std::memset(room.data, 0, room.size);
  __asm__ volatile("" : : "r"(room.data) : "memory");  // as if somebody read it
#else
  volatile char* const bytes = room.data;
  for (std::size_t left = room.size; left != 0; --left) bytes[left - 1] = 0;
#endif
}

}  // namespace detail
PICOCLAUDE_END
