// The default transport: TLS 1.2 and 1.3 by mbedTLS, over the default socket or any other byte transport.
//
//   MbedtlsTransport tls{system_roots()};            // over a Socket of its own
//   MbedtlsTransport tls{pem_roots(text), modem};    // over yours, by reference; an rvalue is taken over
//
// The certificate and the host name are always checked; nothing here can switch that off. Connections to the same host
// and port resume the last TLS session, others never do.
//
// Memory: the object is large (mbedTLS's contexts: 40 KB with Debian's 2.28.3, 2 KB with many others): make it static
// on a small system. mbedTLS takes its heap when open() is called and gives back all but the roots, the settings and
// one session at close(). While bytes stream, 2.28 and 3.6 allocate nothing; 4.x allocates for each record.
//
// mbedTLS 2.28, 3.6 and 4.x. The tests run with 2.28.3. By hand, on 2026-11-22: the same tests with 3.6.6; with 4.0.0 full
// and resumed handshakes with an OpenSSL server in TLS 1.2 and 1.3, and wrong hosts. Take 2.28.10, 3.6.3 or later where
// you can: earlier ones have known holes.
#pragma once
#include "mbedtls_session.hpp"
#include "mbedtls_setup.hpp"
#include "socket.hpp"

PICOCLAUDE_BEGIN

// A clock before this moment was never set: dates cannot be checked. 2026-01-01T00:00:00Z.
inline constexpr std::int64_t tls_clock_floor = 1767225600;

template <class Below = Socket>
class MbedtlsTransport {
 public:
  static constexpr bool tells_end = true;  // closed() is a close_notify

  // Lifetime: what `roots` views must outlive the transport.
  explicit MbedtlsTransport(const Roots& roots) : roots_(roots) { check(); }
  // Over a transport of yours. Lifetime: an lvalue is kept by reference.
  MbedtlsTransport(const Roots& roots, Below&& below) : below_(static_cast<Below&&>(below)), roots_(roots) { check(); }
  MbedtlsTransport(const MbedtlsTransport&) = delete;
  MbedtlsTransport& operator=(const MbedtlsTransport&) = delete;
  ~MbedtlsTransport() { close(); }

  // The transport that carries the TLS records, for its own settings.
  std::remove_reference_t<Below>& below() { return below_; }

  // Does next() block, or does it tick? See Socket::blocking.
  void blocking(bool on) { below_.blocking(on); }

  // Connects and shakes hands, in slices of about a millisecond and one step.
  // Errors: those of the transport below; tls_*; no_roots, bad_roots, bad_setup; bad_base_url for an empty or too long
  // host. Native: mbedTLS's code, or its verify flags where the certificate was refused.
  Io open(const char* host, std::uint16_t port) {
    if (state_ != State::idle && !session_.belongs_to(host, port)) close();
    if (state_ == State::open) return Io::ok();
    if (state_ == State::idle) {
      const Io begun = begin(host, port);
      if (begun.kind() != Io::Kind::ok) return begun;
    }
    if (state_ == State::connecting) {
      Io connected = below_.open(session_.host(), port);
      if (connected.kind() == Io::Kind::wait) return connected;
      if (connected.kind() == Io::Kind::closed) connected = Io::failed(Error::connect_failed);
      if (connected.kind() == Io::Kind::ok) connected = start_tls();
      if (connected.kind() != Io::Kind::ok) return close(), connected;
    }
    return handshake();
  }

  // Bytes that moved are in a TLS record; what the transport below has not taken of it leaves with the next call of
  // send or recv. So there is no rule about repeating a call with the same arguments.
  Io send(const char* data, std::size_t size) {
    if (!is_alive()) return ended();
    if (size == 0) return Io::wait();
    const Io flushed = flush();
    if (flushed.kind() != Io::Kind::ok) return flushed;
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    if (detail::is_tls13(ssl_) && !take_tickets()) return ended_;
#endif
    const int room = mbedtls_ssl_get_max_out_record_payload(&ssl_);
    if (room > 0 && size > static_cast<std::size_t>(room)) size = static_cast<std::size_t>(room);
    const int code = write(data, size);
    if (code > 0) return Io::moved(static_cast<std::size_t>(code));
    return code == MBEDTLS_ERR_SSL_WANT_WRITE ? Io::moved(size) : write_fault(code);
  }

  // A bare end under TLS is connection_lost: anybody on the way could have sent it.
  Io recv(char* data, std::size_t room) {
    if (!is_alive()) return ended();
    if (room == 0) return Io::wait();
    const Io flushed = flush();
    const int code = read(data, room);
    if (code > 0) return Io::moved(static_cast<std::size_t>(code));
    // What the server said before the connection broke on our side comes first.
    if (detail::waits(code)) return flushed.kind() == Io::Kind::failed ? flushed : Io::wait();
    return ended_ = read_end(code);
  }

  void close() {
    if (state_ == State::open && ended_.kind() != Io::Kind::failed) mbedtls_ssl_close_notify(&ssl_);
    if (state_ >= State::handshaking) mbedtls_ssl_free(&ssl_);
    below_.close();
    state_ = State::idle;
    unflushed_ = computing_ = false;
    ended_ = send_fault_ = Io::wait();
  }

  std::uint32_t now_ms() { return below_.now_ms(); }

  template <class B = Below, std::enable_if_t<detail::HasWait<B>::value, int> = 0>
  bool wait(std::uint32_t at_most_ms) {
    return below_.wait(computing_ ? 0 : at_most_ms);
  }

 private:
  enum class State : std::uint8_t { idle, connecting, handshaking, open };

  // Tickets are for later connections. Their number in one call is bounded, so that nobody can keep us here.
  static constexpr unsigned max_tickets = 16;

  static constexpr void check() { detail::check_transport<std::remove_reference_t<Below>>(); }

  bool is_alive() const { return state_ == State::open && ended_.kind() == Io::Kind::wait; }
  Io ended() const { return state_ == State::open ? ended_ : Io::failed(Error::connection_lost); }

  Io begin(const char* host, std::uint16_t port) {
    // An empty name must not reach mbedTLS: 2.28.3 would take any valid certificate.
    if (!session_.belong_to(host, port)) return Io::failed(Error::bad_base_url);
    if (static_cast<std::int64_t>(mbedtls_time(nullptr)) < tls_clock_floor) return Io::failed(Error::tls_clock_not_set);
    const Io prepared = setup_.prepare(roots_, address_);
    if (prepared.kind() != Io::Kind::ok) return prepared;
    address_ = read_address(session_.host());
    state_ = State::connecting;
    return Io::ok();
  }

  Io start_tls() {
    mbedtls_ssl_init(&ssl_);
    state_ = State::handshaking;
    int code = mbedtls_ssl_setup(&ssl_, &setup_.config());
    // A numeric host is neither sent as a name (RFC 6066) nor compared as one: detail::check_names does it.
    if (code == 0) code = mbedtls_ssl_set_hostname(&ssl_, address_.size != 0 ? nullptr : session_.host());
    if (code != 0) return Io::failed(detail::tls_error(code), code);
    mbedtls_ssl_set_bio(&ssl_, this, send_below, recv_below, nullptr);
    session_.resume(ssl_);
    return Io::ok();
  }

  // Steps that cost nothing run together; a call ends with the millisecond, so that a tick never pays for it all.
  Io handshake() {
    const std::uint32_t start = now_ms();
    int code = 0;
    do {
      code = mbedtls_ssl_handshake_step(&ssl_);
    } while (code == 0 && !detail::is_over(ssl_) && now_ms() == start);
    computing_ = code != MBEDTLS_ERR_SSL_WANT_READ && code != MBEDTLS_ERR_SSL_WANT_WRITE;
    if (code != 0 && !detail::waits(code)) {
      const Io refused = handshake_fault(code);
      session_.forget();
      close();
      return refused;
    }
    if (code != 0 || !detail::is_over(ssl_)) return Io::wait();
    computing_ = false;
    state_ = State::open;
    if (!detail::is_tls13(ssl_)) session_.keep(ssl_);  // TLS 1.3: with its ticket, later
    return Io::ok();
  }

  Io handshake_fault(int code) const {
    const std::uint32_t flags = mbedtls_ssl_get_verify_result(&ssl_);
    if (flags != 0 && flags != 0xFFFFFFFF) {
      return Io::failed(detail::certificate_error(flags), static_cast<std::int32_t>(flags));
    }
    if (code != MBEDTLS_ERR_SSL_CONN_EOF) return Io::failed(detail::tls_error(code), code);
    return send_fault_.kind() == Io::Kind::failed ? send_fault_ : recv_fault_;
  }

  // Past tickets; a write meets one that a read has begun.
  template <class Step>
  int step(Step once) {
    int code = once();
#if defined(MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
    for (unsigned tickets = 0; code == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET && tickets < max_tickets;
         ++tickets) {
      session_.keep(ssl_);
      code = once();
    }
#endif
    if (code == MBEDTLS_ERR_SSL_WANT_WRITE) unflushed_ = true;
    return code;
  }

  int read(char* data, std::size_t room) {
    return step([&] {
      return mbedtls_ssl_read(&ssl_, reinterpret_cast<unsigned char*>(data), room);
    });
  }

  Io read_end(int code) const {
    if (code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) return Io::closed();
    if (code == 0 || code == MBEDTLS_ERR_SSL_CONN_EOF) return recv_fault_;
    return Io::failed(Error::tls_failed, code);
  }

#if MBEDTLS_VERSION_NUMBER >= 0x03000000
  // With output waiting, mbedTLS reads nothing behind a ticket. So tickets are taken in front of each write: an answer
  // in mid-upload must not hide behind them. Bytes of the answer stay where they are. False: it ended.
  bool take_tickets() {
    char nothing = 0;
    const int code = read(&nothing, 0);
    if (code >= 0 || detail::waits(code) || code == MBEDTLS_ERR_SSL_CONN_EOF) return true;
    ended_ = read_end(code);
    return false;
  }
#endif

  int write(const char* data, std::size_t size) {
    return step([&] {
      return mbedtls_ssl_write(&ssl_, reinterpret_cast<const unsigned char*>(data), size);
    });
  }

  Io write_fault(int code) {
    if (detail::waits(code)) return Io::wait();
    if (code == MBEDTLS_ERR_SSL_CONN_EOF) return send_fault_;
    return ended_ = Io::failed(Error::tls_failed, code);
  }

  // Lets mbedTLS hand over the rest of a record. With nothing left it sends an empty record, which is harmless.
  Io flush() {
    if (send_fault_.kind() == Io::Kind::failed) return send_fault_;
    if (!unflushed_) return Io::ok();
    const int code = write("", 0);
    if (code < 0) return write_fault(code);
    unflushed_ = false;
    return Io::ok();
  }

  static int send_below(void* self, const unsigned char* data, std::size_t size) {
    auto& me = *static_cast<MbedtlsTransport*>(self);
    // Once sending failed, mbedTLS is told that it did not, or it would not read on.
    if (me.send_fault_.kind() == Io::Kind::failed) return static_cast<int>(size);
    const Io io = me.below_.send(reinterpret_cast<const char*>(data), size);
    return told(io, size, MBEDTLS_ERR_SSL_WANT_WRITE, me.send_fault_);
  }

  static int recv_below(void* self, unsigned char* data, std::size_t room) {
    auto& me = *static_cast<MbedtlsTransport*>(self);
    const Io io = me.below_.recv(reinterpret_cast<char*>(data), room);
    return told(io, room, MBEDTLS_ERR_SSL_WANT_READ, me.recv_fault_);
  }

  // Io -> what mbedTLS expects of its callbacks. The reason of an end is kept for whoever called mbedTLS.
  static int told(Io io, std::size_t asked, int wait_code, Io& fault) {
    if (io.kind() == Io::Kind::wait) return wait_code;
    if (io.kind() == Io::Kind::moved && io.size() != 0 && io.size() <= asked) return static_cast<int>(io.size());
    fault = io;
    if (io.kind() == Io::Kind::closed) fault = Io::failed(Error::connection_lost);
    if (io.kind() == Io::Kind::moved || io.kind() == Io::Kind::ok) fault = Io::failed(Error::transport_broken);
    return MBEDTLS_ERR_SSL_CONN_EOF;
  }

  Below below_;
  Roots roots_;
  detail::MbedtlsSetup setup_;
  detail::MbedtlsSession session_;
  mbedtls_ssl_context ssl_;
  Io recv_fault_ = Io::failed(Error::connection_lost);
  Io send_fault_ = Io::wait();  // failed: nothing more can be sent
  Io ended_ = Io::wait();       // what recv() told last; wait: it goes on
  Address address_;             // of a numeric host
  State state_ = State::idle;
  bool unflushed_ = false;  // mbedTLS may hold the rest of a record
  bool computing_ = false;  // the handshake goes on without waiting for bytes
};

// An lvalue stays where it is, an rvalue moves in.
template <class Below>
MbedtlsTransport(const Roots&, Below&&) -> MbedtlsTransport<Below>;

PICOCLAUDE_END
