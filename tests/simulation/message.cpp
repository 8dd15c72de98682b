// The client that reads answers which were not streamed, too.
#define PICOCLAUDE_ENABLE_MESSAGE_READER 1
#include "simulation/session.hpp"

const char* simulation::run_message(std::uint32_t seed, Trace& trace, Tally& tally) { return run(seed, trace, tally); }
