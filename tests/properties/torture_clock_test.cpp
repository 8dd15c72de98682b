// The clock and the pauses go wrong at every call, and every call goes wrong while a batch is waited for, which outlasts
// outages: no false success, nothing is sent twice, and the next exchange on the same client succeeds.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_BATCHES 1
#define PICOCLAUDE_ENABLE_MODELS 1
#include "support/recordings.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Connection;
using scripted::Ending;
using scripted::Wrong;

namespace {

// What goes wrong with time at one call of now_ms() or wait(), or from there on.
enum class Odd { none, forward, hour, back, far_back, early, oversleep, control };
constexpr Odd odds[] = {Odd::forward, Odd::hour, Odd::back, Odd::far_back, Odd::early, Odd::oversleep, Odd::control};

constexpr std::uint32_t an_hour_ms = 3'600'000;

struct Transport : scripted::Blocking {
  Odd odd = Odd::none;
  unsigned long odd_at = 0;
  bool persistent = false;
  unsigned long clock_calls = 0;
  unsigned long wait_calls = 0;
  unsigned long patience = ~0ul;  // waits, until control goes back for good
  std::uint32_t jumped_ms = 0;

  std::uint32_t now_ms() {
    ++clock_calls;
    if (clock_calls == odd_at) {
      if (odd == Odd::forward) jumped_ms += 50;
      if (odd == Odd::hour) jumped_ms += an_hour_ms;
      if (odd == Odd::back) jumped_ms -= 1;
      if (odd == Odd::far_back) jumped_ms -= an_hour_ms;
    }
    return Blocking::now_ms() + jumped_ms;
  }
  bool wait(std::uint32_t at_most_ms) {
    ++wait_calls;
    if (patience == 0) return false;
    --patience;
    if (persistent ? wait_calls >= odd_at : wait_calls == odd_at) {
      if (odd == Odd::early) return Blocking::wait(at_most_ms / 2 + 1);
      if (odd == Odd::control) return Blocking::wait(1), false;
      if (odd == Odd::oversleep) now += an_hour_ms;
    }
    return Blocking::wait(at_most_ms);
  }
  void heal() {
    odd = Odd::none;
    fault = {};
    patience = ~0ul;
    forget();
  }
};

using Claude = Client<Transport>;

std::string json_answer(std::string_view body) {
  return scripted::with_length("HTTP/1.1 200 OK", "content-type: application/json\r\n", body);
}
std::string recorded(const char* name) { return json_answer(recordings::get(name).body); }
std::string overloaded() {
  return scripted::with_length("HTTP/1.1 529 x", "content-type: application/json\r\n",
      R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})");
}

// Until it is done, however often control comes back; a transport that lost its patience is left.
Status play(Claude& client, Transport& transport, std::string& told) {
  for (unsigned long events = 0; !client.done(); ++events) {
    REQUIRE(events < 1'000'000);
    const Event event = client.next();
    if (event.kind == EventKind::text) told.append(event.text);
    if (event.kind == EventKind::item) told += '.';
    if (event.kind == EventKind::end) told += '!';
    if (!event && !client.done() && transport.patience == 0) client.cancel();
  }
  return client.status();
}

Status message(Claude& client, Transport& transport, std::string& told) {
  const Request request = scripted::question();
  told.clear();
  REQUIRE(client.begin(request));
  return play(client, transport, told);
}

Status two_messages(Claude& client, Transport& transport, std::string& told) {
  const Status first = message(client, transport, told);
  return first ? message(client, transport, told) : first;
}

Status wait_for_batch(Claude& client, Transport& transport, std::string& told) {
  AwaitBatch await("b");
  told.clear();
  transport.patience = 30'000;
  REQUIRE(client.begin(await));
  const Status status = play(client, transport, told);
  if (status) CHECK(await.item.has_ended());
  return status;
}

struct Session {
  const char* name;
  std::vector<Connection> (*script)();
  Status (*ask)(Claude& client, Transport& transport, std::string& told);
};

const Session waiting = {"a batch's end",
    [] {
      return std::vector<Connection>(40,
          scripted::answers({{recorded("batches/in_progress.json")}, {recorded("batches/canceling.json")},
              {recorded("batches/ended.json")}}));
    },
    wait_for_batch};

const Session sessions[] = {
    {"a slow answer",
        [] {
          return std::vector<Connection>{
              scripted::answers({{scripted::streamed(scripted::hello), Ending::keep, scripted::all, 300, 40}})};
        },
        message},
    {"overloaded, then an answer",
        [] {
          return std::vector<Connection>(3, scripted::answers({{overloaded()}, scripted::greeting()}));
        },
        message},
    {"two questions, and a connection that closes in between",
        [] {
          return std::vector<Connection>{scripted::answers({scripted::greeting()}, Ending::close_notify),
              scripted::answers({scripted::greeting()}), scripted::answers({scripted::greeting()})};
        },
        two_messages},
    waiting,
};

struct Played {
  Status status;
  std::string told;
  unsigned long clock_calls = 0;
  unsigned long wait_calls = 0;
  unsigned long calls = 0;
  bool twice = false;  // a POST came again after a 2xx, or after it was left unanswered on a fresh connection
  bool next_is_good = false;
};

Played run(const Session& session, Odd odd, unsigned long at, bool persistent, const scripted::Fault& fault = {}) {
  scripted::Bench<Transport> bench{session.script()};
  bench.transport.read_size = 100;
  bench.transport.odd = odd;
  bench.transport.odd_at = at;
  bench.transport.persistent = persistent;
  bench.transport.fault = fault;
  Played played;
  played.status = session.ask(bench.client, bench.transport, played.told);
  const std::vector<scripted::Post>& posts = bench.transport.posts;
  for (std::size_t i = 0; i + 1 < posts.size() && session.ask == message; ++i) {
    if (posts[i].given == 0 || posts[i].answer.substr(0, 10) == "HTTP/1.1 2") played.twice = true;
  }
  played.clock_calls = bench.transport.clock_calls;
  played.wait_calls = bench.transport.wait_calls;
  played.calls = bench.transport.calls;
  bench.transport.heal();
  bench.client.disconnect();
  bench.transport.script = {scripted::answers({scripted::greeting()})};
  std::string next;
  const Status status = message(bench.client, bench.transport, next);
  played.next_is_good = status && next == "Hi!!";
  return played;
}

bool is_time_out(Error error) {
  return error == Error::connect_timeout || error == Error::first_byte_timeout || error == Error::idle_timeout ||
      error == Error::total_timeout;
}

}  // namespace

TEST_SUITE_BEGIN("torture");

TEST_CASE("torture: the clock jumps at any call, and any pause is too short, too long or given back") {
  unsigned long count = 0;
  unsigned long successes = 0;
  for (const Session& session : sessions) {
    CAPTURE(std::string(session.name));
    const Played good = run(session, Odd::none, 0, false);
    CHECK(good.status.error == Error::none);
    CHECK(good.next_is_good);
    CHECK(good.clock_calls >= 4);
    for (const Odd odd : odds) {
      const bool is_clock = odd < Odd::early;
      for (unsigned long at = 1; at <= (is_clock ? good.clock_calls : good.wait_calls); ++at) {
        for (const bool persistent : {false, true}) {
          if (is_clock && persistent) continue;  // a clock that jumped once goes on from there
          const Played played = run(session, odd, at, persistent);
          CAPTURE(static_cast<int>(odd));
          CAPTURE(at);
          CAPTURE(persistent);
          const Error error = played.status.error;
          CAPTURE(std::string(name(error)));
          ++count;
          successes += error == Error::none ? 1 : 0;
          // A batch may be looked at more often.
          const std::size_t least = session.ask == wait_for_batch ? good.told.size() : played.told.size();
          if (error == Error::none && played.told.substr(0, least) != good.told) CHECK(played.told == good.told);
          // A little is not noticed; an hour that seems to have passed, or to be gone, is a time-out at most, or ends
          // retrying with what the service said.
          const bool harmless = odd == Odd::forward || odd == Odd::early || odd == Odd::control;
          const bool is_possible = is_time_out(error) || error == Error::overloaded;
          if (error != Error::none && (harmless || !is_possible)) CHECK(error == Error::none);
          if (played.twice) CHECK_FALSE(played.twice);
          if (!played.next_is_good) CHECK(played.next_is_good);
        }
      }
    }
  }
  CHECK(successes > count / 2);
  MESSAGE(count << " sessions, " << successes << " of them successes");
}

TEST_CASE("torture: every call while a batch is waited for x 8 faults x {once, persistent}") {
  const Played good = run(waiting, Odd::none, 0, false);
  CHECK(good.status.error == Error::none);
  CHECK(good.told == "...");
  unsigned long count = 0;
  unsigned long cancelled = 0;
  for (unsigned long at = 1; at <= good.calls; ++at) {
    for (const Wrong wrong : scripted::wrongs) {
      for (const bool persistent : {false, true}) {
        const Played played = run(waiting, Odd::none, 0, false, {at, wrong, persistent});
        const Error error = played.status.error;
        CAPTURE(at);
        CAPTURE(static_cast<int>(wrong));
        CAPTURE(persistent);
        CAPTURE(std::string(name(error)));
        ++count;
        cancelled += error == Error::cancelled ? 1 : 0;
        // Once the batch was seen an outage passes: it ends by itself, or the program has to end it.
        const bool passes = wrong != Wrong::corrupt && wrong != Wrong::impossible && !persistent;
        const bool seen = at > good.calls / 2;
        if (passes && seen && error != Error::none) CHECK(error == Error::none);
        if (error == Error::cancelled && !persistent) CHECK(std::string(name(error)) == "another");
        // A new connection begins with the first look again.
        if (error == Error::none && wrong != Wrong::corrupt && played.told.size() < good.told.size())
          CHECK(played.told == good.told);
        if (!played.next_is_good) CHECK(played.next_is_good);
      }
    }
  }
  CHECK(cancelled != 0);
  MESSAGE(count << " sessions, " << cancelled << " of them outages that lasted");
}

TEST_SUITE_END();
