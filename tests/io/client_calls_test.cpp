#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_BUDGET 1
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 1
#define PICOCLAUDE_ENABLE_MODELS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/run.hpp"

using namespace picoclaude;
using scripted::Bench;

namespace {

scripted::Answer json(std::string_view body) {
  return {scripted::with_length("HTTP/1.1 200 OK", "content-type: application/json\r\n", body)};
}

// Greets once, and ends the connection when it is asked again.
scripted::Connection silent() { return {{scripted::greeting(), {"", scripted::Ending::fin}}}; }

}  // namespace

TEST_SUITE_BEGIN("io");

TEST_CASE("client: a budget is not charged for a call that costs nothing") {
  constexpr ModelPrice prices[] = {{"claude-haiku-4-5", {1'000'000, 5'000'000, 100'000}}};
  Budget budget(dollars(1), prices);
  Bench<> bench{{scripted::answers({scripted::greeting(), json(R"({"input_tokens":2000})")})}};
  bench.config.budget = &budget;
  REQUIRE(bench.ask());
  CHECK(budget.spent_microdollars() == 22);  // 7 tokens in at $1 a million, 3 out at $5
  const TokenCount count = count_tokens(bench.client, bench.request);
  REQUIRE(count);
  CHECK(count.input_tokens == 2000);
  CHECK(budget.spent_microdollars() == 22);
  CHECK(budget.usage().input_tokens == 7);
}

TEST_CASE("client: a call on a connection that the server gave up is asked again in silence") {
  Bench<> question{{silent(), scripted::answers({scripted::greeting()})}};
  question.config.max_retries = 0;
  REQUIRE(question.ask());
  CHECK(question.ask());
  CHECK(question.transport.opened() == 2);

  Bench<> count{{silent(), scripted::answers({json(R"({"input_tokens":5})")})}};
  count.config.max_retries = 0;
  REQUIRE(count.ask());
  CHECK(count_tokens(count.client, count.request).input_tokens == 5);
  CHECK(count.transport.opened() == 2);

  Bench<> model{{silent(), scripted::answers({json(R"({"type":"model","id":"m"})")})}};
  model.config.max_retries = 0;
  REQUIRE(model.ask());
  GetModel get{"m"};
  CHECK(run(model.client, get));
  CHECK(model.transport.opened() == 2);
}

TEST_CASE("client: what one request was refused for tells how long to wait") {
  Bench<> bench{{scripted::answers({{scripted::with_length(
      "HTTP/1.1 529 Overloaded", "content-type: application/json\r\nretry-after: 7\r\n", "{}")}})}};
  bench.config.max_retries = 0;
  CHECK(bench.client.retry_after_ms() == 0);
  CHECK(bench.ask().status.error == Error::overloaded);
  CHECK(bench.client.retry_after_ms() == 7000);
}

TEST_CASE("client: ask() says whether the answer fitted, broke off, or was left when its transport waits no longer") {
  struct Impatient : scripted::Blocking {
    bool gives_up = false;
    bool wait(std::uint32_t at_most_ms) { return gives_up ? false : scripted::Blocking::wait(at_most_ms); }
  };
  const auto ask = [](Bench<Impatient>& bench, char(&text)[3]) {
    return bench.client.ask(bench.request, text);
  };
  const std::string whole = scripted::streamed(scripted::hello);
  const std::string most = whole.substr(0, whole.find("Hi!") + 3);
  const std::string little = whole.substr(0, whole.find("Hi!") + 1);
  char text[3];
  {
    Bench<Impatient> bench{{scripted::answers({{whole}})}};
    const Reply reply = ask(bench, text);
    CHECK(reply.status.error == Error::out_of_room);
    CHECK(reply.size == 3);
    CHECK(std::string(text) == "Hi");
  }
  {
    Bench<Impatient> bench{{scripted::answers({{most, scripted::Ending::fin}})}};
    bench.config.max_retries = 0;
    CHECK(ask(bench, text).status.error == Error::truncated);
    CHECK(std::string(text) == "Hi");
  }
  {
    Bench<Impatient> bench{{scripted::answers({{little}})}};
    bench.transport.gives_up = true;
    const Reply reply = ask(bench, text);
    CHECK(reply.status.error == Error::cancelled);
    CHECK(bench.client.done());
    CHECK_FALSE(bench.transport.is_open());
  }
}

TEST_SUITE_END();
