// The client that remembers the bytes in front of a delta's text.
#define PICOCLAUDE_ENABLE_PREFIX 1
#include "simulation/session.hpp"

const char* simulation::run_prefixed(std::uint32_t seed, Trace& trace, Tally& tally) { return run(seed, trace, tally); }
