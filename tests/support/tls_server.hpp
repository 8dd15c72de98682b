// A TLS server on loopback, in a thread of its own, that plays a part: one function a connection.
#pragma once
#include <arpa/inet.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ticket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "certificates.hpp"

namespace test {

// A listening TCP socket. Port 0 in the constructor: any free port.
class Listener {
 public:
  explicit Listener(const char* address = "127.0.0.1", std::uint16_t port = 0, int backlog = 16) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    must(inet_pton(AF_INET, address, &at.sin_addr) == 1);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    socklen_t size = sizeof at;
    must(bind(socket_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    if (backlog >= 0) must(listen(socket_, backlog) == 0);
    must(getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    port_ = ntohs(at.sin_port);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { ::close(socket_); }

  int handle() const { return socket_; }
  std::uint16_t port() const { return port_; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

// One connection, seen from the server. Blocking, but never for more than 5 s.
class Peer {
 public:
  Peer(int socket, mbedtls_ssl_config* config) : socket_(socket), config_(config) {
    const timeval limit{5, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    mbedtls_ssl_init(&ssl);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() {
    mbedtls_ssl_free(&ssl);
    if (socket_ >= 0) ::close(socket_);
  }

  bool handshake() {
    if (mbedtls_ssl_setup(&ssl, config_) != 0) return false;
    mbedtls_ssl_set_bio(&ssl, this, send_raw, recv_raw, nullptr);
    return mbedtls_ssl_handshake(&ssl) == 0;
  }

  // TLS, whole or not at all.
  bool write(const std::string& text) {
    std::size_t at = 0;
    while (at < text.size()) {
      const int code =
          mbedtls_ssl_write(&ssl, reinterpret_cast<const unsigned char*>(text.data()) + at, text.size() - at);
      if (code <= 0) return false;
      at += static_cast<std::size_t>(code);
    }
    return true;
  }
  // TLS: up to `most` bytes; empty at the end.
  std::string read(std::size_t most = 16384) {
    std::string room(most, '\0');
    const int code = mbedtls_ssl_read(&ssl, reinterpret_cast<unsigned char*>(room.data()), room.size());
    room.resize(code > 0 ? static_cast<std::size_t>(code) : 0);
    return room;
  }
  std::string read_all(std::size_t size) {
    std::string all;
    while (all.size() < size) {
      const std::string some = read();
      if (some.empty()) break;
      all += some;
    }
    return all;
  }
  void close_notify() { mbedtls_ssl_close_notify(&ssl); }

  // The TCP below.
  void write_raw(const std::string& bytes) { (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  std::string read_raw(std::size_t most = 4096) {
    std::string room(most, '\0');
    const auto size = ::recv(socket_, room.data(), room.size(), 0);
    room.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    heard += room;
    return room;
  }
  void finish() { ::shutdown(socket_, SHUT_WR); }  // FIN
  void reset() {                                   // RST
    const linger now{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(socket_);
    socket_ = -1;
  }
  // Until the client is gone.
  void linger_on() {
    while (!read_raw().empty()) {}
  }
  int handle() const { return socket_; }

  std::size_t cut_after = ~std::size_t{0};  // bytes that still leave; the rest is swallowed
  bool finish_when_cut = false;             // and a FIN follows them
  std::string heard;                        // all that came, as it came
  mbedtls_ssl_context ssl;

 private:
  static int send_raw(void* self, const unsigned char* data, std::size_t size) {
    auto& me = *static_cast<Peer*>(self);
    const std::size_t some = size < me.cut_after ? size : me.cut_after;
    std::size_t at = 0;
    while (at < some) {
      const auto sent = ::send(me.socket_, data + at, some - at, MSG_NOSIGNAL);
      if (sent <= 0) return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
      at += static_cast<std::size_t>(sent);
    }
    me.cut_after -= some;
    if (me.cut_after == 0 && me.finish_when_cut) me.finish();
    return static_cast<int>(size);
  }
  static int recv_raw(void* self, unsigned char* data, std::size_t room) {
    auto& me = *static_cast<Peer*>(self);
    const auto size = ::recv(me.socket_, data, room, 0);
    if (size > 0) me.heard.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    return size < 0 ? MBEDTLS_ERR_SSL_TIMEOUT : static_cast<int>(size);
  }

  int socket_;
  mbedtls_ssl_config* config_;
};

struct ServerSettings {
  int max_minor = 4;                        // 4: TLS 1.3; 3: 1.2; 2: 1.1
  std::vector<const char*> protocols = {};  // ALPN, ends with nullptr
  KeyPtr other_key = nullptr;               // a key that is not the certificate's
  std::string shown = {};                   // what is sent for the leaf: mbedTLS would not serve a leaf of wrong usage
  const int* ciphersuites = nullptr;
  bool renegotiate = false;
};

class TlsServer {
 public:
  using Part = std::function<void(Peer&)>;

  // What a good server does: shakes hands, answers the first bytes with "hello", closes properly.
  static void greet(Peer& peer) {
    if (!peer.handshake()) return;
    if (!peer.read().empty()) peer.write("hello");
    peer.close_notify();
    peer.linger_on();
  }

  explicit TlsServer(const Identity& identity, Part part = greet, ServerSettings settings = {}, std::uint16_t port = 0)
      : identity_(identity), part_(std::move(part)), settings_(std::move(settings)), listener_("127.0.0.1", port) {
    configure();
    thread_ = std::thread([this] {
      run();
    });
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() {
    stop_ = true;
    ::shutdown(listener_.handle(), SHUT_RDWR);
    thread_.join();
    mbedtls_ssl_config_free(&config_);
    chain_.raw = own_leaf_;
    mbedtls_x509_crt_free(&chain_);
    mbedtls_ssl_ticket_free(&tickets_);
  }

  std::uint16_t port() const { return listener_.port(); }
  int connections() const { return connections_; }
  int resumptions() const { return resumptions_; }
  // The name of the last ClientHello's SNI; empty when it had none.
  std::string asked_name() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return asked_name_;
  }

 private:
  void configure() {
    mbedtls_ssl_config_init(&config_);
    mbedtls_x509_crt_init(&chain_);
    mbedtls_ssl_ticket_init(&tickets_);
    must(mbedtls_ssl_config_defaults(
             &config_, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) == 0);
    for (const std::string& one : identity_.chain) {
      must(mbedtls_x509_crt_parse_der(&chain_, reinterpret_cast<const unsigned char*>(one.data()), one.size()) == 0);
    }
    own_leaf_ = chain_.raw;
    if (!settings_.shown.empty()) {
      chain_.raw.p = reinterpret_cast<unsigned char*>(settings_.shown.data());
      chain_.raw.len = settings_.shown.size();
    }
    Key* key = settings_.other_key ? settings_.other_key.get() : identity_.key.get();
    must(mbedtls_ssl_conf_own_cert(&config_, &chain_, &key->pk) == 0);
    mbedtls_ssl_conf_rng(&config_, mbedtls_ctr_drbg_random, &random_.drbg);
    mbedtls_ssl_conf_sni(&config_, note_name, this);
    must(mbedtls_ssl_ticket_setup(
             &tickets_, mbedtls_ctr_drbg_random, &random_.drbg, MBEDTLS_CIPHER_AES_256_GCM, 3600) == 0);
    mbedtls_ssl_conf_session_tickets_cb(&config_, mbedtls_ssl_ticket_write_through, note_ticket, this);
    if (!settings_.protocols.empty()) must(mbedtls_ssl_conf_alpn_protocols(&config_, settings_.protocols.data()) == 0);
    if (settings_.ciphersuites) mbedtls_ssl_conf_ciphersuites(&config_, settings_.ciphersuites);
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    if (settings_.renegotiate) mbedtls_ssl_conf_renegotiation(&config_, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
#endif
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    mbedtls_ssl_conf_max_version(
        &config_, MBEDTLS_SSL_MAJOR_VERSION_3, settings_.max_minor > 3 ? 3 : settings_.max_minor);
    mbedtls_ssl_conf_min_version(&config_, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_1);
#else
    if (settings_.max_minor < 4) mbedtls_ssl_conf_max_tls_version(&config_, MBEDTLS_SSL_VERSION_TLS1_2);
#endif
  }

  void run() {
    for (;;) {
      const int socket = ::accept(listener_.handle(), nullptr, nullptr);
      if (stop_ || socket < 0) {
        if (socket >= 0) ::close(socket);
        return;
      }
      ++connections_;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        asked_name_.clear();
      }
      Peer peer(socket, &config_);
      part_(peer);
    }
  }

  static int note_name(void* self, mbedtls_ssl_context*, const unsigned char* name, std::size_t size) {
    auto& me = *static_cast<TlsServer*>(self);
    const std::lock_guard<std::mutex> lock(me.mutex_);
    me.asked_name_.assign(reinterpret_cast<const char*>(name), size);
    return 0;
  }

  static int mbedtls_ssl_ticket_write_through(void* self, const mbedtls_ssl_session* session, unsigned char* start,
      const unsigned char* end, std::size_t* size, std::uint32_t* lifetime) {
    return mbedtls_ssl_ticket_write(&static_cast<TlsServer*>(self)->tickets_, session, start, end, size, lifetime);
  }

  static int note_ticket(void* self, mbedtls_ssl_session* session, unsigned char* ticket, std::size_t size) {
    auto& me = *static_cast<TlsServer*>(self);
    const int code = mbedtls_ssl_ticket_parse(&me.tickets_, session, ticket, size);
    if (code == 0) ++me.resumptions_;
    return code;
  }

  Identity identity_;
  Part part_;
  ServerSettings settings_;
  Random random_;
  mbedtls_ssl_config config_;
  mbedtls_x509_crt chain_;
  mbedtls_x509_buf own_leaf_;
  mbedtls_ssl_ticket_context tickets_;
  Listener listener_;
  mutable std::mutex mutex_;
  std::string asked_name_;
  std::atomic<int> connections_{0};
  std::atomic<int> resumptions_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace test
