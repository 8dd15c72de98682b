// The program of the TLS tests: doctest's main, and the clock that both ends read.
#define DOCTEST_CONFIG_IMPLEMENT
#include "../support/tls_client.hpp"

#include <cstdio>
#include <ctime>

namespace test {
std::int64_t clock_s = usual_clock;
Counts counts;
}  // namespace test

// mbedTLS asks this function; so certificates of fixed dates can be used, on any day.
extern "C" std::time_t time(std::time_t* out) noexcept {
  const auto now = static_cast<std::time_t>(test::clock_s);
  if (out != nullptr) *out = now;
  return now;
}

int main(int count, char** words) {
  doctest::Context context(count, words);
  const int code = context.run();
  std::printf("tls: %d bad servers refused, %d good ones accepted, %d handshakes with a flipped bit refused\n",
      test::counts.refused, test::counts.accepted, test::counts.flips);
  return code;
}
