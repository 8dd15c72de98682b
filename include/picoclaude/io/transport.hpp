// The byte transport: sockets, TLS stacks, modems. Any class with these members is one:
//
//   Io open(const char* host, std::uint16_t port);     // repeated with equal arguments until it answers other than wait
//   Io send(const char* data, std::size_t size);       // takes some of the bytes
//   Io recv(char* data, std::size_t room);             // gives some bytes
//   void close();                                      // at any time, also twice
//   std::uint32_t now_ms();                            // any origin, may wrap
//   bool wait(std::uint32_t at_most_ms);               // only for programs that want to block: sleep until bytes may
//                                                      // move or the time is over; false = give control back
//   static constexpr bool tells_end = true;            // only when closed() is an authenticated end (close_notify)
//   static constexpr bool is_plaintext = true;         // bytes leave without TLS: refused where a key would be sent
//
// Every call returns at once. What would take time answers Io::wait(). Nothing here throws.
#pragma once
#include <type_traits>
#include <utility>

#include "../base/error.hpp"

PICOCLAUDE_BEGIN

// The answer of a transport's call. It says what zero means: nothing is never a number.
class Io {
 public:
  enum class Kind : std::uint8_t { moved, ok, wait, closed, failed };

  // Bytes were taken or given: at least 1, at most as many as were asked for. Anything else is transport_broken.
  static constexpr Io moved(std::size_t size) { return {Kind::moved, Error::none, static_cast<std::uint32_t>(size)}; }
  // open() only: connected, and the other end is verified.
  static constexpr Io ok() { return {Kind::ok, Error::none, 0}; }
  // Nothing can be done now; call again later.
  static constexpr Io wait() { return {Kind::wait, Error::none, 0}; }
  // The other end closed properly. With TLS this is a close_notify; a bare end under TLS is failed().
  static constexpr Io closed() { return {Kind::closed, Error::none, 0}; }
  // Broken for good. `native` is the platform's own code, for Status::native.
  static constexpr Io failed(std::int32_t native) { return failed(Error::transport_failed, native); }
  static constexpr Io failed(Error error, std::int32_t native = 0) {
    return {Kind::failed, error, static_cast<std::uint32_t>(native)};
  }

  constexpr Kind kind() const { return kind_; }
  constexpr std::size_t size() const { return value_; }
  constexpr Error error() const { return error_; }
  constexpr std::int32_t native() const { return static_cast<std::int32_t>(value_); }

 private:
  constexpr Io(Kind kind, Error error, std::uint32_t value) : kind_(kind), error_(error), value_(value) {}

  Kind kind_;
  Error error_;
  std::uint32_t value_;
};

namespace detail {

template <class T, class = void>
struct HasOpen : std::false_type {};
template <class T>
struct HasOpen<T,
    std::enable_if_t<
        std::is_same_v<Io, decltype(std::declval<T&>().open(static_cast<const char*>(nullptr), std::uint16_t{}))>>>
    : std::true_type {};

template <class T, class = void>
struct HasSend : std::false_type {};
template <class T>
struct HasSend<T,
    std::enable_if_t<
        std::is_same_v<Io, decltype(std::declval<T&>().send(static_cast<const char*>(nullptr), std::size_t{}))>>>
    : std::true_type {};

template <class T, class = void>
struct HasRecv : std::false_type {};
template <class T>
struct HasRecv<T,
    std::enable_if_t<std::is_same_v<Io, decltype(std::declval<T&>().recv(static_cast<char*>(nullptr), std::size_t{}))>>>
    : std::true_type {};

template <class T, class = void>
struct HasClose : std::false_type {};
template <class T>
struct HasClose<T, std::void_t<decltype(std::declval<T&>().close())>> : std::true_type {};

template <class T, class = void>
struct HasNow : std::false_type {};
template <class T>
struct HasNow<T, std::enable_if_t<std::is_same_v<std::uint32_t, decltype(std::declval<T&>().now_ms())>>>
    : std::true_type {};

template <class T, class = void>
struct HasWait : std::false_type {};
template <class T>
struct HasWait<T, std::enable_if_t<std::is_same_v<bool, decltype(std::declval<T&>().wait(std::uint32_t{}))>>>
    : std::true_type {};

template <class T, class = void>
struct TellsEnd : std::false_type {};
template <class T>
struct TellsEnd<T, std::enable_if_t<T::tells_end>> : std::true_type {};

template <class T, class = void>
struct IsPlaintext : std::false_type {};
template <class T>
struct IsPlaintext<T, std::enable_if_t<T::is_plaintext>> : std::true_type {};

// A transport of the other kind says this of itself; see http_transport.hpp.
template <class T, class = void>
struct DeclaresRedirects : std::false_type {};
template <class T>
struct DeclaresRedirects<T, std::void_t<decltype(T::follows_redirects)>> : std::true_type {};

template <class T, class = void>
struct HasStart : std::false_type {};
template <class T>
struct HasStart<T,
    std::enable_if_t<std::is_same_v<Io,
        decltype(std::declval<T&>().start(static_cast<const char*>(nullptr), static_cast<const char*>(nullptr)))>>>
    : std::true_type {};

template <class T>
using OwnsHttp = std::disjunction<DeclaresRedirects<T>, HasStart<T>>;

// Names what is missing, one message a member.
template <class T>
constexpr void check_transport() {
  static_assert(HasOpen<T>::value, "a transport needs: Io open(const char* host, std::uint16_t port)");
  static_assert(HasSend<T>::value, "a transport needs: Io send(const char* data, std::size_t size)");
  static_assert(HasRecv<T>::value, "a transport needs: Io recv(char* data, std::size_t room)");
  static_assert(HasClose<T>::value, "a transport needs: void close()");
  static_assert(HasNow<T>::value, "a transport needs: std::uint32_t now_ms()");
}

// How a Client moves bytes through a transport: through the transport itself, or through an object of type Face that
// it keeps. `rest` is the part of the workspace that the Face leaves.
template <class T, class = void>
struct Seam {
#if !PICOCLAUDE_ENABLE_HTTP_TRANSPORT
  static_assert(
      !OwnsHttp<T>::value, "PICOCLAUDE_ENABLE_HTTP_TRANSPORT is 0: set it to 1 to use a transport that owns HTTP");
#endif
  using Face = T&;
  // After this error nothing can have left, although bytes were handed to send().
  static constexpr bool unsent(Error) { return false; }
  static constexpr Room rest(Room memory) { return memory; }
  template <class Config>
  static T& face(T& transport, Room, const Config&) {
    check_transport<T>();
    return transport;
  }
};

}  // namespace detail

PICOCLAUDE_END
