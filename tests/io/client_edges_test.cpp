#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

// Takes so many bytes of the request at a time, and says between them that it goes on listening.
class Interim {
 public:
  static constexpr bool tells_end = true;
  std::string sent;
  std::size_t step = 40;
  std::size_t padding = 0;
  std::string expected;

  Io open(const char*, std::uint16_t) { return Io::ok(); }
  Io send(const char* data, std::size_t size) {
    busy_ = !busy_;
    if (busy_) {
      pending_ += "HTTP/1.1 100 Continue\r\nx: " + std::string(padding, 'p') + "\r\n\r\n";
      return Io::wait();
    }
    if (size > step) size = step;
    sent.append(data, size);
    if (sent.size() == expected.size()) pending_ += scripted::streamed(scripted::hello);
    return Io::moved(size);
  }
  Io recv(char* to, std::size_t room) {
    if (pending_.empty()) return Io::wait();
    const std::size_t size = pending_.copy(to, room);
    pending_.erase(0, size);
    return Io::moved(size);
  }
  bool wait(std::uint32_t) { return true; }
  void close() {}
  std::uint32_t now_ms() { return 1000; }

 private:
  std::string pending_;
  bool busy_ = false;
};

struct Opened : detail::ClientCore {
  using ClientCore::left_of;
};

}  // namespace

TEST_SUITE_BEGIN("io");

TEST_CASE("client: what comes while it sends leaves what is being sent alone") {
  scripted::Bench<> usual({scripted::answers({scripted::greeting()})});
  REQUIRE(usual.ask());
  for (const std::size_t padding : {0u, 100u, 251u, 300u, 500u}) {
    for (const std::size_t step : {1000u, 120u, 60u}) {
      CAPTURE(padding);
      CAPTURE(step);
      scripted::Bench<Interim, 512> bench;
      bench.transport.padding = padding;
      bench.transport.step = step;
      bench.transport.expected = usual.transport.request(0);
      const scripted::Outcome outcome = bench.ask();
      CHECK(outcome.status.error == Error::none);
      CHECK(outcome.text == "Hi!");
      CHECK(bench.transport.sent == bench.transport.expected);
    }
  }
}

TEST_CASE("client: what is left of a time limit; none is the longest time that a difference can tell") {
  CHECK(Opened::left_of(5, 4) == 1);
  CHECK(Opened::left_of(5, 5) == 0);
  CHECK(Opened::left_of(5, 6) == 0);
  CHECK(Opened::left_of(1, 0) == 1);
  CHECK(Opened::left_of(0, 0) == 0x7FFFFFFF);
  CHECK(Opened::left_of(0, 0xFFFFFFFF) == 0x7FFFFFFF);
}

TEST_CASE("client: busy says nothing else") {
  scripted::Bench<scripted::Ticking> bench({scripted::answers({scripted::greeting()})});
  CHECK(bench.client.begin(bench.request));
  const Status busy = bench.client.begin(bench.request);
  CHECK(busy.error == Error::busy);
  CHECK(busy.http == 0);
  CHECK(busy.native == 0);
}

TEST_CASE("client: the pause before a retry is that of the clock and the seed, and its event is of no block") {
  scripted::Bench<> bench({scripted::unreachable(), scripted::answers({scripted::greeting()})});
  bench.config.seed = 1000;  // the clock stands at 1000: together 0, whose first pause is 52 ms
  CHECK(bench.client.begin(bench.request));
  const Event event = bench.client.next();
  CHECK(event.kind == EventKind::retrying);
  CHECK(event.index == 0);
  CHECK(event.text.empty());
  CHECK(bench.transport.now == 1000);
  while (bench.client.next()) {}
  CHECK(bench.client.status());
  CHECK(bench.transport.waited_ms == 52);
}

TEST_CASE("client: a connection is closed once, and only if there is one or it is being made") {
  {
    scripted::Bench<> unused;
    unused.client.cancel();
    unused.client.disconnect();
    CHECK(unused.transport.closes == 0);
  }
  scripted::Bench<> bench({scripted::answers({scripted::greeting()})});
  CHECK(bench.ask());
  CHECK(bench.transport.closes == 0);
  bench.client.disconnect();
  CHECK(bench.transport.closes == 1);
  bench.client.disconnect();
  CHECK(bench.transport.closes == 1);
  scripted::Bench<scripted::Ticking> connecting({{{}, {Io::wait(), Io::wait()}}});
  CHECK(connecting.client.begin(connecting.request));
  CHECK_FALSE(connecting.client.next());
  connecting.client.cancel();
  CHECK(connecting.transport.closes == 1);
  CHECK(connecting.client.status().error == Error::cancelled);
}

TEST_CASE("client: the key is wiped when the request was sent, and when sending is broken off") {
  const auto holds_key = [](const auto& memory) {
    return std::string_view(memory.bytes, sizeof memory.bytes).find("sk-test") != std::string_view::npos;
  };
  scripted::Bench<> bench({scripted::answers({scripted::greeting()})});
  bench.config.user_agent =
      "a name that is so long that the key comes to stand in the last third of what is sent at "
      "once, which is half of the workspace";
  bool sent = false;
  CHECK(bench.client.begin(bench.request));
  while (bench.client.next()) sent = true;
  CHECK(sent);
  CHECK_FALSE(holds_key(bench.memory));
  // A server that takes only a part of it.
  scripted::Bench<scripted::Ticking> slow({{{}, {}, scripted::Ending::keep, 50}});
  CHECK(slow.client.begin(slow.request));
  for (int tick = 0; tick < 5; ++tick) slow.client.next();
  CHECK(holds_key(slow.memory));
  slow.client.cancel();
  CHECK_FALSE(holds_key(slow.memory));
}

TEST_CASE("client: of five bytes of workspace the last one takes an answer") {
  scripted::Blocking transport;
  transport.script = {scripted::answers({scripted::greeting()})};
  Config config = scripted::config();
  config.base_url = "https://abcd";
  char memory[5];
  Client<scripted::Blocking> client{transport, Room{memory}, config};
  const scripted::Outcome outcome = scripted::ask(client, scripted::question());
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.text == "Hi!");
}

TEST_CASE("client: once the total time is over no byte is read") {
  scripted::Bench<scripted::Ticking> bench({scripted::answers({scripted::greeting()})});
  bench.config.total_ms = 5000;
  bench.config.max_retries = 0;
  bench.transport.read_size = 50;
  REQUIRE(bench.client.begin(bench.request));
  while (bench.transport.given == 0) bench.client.next();
  const std::size_t given = bench.transport.given;
  bench.transport.now += 5000;
  while (!bench.client.done()) bench.client.next();
  CHECK(bench.client.status().error == Error::total_timeout);
  CHECK(bench.transport.given == given);
}

TEST_CASE("client: where nothing can be received that is told at once") {
  scripted::Blocking transport;
  transport.script = {scripted::answers({scripted::greeting()})};
  Config config = scripted::config();
  config.base_url = "https://abc";
  config.max_retries = 0;
  char memory[4];
  Client<scripted::Blocking> client{transport, Room{memory}, config};
  CHECK(scripted::ask(client, scripted::question()).status.error == Error::out_of_room);
  CHECK(transport.waits == 0);
}

TEST_SUITE_END();
