// What everyday runs only sample: PICOCLAUDE_DEEP=1 in the environment runs the whole, 100 a hundredth of it.
#pragma once
#include <cstdlib>

inline unsigned long deep_part() {
  const char* const part = std::getenv("PICOCLAUDE_DEEP");
  return part == nullptr ? 0 : std::strtoul(part, nullptr, 10);
}

inline bool is_deep() { return deep_part() == 1; }

inline unsigned long deep_count(unsigned long everyday, unsigned long whole) {
  return deep_part() == 0 ? everyday : whole / deep_part();
}
