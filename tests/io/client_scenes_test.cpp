// What a client makes of a transport whose every call is written down.
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

// Takes and gives what the test says; counts the calls.
struct Scene {
  static constexpr bool tells_end = true;
  std::function<Io(const char*, std::size_t)> on_send = [](const char*, std::size_t size) {
    return Io::moved(size);
  };
  std::function<Io(char*, std::size_t)> on_recv = [](char*, std::size_t) {
    return Io::wait();
  };
  unsigned opens = 0;
  unsigned sends = 0;
  unsigned closes = 0;
  unsigned waits = 0;
  std::uint32_t now = 1000;
  bool open_now = false;

  Io open(const char*, std::uint16_t) {
    ++opens;
    open_now = true;
    return Io::ok();
  }
  Io send(const char* data, std::size_t size) {
    ++sends;
    return on_send(data, size);
  }
  Io recv(char* to, std::size_t room) { return on_recv(to, room); }
  void close() {
    ++closes;
    open_now = false;
  }
  std::uint32_t now_ms() { return now; }
  bool wait(std::uint32_t at_most_ms) {
    ++waits;
    now += at_most_ms;
    return true;
  }
};

// The same for a program that ticks.
struct Ticking {
  static constexpr bool tells_end = true;
  Scene scene;
  Io open(const char* host, std::uint16_t port) { return scene.open(host, port); }
  Io send(const char* data, std::size_t size) { return scene.send(data, size); }
  Io recv(char* to, std::size_t room) { return scene.recv(to, room); }
  void close() { scene.close(); }
  std::uint32_t now_ms() { return scene.now; }
};

// Gives these bytes, at most so many at a time, and checks that no more room is offered than there is.
struct Giver {
  std::string bytes;
  std::size_t most = ~std::size_t{0};
  const char* end = nullptr;
  bool beyond = false;

  Io operator()(char* to, std::size_t room) {
    if (end != nullptr && static_cast<std::size_t>(end - to) < room) beyond = true;
    if (bytes.empty()) return Io::wait();
    const std::size_t size = bytes.copy(to, most < room ? most : room);
    bytes.erase(0, size);
    return Io::moved(size);
  }
};

const std::string too_large = "HTTP/1.1 413 x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

}  // namespace

TEST_SUITE_BEGIN("io");

TEST_CASE("scene: no more room is offered than there is, however small the pieces are that come") {
  for (const std::size_t most : {1u, 10u, 100u, 127u, 128u, 1000u}) {
    scripted::Bench<Scene, 300> bench;
    Giver giver{scripted::streamed(scripted::hello), most};
    giver.end = bench.memory.bytes + sizeof bench.memory.bytes;
    bench.transport.on_recv = [&](char* to, std::size_t room) {
      return giver(to, room);
    };
    CHECK(bench.ask().text == "Hi!");
    CHECK_FALSE(giver.beyond);
  }
}

TEST_CASE("scene: a question whose answer is there waits for nothing") {
  scripted::Bench<Scene> bench;
  Giver giver{scripted::streamed(scripted::hello)};
  bench.transport.on_recv = [&](char* to, std::size_t room) {
    return giver(to, room);
  };
  CHECK(bench.ask());
  CHECK(bench.transport.waits == 0);
}

TEST_CASE("scene: what came early is told in the same tick as it comes") {
  scripted::Bench<Ticking> bench;
  bench.config.max_retries = 0;
  Giver giver{
      "HTTP/1.1 413 x\r\ncontent-type: application/json\r\n\r\n"
      R"({"type":"error","error":{"type":"request_too_large","message":"big"}})"};
  bench.transport.scene.on_send = [](const char*, std::size_t) {
    return Io::wait();
  };
  bench.transport.scene.on_recv = [&](char* to, std::size_t room) {
    return giver(to, room);
  };
  CHECK(bench.client.begin(bench.request));
  const Event event = bench.client.next();
  CHECK(event.kind == EventKind::error_text);
  CHECK(event.text == "big");
}

TEST_CASE("scene: a send() that failed is the last one, whatever number it fails with") {
  for (const std::int32_t native : {1, 5, 104}) {
    scripted::Bench<Scene> bench;
    bench.config.max_retries = 0;
    bench.transport.on_send = [&](const char*, std::size_t) {
      return Io::failed(Error::connection_lost, native);
    };
    const scripted::Outcome outcome = bench.ask();
    CHECK(outcome.status.error == Error::connection_lost);
    CHECK(outcome.status.native == native);
    CHECK(bench.transport.sends == 1);
    CHECK(bench.transport.closes == 1);
  }
}

TEST_CASE("scene: a send() that says what cannot be is broken, even if an answer is there") {
  for (const int wrong : {0, 1, 2}) {
    scripted::Bench<Scene> bench;
    bench.config.max_retries = 0;
    Giver giver{too_large};
    bench.transport.on_recv = [&](char* to, std::size_t room) {
      return giver(to, room);
    };
    bench.transport.on_send = [&](const char*, std::size_t size) {
      return wrong == 0 ? Io::moved(0) : wrong == 1 ? Io::moved(size + 1) : Io::ok();
    };
    CHECK(bench.ask().status.error == Error::transport_broken);
    CHECK(bench.transport.sends == 1);
  }
}

TEST_CASE("scene: an answer that came before the whole request was sent costs the connection") {
  scripted::Bench<Scene> bench;
  bench.config.max_retries = 0;
  Giver giver{too_large};
  bench.transport.on_recv = [&](char* to, std::size_t room) {
    return giver(to, room);
  };
  bench.transport.on_send = [](const char*, std::size_t) {
    return Io::wait();
  };
  CHECK(bench.ask().status.error == Error::request_too_large);
  CHECK_FALSE(bench.transport.open_now);
  CHECK(bench.transport.closes == 1);
}

TEST_CASE("scene: what stood behind an answer that is asked for again is no part of the next one") {
  scripted::Bench<Scene> bench;
  Giver giver;
  unsigned asked = 0;
  bench.transport.on_send = [&](const char*, std::size_t size) {
    giver.bytes = ++asked == 1
        ? "HTTP/1.1 529 x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}garbage"
        : scripted::streamed(scripted::hello);
    return Io::moved(size);
  };
  bench.transport.on_recv = [&](char* to, std::size_t room) {
    return giver(to, room);
  };
  const scripted::Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.text == "Hi!");
  CHECK(outcome.retrying == 1);
  CHECK(bench.transport.opens == 2);
}

TEST_CASE("scene: a reused connection that fails otherwise than by its end is not asked again in silence") {
  for (const Error error : {Error::transport_failed, Error::connection_lost}) {
    scripted::Bench<Scene> bench;
    bench.config.max_retries = 0;
    Giver giver{scripted::streamed(scripted::hello)};
    bench.transport.on_recv = [&](char* to, std::size_t room) {
      return giver(to, room);
    };
    REQUIRE(bench.ask());
    unsigned received = 0;
    bench.transport.on_recv = [&](char* to, std::size_t room) {
      ++received;
      if (received == 1) return Io::wait();  // the probe
      if (received == 2) return Io::failed(error, 104);
      if (received == 3) giver.bytes = scripted::streamed(scripted::hello);
      return giver(to, room);
    };
    const scripted::Outcome outcome = bench.ask();
    CHECK(outcome.status.error == (error == Error::connection_lost ? Error::none : error));
    CHECK(bench.transport.opens == (error == Error::connection_lost ? 2 : 1));
    // Nothing of the first attempt is left of a success.
    CHECK(outcome.status.native == (error == Error::connection_lost ? 0 : 104));
  }
}

TEST_CASE("scene: a request that leaves in small pieces is not idle, however long it takes") {
  scripted::Bench<> usual({scripted::answers({scripted::greeting()})});
  REQUIRE(usual.ask());
  std::size_t left = usual.transport.request(0).size();
  scripted::Bench<Ticking> bench;
  bench.config.idle_ms = 3000;
  bench.config.total_ms = 0;
  bench.config.max_retries = 0;
  bool busy = false;
  Giver giver{scripted::streamed(scripted::hello)};
  bench.transport.scene.on_send = [&](const char*, std::size_t size) {
    busy = !busy;
    if (busy) return Io::wait();
    if (size > 20) size = 20;
    left -= size;
    return Io::moved(size);
  };
  bench.transport.scene.on_recv = [&](char* to, std::size_t room) {
    return left == 0 ? giver(to, room) : Io::wait();
  };
  REQUIRE(bench.client.begin(bench.request));
  std::string text;
  while (!bench.client.done()) {
    const Event event = bench.client.next();
    if (event.kind == EventKind::text) text += event.text;
    if (!event) bench.transport.scene.now += 2000;
  }
  CHECK(bench.client.status().error == Error::none);
  CHECK(text == "Hi!");
}

TEST_CASE("scene: of a reused connection that was lost nothing is told with what the next one refuses") {
  scripted::Bench<Scene> bench;
  bench.config.max_retries = 0;
  Giver giver{scripted::streamed(scripted::hello)};
  bench.transport.on_recv = [&](char* to, std::size_t room) {
    return giver(to, room);
  };
  REQUIRE(bench.ask());
  unsigned received = 0;
  bench.transport.on_recv = [&](char* to, std::size_t room) {
    if (++received == 1) return Io::wait();  // the probe
    if (received == 2) return Io::failed(Error::connection_lost, 104);
    if (received == 3) giver.bytes = too_large;
    return giver(to, room);
  };
  const scripted::Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::request_too_large);
  CHECK(outcome.status.http == 413);
  CHECK(outcome.status.native == 0);
}

TEST_CASE("scene: a connection that was closed while it was idle does not spare the next one its failure") {
  scripted::Bench<Scene> bench;
  bench.config.max_retries = 0;
  Giver giver{scripted::streamed(scripted::hello)};
  bench.transport.on_recv = [&](char* to, std::size_t room) {
    return giver(to, room);
  };
  REQUIRE(bench.ask());
  bench.transport.on_recv = [&](char*, std::size_t) {
    return Io::closed();
  };
  CHECK(bench.ask().status.error == Error::connection_closed);
  CHECK(bench.transport.opens == 2);
}

TEST_CASE("scene: a request that became wrong while a reused connection was lost is request_changed") {
  scripted::Bench<Scene> bench;
  bench.config.max_retries = 0;
  Giver giver{scripted::streamed(scripted::hello)};
  bench.transport.on_recv = [&](char* to, std::size_t room) {
    return giver(to, room);
  };
  REQUIRE(bench.ask());
  unsigned received = 0;
  bench.transport.on_recv = [&](char*, std::size_t) {
    if (++received == 1) return Io::wait();
    bench.request.prompt = "\xFF";
    return Io::closed();
  };
  CHECK(bench.ask().status.error == Error::request_changed);
  CHECK(bench.transport.opens == 1);
  CHECK(bench.client.done());
}

TEST_CASE("scene: a success that began is not asked for again, even if the service wants it") {
  scripted::Bench<Scene> bench;
  const std::string answer = scripted::streamed(scripted::hello);
  Giver giver{
      "HTTP/1.1 200 OK\r\nx-should-retry: true\r\n" + answer.substr(answer.find("\r\n") + 2, answer.size() - 60)};
  bench.transport.on_recv = [&](char* to, std::size_t room) {
    if (giver.bytes.empty()) return Io::closed();
    return giver(to, room);
  };
  const scripted::Outcome outcome = bench.ask();
  CHECK(outcome.text == "Hi!");
  CHECK(outcome.status.error == Error::truncated);
  CHECK(outcome.retrying == 0);
  CHECK(bench.transport.opens == 1);
}

TEST_CASE("scene: a total time-out that passed during a pause ends the question as that") {
  scripted::Bench<Ticking> bench;
  bench.config.total_ms = 10000;
  bench.transport.scene.on_send = [](const char*, std::size_t) {
    return Io::failed(Error::connection_lost, 1);
  };
  bench.config.retry_unanswered = true;
  CHECK(bench.client.begin(bench.request));
  while (bench.client.next().kind != EventKind::retrying) {}
  bench.transport.scene.now += 20000;
  CHECK_FALSE(bench.client.next());
  CHECK(bench.client.done());
  CHECK(bench.client.status().error == Error::total_timeout);
  CHECK(bench.client.status().native == 0);
}

TEST_CASE("scene: too small a room does not hide that the answer broke off") {
  scripted::Bench<Scene> bench;
  bench.config.max_retries = 0;
  const std::string answer = scripted::streamed(scripted::hello);
  Giver giver{answer.substr(0, answer.find("Hi!") + 3)};
  bench.transport.on_recv = [&](char* to, std::size_t room) {
    if (giver.bytes.empty()) return Io::closed();
    return giver(to, room);
  };
  char text[3];
  const Reply reply = bench.client.ask(bench.request, text);
  CHECK(reply.status.error == Error::truncated);
  CHECK(std::string(text) == "Hi");
  CHECK(reply.size == 3);
}

TEST_CASE("scene: the key is wiped as soon as it is sent, and the other half of the workspace left alone") {
  for (const std::size_t padding : {0u, 300u, 650u, 800u}) {
    scripted::Bench<Ticking> bench;
    const std::string name(padding, 'n');
    bench.config.user_agent = name;
    for (char& c : bench.memory.bytes) c = '#';
    bool key_sent = false;
    bench.transport.scene.on_send = [&](const char* data, std::size_t size) {
      key_sent = key_sent || std::string_view(data, size).find("sk-test") != std::string_view::npos;
      return Io::moved(size);
    };
    CHECK(bench.client.begin(bench.request));
    CHECK_FALSE(bench.client.next());
    CHECK(key_sent);
    const std::string_view memory(bench.memory.bytes, sizeof bench.memory.bytes);
    CHECK(memory.find("sk-test") == std::string_view::npos);
    CHECK(memory.find("nnnn") == std::string_view::npos);
    CHECK(memory.substr(memory.size() / 2) == std::string(memory.size() / 2, '#'));
  }
}

TEST_SUITE_END();
