// Received bytes that are kept for later.
#pragma once
#include <cstring>

#include "../config.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// They wait in the caller's memory, and stand in front of those that are read next.
struct Hold {
  char* data = nullptr;
  std::size_t size = 0;

  void append(char* bytes, std::size_t count) {
    if (size == 0) data = bytes;
    if (data + size != bytes) std::memmove(data + size, bytes, count);
    size += count;
  }
};

}  // namespace detail
PICOCLAUDE_END
