// The program of the TLS tests: doctest's main, and the clock that both ends read.
#define DOCTEST_CONFIG_IMPLEMENT
#include "../support/tls_client.hpp"

#include <cstdio>
#include <ctime>

namespace test {
std::int64_t clock_s = usual_clock;
bool entropy_fails = false;
Counts counts;
}  // namespace test

// mbedTLS asks this function; so certificates of fixed dates can be used, on any day.
extern "C" std::time_t time(std::time_t* out) noexcept {
  const auto now = static_cast<std::time_t>(test::clock_s);
  if (out != nullptr) *out = now;
  return now;
}

// The linker sends calls of mbedtls_entropy_func here: --wrap in meson.build.
#if defined(PICOCLAUDE_TEST_WRAP)
extern "C" int __real_mbedtls_entropy_func(void* entropy, unsigned char* out, std::size_t size);
extern "C" int __wrap_mbedtls_entropy_func(void* entropy, unsigned char* out, std::size_t size) {
  return test::entropy_fails ? MBEDTLS_ERR_ENTROPY_SOURCE_FAILED : __real_mbedtls_entropy_func(entropy, out, size);
}
#endif

int main(int count, char** words) {
  doctest::Context context(count, words);
  const int code = context.run();
  std::printf("tls: %d bad servers refused, %d good ones accepted, %d handshakes with a flipped bit refused\n",
      test::counts.refused, test::counts.accepted, test::counts.flips);
  return code;
}
