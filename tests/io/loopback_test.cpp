#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

struct Plain : scripted::Blocking {
  static constexpr bool is_plaintext = true;
};

template <class Transport>
Error asked(const char* url) {
  Transport transport;
  transport.script = {scripted::answers({scripted::greeting()})};
  Config config = scripted::config();
  config.base_url = url;
  return scripted::ask_once(transport, config).status.error;
}

}  // namespace

TEST_SUITE_BEGIN("io");

TEST_CASE("loopback: with its switch a key goes to this machine in plain text") {
  for (const char* const url : {"http://127.0.0.1", "http://[::1]:8080", "http://localhost:80/x"}) {
    CHECK(asked<scripted::Blocking>(url) == Error::none);
    CHECK(asked<Plain>(url) == Error::none);
  }
}

TEST_CASE("loopback: to no other, and not where TLS was asked for") {
  for (const char* const url : {"http://api.anthropic.com", "http://127.0.0.2", "http://localhost.example"}) {
    CHECK(asked<scripted::Blocking>(url) == Error::plaintext_refused);
    CHECK(asked<Plain>(url) == Error::plaintext_refused);
  }
  CHECK(asked<Plain>("https://localhost") == Error::plaintext_refused);
  CHECK(asked<Plain>("https://api.anthropic.com") == Error::plaintext_refused);
  CHECK(asked<scripted::Blocking>("https://localhost") == Error::none);
}

TEST_SUITE_END();
