// The byte seam over Zephyr's secure sockets: TCP, TLS and the check of certificate and host name are Zephyr's.
//
//   tls_credential_add(1, TLS_CREDENTIAL_CA_CERTIFICATE, root, sizeof root);   // PEM with its NUL, or DER
//   ZephyrTls tls{1};
//   picoclaude::Client claude{tls, memory, config};
//
// Needs CONFIG_NETWORKING, CONFIG_NET_TCP, CONFIG_NET_SOCKETS, CONFIG_NET_SOCKETS_SOCKOPT_TLS, CONFIG_DNS_RESOLVER and a
// C++17 library (CONFIG_CPP, CONFIG_STD_CPP17, CONFIG_REQUIRES_FULL_LIBCPP); set the clock first, dates are checked.
// open() blocks: look-up, connect and Zephyr's handshake do, also on a socket that does not wait. A read of 0 may be an
// end without close_notify, so tells_end is not claimed.
#pragma once
#include <cerrno>
#include <picoclaude.hpp>
#include <zephyr/kernel.h>
#include <zephyr/net/socket.h>
#include <zephyr/net/tls_credentials.h>

class ZephyrTls {
 public:
  // `roots`: the tag under which the trusted roots were added.
  explicit ZephyrTls(sec_tag_t roots) : roots_(roots) {}
  ZephyrTls(const ZephyrTls&) = delete;
  ZephyrTls& operator=(const ZephyrTls&) = delete;
  ~ZephyrTls() { close(); }

  // True (the default): wait() sleeps. False: next() never waits.
  void blocking(bool on) { blocking_ = on; }

  picoclaude::Io open(const char* host, std::uint16_t port) {
    close();
    zsock_addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    zsock_addrinfo* found = nullptr;
    char digits[6];
    const int unknown = zsock_getaddrinfo(host, decimal(port, digits), &hints, &found);
    if (unknown != 0) return picoclaude::Io::failed(picoclaude::Error::name_not_found, unknown);
    picoclaude::Io answer = picoclaude::Io::failed(picoclaude::Error::connect_failed);
    for (const zsock_addrinfo* at = found; at != nullptr && socket_ < 0; at = at->ai_next) answer = connect(host, *at);
    zsock_freeaddrinfo(found);
    return answer;
  }

  picoclaude::Io send(const char* data, std::size_t size) {
    const ssize_t sent = zsock_send(socket_, data, size, ZSOCK_MSG_DONTWAIT);
    if (sent > 0) return picoclaude::Io::moved(static_cast<std::size_t>(sent));
    return sent == 0 ? picoclaude::Io::wait() : fault(ZSOCK_POLLOUT);
  }

  picoclaude::Io recv(char* data, std::size_t room) {
    const ssize_t got = zsock_recv(socket_, data, room, ZSOCK_MSG_DONTWAIT);
    if (got > 0) return picoclaude::Io::moved(static_cast<std::size_t>(got));
    return got == 0 ? picoclaude::Io::closed() : fault(ZSOCK_POLLIN);
  }

  void close() {
    if (socket_ >= 0) zsock_close(socket_);
    socket_ = -1;
  }

  std::uint32_t now_ms() { return k_uptime_get_32(); }

  bool wait(std::uint32_t at_most_ms) {
    if (!blocking_) return false;
    zsock_pollfd one{};
    one.fd = socket_;
    one.events = static_cast<short>(awaited_ | ZSOCK_POLLIN);
    awaited_ = 0;
    if (socket_ < 0) {
      k_msleep(static_cast<std::int32_t>(at_most_ms & 0x7FFFFFFF));
    } else {
      zsock_poll(&one, 1, static_cast<int>(at_most_ms & 0x7FFFFFFF));
    }
    return true;
  }

 private:
  picoclaude::Io connect(const char* host, const zsock_addrinfo& to) {
    const int one = zsock_socket(to.ai_family, SOCK_STREAM, IPPROTO_TLS_1_2);
    if (one < 0) return picoclaude::Io::failed(picoclaude::Error::connect_failed, errno);
    const int required = TLS_PEER_VERIFY_REQUIRED;
    const bool set = zsock_setsockopt(one, SOL_TLS, TLS_SEC_TAG_LIST, &roots_, sizeof roots_) == 0 &&
        zsock_setsockopt(one, SOL_TLS, TLS_PEER_VERIFY, &required, sizeof required) == 0 &&
        zsock_setsockopt(one, SOL_TLS, TLS_HOSTNAME, host, static_cast<socklen_t>(std::strlen(host) + 1)) == 0;
    if (set && zsock_connect(one, to.ai_addr, to.ai_addrlen) == 0) {
      socket_ = one;
      return picoclaude::Io::ok();
    }
    // Zephyr tells every failure of the handshake as ECONNABORTED.
    const int code = errno;
    zsock_close(one);
    const bool refused = !set || code == ECONNABORTED;
    return picoclaude::Io::failed(refused ? picoclaude::Error::tls_failed : picoclaude::Error::connect_failed, code);
  }

  picoclaude::Io fault(short awaited) {
    awaited_ = awaited;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return picoclaude::Io::wait();
    return picoclaude::Io::failed(picoclaude::Error::connection_lost, errno);
  }

  static const char* decimal(std::uint16_t value, char (&digits)[6]) {
    char* at = digits + sizeof digits - 1;
    *at = '\0';
    do {
      *--at = static_cast<char>('0' + value % 10);
      value = static_cast<std::uint16_t>(value / 10);
    } while (value != 0);
    return at;
  }

  sec_tag_t roots_;
  int socket_ = -1;
  short awaited_ = 0;  // by the last call that could not go on
  bool blocking_ = true;
};
