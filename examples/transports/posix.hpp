// TCP over POSIX sockets, as short as it can be: a start for a system whose sockets differ a little. picoclaude's own
// Socket does more (several addresses, deadlines, signals, Winsock). It only carries bytes: TLS goes above it.
//
//   PosixTcp tcp;
//   picoclaude::MbedtlsTransport tls{roots, tcp};
//   picoclaude::Client claude{tls, memory, config};
//
// The look-up of the name blocks, as getaddrinfo does; of its addresses the first one that answers at all is taken.
#pragma once
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <picoclaude.hpp>

class PosixTcp {
 public:
  static constexpr bool is_plaintext = true;

  PosixTcp() = default;
  PosixTcp(const PosixTcp&) = delete;
  PosixTcp& operator=(const PosixTcp&) = delete;
  ~PosixTcp() { close(); }

  // True (the default): wait() sleeps. False: next() never waits.
  void blocking(bool on) { blocking_ = on; }

  picoclaude::Io open(const char* host, std::uint16_t port) {
    if (socket_ < 0) {
      const int unknown = start(host, port);
      if (unknown != 0) return picoclaude::Io::failed(picoclaude::Error::name_not_found, unknown);
    }
    pollfd one{socket_, POLLOUT, 0};
    if (socket_ >= 0 && ::poll(&one, 1, 0) == 0) {
      writing_ = true;
      return picoclaude::Io::wait();
    }
    int code = socket_ >= 0 ? 0 : errno;
    socklen_t size = sizeof code;
    if (socket_ >= 0) getsockopt(socket_, SOL_SOCKET, SO_ERROR, &code, &size);
    if (socket_ >= 0 && code == 0) return picoclaude::Io::ok();
    close();
    return picoclaude::Io::failed(picoclaude::Error::connect_failed, code);
  }

  picoclaude::Io send(const char* data, std::size_t size) {
    const ssize_t sent = ::send(socket_, data, size, MSG_NOSIGNAL);
    writing_ = sent <= 0;
    return sent > 0 ? picoclaude::Io::moved(static_cast<std::size_t>(sent)) : fault();
  }

  picoclaude::Io recv(char* data, std::size_t room) {
    const ssize_t got = ::recv(socket_, data, room, 0);
    if (got > 0) return picoclaude::Io::moved(static_cast<std::size_t>(got));
    return got == 0 ? picoclaude::Io::closed() : fault();
  }

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    writing_ = false;
  }

  std::uint32_t now_ms() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint32_t>(now.tv_sec) * 1000u + static_cast<std::uint32_t>(now.tv_nsec / 1'000'000);
  }

  bool wait(std::uint32_t at_most_ms) {
    pollfd one{socket_, static_cast<short>(writing_ ? POLLIN | POLLOUT : POLLIN), 0};
    if (blocking_) ::poll(&one, 1, static_cast<int>(at_most_ms & 0x7FFFFFFF));
    return blocking_;
  }

 private:
  // 0: the socket connects, or errno tells why there is none; else the code of getaddrinfo.
  int start(const char* host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int unknown = getaddrinfo(host, nullptr, &hints, &found);
    if (unknown != 0) return unknown;
    for (const addrinfo* at = found; at != nullptr && socket_ < 0; at = at->ai_next) connect(*at, port);
    freeaddrinfo(found);
    return 0;
  }

  void connect(const addrinfo& to, std::uint16_t port) {
    sockaddr_storage address{};
    std::memcpy(&address, to.ai_addr, to.ai_addrlen);
    const unsigned char network[] = {static_cast<unsigned char>(port >> 8), static_cast<unsigned char>(port & 0xFF)};
    std::memcpy(reinterpret_cast<char*>(&address) + 2, network, 2);  // sin_port and sin6_port stand in the same place
    socket_ = ::socket(to.ai_family, SOCK_STREAM, 0);
    if (socket_ < 0) return;
    fcntl(socket_, F_SETFL, fcntl(socket_, F_GETFL, 0) | O_NONBLOCK);
    const int done = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), to.ai_addrlen);
    if (done == 0 || errno == EINPROGRESS) return;
    const int code = errno;
    close();
    errno = code;
  }

  picoclaude::Io fault() {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return picoclaude::Io::wait();
    return picoclaude::Io::failed(picoclaude::Error::connection_lost, errno);
  }

  int socket_ = -1;
  bool writing_ = false;  // what waits is to be sent
  bool blocking_ = true;
};
