// TCP over Winsock, as short as it can be. picoclaude's own Socket does more and is the default on Windows too. It only
// carries bytes: TLS goes above it. Link with ws2_32.
//
//   WinsockTcp tcp;
//   picoclaude::MbedtlsTransport tls{roots, tcp};
//   picoclaude::Client claude{tls, memory, config};
//
// The look-up of the name blocks, as getaddrinfo does; of its addresses the first one that answers at all is taken.
#pragma once
#include <winsock2.h>
#include <ws2tcpip.h>
#include <picoclaude.hpp>

class WinsockTcp {
 public:
  static constexpr bool is_plaintext = true;

  WinsockTcp() {
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
  }
  WinsockTcp(const WinsockTcp&) = delete;
  WinsockTcp& operator=(const WinsockTcp&) = delete;
  ~WinsockTcp() {
    close();
    WSACleanup();
  }

  // True (the default): wait() sleeps. False: next() never waits.
  void blocking(bool on) { blocking_ = on; }

  picoclaude::Io open(const char* host, std::uint16_t port) {
    int code = 0;
    if (socket_ == INVALID_SOCKET) {
      const int unknown = start(host, port, code);
      if (unknown != 0) return picoclaude::Io::failed(picoclaude::Error::name_not_found, unknown);
    }
    if (socket_ != INVALID_SOCKET) {
      const int ready = look(true, 0);
      if (ready == 0) {
        writing_ = true;
        return picoclaude::Io::wait();
      }
      int size = sizeof code;
      getsockopt(socket_, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&code), &size);
      if (code == 0) return picoclaude::Io::ok();
    }
    close();
    return picoclaude::Io::failed(picoclaude::Error::connect_failed, code);
  }

  picoclaude::Io send(const char* data, std::size_t size) {
    const int sent = ::send(socket_, data, at_most(size), 0);
    writing_ = sent <= 0;
    return sent > 0 ? picoclaude::Io::moved(static_cast<std::size_t>(sent)) : fault();
  }

  picoclaude::Io recv(char* data, std::size_t room) {
    const int got = ::recv(socket_, data, at_most(room), 0);
    if (got > 0) return picoclaude::Io::moved(static_cast<std::size_t>(got));
    return got == 0 ? picoclaude::Io::closed() : fault();
  }

  void close() {
    if (socket_ != INVALID_SOCKET) closesocket(socket_);
    socket_ = INVALID_SOCKET;
    writing_ = false;
  }

  std::uint32_t now_ms() { return GetTickCount(); }

  bool wait(std::uint32_t at_most_ms) {
    if (!blocking_) return false;
    if (socket_ == INVALID_SOCKET) {
      Sleep(at_most_ms);
    } else {
      look(writing_, at_most_ms);
    }
    return true;
  }

 private:
  static int at_most(std::size_t size) { return size < 0x40000000 ? static_cast<int>(size) : 0x40000000; }

  // 0: nothing can be done within that time. A connect that failed is told among the exceptions.
  int look(bool write, std::uint32_t at_most_ms) {
    fd_set readable, writable, failed;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_ZERO(&failed);
    readable.fd_array[readable.fd_count++] = socket_;
    if (write) writable.fd_array[writable.fd_count++] = socket_;
    failed.fd_array[failed.fd_count++] = socket_;
    timeval left = {static_cast<long>(at_most_ms / 1000), static_cast<long>(at_most_ms % 1000 * 1000)};
    return select(0, &readable, &writable, &failed, &left);
  }

  // 0: the socket connects, or `code` tells why there is none; else the code of getaddrinfo.
  int start(const char* host, std::uint16_t port, int& code) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int unknown = getaddrinfo(host, nullptr, &hints, &found);
    if (unknown != 0) return unknown;
    for (const addrinfo* at = found; at != nullptr && socket_ == INVALID_SOCKET; at = at->ai_next) {
      code = connect(*at, port);
    }
    freeaddrinfo(found);
    return 0;
  }

  int connect(const addrinfo& to, std::uint16_t port) {
    sockaddr_storage address{};
    std::memcpy(&address, to.ai_addr, to.ai_addrlen);
    const unsigned char network[] = {static_cast<unsigned char>(port >> 8), static_cast<unsigned char>(port & 0xFF)};
    std::memcpy(reinterpret_cast<char*>(&address) + 2, network, 2);  // sin_port and sin6_port stand in the same place
    socket_ = ::socket(to.ai_family, SOCK_STREAM, 0);
    if (socket_ == INVALID_SOCKET) return WSAGetLastError();
    u_long on = 1;
    ioctlsocket(socket_, static_cast<long>(FIONBIO), &on);
    const int size = static_cast<int>(to.ai_addrlen);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0) return 0;
    const int code = WSAGetLastError();
    if (code != WSAEWOULDBLOCK) close();
    return code;
  }

  picoclaude::Io fault() {
    const int code = WSAGetLastError();
    if (code == WSAEWOULDBLOCK || code == WSAEINTR) return picoclaude::Io::wait();
    return picoclaude::Io::failed(picoclaude::Error::connection_lost, code);
  }

  SOCKET socket_ = INVALID_SOCKET;
  bool writing_ = false;  // what waits is to be sent
  bool blocking_ = true;
};
