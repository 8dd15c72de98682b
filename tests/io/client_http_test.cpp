#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#define PICOCLAUDE_ENABLE_RAW 1
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
  unsigned bodies = 0;    // that were begun
  std::size_t taken = 0;  // bytes of bodies
  std::uint32_t now = 1000;

  Io start(const char*, const char*) {
    ++starts;
    return Io::ok();
  }
  Io header(const char*, const char*) { return Io::ok(); }
  Io begin_body(std::uint32_t) {
    ++bodies;
    return Io::ok();
  }
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

// Ten bytes that are given once, like those of a pipe.
struct Pipe {
  std::size_t at = 0;

  static std::size_t read(void* self, std::uint32_t, char* out, std::size_t room) PICOCLAUDE_NONBLOCKING {
    auto& pipe = *static_cast<Pipe*>(self);
    const std::size_t some = std::string_view("0123456789").copy(out, room, pipe.at);
    pipe.at += some;
    return some;
  }
};

// A POST of such bytes.
Status post(Host& host, std::uint32_t size) {
  Config config = scripted::config();
  config.max_retries = 2;
  Workspace<1024> memory;
  Client client{host, memory, config};
  Pipe pipe;
  RawCall call{"POST", "/v1/thing"};
  call.content = {Pipe::read, &pipe, size};
  call.is_read_once = true;
  return run(client, call);
}

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

TEST_CASE("client over HTTP: what is read once and was handed over is not asked for again, wherever it got to") {
  Host host;
  host.answer = Io::failed(Error::connect_failed, 7);
  const Status status = post(host, 10);
  CHECK(status.error == Error::connect_failed);
  CHECK(status.native == 7);
  CHECK(host.starts == 1);
  CHECK(host.taken == 10);
}

TEST_CASE("client over HTTP: a body of unknown size is refused, for the framing is the host's") {
  Host host;
  CHECK(post(host, Source::unknown_size).error == Error::bad_request);
  CHECK(host.starts == 1);
  CHECK(host.bodies == 0);
  CHECK(host.taken == 0);
}

TEST_SUITE_END();
