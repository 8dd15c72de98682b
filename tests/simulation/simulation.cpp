// Simulated sessions: how many broke no rule, and what their traces come to.
//
//   simulation sessions COUNT [FIRST]     each seed with the build whose turn it is
//   simulation trace COUNT                one number for the traces of the seeds 0, 1, 2 ... of all builds
//   simulation show BUILD SEED            what happened in one session
#include "simulation/tally.hpp"

using namespace simulation;

namespace {

using Run = const char* (*)(std::uint32_t, Trace&, Tally&);
constexpr Run builds[] = {run_plain, run_prefixed, run_message};
constexpr const char* names[] = {"plain", "prefixed", "message"};

bool is_good(unsigned build, std::uint32_t seed, Trace& trace, Tally& tally) {
  const char* const wrong = builds[build](seed, trace, tally);
  if (wrong != nullptr)
    std::printf("simulation show %s %lu: %s\n", names[build], static_cast<unsigned long>(seed), wrong);
  return wrong == nullptr;
}

// Rules that nothing puts to the test are not broken either: did enough of everything happen? About half of what does.
bool is_varied(const Tally& tally) {
  if (tally.sessions < 1000) return true;  // too few to say
  const unsigned long exchanges = tally.exchanges;
  const struct {
    const char* name;
    unsigned long count, least;
  } floors[] = {
      {"exchanges", exchanges, tally.sessions * 2},
      {"successes", tally.by_error[0], exchanges / 3},
      {"failures", exchanges - tally.by_error[0], exchanges / 5},
      {"retries", tally.retries, exchanges / 20},
      {"silent second tries", tally.silent, exchanges / 500},
      {"kinds of errors", tally.errors(), 32},
  };
  bool varied = true;
  for (const auto& floor : floors) {
    if (floor.count >= floor.least) continue;
    std::printf("simulation: too few %s: %lu, not %lu\n", floor.name, floor.count, floor.least);
    varied = false;
  }
  return varied;
}

int sessions(std::uint32_t count, std::uint32_t first) {
  Tally tally;
  unsigned long broken = 0;
  for (std::uint32_t seed = first; seed != first + count && broken < 20; ++seed) {
    Trace trace;
    if (!is_good(seed / 2 % 3, seed, trace, tally)) ++broken;
  }
  std::printf(
      "simulation: %lu sessions, %lu exchanges, %lu attempts, %lu retries, %lu silent second tries, %lu successes, %u kinds of errors; %lu broken rules\n",
      tally.sessions, tally.exchanges, tally.attempts, tally.retries, tally.silent, tally.by_error[0], tally.errors(),
      broken);
  return broken == 0 && is_varied(tally) ? 0 : 1;
}

int trace(std::uint32_t count) {
  std::uint64_t all = 0;
  Tally tally;
  for (std::uint32_t seed = 0; seed != count; ++seed) {
    std::uint64_t hashes[3];
    for (unsigned build = 0; build < 3; ++build) {
      Trace trace;
      if (!is_good(build, seed, trace, tally)) return 1;
      hashes[build] = trace.hash();
    }
    if (hashes[0] != hashes[1]) {
      std::printf("simulation: seed %lu differs with the remembered prefix\n", static_cast<unsigned long>(seed));
      return 1;
    }
    all = (all ^ hashes[0]) * 0x100000001B3u;
    all = (all ^ hashes[2]) * 0x100000001B3u;
  }
  std::printf("%08lx%08lx\n", static_cast<unsigned long>(all >> 32), static_cast<unsigned long>(all & 0xFFFFFFFF));
  return 0;
}

std::uint32_t number(const char* text) { return static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10)); }

}  // namespace

int main(int count, char** words) {
  const std::string_view what = count > 2 ? words[1] : "";
  if (what == "sessions") return sessions(number(words[2]), count > 3 ? number(words[3]) : 0);
  if (what == "trace") return trace(number(words[2]));
  for (unsigned build = 0; build < 3; ++build) {
    if (what != "show" || count < 4 || std::string_view(words[2]) != names[build]) continue;
    Trace shown;
    shown.is_shown = true;
    Tally tally;
    return is_good(build, number(words[3]), shown, tally) ? 0 : 1;
  }
  std::puts("simulation sessions COUNT [FIRST] | trace COUNT | show BUILD SEED");
  return 2;
}
