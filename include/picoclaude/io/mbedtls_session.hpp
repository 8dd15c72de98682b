// The TLS session of the last connection, for a shorter handshake with the same server, and with no other.
#pragma once
#include <mbedtls/ssl.h>

#include <cstring>

#include "../base/view.hpp"

PICOCLAUDE_BEGIN
namespace detail {

class MbedtlsSession {
 public:
  MbedtlsSession() = default;
  MbedtlsSession(const MbedtlsSession&) = delete;
  MbedtlsSession& operator=(const MbedtlsSession&) = delete;
  ~MbedtlsSession() { forget(); }

  // NUL-terminated; empty before the first server.
  const char* host() const { return host_; }
  bool belongs_to(const char* host, std::uint16_t port) const {
    return host != nullptr && port == port_ && std::strcmp(host, host_) == 0;
  }

  // Another server's session is forgotten. False: the host is empty or too long.
  bool belong_to(const char* host, std::uint16_t port) {
    const std::size_t size = host != nullptr ? std::strlen(host) : 0;
    if (size == 0 || size >= sizeof host_) return false;
    if (belongs_to(host, port)) return true;
    forget();
    std::memcpy(host_, host, size + 1);
    port_ = port;
    return true;
  }

  // A session that mbedTLS does not take up only costs the shorter handshake.
  void resume(mbedtls_ssl_context& ssl) {
    if (kept_ && mbedtls_ssl_set_session(&ssl, &session_) != 0) forget();
  }

  void keep(const mbedtls_ssl_context& ssl) {
    forget();
    mbedtls_ssl_session_init(&session_);
    kept_ = mbedtls_ssl_get_session(&ssl, &session_) == 0;
    if (!kept_) mbedtls_ssl_session_free(&session_);
  }

  void forget() {
    if (kept_) mbedtls_ssl_session_free(&session_);
    kept_ = false;
  }

 private:
  mbedtls_ssl_session session_;
  char host_[256] = {};
  std::uint16_t port_ = 0;
  bool kept_ = false;
};

}  // namespace detail
PICOCLAUDE_END
