// The client as it comes.
#include "simulation/session.hpp"

const char* simulation::run_plain(std::uint32_t seed, Trace& trace, Tally& tally) { return run(seed, trace, tally); }
