// When the client sends a request again: decision by decision, through the whole client.
#include "support/recordings.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Bench;
using scripted::Ending;
using scripted::Outcome;

namespace {

std::string answer(unsigned status, std::string_view headers = "", std::string_view body = "") {
  return scripted::with_length("HTTP/1.1 " + std::to_string(status) + " x", headers, body);
}

// Asks a server whose first connection answers so and whose second one greets.
struct Asked {
  Outcome outcome;
  std::uint32_t waited_ms;
  unsigned requests;
};

Asked ask(
    scripted::Connection first, void (*change)(Config&) = [](Config&) {}) {
  Bench<> bench{{std::move(first), scripted::answers({scripted::greeting()})}};
  change(bench.config);
  Outcome outcome = bench.ask();
  return {std::move(outcome), bench.transport.waited_ms, bench.transport.requests};
}

Asked ask(
    std::string first, void (*change)(Config&) = [](Config&) {}) {
  return ask(scripted::answers({{std::move(first), Ending::close_notify}}), change);
}

constexpr std::string_view spend_cap =
    R"({"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}})";

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE("retry: 408, 409, 429 and 5xx are sent again") {
  for (const unsigned status : {408u, 409u, 429u, 500u, 502u, 503u, 504u, 529u, 599u}) {
    CAPTURE(status);
    const Asked asked = ask(answer(status));
    CHECK(asked.outcome.status.error == Error::none);
    CHECK(asked.outcome.status.http == 200);
    CHECK(asked.outcome.text == "Hi!");
    CHECK(asked.outcome.retrying == 1);
    CHECK(asked.requests == 2);
  }
}

TEST_CASE("retry: other 4xx and 3xx are not") {
  for (const unsigned status :
      {300u, 301u, 302u, 303u, 304u, 307u, 308u, 400u, 401u, 402u, 403u, 404u, 405u, 410u, 413u, 422u, 499u}) {
    CAPTURE(status);
    const Asked asked = ask(answer(status));
    CHECK(asked.outcome.status.error != Error::none);
    CHECK(asked.outcome.status.http == status);
    CHECK(asked.outcome.retrying == 0);
    CHECK(asked.requests == 1);
  }
}

TEST_CASE("retry: x-should-retry decides in both directions") {
  CHECK(ask(answer(400, "x-should-retry: true\r\n")).requests == 2);
  CHECK(ask(answer(401, "X-Should-Retry: TRUE\r\n")).requests == 2);
  CHECK(ask(answer(529, "x-should-retry: false\r\n")).requests == 1);
  CHECK(ask(answer(500, "x-should-retry: false\r\n")).requests == 1);
  CHECK(ask(answer(429, "x-should-retry: false\r\nretry-after: 1\r\n")).requests == 1);
  CHECK(ask(answer(529, "x-should-retry: maybe\r\n")).requests == 2);
  CHECK(ask(answer(400, "x-should-retry: maybe\r\n")).requests == 1);
}

TEST_CASE("retry: a spend cap is not, whatever its status says") {
  const Asked asked = ask(answer(429, "content-type: application/json\r\n", spend_cap));
  CHECK(asked.outcome.status.error == Error::spend_limit);
  CHECK(asked.requests == 1);
}

TEST_CASE("retry: a spend cap that the service wants to be asked again is sent again") {
  CHECK(ask(answer(429, "content-type: application/json\r\nx-should-retry: true\r\n", spend_cap)).requests == 2);
}

TEST_CASE("retry: a failure before any byte of the body was handed over is sent again") {
  for (const Error error : {Error::name_not_found, Error::connect_failed, Error::connection_lost, Error::tls_failed,
           Error::transport_failed}) {
    CAPTURE(name(error));
    const Asked asked = ask(scripted::unreachable(error));
    CHECK(asked.outcome.status.error == Error::none);
    CHECK(asked.outcome.retrying == 1);
    CHECK(asked.outcome.status.native == 0);  // nothing is left of the failed attempt
  }
  CHECK(ask(scripted::Connection{{}, {Io::closed()}}).outcome.status.error == Error::none);
}

TEST_CASE("retry: what another attempt cannot mend is not") {
  for (const Error error :
      {Error::tls_expired, Error::tls_not_yet_valid, Error::tls_unknown_ca, Error::tls_wrong_host, Error::tls_refused,
          Error::tls_clock_not_set, Error::tls_no_entropy, Error::bad_roots, Error::no_roots, Error::bad_setup}) {
    CAPTURE(name(error));
    const Asked asked = ask(scripted::unreachable(error));
    CHECK(asked.outcome.status.error == error);
    CHECK(asked.outcome.status.native == 111);
    CHECK(asked.outcome.retrying == 0);
  }
}

TEST_CASE("retry: a connection lost within the request's head is sent again, within its body not") {
  // The window is smaller than the head, so that head and body are handed over apart.
  Bench<scripted::Blocking, 128> undisturbed{{scripted::answers({scripted::greeting()})}};
  undisturbed.ask();
  for (const std::size_t taken : {0u, 50u, 100u}) {
    CAPTURE(taken);
    Bench<scripted::Blocking, 128> bench{{{{}, {}, Ending::keep, taken, Io::failed(Error::connection_lost, 104)},
        scripted::answers({scripted::greeting()})}};
    CHECK(bench.ask().status.error == Error::none);
    CHECK(bench.transport.requests == 1);
    // Nothing that the lost connection did not take goes out in front of it.
    CHECK(bench.transport.request(1) == undisturbed.transport.request(0));
  }
  for (const std::size_t taken : {220u, 290u}) {
    CAPTURE(taken);
    Bench<scripted::Blocking, 128> bench{{{{}, {}, Ending::keep, taken, Io::failed(Error::connection_lost, 104)},
        scripted::answers({scripted::greeting()})}};
    const Outcome outcome = bench.ask();
    CHECK(outcome.status.error == Error::connection_lost);
    CHECK(outcome.status.native == 104);
    CHECK(bench.transport.requests == 0);
  }
}

TEST_CASE("retry: what the server left unanswered is not, for it may be billed twice") {
  struct {
    scripted::Connection script;
    Error error;
  } const cases[] = {
      {scripted::answers({{"", Ending::reset}}), Error::connection_lost},
      {scripted::answers({{"", Ending::fin}}), Error::connection_lost},
      {scripted::answers({{"", Ending::close_notify}}), Error::connection_closed},
      {scripted::answers({}), Error::first_byte_timeout},
  };
  for (const auto& one : cases) {
    CAPTURE(name(one.error));
    const Asked once = ask(one.script);
    CHECK(once.outcome.status.error == one.error);
    CHECK(once.requests == 1);
    const Asked again = ask(one.script, [](Config& config) {
      config.retry_unanswered = true;
    });
    CHECK(again.outcome.status.error == Error::none);
    CHECK(again.requests == 2);
  }
}

TEST_CASE("retry: once a byte of the answer came, an end without a status is final") {
  const std::string whole = scripted::streamed(scripted::hello);
  for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset, Ending::keep}) {
    const Asked asked = ask(scripted::answers({{whole.substr(0, 10), ending}}), [](Config& config) {
      config.retry_unanswered = true;
    });
    CHECK(asked.outcome.status.error == (ending == Ending::keep ? Error::idle_timeout : Error::truncated));
    CHECK(asked.requests == 1);
  }
}

TEST_CASE("retry: never after a success began, whatever became of it") {
  const std::string whole = scripted::streamed(scripted::hello);
  const std::size_t head = whole.find("\r\n\r\n") + 4;
  for (const std::size_t size : {head, head + 10, whole.find("Hi!") + 2, whole.size() - 10}) {
    for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset, Ending::keep}) {
      const Asked asked = ask(scripted::answers({{whole.substr(0, size), ending}}), [](Config& config) {
        config.retry_unanswered = true;
      });
      CHECK(asked.outcome.status.error != Error::none);
      CHECK(asked.requests == 1);
    }
  }
  for (const char* stream : {"streams/46_error_overloaded_midstream.sse", "streams/47_error_first_event.sse"}) {
    const Asked asked = ask(scripted::streamed(recordings::get(stream).body));
    CHECK(asked.outcome.status.error != Error::none);
    CHECK(asked.requests == 1);
  }
}

TEST_CASE("retry: bytes that are no HTTP are not asked for again") {
  CHECK(ask(std::string("SSH-2.0-OpenSSH\r\n")).requests == 1);
  CHECK(ask(std::string("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n")).requests == 1);
}

TEST_CASE("retry: one that would outlast the total time-out is not made, and not counted") {
  Bench<> bench{{scripted::answers({{answer(529, "retry-after: 30\r\n")}, scripted::greeting()})}};
  bench.config.total_ms = 20'000;
  CHECK(bench.ask().status.error == Error::overloaded);
  CHECK(bench.client.retries() == 0);
}

TEST_CASE("retry: at most max_retries times, and the last status is told") {
  for (const std::uint8_t most : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
    std::vector<scripted::Connection> script;
    for (int i = 0; i < 10; ++i)
      script.push_back(scripted::answers({{answer(i == most ? 503 : 529), Ending::close_notify}}));
    Bench<> bench{std::move(script)};
    bench.config.max_retries = most;
    const Outcome outcome = bench.ask();
    CHECK(outcome.status.http == 503);
    CHECK(outcome.retrying == most);
    CHECK(bench.client.retries() == most);
    CHECK(bench.transport.requests == most + 1u);
  }
}

TEST_CASE("retry: retry-after and retry-after-ms are kept to the millisecond") {
  CHECK(ask(answer(429, "retry-after: 7\r\n")).waited_ms == 7'000);
  CHECK(ask(answer(429, "retry-after-ms: 1500\r\nretry-after: 2\r\n")).waited_ms == 1'500);
  CHECK(ask(answer(429, "retry-after: 2\r\nretry-after-ms: 1500\r\n")).waited_ms == 1'500);
  CHECK(ask(std::string(recordings::get("http/err_429_rate_limit.http").body)).waited_ms == 7'000);
  CHECK(ask(std::string(recordings::get("http/err_429_ramp.http").body)).waited_ms == 1'500);
}

TEST_CASE("retry: a longer retry-after is cut to max_retry_after_ms") {
  CHECK(ask(answer(429, "retry-after: 61\r\n")).waited_ms == 60'000);
  CHECK(ask(answer(429, "retry-after: 4294967295\r\n")).waited_ms == 60'000);
  CHECK(ask(answer(429, "retry-after: 4294967296\r\n")).waited_ms <= 500);  // no number that this library knows
  CHECK(ask(answer(429, "retry-after: 61\r\n"), [](Config& config) {
    config.max_retry_after_ms = 70'000;
  }).waited_ms == 61'000);
}

TEST_CASE("retry: a pause that would outlast the total time-out ends it now") {
  const Asked asked = ask(answer(429, "retry-after: 10\r\n"), [](Config& config) {
    config.total_ms = 10'000;
  });
  CHECK(asked.outcome.status.error == Error::rate_limit);
  CHECK(asked.outcome.status.http == 429);
  CHECK(asked.waited_ms == 0);
  CHECK(asked.requests == 1);
  CHECK(ask(answer(429, "retry-after: 10\r\n"), [](Config& config) {
    config.total_ms = 10'001;
  }).requests == 2);
}

TEST_CASE("retry: without a retry-after the pause is random, at most 500 ms doubled each time") {
  std::uint32_t most[3] = {};
  std::uint32_t least[3] = {~0u, ~0u, ~0u};
  const auto note = [&](unsigned at, std::uint32_t pause) {
    most[at] = pause > most[at] ? pause : most[at];
    least[at] = pause < least[at] ? pause : least[at];
  };
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    std::vector<scripted::Connection> script;
    for (int i = 0; i < 4; ++i) script.push_back(scripted::answers({{answer(529), Ending::close_notify}}));
    Bench<scripted::Ticking> bench{std::move(script)};
    bench.config.max_retries = 3;
    bench.config.seed = seed;
    REQUIRE(bench.client.begin(bench.request));
    unsigned attempt = 0;
    std::uint32_t begun = 0;
    while (!bench.client.done()) {
      while (const Event event = bench.client.next()) {
        if (event.kind != EventKind::retrying) continue;
        if (attempt != 0) note(attempt - 1, bench.transport.now - begun);
        ++attempt;
        begun = bench.transport.now;
      }
      if (bench.client.done()) note(2, bench.transport.now - begun);
      bench.transport.now += 1;
    }
    REQUIRE(attempt == 3);
  }
  for (unsigned i = 0; i < 3; ++i) {
    CAPTURE(i);
    const std::uint32_t bound = 500u << i;
    CHECK(most[i] <= bound);
    CHECK(most[i] > bound * 9 / 10);
    CHECK(least[i] < bound / 10);
  }
}

TEST_CASE("retry: a budget ends retrying in a long outage, and successes refill it") {
  // Each question meets an outage; of the first ones three retries are granted, then none.
  Bench<> bench;
  bench.config.max_retries = 1;
  const auto outage = [&] {
    bench.transport.script.resize(bench.transport.opened());
    for (int i = 0; i < 2; ++i)
      bench.transport.script.push_back(scripted::answers({{answer(529), Ending::close_notify}}));
    return bench.ask().retrying;
  };
  const auto success = [&] {
    bench.transport.script.resize(bench.transport.opened());
    bench.transport.script.push_back(scripted::answers({{scripted::streamed(scripted::hello), Ending::close_notify}}));
    CHECK(bench.ask().status.error == Error::none);
  };
  CHECK(outage() + outage() + outage() == 3);
  CHECK(outage() == 0);
  for (int i = 0; i < 9; ++i) success();
  CHECK(outage() == 0);
  success();
  CHECK(outage() == 1);
  CHECK(outage() == 0);
}

TEST_CASE("retry: in a blocking program the pause is spent in wait(), in a ticking one between ticks") {
  Bench<scripted::Ticking> bench{{scripted::answers({{answer(429, "retry-after: 3\r\n"), Ending::close_notify}}),
      scripted::answers({scripted::greeting()})}};
  REQUIRE(bench.client.begin(bench.request));
  CHECK(bench.client.next().kind == EventKind::retrying);
  const unsigned long calls = bench.transport.calls;
  for (int i = 0; i < 100; ++i) CHECK(!bench.client.next());
  CHECK(bench.transport.calls == calls);
  bench.transport.now += 2'999;
  CHECK(!bench.client.next());
  bench.transport.now += 1;
  CHECK(bench.client.next().text == "Hi!");
}

TEST_CASE("retry: an error's text is told before the retry") {
  Bench<> bench{
      {scripted::answers({{std::string(recordings::get("http/err_529_overloaded.http").body)}, scripted::greeting()})}};
  const Outcome outcome = bench.ask();
  CHECK(outcome.error_text == "Overloaded");
  CHECK(outcome.text == "Hi!");
  CHECK(bench.transport.opened() == 1);  // the connection was fit for the second attempt
}

TEST_SUITE_END();
