// The whole of a test that everyday runs only sample: PICOCLAUDE_DEEP=1 in the environment.
#pragma once
#include <cstdlib>

inline bool is_deep() { return std::getenv("PICOCLAUDE_DEEP") != nullptr; }
