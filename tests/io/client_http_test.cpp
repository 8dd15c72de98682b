#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

// A host that owns HTTP, and takes a request whole before it fails.
struct Host {
  static constexpr bool follows_redirects = false;

  Io answer = Io::ok();
  unsigned starts = 0;
  std::size_t taken = 0;  // bytes of bodies
  std::uint32_t now = 1000;

  Io start(const char*, const char*) {
    ++starts;
    return Io::ok();
  }
  Io header(const char*, const char*) { return Io::ok(); }
  Io begin_body(std::uint32_t) { return Io::ok(); }
  Io send(const char*, std::size_t size) {
    taken += size;
    return Io::moved(size);
  }
  Io status(std::uint16_t&) { return answer; }
  Io next_header(string_view&, string_view&) { return Io::ok(); }
  Io recv(char*, std::size_t) { return Io::closed(); }
  void close() {}
  std::uint32_t now_ms() { return now; }
  bool wait(std::uint32_t at_most_ms) {
    now += at_most_ms;
    return true;
  }
};

}  // namespace

TEST_SUITE_BEGIN("io");

TEST_CASE("client over HTTP: where nothing can have left it is asked again, although a body was handed over") {
  for (const Error error : {Error::name_not_found, Error::connect_failed, Error::connect_timeout,
           Error::connection_lost, Error::tls_failed}) {
    CAPTURE(name(error));
    const bool unsent =
        error == Error::name_not_found || error == Error::connect_failed || error == Error::connect_timeout;
    Host host;
    host.answer = Io::failed(error, 7);
    Config config = scripted::config();
    config.max_retries = 2;
    const scripted::Outcome outcome = scripted::ask_once(host, config);
    CHECK(outcome.status.error == error);
    CHECK(outcome.status.native == 7);
    CHECK(host.starts == (unsent ? 3 : 1));
    CHECK(host.taken == (unsent ? 3u : 1u) * 107);
  }
}

TEST_SUITE_END();
