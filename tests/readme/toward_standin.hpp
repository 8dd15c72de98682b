// Points a program of the README at the stand-in server, without a change to its text: the compiler includes this file
// before the program's first line.
#pragma once
#include <picoclaude.hpp>
#include <cstdlib>

namespace picoclaude {

inline Roots standin_roots() { return file_roots(std::getenv("PICOCLAUDE_CA")); }

struct StandinConfig : Config {
  StandinConfig() { base_url = std::getenv("PICOCLAUDE_BASE_URL"); }
};

}  // namespace picoclaude

#define system_roots standin_roots
#define Config StandinConfig
