// The bytes of one connection, in the clear or inside TLS 1.2.

#pragma once

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_ticket.h>

#include <memory>
#include <string_view>

#include "certificate.hpp"
#include "socket.hpp"

namespace standin {

// How a connection ends: with TLS's own goodbye, with a bare FIN, or with a reset.
enum class Ending { notify, fin, reset };

class Stream {
 public:
  static constexpr int idle_ms = 120'000;  // a peer that stays silent for longer is gone

  explicit Stream(Socket socket) : socket_(std::move(socket)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  // The bytes that are there, at least one; 0 = the peer has ended its half. Throws Gone.
  virtual std::size_t read(char* bytes, std::size_t room) = 0;
  // All of `bytes`. Throws Gone.
  virtual void write(std::string_view bytes) = 0;

  void end(Ending how) {
    if (how == Ending::reset) return socket_.reset();
    if (how == Ending::notify) say_goodbye();
    socket_.finish();
  }

  // Neither reads nor writes until the peer leaves.
  void wait_for_leave(int time_ms) { socket_.wait(POLLRDHUP, time_ms); }

 protected:
  virtual void say_goodbye() {}
  void wait(int events) {
    if (!socket_.wait(events, idle_ms)) throw Gone{};
  }

  Socket socket_;
};

class PlainStream final : public Stream {
 public:
  using Stream::Stream;

  std::size_t read(char* bytes, std::size_t room) override {
    for (;;) {
      const auto size = socket_.receive(bytes, room);
      if (size >= 0) return static_cast<std::size_t>(size);
      if (errno != EAGAIN && errno != EINTR) throw Gone{};
      wait(POLLIN);
    }
  }

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto size = socket_.send(bytes.data(), bytes.size());
      if (size >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(size));
      } else if (errno == EAGAIN || errno == EINTR) {
        wait(POLLOUT);
      } else {
        throw Gone{};
      }
    }
  }
};

// What all TLS connections share. mbedTLS guards the generator, the cache and the ticket keys by its own locks; the
// server key's table of multiples, which it does not guard, was filled when the key was made.
class Tls {
 public:
  Tls(Random& random, Identity& identity) {
    mbedtls_ssl_config_init(&config_);
    mbedtls_ssl_cache_init(&cache_);
    mbedtls_ssl_ticket_init(&tickets_);
    require(mbedtls_ssl_config_defaults(
                &config_, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT),
        "TLS defaults");
    mbedtls_ssl_conf_min_version(&config_, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_rng(&config_, mbedtls_ctr_drbg_random, random.context());
    require(mbedtls_ssl_conf_own_cert(&config_, identity.certificate(), identity.key()), "own certificate");
    require(mbedtls_ssl_conf_alpn_protocols(&config_, protocols_), "ALPN");
    mbedtls_ssl_conf_session_cache(&config_, &cache_, mbedtls_ssl_cache_get, mbedtls_ssl_cache_set);
    constexpr std::uint32_t ticket_lifetime_s = 24 * 60 * 60;
    require(mbedtls_ssl_ticket_setup(
                &tickets_, mbedtls_ctr_drbg_random, random.context(), MBEDTLS_CIPHER_AES_256_GCM, ticket_lifetime_s),
        "session tickets");
    mbedtls_ssl_conf_session_tickets_cb(&config_, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, &tickets_);
  }
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;
  ~Tls() {
    mbedtls_ssl_ticket_free(&tickets_);
    mbedtls_ssl_cache_free(&cache_);
    mbedtls_ssl_config_free(&config_);
  }

  const mbedtls_ssl_config* config() const { return &config_; }

 private:
  const char* protocols_[2] = {"http/1.1", nullptr};
  mbedtls_ssl_config config_;
  mbedtls_ssl_cache_context cache_;
  mbedtls_ssl_ticket_context tickets_;
};

class TlsStream final : public Stream {
 public:
  // Shakes hands; throws Gone when the peer does not like us.
  TlsStream(Socket socket, const Tls& tls) : Stream(std::move(socket)) {
    mbedtls_ssl_init(&ssl_);
    require(mbedtls_ssl_setup(&ssl_, tls.config()), "TLS session");
    mbedtls_ssl_set_bio(&ssl_, &socket_, send, receive, nullptr);
    try {
      complete([this] {
        return mbedtls_ssl_handshake(&ssl_);
      });
    } catch (...) {
      mbedtls_ssl_free(&ssl_);
      throw;
    }
  }
  ~TlsStream() override { mbedtls_ssl_free(&ssl_); }

  std::size_t read(char* bytes, std::size_t room) override {
    const int size = complete([&] {
      const int result = mbedtls_ssl_read(&ssl_, reinterpret_cast<unsigned char*>(bytes), room);
      return result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? 0 : result;
    });
    return static_cast<std::size_t>(size);
  }

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const int size = complete([&] {
        return mbedtls_ssl_write(&ssl_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
      });
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
  }

 protected:
  void say_goodbye() override { mbedtls_ssl_close_notify(&ssl_); }

 private:
  template <class Step>
  int complete(Step step) {
    for (;;) {
      const int result = step();
      if (result >= 0) return result;
      if (result == MBEDTLS_ERR_SSL_WANT_READ) {
        wait(POLLIN);
      } else if (result == MBEDTLS_ERR_SSL_WANT_WRITE) {
        wait(POLLOUT);
      } else {
        throw Gone{};
      }
    }
  }

  static int send(void* socket, const unsigned char* bytes, std::size_t size) {
    const auto sent = static_cast<Socket*>(socket)->send(bytes, size);
    if (sent >= 0) return static_cast<int>(sent);
    return errno == EAGAIN || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
  }

  static int receive(void* socket, unsigned char* bytes, std::size_t room) {
    const auto size = static_cast<Socket*>(socket)->receive(bytes, room);
    if (size >= 0) return static_cast<int>(size);
    return errno == EAGAIN || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_READ : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
  }

  mbedtls_ssl_context ssl_;
};

}  // namespace standin
