// Bytes through TLS: any record size, any pace, waiting and ticking, over any transport below.
#include "../support/tls_client.hpp"

using namespace test;
using picoclaude::MbedtlsTransport;
using picoclaude::Socket;

namespace {

const char* const host = "api.example.test";

const Identity& good() {
  static const Identity one = issue(certificate_for({dns(host)}), &root());
  return one;
}

std::string text_of(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 7;
  for (char& c : text) state = state * 1664525u + 1013904223u, c = static_cast<char>(state >> 24);
  return text;
}

// Moves at most one byte a call and makes every other call wait.
struct Dripping {
  Socket& socket;
  unsigned sends = 0, recvs = 0;

  Io open(const char* name, std::uint16_t port) { return socket.open(name, port); }
  Io send(const char* data, std::size_t) { return ++sends % 2 ? Io::wait() : socket.send(data, 1); }
  Io recv(char* data, std::size_t) { return ++recvs % 2 ? Io::wait() : socket.recv(data, 1); }
  void close() { socket.close(); }
  std::uint32_t now_ms() { return socket.now_ms(); }
  bool wait(std::uint32_t) { return true; }
};

// Breaks the contract in the way it is told to, once.
struct Broken {
  Socket& socket;
  Io answer = Io::moved(0);
  bool in_send = false;
  int after = 0;  // calls that still go well

  bool due(bool sending) { return sending == in_send && after-- <= 0; }
  Io open(const char* name, std::uint16_t port) { return socket.open(name, port); }
  Io send(const char* data, std::size_t size) { return due(true) ? answer : socket.send(data, size); }
  Io recv(char* data, std::size_t room) { return due(false) ? answer : socket.recv(data, room); }
  void close() { socket.close(); }
  std::uint32_t now_ms() { return socket.now_ms(); }
  bool wait(std::uint32_t ms) { return socket.wait(ms); }
};

void echo(Peer& peer) {
  if (!peer.handshake()) return;
  for (std::string some = peer.read(); !some.empty(); some = peer.read()) peer.write(some);
}

}  // namespace

TEST_CASE("tls: records of one byte arrive in order") {
  const std::string text = text_of(700);
  TlsServer server(good(), [&text](Peer& peer) {
    if (!peer.handshake() || peer.read().empty()) return;
    for (const char c : text) peer.write(std::string(1, c));
    peer.close_notify();
    peer.linger_on();
  });
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  REQUIRE(send(client.tls, "go").kind() == Io::Kind::ok);
  Io end = Io::wait();
  CHECK(receive(client.tls, end) == text);
  CHECK(end.kind() == Io::Kind::closed);
}

TEST_CASE("tls: a transport below that moves one byte at a time is enough") {
  TlsServer server(good());
  const std::string roots = root().pem();
  Socket socket;
  socket.resolve_with(at_loopback);
  Dripping dripping{socket};
  MbedtlsTransport tls{picoclaude::pem_roots(roots), dripping};
  static_assert(std::is_same_v<decltype(tls), MbedtlsTransport<Dripping&>>);
  CHECK(&tls.below() == &dripping);
  REQUIRE(open(tls, host, server.port()).kind() == Io::Kind::ok);
  REQUIRE(send(tls, "hello?").kind() == Io::Kind::ok);
  Io end = Io::wait();
  CHECK(receive(tls, end) == "hello");
  CHECK(end.kind() == Io::Kind::closed);
}

TEST_CASE("tls: an rvalue transport is taken over") {
  TlsServer server(good());
  const std::string roots = root().pem();
  Socket socket;
  socket.resolve_with(at_loopback);
  MbedtlsTransport tls{picoclaude::pem_roots(roots), Dripping{socket}};
  static_assert(std::is_same_v<decltype(tls), MbedtlsTransport<Dripping>>);
  CHECK(open(tls, host, server.port()).kind() == Io::Kind::ok);
}

TEST_CASE("tls: a transport below that breaks its contract is transport_broken") {
  for (const bool in_send : {true, false}) {
    for (const Io answer : {Io::moved(0), Io::moved(1u << 30), Io::ok()}) {
      for (const int after : {0, 2, 5}) {
        TlsServer server(good());
        const std::string roots = root().pem();
        Socket socket;
        socket.resolve_with(at_loopback);
        MbedtlsTransport tls{picoclaude::pem_roots(roots), Broken{socket, answer, in_send, after}};
        Io io = open(tls, host, server.port());
        if (io.kind() == Io::Kind::ok) io = send(tls, "hello?");
        if (io.kind() == Io::Kind::ok) receive(tls, io);
        CHECK((io.error() == Error::transport_broken || (in_send && after > 2 && io.kind() == Io::Kind::closed)));
      }
    }
  }
}

TEST_CASE("tls: a transport below that ends is connection_lost, one that fails says why") {
  for (const int after : {0, 2, 5}) {
    for (const Io answer : {Io::closed(), Io::failed(Error::transport_failed, 9)}) {
      TlsServer server(good());
      const std::string roots = root().pem();
      Socket socket;
      socket.resolve_with(at_loopback);
      MbedtlsTransport tls{picoclaude::pem_roots(roots), Broken{socket, answer, false, after}};
      const Io io = open(tls, host, server.port());
      REQUIRE(io.kind() == Io::Kind::failed);
      CHECK(io.error() == (answer.kind() == Io::Kind::closed ? Error::connection_lost : Error::transport_failed));
      CHECK(io.native() == (answer.kind() == Io::Kind::closed ? 0 : 9));
    }
  }
}

TEST_CASE("tls: when sending failed and the server says nothing, receiving tells of it instead of waiting") {
  TlsServer server(good(), echo);
  const std::string roots = root().pem();
  Socket socket;
  socket.resolve_with(at_loopback);
  MbedtlsTransport tls{
      picoclaude::pem_roots(roots), Broken{socket, Io::failed(Error::connection_lost, 32), true, 1000}};
  REQUIRE(open(tls, host, server.port()).kind() == Io::Kind::ok);
  char byte;
  CHECK(tls.recv(&byte, 1).kind() == Io::Kind::wait);
  tls.below().after = 0;
  CHECK(tls.send("x", 1).native() == 32);
  const Io io = tls.recv(&byte, 1);
  CHECK(io.kind() == Io::Kind::failed);
  CHECK(io.error() == Error::connection_lost);
  CHECK(io.native() == 32);
}

TEST_CASE("tls: a megabyte goes out and comes back, whatever the sizes of the calls") {
  const std::string text = text_of(1 << 20);
  TlsServer server(good(), echo);
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  std::string back;
  std::vector<char> room(5000);
  std::size_t at = 0, size = 1;
  const std::uint32_t start = client.tls.now_ms();
  while (back.size() < text.size() && client.tls.now_ms() - start < 20000) {
    bool idle = true;
    if (at < text.size()) {
      // Another pointer and another size each time: a copy that is gone after the call.
      size = size * 5 % 39989 + 1;
      const std::string part = text.substr(at, size);
      const Io io = client.tls.send(part.data(), part.size());
      CAPTURE(io.native());
      REQUIRE(io.kind() != Io::Kind::failed);
      if (io.kind() == Io::Kind::failed) return;
      if (io.kind() == Io::Kind::moved) at += io.size(), idle = false;
    }
    const Io io = client.tls.recv(room.data(), size % room.size() + 1);
    CAPTURE(io.native());
    REQUIRE(io.kind() != Io::Kind::failed);
    if (io.kind() == Io::Kind::failed) return;
    if (io.kind() == Io::Kind::moved) back.append(room.data(), io.size()), idle = false;
    if (idle) client.tls.wait(100);
  }
  CHECK(back.size() == text.size());
  CHECK((back == text));
}

TEST_CASE("tls: a send into a full pipe waits, recv meanwhile finds the early answer, and nothing is lost or doubled") {
  const std::string text = text_of(4 << 20);
  std::string arrived;
  std::atomic<bool> done{false};
  TlsServer server(good(), [&](Peer& peer) {
    if (!peer.handshake()) return;
    peer.write("early");
    ::usleep(200000);  // reads nothing meanwhile
    arrived = peer.read_all(text.size());
    done = true;
    peer.write("late");
    peer.close_notify();
    peer.linger_on();
  });
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  std::string back;
  char room[64];
  std::size_t at = 0;
  int waits = 0;
  while (at < text.size()) {
    const Io sent = client.tls.send(text.data() + at, text.size() - at);
    REQUIRE(sent.kind() != Io::Kind::failed);
    if (sent.kind() == Io::Kind::failed) return;
    if (sent.kind() == Io::Kind::moved) at += sent.size();
    if (sent.kind() != Io::Kind::wait) continue;
    ++waits;
    const Io got = client.tls.recv(room, sizeof room);
    if (got.kind() == Io::Kind::moved)
      back.append(room, got.size());
    else
      client.tls.wait(1000);
  }
  CHECK(waits > 0);
  CHECK(back == "early");  // came while the upload was under way
  Io end = Io::wait();
  back += receive(client.tls, end);
  CHECK(back == "earlylate");
  CHECK(end.kind() == Io::Kind::closed);
  REQUIRE(done);
  CHECK((arrived == text));
}

TEST_CASE("tls: an answer that came before the server hung up is read although sending fails") {
  TlsServer server(good(), [](Peer& peer) {
    if (!peer.handshake()) return;
    peer.write("413");
    peer.close_notify();
  });
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  ::usleep(100000);
  const std::string text = text_of(100000);
  std::size_t at = 0;
  Io sent = Io::wait();
  while (at < text.size()) {
    sent = client.tls.send(text.data() + at, text.size() - at);
    if (sent.kind() != Io::Kind::moved) break;
    at += sent.size();
  }
  Io end = Io::wait();
  CHECK(receive(client.tls, end) == "413");
}

TEST_CASE("tls: sending to a connection that was reset is connection_lost, and no signal kills the program") {
  TlsServer server(good(), [](Peer& peer) {
    if (peer.handshake()) peer.reset();
  });
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  ::usleep(100000);
  Io io = Io::wait();
  for (int i = 0; i < 10 && io.kind() != Io::Kind::failed; ++i) io = client.tls.send("hello?", 6);
  CHECK(io.error() == Error::connection_lost);
  CHECK(io.native() != 0);
}

TEST_CASE("tls: no bytes asked for is no end") {
  TlsServer server(good(), echo);
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  char byte;
  CHECK(client.tls.recv(&byte, 0).kind() == Io::Kind::wait);
  CHECK(client.tls.send(&byte, 0).kind() == Io::Kind::wait);
}

TEST_CASE("tls: ticking never waits, in a handshake and in a stalled answer") {
  TlsServer server(good(), [](Peer& peer) {
    ::usleep(100000);
    if (!peer.handshake() || peer.read().empty()) return;
    ::usleep(300000);
    peer.write("hello");
    peer.close_notify();
    peer.linger_on();
  });
  TestClient client;
  client.tls.blocking(false);
  CHECK_FALSE(client.tls.wait(1000));
  std::uint32_t longest = 0;
  int ticks = 0;
  const std::uint32_t start = client.tls.now_ms();
  const auto tick = [&](auto call) {
    const std::uint32_t before = client.tls.now_ms();
    const Io io = call();
    const std::uint32_t took = client.tls.now_ms() - before;
    if (took > longest) longest = took;
    ++ticks;
    CHECK_FALSE(client.tls.wait(1000));
    ::usleep(2000);
    return io;
  };
  Io io = Io::wait();
  while (io.kind() == Io::Kind::wait && client.tls.now_ms() - start < 5000) {
    io = tick([&] {
      return client.tls.open(host, server.port());
    });
  }
  REQUIRE(io.kind() == Io::Kind::ok);
  REQUIRE(client.tls.send("hello?", 6).kind() == Io::Kind::moved);
  char room[16];
  do {
    io = tick([&] {
      return client.tls.recv(room, sizeof room);
    });
  } while (io.kind() == Io::Kind::wait && client.tls.now_ms() - start < 5000);
  CHECK(io.size() == 5);
  CHECK(ticks > 20);  // 200 on an idle machine; with waits there would be ten
  // Generous: one step of the handshake on a slow, busy machine with sanitizers. A wait would have taken 100 ms or more.
  CHECK(longest < 90);
}

TEST_CASE("tls: blocking sleeps until the bytes come, without spinning") {
  TlsServer server(good(), [](Peer& peer) {
    if (!peer.handshake() || peer.read().empty()) return;
    ::usleep(300000);
    peer.write("hello");
    peer.close_notify();
    peer.linger_on();
  });
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  REQUIRE(client.tls.send("hello?", 6).kind() == Io::Kind::moved);
  char room[16];
  int waits = 0;
  const std::uint32_t start = client.tls.now_ms();
  Io io = Io::wait();
  while ((io = client.tls.recv(room, sizeof room)).kind() == Io::Kind::wait && client.tls.now_ms() - start < 5000) {
    CHECK(client.tls.wait(2000));
    ++waits;
  }
  CHECK(io.size() == 5);
  CHECK(client.tls.now_ms() - start >= 250);
  CHECK(client.tls.now_ms() - start < 2000);
  CHECK(waits < 5);
}

TEST_CASE("tls: a stalled server is waited for exactly as long as asked") {
  TlsServer server(good(), [](Peer& peer) {
    peer.linger_on();
  });
  TestClient client;
  REQUIRE(client.tls.open(host, server.port()).kind() == Io::Kind::wait);
  const std::uint32_t start = client.tls.now_ms();
  CHECK(open(client.tls, host, server.port(), 300).error() == Error::connect_timeout);
  CHECK(client.tls.now_ms() - start >= 300);
  CHECK(client.tls.now_ms() - start < 1500);
  client.tls.close();
}

TEST_CASE("tls: no handshake with one flipped bit from the server is taken for a good one") {
  // Flips bit `bit` of byte `at` that the server sends.
  struct Flipping {
    Socket socket;
    std::size_t at = 0, seen = 0;
    int bit = 0;
    bool flipped = false;
    bool in_version = false;  // the flipped byte was the version of a record
    std::size_t place = 0;    // in the record: 5 bytes of header, then
    std::size_t length = 0;   // the bytes that the header tells

    Io open(const char* name, std::uint16_t port) { return socket.open(name, port); }
    Io send(const char* data, std::size_t size) { return socket.send(data, size); }
    Io recv(char* data, std::size_t room) {
      const Io io = socket.recv(data, room);
      if (io.kind() != Io::Kind::moved) return io;
      for (std::size_t i = 0; i < io.size(); ++i, ++seen) {
        if (place == 3 || place == 4) length = length << 8 | static_cast<unsigned char>(data[i]);
        if (seen == at) {
          data[i] = static_cast<char>(data[i] ^ (1 << bit));
          flipped = true;
          in_version = place == 1 || place == 2;
        }
        if (++place >= 5 && place == 5 + length) place = length = 0;
      }
      return io;
    }
    void close() { socket.close(), seen = place = length = 0; }
    std::uint32_t now_ms() { return socket.now_ms(); }
    bool wait(std::uint32_t ms) { return socket.wait(ms); }
  };
  TlsServer server(good());
  const std::string roots = root().pem();
  Flipping flipping;
  flipping.socket.resolve_with(at_loopback);
  flipping.at = ~std::size_t{0};
  MbedtlsTransport tls{picoclaude::pem_roots(roots), flipping};
  REQUIRE(open(tls, host, server.port()).kind() == Io::Kind::ok);
  const std::size_t size = flipping.seen;  // the server's side of a whole handshake
  REQUIRE(size > 500);
  for (std::size_t at = 0; at < size; at += 4) {
    MbedtlsTransport fresh{picoclaude::pem_roots(roots), flipping};
    flipping.close();
    flipping.at = at;
    flipping.bit = static_cast<int>(at / 4 % 8);
    flipping.flipped = false;
    // A flip that only makes a length longer leaves both ends waiting.
    const Io io = open(fresh, host, server.port(), 100);
    CAPTURE(at);
    if (!flipping.flipped) continue;  // signatures differ in length by a byte or two
    // The version of a record in plain text is the one thing that TLS 1.2 neither checks nor uses.
    CHECK((io.kind() == Io::Kind::failed || flipping.in_version));
    if (io.kind() == Io::Kind::failed) ++counts.flips;
  }
}
