// What all sessions together came to.
#pragma once
#include "simulation/random.hpp"

namespace simulation {

struct Tally {
  unsigned long sessions = 0;
  unsigned long exchanges = 0;
  unsigned long attempts = 0;
  unsigned long silent = 0;
  unsigned long retries = 0;
  unsigned long successes = 0;
  unsigned long by_error[256] = {};

  template <class Error>
  void add(Error error, unsigned attempt_count, unsigned silent_count, unsigned retry_count) {
    ++by_error[static_cast<unsigned>(error)];
    attempts += attempt_count;
    silent += silent_count;
    retries += retry_count;
  }
  unsigned errors() const {
    unsigned count = 0;
    for (unsigned i = 1; i < 256; ++i) count += by_error[i] != 0 ? 1 : 0;
    return count;
  }
};

// One session with the client of one build. The rule that was broken, or null.
const char* run_plain(std::uint32_t seed, Trace& trace, Tally& tally);
const char* run_prefixed(std::uint32_t seed, Trace& trace, Tally& tally);
const char* run_message(std::uint32_t seed, Trace& trace, Tally& tally);

}  // namespace simulation
