// Every time-out, on a virtual clock: blocking and ticking, and the clock's wrap-around.
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Bench;
using scripted::Blocking;
using scripted::Ending;
using scripted::Outcome;
using scripted::Ticking;

namespace {

constexpr std::string_view ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n";

const std::string whole = scripted::streamed(scripted::hello);
const std::string head = whole.substr(0, whole.find("\r\n\r\n") + 4);

struct Case {
  const char* name;
  scripted::Connection script;
  Error error;
  std::uint32_t after_ms;
};

// A server that stands still in each phase. Without retries.
std::vector<Case> cases() {
  return {
      {"connecting", {{}, std::vector<Io>(100'000, Io::wait())}, Error::connect_timeout, 15'000},
      {"sending", {{}, {}, Ending::keep, 20, Io::wait()}, Error::idle_timeout, 60'000},
      {"no byte of the answer", {}, Error::first_byte_timeout, 120'000},
      {"within the status line", {{{whole.substr(0, 7)}}}, Error::idle_timeout, 60'000},
      {"behind the head", {{{head}}}, Error::idle_timeout, 60'000},
      {"within an event", {{{whole.substr(0, 500)}}}, Error::idle_timeout, 60'000},
      {"before the blank line of message_stop",
          {{{scripted::unframed(scripted::hello.substr(0, scripted::hello.size() - 1))}}}, Error::idle_timeout, 60'000},
      {"behind message_stop", {{{whole.substr(0, whole.size() - 5)}}}, Error::none, 500},
  };
}

// Ticks at `step_ms` until done, at most so long; the time that passed.
template <class Bench>
std::uint32_t tick(Bench& bench, std::uint32_t step_ms, std::uint32_t at_most_ms) {
  const std::uint32_t begun = bench.transport.now;
  while (!bench.client.done() && bench.transport.now - begun < at_most_ms) {
    while (bench.client.next()) {}
    if (!bench.client.done()) bench.transport.now += step_ms;
  }
  return bench.transport.now - begun;
}

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE("time-outs: a blocking program ends at the phase's time-out, to the millisecond") {
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    for (const std::uint32_t origin : {1000u, 0u, 0xFFFFFF00u, 0x7FFFFFFFu}) {
      Bench<> bench{{one.script}};
      bench.config.max_retries = 0;
      bench.transport.now = origin;
      const Outcome outcome = bench.ask();
      CHECK(outcome.status.error == one.error);
      CHECK(bench.transport.now - origin == one.after_ms);
      CHECK(outcome.ends == (one.error == Error::none ? 1 : 0));
      CHECK_FALSE(bench.transport.is_open());
    }
  }
}

TEST_CASE("time-outs: a blocking program sleeps once, it does not poll") {
  Bench<> bench{{scripted::Connection{}}};
  bench.config.max_retries = 0;
  CHECK(bench.ask().status.error == Error::first_byte_timeout);
  CHECK(bench.transport.waits == 1);
}

TEST_CASE("time-outs: a ticking program ends at the same time, and its ticks wait for nothing") {
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    Bench<Ticking> bench{{one.script}};
    bench.config.max_retries = 0;
    bench.transport.now = 0xFFFFFF00u;
    REQUIRE(bench.client.begin(bench.request));
    const std::uint32_t passed = tick(bench, 20, 700'000);
    CHECK(bench.client.status().error == one.error);
    CHECK(passed == one.after_ms);
    CHECK(bench.transport.calls < one.after_ms / 20 * 2 + 20);  // at most send and recv a tick
  }
}

TEST_CASE("time-outs: each has its own setting, and 0 is none") {
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    Bench<Ticking> bench{{one.script}};
    bench.config.max_retries = 0;
    bench.config.connect_ms = bench.config.first_byte_ms = bench.config.idle_ms = bench.config.total_ms = 0;
    bench.config.tail_ms = 0;
    REQUIRE(bench.client.begin(bench.request));
    CHECK(tick(bench, 7'777, 100'000'000) >= 100'000'000);
    CHECK_FALSE(bench.client.done());
    bench.config.connect_ms = bench.config.first_byte_ms = bench.config.idle_ms = bench.config.tail_ms = 1;
    tick(bench, 1, 10);
    CHECK(bench.client.status().error == one.error);
  }
}

TEST_CASE("time-outs: each phase counts from the last progress, not from the question") {
  // Connecting takes 14 s, the request 50 s, the first byte 110 s, and each further read 55 s.
  const std::string answer = scripted::unframed(scripted::hello.substr(0, scripted::hello.size() - 1));
  Bench<> bench{{{{{answer + "\n", Ending::keep, scripted::all, 110'000, 55'000}}}}};
  bench.transport.read_size = answer.size() / 3;
  const Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::none);
  CHECK(bench.transport.waited_ms == 110'000 + 3 * 55'000 + 500);
}

TEST_CASE("time-outs: pings count as life") {
  std::string stream(scripted::hello.substr(0, scripted::hello.find("event: content_block_stop")));
  for (int i = 0; i < 8; ++i) stream += ping;
  stream += scripted::hello.substr(scripted::hello.find("event: content_block_stop"));
  // 55 s before each ping: read it ping by ping.
  Bench<> bench{{{{{scripted::unframed(stream), Ending::keep, scripted::all, 0, 55'000}}}}};
  bench.transport.read_size = ping.size();
  bench.config.total_ms = 0;
  CHECK(bench.ask().status.error == Error::none);
}

TEST_CASE("time-outs: a drip of one byte per idle time-out less a second ends at the total time-out") {
  for (const bool in_head : {false, true}) {
    std::string answer = in_head ? head.substr(0, head.size() - 2) : head;
    while (answer.size() < 60'000) answer += in_head ? "x: y\r\n" : "1\r\n:\r\n";
    Bench<> bench{{{{{answer, Ending::keep, scripted::all, 0, 59'000}}}}};
    bench.transport.read_size = 1;
    bench.config.max_retries = 0;
    CHECK(bench.ask().status.error == Error::total_timeout);
    CHECK(bench.transport.waited_ms == 600'000);
  }
}

TEST_CASE("time-outs: a server that takes the request a byte at a time ends at the total time-out") {
  Bench<> bench{{scripted::Connection{}}};
  bench.transport.send_size = 1;
  bench.transport.cost_ms = 5'000;
  bench.config.max_retries = 0;
  const std::uint32_t begun = bench.transport.now;
  CHECK(bench.ask().status.error == Error::total_timeout);
  CHECK(bench.transport.now - begun >= 600'000);
  CHECK(bench.transport.now - begun <= 610'000);
}

TEST_CASE("time-outs: progress while sending is life") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.transport.send_size = 40;
  bench.transport.cost_ms = 1'900;
  bench.config.idle_ms = 2'000;
  bench.config.first_byte_ms = bench.config.connect_ms = 4'000;
  CHECK(bench.ask().status.error == Error::none);
}

TEST_CASE("time-outs: the total time-out is over everything: connecting, retries and their pauses") {
  std::vector<scripted::Connection> script;
  for (int i = 0; i < 20; ++i) {
    script.push_back(scripted::answers(
        {{"HTTP/1.1 529 \r\ncontent-length: 0\r\nretry-after: 40\r\n\r\n", Ending::keep, scripted::all, 100'000}}));
  }
  Bench<> bench{std::move(script)};
  bench.config.max_retries = 20;
  bench.config.total_ms = 300'000;
  const Outcome outcome = bench.ask();
  // 100 + 40 + 100 + 40, and 20 s into the third attempt it is over.
  CHECK(outcome.status.error == Error::total_timeout);
  CHECK(bench.transport.waited_ms == 300'000);
  CHECK(outcome.retrying == 2);
}

TEST_CASE("time-outs: a total time-out in the tail costs nothing") {
  Bench<> bench{{{{{whole.substr(0, whole.size() - 5), Ending::keep, scripted::all, 100}}}}};
  bench.config.total_ms = 200;
  bench.config.tail_ms = 0;
  const Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::none);
  CHECK(bench.transport.waited_ms == 200);
}

TEST_CASE("time-outs: one at the moment of the last byte is no time-out") {
  Bench<> bench{{{{{whole, Ending::keep, scripted::all, 119'999}}}}};
  CHECK(bench.ask().status.error == Error::none);
  CHECK(bench.transport.waited_ms == 119'999);
}

TEST_CASE("time-outs: a program that ticks rarely still gets an answer that came in time") {
  // The answer is there after 1 s; the program looks again after 200 s. Nobody knows when the bytes came.
  Bench<Ticking> bench{{{{{whole, Ending::keep, scripted::all, 1'000}}}}};
  REQUIRE(bench.client.begin(bench.request));
  CHECK(!bench.client.next());
  bench.transport.now += 200'000;
  CHECK(bench.client.next().text == "Hi!");
}

TEST_SUITE_END();
