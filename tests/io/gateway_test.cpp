// Other addresses than the API's own, and keys that are asked for.
#include <doctest/doctest.h>

#include "support/run.hpp"

using namespace picoclaude;
using scripted::Bench;

namespace {

// The head of the first request to this address, up to its credentials.
std::string head_for(const char* base_url, const char* token) {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.config.base_url = base_url;
  bench.config.user_agent = "t";
  bench.config.api_key = {};
  bench.config.auth_token = token;
  CHECK(bench.ask().text == "Hi!");
  const std::string head(bench.transport.request(0));
  return bench.transport.hosts.front() + " " + head.substr(0, head.find("content-type"));
}

struct Vault {
  std::string key = "sk-first";
  unsigned asked = 0;

  static string_view give(void* context) {
    Vault& vault = *static_cast<Vault*>(context);
    ++vault.asked;
    return vault.key;
  }
};

}  // namespace

TEST_CASE("gateway: Foundry is a host, a path and a Bearer token") {
  CHECK(head_for("https://lab.services.ai.azure.com/anthropic/", "entra") ==
      "lab.services.ai.azure.com:443 POST /anthropic/v1/messages HTTP/1.1\r\n"
      "host: lab.services.ai.azure.com\r\n"
      "user-agent: t\r\n"
      "anthropic-version: 2026-10-21\r\n"
      "authorization: Bearer entra\r\n");
}

TEST_CASE("gateway: any host, port and path before the API's") {
  CHECK(head_for("https://gateway.example:8443/team/a", "t0k") ==
      "gateway.example:8443 POST /team/a/v1/messages HTTP/1.1\r\n"
      "host: gateway.example:8443\r\n"
      "user-agent: t\r\n"
      "anthropic-version: 2026-10-21\r\n"
      "authorization: Bearer t0k\r\n");
  CHECK(head_for("https://[2001:db8::1]:444", "t0k").rfind("2001:db8::1:444 POST /v1/messages", 0) == 0);
}

TEST_CASE("gateway: the key is asked for anew by each request and each attempt") {
  Vault vault;
  const std::string busy = scripted::with_length("HTTP/1.1 529 Overloaded", "retry-after-ms: 1\r\n", "");
  Bench<> bench{{scripted::answers({scripted::greeting(), {busy}}), scripted::answers({scripted::greeting()})}};
  bench.config.api_key = {};
  bench.config.key_source = Vault::give;
  bench.config.key_context = &vault;
  CHECK(bench.ask().text == "Hi!");
  CHECK(bench.transport.sent[0].find("\r\nx-api-key: sk-first\r\n") != std::string::npos);
  const unsigned once = vault.asked;
  const std::size_t first = bench.transport.sent[0].size();
  vault.key = "sk-second-and-longer";
  CHECK(bench.ask().text == "Hi!");
  CHECK(bench.transport.requests == 3);
  CHECK(bench.transport.sent[0].find("\r\nx-api-key: sk-second-and-longer\r\n", first) != std::string::npos);
  CHECK(bench.transport.sent[1].find("\r\nx-api-key: sk-second-and-longer\r\n") != std::string::npos);
  CHECK(vault.asked > 2 * once);
}

TEST_CASE("gateway: a key that changes while the request is sent is request_changed") {
  Vault vault;
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.config.api_key = {};
  bench.config.key_source = Vault::give;
  bench.config.key_context = &vault;
  REQUIRE(bench.client.begin(bench.request).error == Error::none);
  vault.key = "sk-second-and-longer";
  CHECK(scripted::finish(bench.client).status.error == Error::request_changed);
}
