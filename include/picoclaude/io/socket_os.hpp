// What differs between POSIX and Winsock, and nothing else.
#pragma once
#include "address.hpp"

#if defined(_WIN32)
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>
#endif

PICOCLAUDE_BEGIN
namespace detail::os {

#if defined(_WIN32)

using Handle = SOCKET;
constexpr Handle no_handle = INVALID_SOCKET;
constexpr int timed_out = WSAETIMEDOUT;

// Winsock has to be started; it counts its users.
class Startup {
 public:
  Startup() = default;
  Startup(const Startup&) = delete;
  Startup& operator=(const Startup&) = delete;
  ~Startup() {
    if (started_) WSACleanup();
  }
  int start() {
    WSADATA data;
    const int code = started_ ? 0 : WSAStartup(MAKEWORD(2, 2), &data);
    if (code == 0) started_ = true;
    return code;
  }

 private:
  bool started_ = false;
};

inline int last_error() { return WSAGetLastError(); }
inline bool interrupted(int code) { return code == WSAEINTR; }
inline bool would_block(int code) { return code == WSAEWOULDBLOCK; }
inline bool in_progress(int code) { return code == WSAEWOULDBLOCK || code == WSAEINPROGRESS; }
inline bool is_lost(int code) {
  return code == WSAECONNRESET || code == WSAECONNABORTED || code == WSAENETRESET || code == WSAETIMEDOUT ||
      code == WSAENETDOWN || code == WSAENETUNREACH || code == WSAEHOSTUNREACH || code == WSAENOTCONN ||
      code == WSAESHUTDOWN;
}

inline Handle open_socket(int family) {
  const Handle handle = WSASocketW(family, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED);
  u_long on = 1;
  if (handle != no_handle && ioctlsocket(handle, static_cast<long>(FIONBIO), &on) != 0) {
    closesocket(handle);
    return no_handle;
  }
  return handle;
}
inline void close_socket(Handle handle) { closesocket(handle); }

inline std::int64_t send_some(Handle handle, const char* data, std::size_t size) {
  return ::send(handle, data, static_cast<int>(size), 0);
}
inline std::int64_t recv_some(Handle handle, char* data, std::size_t room) {
  return ::recv(handle, data, static_cast<int>(room), 0);
}

inline void sleep(std::uint32_t ms) { Sleep(ms); }
inline std::uint32_t now_ms() { return static_cast<std::uint32_t>(GetTickCount64()); }

// True when bytes may move (or the connection failed), false when the time is over.
// select and not WSAPoll: the latter never tells of a refused connection before Windows 10 2004.
inline bool ready(Handle handle, bool read, bool write, std::uint32_t ms) {
  fd_set reads, writes, faults;
  FD_ZERO(&reads);
  FD_ZERO(&writes);
  FD_ZERO(&faults);
  if (read) FD_SET(handle, &reads);
  if (write) FD_SET(handle, &writes);
  FD_SET(handle, &faults);
  timeval time{static_cast<long>(ms / 1000), static_cast<long>(ms % 1000 * 1000)};
  return select(0, &reads, &writes, &faults, &time) > 0;
}

#else

using Handle = int;
constexpr Handle no_handle = -1;
constexpr int timed_out = ETIMEDOUT;

struct Startup {
  int start() { return 0; }
};

inline int last_error() { return errno; }
inline bool interrupted(int code) { return code == EINTR; }
inline bool would_block(int code) {
#if EAGAIN != EWOULDBLOCK
  if (code == EWOULDBLOCK) return true;
#endif
  return code == EAGAIN;
}
// An interrupted connect() goes on by itself.
inline bool in_progress(int code) { return code == EINPROGRESS || code == EINTR; }
inline bool is_lost(int code) {
  return code == ECONNRESET || code == ECONNABORTED || code == ENETRESET || code == EPIPE || code == ETIMEDOUT ||
      code == ENETDOWN || code == ENETUNREACH || code == EHOSTUNREACH || code == ENOTCONN;
}

inline Handle open_socket(int family) {
#if defined(SOCK_NONBLOCK) && defined(SOCK_CLOEXEC)
  const Handle handle = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
#else
  const Handle handle = ::socket(family, SOCK_STREAM, 0);
  if (handle != no_handle &&
      (fcntl(handle, F_SETFL, fcntl(handle, F_GETFL, 0) | O_NONBLOCK) < 0
#if defined(FD_CLOEXEC)
          || fcntl(handle, F_SETFD, FD_CLOEXEC) < 0
#endif
          )) {
    ::close(handle);
    return no_handle;
  }
#endif
#if defined(SO_NOSIGPIPE)
  const int on = 1;
  if (handle != no_handle) setsockopt(handle, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  return handle;
}
inline void close_socket(Handle handle) { ::close(handle); }

inline std::int64_t send_some(Handle handle, const char* data, std::size_t size) {
#if defined(MSG_NOSIGNAL)
  return ::send(handle, data, size, MSG_NOSIGNAL);
#else
  return ::send(handle, data, size, 0);
#endif
}
inline std::int64_t recv_some(Handle handle, char* data, std::size_t room) { return ::recv(handle, data, room, 0); }

inline int poll_time(std::uint32_t ms) { return ms > 0x7FFFFFFF ? 0x7FFFFFFF : static_cast<int>(ms); }

inline void sleep(std::uint32_t ms) { ::poll(nullptr, 0, poll_time(ms)); }
inline std::uint32_t now_ms() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint32_t>(time.tv_sec) * 1000u + static_cast<std::uint32_t>(time.tv_nsec / 1000000);
}

// True when bytes may move (or the connection failed), false when the time is over or a signal came.
inline bool ready(Handle handle, bool read, bool write, std::uint32_t ms) {
  pollfd one{};
  one.fd = handle;
  one.events = static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0));
  return ::poll(&one, 1, poll_time(ms)) > 0;
}

#endif

// What became of a connect() that is no longer in progress: 0 or the platform's code.
inline int connect_result(Handle handle) {
  int code = 0;
  socklen_t size = sizeof code;
  if (getsockopt(handle, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&code), &size) != 0) return last_error();
  return code;
}

// Small writes leave at once: the engine already hands over whole windows.
inline void no_delay(Handle handle) {
  const int on = 1;
  setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&on), sizeof on);
}

// 0 when connected at once, else the platform's code.
inline int connect(Handle handle, const Address& address, std::uint16_t port) {
  sockaddr_storage room{};
  socklen_t size = 0;
  if (address.size == 4) {
    auto& to = reinterpret_cast<sockaddr_in&>(room);
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    std::memcpy(&to.sin_addr, address.bytes, 4);
    size = sizeof to;
  } else {
    auto& to = reinterpret_cast<sockaddr_in6&>(room);
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    std::memcpy(&to.sin6_addr, address.bytes, 16);
    to.sin6_scope_id = address.scope;
    size = sizeof to;
  }
  return ::connect(handle, reinterpret_cast<const sockaddr*>(&room), size) == 0 ? 0 : last_error();
}

// Asks the system for the addresses of a name. Blocks. 0 or a code of getaddrinfo.
inline int look_up(const char* host, Addresses& found) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host, nullptr, &hints, &list);
  if (code != 0) return code;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    Address address;
    if (one->ai_family == AF_INET) {
      std::memcpy(address.bytes, &reinterpret_cast<const sockaddr_in*>(one->ai_addr)->sin_addr, address.size = 4);
    } else if (one->ai_family == AF_INET6) {
      const auto* at = reinterpret_cast<const sockaddr_in6*>(one->ai_addr);
      std::memcpy(address.bytes, &at->sin6_addr, address.size = 16);
      address.scope = static_cast<std::uint32_t>(at->sin6_scope_id);
    }
    found.add(address);
  }
  freeaddrinfo(list);
  return 0;
}

}  // namespace detail::os
PICOCLAUDE_END
