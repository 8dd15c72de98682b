// The default socket by itself: addresses, lookups, connecting, waiting.
#include "../support/tls_client.hpp"

#include <csignal>
#include <dirent.h>
#include <sys/time.h>

using namespace test;
using picoclaude::Addresses;
using picoclaude::read_address;
using picoclaude::Socket;

namespace {

struct Table {
  std::vector<const char*> addresses;
  int waits = 0;  // calls that answer: not yet
  Io failure = Io::ok();
  int calls = 0;

  static Io answer(void* self, const char*, Addresses& found) {
    auto& me = *static_cast<Table*>(self);
    ++me.calls;
    if (me.waits-- > 0) return Io::wait();
    for (const char* address : me.addresses) found.add(read_address(address));
    return me.failure;
  }
};

// A port at which nobody listens, kept for as long as this lives.
struct ClosedPort : Listener {
  ClosedPort() : Listener("127.0.0.1", 0, -1) {}
};

int open_handles() {
  int count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  if (!folder) return 0;
  while (::readdir(folder)) ++count;
  ::closedir(folder);
  return count;
}

// Accepts one connection.
int take(const Listener& listener) {
  pollfd one{listener.handle(), POLLIN, 0};
  return ::poll(&one, 1, 5000) > 0 ? ::accept(listener.handle(), nullptr, nullptr) : -1;
}

}  // namespace

TEST_CASE("socket: a numeric address needs no lookup") {
  Listener listener;
  Table table;
  Socket socket;
  socket.resolve_with(Table::answer, &table);
  CHECK(test::open(socket, "127.0.0.1", listener.port()).kind() == Io::Kind::ok);
  CHECK(table.calls == 0);
}

TEST_CASE("socket: a name is looked up by the system") {
  Listener listener;
  Socket socket;
  CHECK(test::open(socket, "localhost", listener.port()).kind() == Io::Kind::ok);
}

TEST_CASE("socket: IPv6 is spoken where the machine has it") {
  const int server = ::socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 at{};
  at.sin6_family = AF_INET6;
  at.sin6_addr.s6_addr[15] = 1;
  socklen_t size = sizeof at;
  if (server >= 0 && ::bind(server, reinterpret_cast<sockaddr*>(&at), size) == 0 && ::listen(server, 8) == 0) {
    ::getsockname(server, reinterpret_cast<sockaddr*>(&at), &size);
    for (const char* host : {"::1", "[::1]", "0:0:0:0:0:0:0:1"}) {
      Socket socket;
      CHECK(test::open(socket, host, ntohs(at.sin6_port)).kind() == Io::Kind::ok);
    }
  }
  if (server >= 0) ::close(server);
}

TEST_CASE("socket: a refused connection is connect_failed, at once") {
  ClosedPort nobody;
  Socket socket;
  const std::uint32_t start = socket.now_ms();
  const Io io = test::open(socket, "127.0.0.1", nobody.port());
  CHECK(io.error() == Error::connect_failed);
  CHECK(io.native() == ECONNREFUSED);
  CHECK(socket.now_ms() - start < 1000);
}

TEST_CASE("socket: a name without an address is name_not_found") {
  Socket socket;
  Table table;
  socket.resolve_with(Table::answer, &table);
  CHECK(test::open(socket, "nobody.test", 443).error() == Error::name_not_found);
  table.failure = Io::closed();
  CHECK(test::open(socket, "nobody.test", 443).error() == Error::name_not_found);
  table.failure = Io::failed(Error::name_not_found, 42);
  CHECK(test::open(socket, "nobody.test", 443).native() == 42);
}

TEST_CASE("socket: a resolver may take its time, waiting and ticking") {
  Listener listener;
  Table table{{"127.0.0.1"}, 3};
  Socket socket;
  socket.resolve_with(Table::answer, &table);
  const std::uint32_t start = socket.now_ms();
  CHECK(test::open(socket, "slow.test", listener.port()).kind() == Io::Kind::ok);
  CHECK(table.calls == 4);
  CHECK(socket.now_ms() - start >= 30);
  CHECK(socket.now_ms() - start < 2000);
}

TEST_CASE("socket: the addresses are tried in turn") {
  Listener listener;
  Table table{{"127.0.0.3", "127.0.0.2", "127.0.0.1"}};
  Socket socket;
  socket.resolve_with(Table::answer, &table);
  CHECK(test::open(socket, "many.test", listener.port()).kind() == Io::Kind::ok);
  socket.close();

  ClosedPort nobody;
  CHECK(test::open(socket, "many.test", nobody.port()).error() == Error::connect_failed);
}

TEST_CASE("socket: an address that does not answer gets its share of the time, no more") {
#if defined(__linux__)
  // A full backlog: Linux drops what comes then.
  Listener deaf("127.0.0.2", 0, 0);
  Socket fillers[4];
  for (Socket& filler : fillers) filler.open("127.0.0.2", deaf.port()), filler.wait(50);
  Listener listener("127.0.0.1", deaf.port());
  Table table{std::vector<const char*>(8, "127.0.0.1")};
  table.addresses[0] = "127.0.0.2";
  Socket socket;
  socket.resolve_with(Table::answer, &table);
  const std::uint32_t start = socket.now_ms();
  CHECK(test::open(socket, "many.test", listener.port()).kind() == Io::Kind::ok);
  CHECK(socket.now_ms() - start >= 1400);  // 12 s shared by 8
  CHECK(socket.now_ms() - start < 3500);
#endif
}

TEST_CASE("socket: bytes go both ways, and a FIN is closed") {
  Listener listener;
  Socket socket;
  REQUIRE(test::open(socket, "127.0.0.1", listener.port()).kind() == Io::Kind::ok);
  const int server = take(listener);
  REQUIRE(server >= 0);
  REQUIRE(test::send(socket, "ping").kind() == Io::Kind::ok);
  char room[8] = {};
  CHECK(::recv(server, room, sizeof room, 0) == 4);
  CHECK(::send(server, "pong!", 5, MSG_NOSIGNAL) == 5);
  ::close(server);
  Io end = Io::wait();
  CHECK(receive(socket, end) == "pong!");
  CHECK(end.kind() == Io::Kind::closed);
}

TEST_CASE("socket: a reset is connection_lost, when receiving and when sending") {
  for (const bool sending : {false, true}) {
    Listener listener;
    Socket socket;
    REQUIRE(test::open(socket, "127.0.0.1", listener.port()).kind() == Io::Kind::ok);
    const int server = take(listener);
    const linger now{1, 0};
    ::setsockopt(server, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(server);
    CHECK(socket.wait(2000));
    char byte = 0;
    Io io = sending ? socket.send(&byte, 1) : socket.recv(&byte, 1);
    CHECK(io.error() == Error::connection_lost);
    CHECK((io.native() == ECONNRESET || io.native() == EPIPE));
    if (sending) io = socket.send(&byte, 1);
    CHECK((io.native() == ECONNRESET || io.native() == EPIPE));  // and the program still lives
  }
}

TEST_CASE("socket: a full pipe waits for room, and for bytes at the same time") {
  Listener listener;
  Socket socket;
  REQUIRE(test::open(socket, "127.0.0.1", listener.port()).kind() == Io::Kind::ok);
  const int server = take(listener);
  const std::string block(65536, 'x');
  const auto fill = [&] {
    while (socket.send(block.data(), block.size()).kind() == Io::Kind::moved) {}
  };
  // The kernel makes room for a while; then there is none, and nothing comes.
  std::uint32_t start = 0;
  do {
    fill();
    start = socket.now_ms();
    CHECK(socket.wait(200));
  } while (socket.now_ms() - start < 190);
  char byte;
  fill();
  CHECK(socket.recv(&byte, 1).kind() == Io::Kind::wait);
  REQUIRE(::send(server, "!", 1, MSG_NOSIGNAL) == 1);
  start = socket.now_ms();
  CHECK(socket.wait(3000));
  CHECK(socket.now_ms() - start < 2000);
  CHECK(socket.recv(&byte, 1).size() == 1);
  ::close(server);
}

TEST_CASE("socket: a goodbye that nobody reads does not make wait spin") {
  Listener listener;
  Socket socket;
  REQUIRE(test::open(socket, "127.0.0.1", listener.port()).kind() == Io::Kind::ok);
  ::close(take(listener));
  CHECK(socket.wait(2000));  // tells of it
  const std::uint32_t start = socket.now_ms();
  for (int i = 0; i < 3; ++i) CHECK(socket.wait(50));
  CHECK(socket.now_ms() - start >= 150);
  char byte;
  CHECK(socket.recv(&byte, 1).kind() == Io::Kind::closed);
}

TEST_CASE("socket: wait sleeps without a connection too: the pauses between attempts") {
  Socket socket;
  const std::uint32_t start = socket.now_ms();
  CHECK(socket.wait(60));
  CHECK(socket.now_ms() - start >= 60);
  socket.blocking(false);
  CHECK_FALSE(socket.wait(60));
  CHECK(socket.now_ms() - start < 1000);
}

TEST_CASE("socket: a signal ends a wait, and interrupts nothing else") {
  Listener listener;
  Socket socket;
  REQUIRE(test::open(socket, "127.0.0.1", listener.port()).kind() == Io::Kind::ok);
  const int server = take(listener);
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};
  ::sigaction(SIGALRM, &action, &before);
  const itimerval soon{{0, 20000}, {0, 20000}}, never{};
  ::setitimer(ITIMER_REAL, &soon, nullptr);
  const std::uint32_t start = socket.now_ms();
  CHECK(socket.wait(5000));
  CHECK(socket.now_ms() - start < 4000);
  char byte;
  CHECK(socket.recv(&byte, 1).kind() == Io::Kind::wait);
  ::setitimer(ITIMER_REAL, &never, nullptr);
  ::sigaction(SIGALRM, &before, nullptr);
  ::close(server);
}

TEST_CASE("socket: not connected is connection_lost, and nothing asked for is no end") {
  Socket socket;
  char byte = 0;
  CHECK(socket.send(&byte, 1).error() == Error::connection_lost);
  CHECK(socket.recv(&byte, 1).error() == Error::connection_lost);
  Listener listener;
  REQUIRE(test::open(socket, "127.0.0.1", listener.port()).kind() == Io::Kind::ok);
  CHECK(socket.send(&byte, 0).kind() == Io::Kind::wait);
  CHECK(socket.recv(&byte, 0).kind() == Io::Kind::wait);
}

TEST_CASE("socket: handles are given back, and not inherited by other programs") {
  Listener listener;
  ClosedPort nobody;
  const int before = open_handles();
  for (int i = 0; i < 20; ++i) {
    Socket socket;
    test::open(socket, "127.0.0.1", listener.port());
    ::close(take(listener));
    if (i % 2) test::open(socket, "127.0.0.1", nobody.port());
    if (i % 3) socket.close();
  }
  CHECK(open_handles() == before);

  Socket socket;
  test::open(socket, "127.0.0.1", listener.port());
  int inherited = 0;
  for (int handle = 3; handle < 64; ++handle) {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    if (::getpeername(handle, reinterpret_cast<sockaddr*>(&at), &size) == 0 && ntohs(at.sin_port) == listener.port()) {
      if ((::fcntl(handle, F_GETFD) & FD_CLOEXEC) == 0) ++inherited;
    }
  }
  CHECK(inherited == 0);
}
