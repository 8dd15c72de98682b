// posix.hpp and winsock.hpp over loopback, each on its own system.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#ifdef _WIN32
#include "../../examples/transports/winsock.hpp"
using Tcp = WinsockTcp;
using Handle = SOCKET;
constexpr bool tells_resets = false;  // Wine hands one on as an end
#else
#include <netinet/in.h>

#include "../../examples/transports/posix.hpp"
using Tcp = PosixTcp;
using Handle = int;
constexpr bool tells_resets = true;
constexpr int INVALID_SOCKET = -1;
static int closesocket(int handle) { return ::close(handle); }
#endif

#include "answers.hpp"

namespace {

// Listens on a free port of loopback, and is moved by hand: it hears a request, then says its pieces, then ends.
class Server {
 public:
  Server() {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 4);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    deafen();
    hang_up(false);
  }

  void deafen() {
    if (listener_ != INVALID_SOCKET) closesocket(listener_);
    listener_ = INVALID_SOCKET;
  }

  void move() {
    char some[512];
    if (link_ == INVALID_SOCKET) {
      if (!readable(listener_)) return;
      link_ = ::accept(listener_, nullptr, nullptr);
      ++peer::state.opened;
    }
    if (!heard_a_request()) {
      if (!readable(link_)) return;
      const auto got = ::recv(link_, some, sizeof some, 0);
      if (got > 0) peer::state.heard.append(some, static_cast<std::size_t>(got));
      return;
    }
    const int got = peer::read(some, sizeof some);
    if (got > 0) ::send(link_, some, static_cast<unsigned>(got), 0);
    if (got == 0) hang_up(false);
    if (got == -2) hang_up(true);
  }

  std::uint16_t port = 0;

 private:
  static bool readable(Handle handle) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(handle, &set);
    timeval none{};
    return ::select(static_cast<int>(handle) + 1, &set, nullptr, nullptr, &none) == 1;
  }

  void hang_up(bool reset) {
    if (link_ == INVALID_SOCKET) return;
    const linger off{1, 0};
    if (reset) ::setsockopt(link_, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&off), sizeof off);
    closesocket(link_);
    link_ = INVALID_SOCKET;
  }

  Handle listener_ = INVALID_SOCKET;
  Handle link_ = INVALID_SOCKET;
};

Asked ask(Tcp& tcp, Server& server) {
  picoclaude::Workspace<600> memory;
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port);
  picoclaude::Config config;
  config.api_key = "sk-ant-test";
  config.base_url = url;
  config.max_retries = 0;
  config.first_byte_ms = 3000;
  tcp.blocking(false);
  picoclaude::Client claude{tcp, memory, config};
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 30;
  request.prompt = "Say hello.";
  Asked asked;
  if (!claude.begin(request)) return {"", claude.status()};
  while (!claude.done()) {
    const picoclaude::Event event = claude.next();
    if (event.kind == picoclaude::EventKind::text) asked.text += std::string(event.text);
    if (event) continue;
    server.move();
    tcp.blocking(true);
    tcp.wait(1);
    tcp.blocking(false);
  }
  asked.status = claude.status();
  return asked;
}

}  // namespace

TEST_SUITE_BEGIN("transports");

TEST_CASE("sockets: an answer comes whole, in many pieces") {
  std::vector<std::string> pieces{head};
  for (const char c : chunk(start) + chunk(hello) + chunk(world) + chunk(stop) + "0\r\n\r\n") pieces.emplace_back(1, c);
  peer::is(pieces, peer::End::silence);
  Tcp tcp;  // first: it starts Winsock
  Server server;
  const Asked asked = ask(tcp, server);
  CHECK(asked.text == "Hello, world");
  CHECK(asked.status.error == Error::none);
  CHECK(peer::state.opened == 1);
}

TEST_CASE("sockets: an end in the middle is no success") {
  peer::is({head, chunk(start) + chunk(hello)}, peer::End::close);
  Tcp tcp;
  Server server;
  const Asked asked = ask(tcp, server);
  CHECK(asked.text == "Hello");
  CHECK(asked.status.error == Error::truncated);
}

TEST_CASE("sockets: a reset in the middle is told") {
  peer::is({head, chunk(start) + chunk(hello)}, peer::End::reset);
  Tcp tcp;
  Server server;
  const Asked asked = ask(tcp, server);
  CHECK(asked.status.error == Error::truncated);
  if (tells_resets) CHECK(asked.status.native != 0);
}

TEST_CASE("sockets: a reset before the answer is told") {
  peer::is({}, peer::End::reset);
  Tcp tcp;
  Server server;
  CHECK(ask(tcp, server).status.error == (tells_resets ? Error::connection_lost : Error::connection_closed));
}

TEST_CASE("sockets: nobody listens") {
  peer::is({}, peer::End::silence);
  Tcp tcp;
  Server server;
  server.deafen();
  const Asked asked = ask(tcp, server);
  CHECK(asked.status.error == Error::connect_failed);
  CHECK(asked.status.native != 0);
}

TEST_CASE("sockets: what is no name has no address") {
  Tcp tcp;
  CHECK(tcp.open("no name", 80).error() == Error::name_not_found);
}

TEST_CASE("sockets: wait() sleeps no longer than it may, and wakes for bytes") {
  peer::is({head}, peer::End::silence);
  Tcp tcp;
  Server server;
  const std::uint32_t begun_ms = tcp.now_ms();
  CHECK(tcp.wait(30));
  const std::uint32_t slept_ms = tcp.now_ms() - begun_ms;
  CHECK(slept_ms >= 10);  // Windows counts in steps of 16
  CHECK(slept_ms < 2000);
  tcp.blocking(false);
  CHECK_FALSE(tcp.wait(30));
  tcp.close();
  tcp.close();
}

TEST_SUITE_END();
