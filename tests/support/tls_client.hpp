// Our side of a TLS test: connects by any name to loopback, and tells what came of it.
#pragma once
#include <doctest/doctest.h>

#include <picoclaude.hpp>
#include <string>

#include "tls_server.hpp"

namespace test {

using picoclaude::Error;
using picoclaude::Io;

// What time() says in this program, for both ends; tests/tls/main.cpp. 2026-11-22T12:00:00Z unless a test sets it.
inline constexpr std::int64_t usual_clock = 1795348800;
extern std::int64_t clock_s;

struct Clock {
  explicit Clock(std::int64_t now) { clock_s = now; }
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  ~Clock() { clock_s = usual_clock; }
};

// Makes the source of randomness fail, where PICOCLAUDE_TEST_WRAP says that it can be reached.
extern bool entropy_fails;

// The code that mbedTLS answers in this thread instead of doing it, there as well; 0: it does it.
struct Failures {
  int config_defaults = 0;
  int alpn_protocols = 0;
  int setup = 0;
  int write = 0;
  int get_session = 0;
  int set_session = 0;
  int max_payload = 0;
  bool calloc = false;  // only where the library itself asks for memory
  int parse_file = 0;
  int parse_file_errno = 0;
};
extern thread_local Failures failures;

// How many of what was shown; printed at the end.
struct Counts {
  int refused = 0;
  int accepted = 0;
  int flips = 0;
};
extern Counts counts;

// Every name is at 127.0.0.1.
inline Io at_loopback(void*, const char*, picoclaude::Addresses& found) {
  found.add(picoclaude::read_address("127.0.0.1"));
  return Io::ok();
}

template <class Transport>
Io open(Transport& tls, const char* host, std::uint16_t port, std::uint32_t limit_ms = 10000) {
  const std::uint32_t start = tls.now_ms();
  for (;;) {
    const Io io = tls.open(host, port);
    if (io.kind() != Io::Kind::wait) return io;
    if (tls.now_ms() - start > limit_ms) return Io::failed(Error::connect_timeout);
    tls.wait(200);
  }
}

template <class Transport>
Io send(Transport& tls, const std::string& text, std::uint32_t limit_ms = 10000) {
  const std::uint32_t start = tls.now_ms();
  std::size_t at = 0;
  while (at < text.size()) {
    const Io io = tls.send(text.data() + at, text.size() - at);
    if (io.kind() == Io::Kind::moved) {
      at += io.size();
    } else if (io.kind() != Io::Kind::wait) {
      return io;
    } else if (tls.now_ms() - start > limit_ms) {
      return Io::failed(Error::total_timeout);
    } else {
      tls.wait(200);
    }
  }
  return Io::ok();
}

// All that comes until the end, which is told in `end`.
template <class Transport>
std::string receive(Transport& tls, Io& end, std::uint32_t limit_ms = 10000) {
  const std::uint32_t start = tls.now_ms();
  std::string all;
  char room[4096];
  for (;;) {
    end = tls.recv(room, sizeof room);
    if (end.kind() == Io::Kind::moved) {
      all.append(room, end.size());
    } else if (end.kind() != Io::Kind::wait) {
      return all;
    } else if (tls.now_ms() - start > limit_ms) {
      return all;
    } else {
      tls.wait(200);
    }
  }
}

// A transport that trusts the tests' root and finds every name at loopback.
struct TestClient {
  std::string roots;
  picoclaude::MbedtlsTransport<> tls;

  explicit TestClient(std::string pem = root().pem()) : roots(std::move(pem)), tls(picoclaude::pem_roots(roots)) {
    tls.below().resolve_with(at_loopback);
  }

  // Must be refused with this error, before the server can have seen a byte of ours.
  Io refused(const char* host, std::uint16_t port) {
    const Io io = open(tls, host, port);
    REQUIRE(io.kind() == Io::Kind::failed);
    CHECK(tls.send("secret", 6).kind() == Io::Kind::failed);
    char byte;
    CHECK(tls.recv(&byte, 1).kind() == Io::Kind::failed);
    tls.close();
    ++counts.refused;
    return io;
  }

  // Must be accepted, and serve.
  void accepted(const char* host, std::uint16_t port) {
    const Io io = open(tls, host, port);
    INFO("error ", static_cast<int>(io.error()), " native ", io.native());
    REQUIRE(io.kind() == Io::Kind::ok);
    REQUIRE(send(tls, "hello?").kind() == Io::Kind::ok);
    Io end = Io::wait();
    CHECK(receive(tls, end) == "hello");
    CHECK(end.kind() == Io::Kind::closed);
    tls.close();
    ++counts.accepted;
  }
};

// Of what came over TCP, is all of it a handshake, changes of ciphers and alerts? TLS 1.2 says so in each record's first
// byte; in 1.3 all that is encrypted looks the same.
inline bool is_only_handshake(std::string_view heard) {
  while (heard.size() >= 5) {
    const bool is_other = heard[0] != 20 && heard[0] != 21 && heard[0] != 22;
    if (is_other && MBEDTLS_VERSION_NUMBER < 0x03000000) return false;
    const std::size_t size = 5u + static_cast<unsigned char>(heard[3]) * 256u + static_cast<unsigned char>(heard[4]);
    heard.remove_prefix(size < heard.size() ? size : heard.size());
  }
  return heard.empty();
}

// `identity` served to `host` must be refused with `error`, and the server must not get one byte of ours. `flags`: what
// mbedTLS must say of the certificate in the status, where several faults have one error.
inline void refuse(
    const Identity& identity, const char* host, Error error, ServerSettings settings = {}, std::int32_t flags = 0) {
  std::string decrypted;
  std::string heard;
  {
    TlsServer server(
        identity,
        [&](Peer& peer) {
          if (peer.handshake()) decrypted += peer.read();
          peer.linger_on();
          heard += peer.heard;
        },
        std::move(settings));
    TestClient client;
    const Io io = client.refused(host, server.port());
    CHECK(picoclaude::name(io.error()) == picoclaude::name(error));
    if (flags != 0) CHECK(io.native() == flags);
  }  // the server's thread has ended
  CHECK(decrypted == "");
  CHECK(heard.size() > 5);
  CHECK(is_only_handshake(heard));
}

inline void accept(const Identity& identity, const char* host) {
  TlsServer server(identity);
  TestClient client;
  client.accepted(host, server.port());
}

}  // namespace test
