// Loopback sockets whose every wait is bounded, and the one switch that ends them all.
//
// A thread serves a connection and may block in it as long as it likes: each wait also watches the stop pipe, so that
// a signal or the end of the lifetime unwinds every thread with `Stopping`, wherever it is.

#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace standin {

struct Stopping {};  // thrown: the process shall end
struct Gone {};      // thrown: this connection is over, whoever ended it

constexpr int forever = -1;

// A pipe that becomes readable once and stays so.
class Stop {
 public:
  static void catch_signals() {
    if (::pipe(ends()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGTERM, [](int) {
      request();
    });
    ::signal(SIGINT, [](int) {
      request();
    });
  }

  static void request() noexcept {
    const char byte = 0;
    [[maybe_unused]] const auto ignored = ::write(ends()[1], &byte, 1);
  }

  static int descriptor() noexcept { return ends()[0]; }

  // Sleeps; throws Stopping when the process shall end.
  static void sleep(int time_ms) {
    if (time_ms <= 0) return;
    pollfd stop{descriptor(), POLLIN, 0};
    if (::poll(&stop, 1, time_ms) > 0) throw Stopping{};
  }

 private:
  static int* ends() noexcept {
    static int pipe_ends[2] = {-1, -1};
    return pipe_ends;
  }
};

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() { close(); }

  // A listening socket on 127.0.0.1; port 0 takes a free one.
  static Socket listen(std::uint16_t port) {
    Socket socket{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const int yes = 1;
    ::setsockopt(socket.descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket.descriptor_, 64) != 0) {
      throw std::system_error(errno, std::generic_category(), "127.0.0.1:" + std::to_string(port));
    }
    return socket;
  }

  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

  // The next connection, or none when `time_ms` is over.
  std::optional<Socket> accept(int time_ms) {
    if (!wait(POLLIN, time_ms)) return std::nullopt;
    const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    const int yes = 1;  // a delta is small and must not wait for the next one
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return Socket{descriptor};
  }

  // True when one of `events` (or an error) is there, false when the time is over.
  bool wait(int events, int time_ms) const {
    pollfd watched[2] = {{descriptor_, static_cast<short>(events), 0}, {Stop::descriptor(), POLLIN, 0}};
    int ready = 0;
    do {
      ready = ::poll(watched, 2, time_ms);
    } while (ready < 0 && errno == EINTR);
    if (watched[1].revents != 0) throw Stopping{};
    return watched[0].revents != 0;
  }

  ssize_t receive(void* bytes, std::size_t room) const { return ::recv(descriptor_, bytes, room, 0); }
  ssize_t send(const void* bytes, std::size_t size) const { return ::send(descriptor_, bytes, size, MSG_NOSIGNAL); }

  // Ends our half and lets the peer read what was sent: closing at once, with unread bytes, would reset.
  void finish() {
    ::shutdown(descriptor_, SHUT_WR);
    char rest[4096];
    while (wait(POLLIN, 1000) && receive(rest, sizeof rest) > 0) {}
    close();
  }

  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
};

}  // namespace standin
