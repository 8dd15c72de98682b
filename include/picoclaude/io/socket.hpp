// The default socket: TCP over POSIX or Winsock, as a byte transport.
//
// Every call returns at once, except one: the lookup of a name (getaddrinfo) blocks for as long as the system takes.
// A numeric host needs no lookup, and resolve_with() replaces it. The addresses are tried one after the other.
#pragma once
#include "transport.hpp"

#if defined(_WIN32) || __has_include(<sys/socket.h>)
#include "socket_os.hpp"

PICOCLAUDE_BEGIN

class Socket {
 public:
  // Finds the addresses of a host: ok() when `found` is filled, wait() to be asked again later, failed(...) otherwise.
  using Resolve = Io (*)(void* context, const char* host, Addresses& found);

  static constexpr bool is_plaintext = true;

  Socket() = default;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { close(); }

  // True (the default): wait() sleeps, so next() blocks until there is something. False: next() never waits.
  void blocking(bool on) { blocking_ = on; }

  // Looks names up in your own way: with a cache, an asynchronous resolver, a fixed table. nullptr: the system's.
  // Lifetime: `context` must outlive the socket.
  void resolve_with(Resolve resolver, void* context = nullptr) {
    resolve_ = resolver;
    context_ = context;
  }

  // Errors: name_not_found (native: the code of getaddrinfo), connect_failed (native: errno of the last address).
  Io open(const char* host, std::uint16_t port) {
    noticed_ = false;
    if (state_ == State::open) close();
    if (state_ == State::idle || state_ == State::resolving) {
      const Io found = resolve(host);
      if (found.kind() != Io::Kind::ok) return found;
      state_ = State::connecting;
      address_ = 0;
    }
    return connect(port);
  }

  // Errors: connection_lost, transport_failed; native: errno.
  Io send(const char* data, std::size_t size) {
    noticed_ = false;
    if (state_ != State::open) return Io::failed(Error::connection_lost);
    if (size == 0) return Io::wait();
    const std::int64_t sent = again([&] {
      return detail::os::send_some(socket_, data, at_most(size));
    });
    if (sent > 0) return Io::moved(static_cast<std::size_t>(sent));
    const int code = detail::os::last_error();
    if (sent == 0 || detail::os::would_block(code)) return wants_write_ = true, Io::wait();
    return fault(code);
  }

  // Errors: as send.
  Io recv(char* data, std::size_t room) {
    noticed_ = false;
    if (state_ != State::open) return Io::failed(Error::connection_lost);
    if (room == 0) return Io::wait();
    const std::int64_t got = again([&] {
      return detail::os::recv_some(socket_, data, at_most(room));
    });
    if (got > 0) return Io::moved(static_cast<std::size_t>(got));
    if (got == 0) return Io::closed();
    const int code = detail::os::last_error();
    if (detail::os::would_block(code)) return wants_read_ = true, Io::wait();
    return fault(code);
  }

  void close() {
    drop();
    addresses_.clear();
    state_ = State::idle;
  }

  std::uint32_t now_ms() { return detail::os::now_ms(); }

  // Sleeps until what the last calls waited for can go on. A signal ends the sleep early, with true.
  bool wait(std::uint32_t at_most_ms) {
    if (!blocking_) return false;
    // Nobody took what the last wait told of (a server's goodbye during a pause, say): do not spin on it.
    if (socket_ == detail::os::no_handle || noticed_) return detail::os::sleep(pause_ms(at_most_ms)), true;
    const bool connecting = state_ == State::connecting;
    const bool write = connecting || wants_write_;
    const bool read = !connecting && (wants_read_ || !write);
    wants_read_ = wants_write_ = false;
    if (connecting && !on_last_address() && share_left_ms() < at_most_ms) at_most_ms = share_left_ms();
    noticed_ = detail::os::ready(socket_, read, write, at_most_ms);
    return true;
  }

 private:
  enum class State : std::uint8_t { idle, resolving, connecting, open };

  // 1 GB: fits into every platform's int.
  static std::size_t at_most(std::size_t size) { return size < 0x40000000 ? size : 0x40000000; }

  template <class Call>
  static std::int64_t again(Call call) {
    std::int64_t result = call();
    while (result < 0 && detail::os::interrupted(detail::os::last_error())) result = call();
    return result;
  }

  static Io fault(int code) {
    return Io::failed(detail::os::is_lost(code) ? Error::connection_lost : Error::transport_failed, code);
  }

  // A resolver of yours cannot wake us: it is asked again every 10 ms.
  std::uint32_t pause_ms(std::uint32_t at_most_ms) const {
    return state_ == State::resolving && at_most_ms > 10 ? 10 : at_most_ms;
  }

  Io resolve(const char* host) {
    if (const int code = startup_.start()) return Io::failed(Error::transport_failed, code);
    if (state_ == State::idle) addresses_.clear();
    const Address numeric = read_address(host);
    if (numeric.size != 0) {
      addresses_.add(numeric);
    } else if (resolve_ != nullptr) {
      const Io answer = resolve_(context_, host, addresses_);
      state_ = answer.kind() == Io::Kind::wait ? State::resolving : State::idle;
      if (answer.kind() == Io::Kind::closed) return Io::failed(Error::name_not_found);
      if (answer.kind() == Io::Kind::wait || answer.kind() == Io::Kind::failed) return answer;
    } else if (const int code = detail::os::look_up(host, addresses_)) {
      return Io::failed(Error::name_not_found, code);
    }
    return addresses_.size() != 0 ? Io::ok() : Io::failed(Error::name_not_found);
  }

  Io connect(std::uint16_t port) {
    int code = 0;
    for (; address_ < addresses_.size(); ++address_) {
      code = socket_ == detail::os::no_handle ? start(port) : progress();
      if (code == 0) {
        detail::os::no_delay(socket_);
        state_ = State::open;
        return Io::ok();
      }
      if (detail::os::in_progress(code)) return Io::wait();
      drop();
    }
    close();
    return Io::failed(Error::connect_failed, code);
  }

  // The next address. 0: connected; else the platform's code, which may say that it is in progress.
  int start(std::uint16_t port) {
    socket_ = detail::os::open_socket(addresses_[address_].size == 4 ? AF_INET : AF_INET6);
    if (socket_ == detail::os::no_handle) return detail::os::last_error();
    started_ms_ = detail::os::now_ms();
    in_progress_ = detail::os::connect(socket_, addresses_[address_], port);
    return in_progress_;
  }

  int progress() {
    if (detail::os::ready(socket_, false, true, 0)) return detail::os::connect_result(socket_);
    return !on_last_address() && share_left_ms() == 0 ? detail::os::timed_out : in_progress_;
  }

  bool on_last_address() const { return address_ + 1u >= addresses_.size(); }

  // Addresses share 12 s, at most 4 s and at least 1 s each. The last one may take what the Client's deadline leaves.
  std::uint32_t share_left_ms() const {
    const std::uint32_t fair = 12000u / static_cast<std::uint32_t>(addresses_.size());
    const std::uint32_t share = fair < 1000 ? 1000 : fair > 4000 ? 4000 : fair;
    const std::uint32_t used = detail::os::now_ms() - started_ms_;
    return used < share ? share - used : 0;
  }

  void drop() {
    if (socket_ != detail::os::no_handle) detail::os::close_socket(socket_);
    socket_ = detail::os::no_handle;
    wants_read_ = wants_write_ = noticed_ = false;
  }

  Resolve resolve_ = nullptr;
  void* context_ = nullptr;
  Addresses addresses_;
  std::size_t address_ = 0;
  std::uint32_t started_ms_ = 0;
  int in_progress_ = 0;  // the platform's code of the connect() that runs
  detail::os::Handle socket_ = detail::os::no_handle;
  detail::os::Startup startup_;
  State state_ = State::idle;
  bool blocking_ = true;
  bool wants_read_ = false;
  bool wants_write_ = false;
  bool noticed_ = false;  // wait() told that bytes may move, and nobody has looked since
};

PICOCLAUDE_END

#else

PICOCLAUDE_BEGIN
class Socket;  // this platform has no sockets: hand over a byte transport of your own
PICOCLAUDE_END

#endif
