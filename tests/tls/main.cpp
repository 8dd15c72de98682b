// The program of the TLS tests: doctest's main, and the clock that both ends read.
#define DOCTEST_CONFIG_IMPLEMENT
#include "../support/tls_client.hpp"

#include <cerrno>
#include <cstdio>
#include <ctime>

namespace test {
std::int64_t clock_s = usual_clock;
bool entropy_fails = false;
thread_local Failures failures;
Counts counts;
}  // namespace test

// mbedTLS asks this function; so certificates of fixed dates can be used, on any day.
extern "C" std::time_t time(std::time_t* out) noexcept {
  const auto now = static_cast<std::time_t>(test::clock_s);
  if (out != nullptr) *out = now;
  return now;
}

// The linker sends calls of these functions here: wrapped.txt.
#if defined(PICOCLAUDE_TEST_WRAP)
extern "C" int __real_mbedtls_entropy_func(void* entropy, unsigned char* out, std::size_t size);
extern "C" int __wrap_mbedtls_entropy_func(void* entropy, unsigned char* out, std::size_t size) {
  return test::entropy_fails ? MBEDTLS_ERR_ENTROPY_SOURCE_FAILED : __real_mbedtls_entropy_func(entropy, out, size);
}

#define WRAP(name, member, parameters, arguments)                                        \
  extern "C" int __real_##name parameters;                                               \
  extern "C" int __wrap_##name parameters {                                              \
    return test::failures.member != 0 ? test::failures.member : __real_##name arguments; \
  }
WRAP(mbedtls_ssl_config_defaults, config_defaults, (mbedtls_ssl_config * to, int end, int kind, int preset),
    (to, end, kind, preset))
WRAP(mbedtls_ssl_conf_alpn_protocols, alpn_protocols, (mbedtls_ssl_config * to, const char** list), (to, list))
WRAP(mbedtls_ssl_setup, setup, (mbedtls_ssl_context * ssl, const mbedtls_ssl_config* config), (ssl, config))
WRAP(mbedtls_ssl_write, write, (mbedtls_ssl_context * ssl, const unsigned char* data, std::size_t size),
    (ssl, data, size))
WRAP(mbedtls_ssl_get_session, get_session, (const mbedtls_ssl_context* ssl, mbedtls_ssl_session* to), (ssl, to))
WRAP(mbedtls_ssl_set_session, set_session, (mbedtls_ssl_context * ssl, const mbedtls_ssl_session* from), (ssl, from))
WRAP(mbedtls_ssl_get_max_out_record_payload, max_payload, (const mbedtls_ssl_context* ssl), (ssl))

extern "C" void* __real_calloc(std::size_t count, std::size_t size);
extern "C" void* __wrap_calloc(std::size_t count, std::size_t size) {
  return test::failures.calloc ? nullptr : __real_calloc(count, size);
}

extern "C" int __real_mbedtls_x509_crt_parse_file(mbedtls_x509_crt* chain, const char* path);
extern "C" int __wrap_mbedtls_x509_crt_parse_file(mbedtls_x509_crt* chain, const char* path) {
  if (test::failures.parse_file == 0) return __real_mbedtls_x509_crt_parse_file(chain, path);
  errno = test::failures.parse_file_errno;
  return test::failures.parse_file;
}
#endif

int main(int count, char** words) {
  doctest::Context context(count, words);
  const int code = context.run();
  std::printf("tls: %d bad servers refused, %d good ones accepted, %d handshakes with a flipped bit refused\n",
      test::counts.refused, test::counts.accepted, test::counts.flips);
  return code;
}
