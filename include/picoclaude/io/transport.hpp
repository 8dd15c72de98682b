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

// The answer of a transport's call. It says what zero means: nothing is never a number. One word, so that a small machine
// hands it back in a register: how many bytes were moved; 0: wait; below 0: an Error in 7 bits and a native code in 24,
// or one of the last three values.
class Io {
 public:
  enum class Kind : std::uint8_t { moved, ok, wait, closed, failed };

  // Bytes were taken or given: at least 1, at most as many as were asked for, below 2 GiB. Anything else is
  // transport_broken.
  static constexpr Io moved(std::size_t size) {
    return Io(size - 1 < 0x7FFFFFFF ? static_cast<std::int32_t>(size) : nothing_moved);
  }
  // open() only: connected, and the other end is verified.
  static constexpr Io ok() { return Io(is_ok); }
  // Nothing can be done now; call again later.
  static constexpr Io wait() { return Io(0); }
  // The other end closed properly. With TLS this is a close_notify; a bare end under TLS is failed().
  static constexpr Io closed() { return Io(is_closed); }
  // Broken for good. `native` is the platform's own code, for Status::native; of it the lower 24 bits are kept.
  static constexpr Io failed(std::int32_t native) { return failed(Error::transport_failed, native); }
  static constexpr Io failed(Error error, std::int32_t native = 0) {
    const std::uint32_t high = 0x80u | static_cast<std::uint32_t>(error);
    return Io(static_cast<std::int32_t>(high << 24 | (static_cast<std::uint32_t>(native) & 0xFFFFFFu)));
  }

  constexpr bool operator==(Io io) const { return word_ == io.word_; }
  constexpr bool operator!=(Io io) const { return word_ != io.word_; }
  PICOCLAUDE_INLINE constexpr Kind kind() const {
    return word_ > 0             ? Kind::moved
        : word_ == 0             ? Kind::wait
        : word_ == is_ok         ? Kind::ok
        : word_ == is_closed     ? Kind::closed
        : word_ == nothing_moved ? Kind::moved
                                 : Kind::failed;
  }
  // Bytes were moved, at least 1 and at most so many.
  constexpr bool moved_within(std::size_t most) const { return word_ > 0 && size() <= most; }
  constexpr std::size_t size() const { return word_ > 0 ? static_cast<std::size_t>(word_) : 0; }
  constexpr Error error() const { return static_cast<Error>(static_cast<std::uint32_t>(word_) >> 24 & 0x7F); }
  constexpr std::int32_t native() const {
    return static_cast<std::int32_t>((static_cast<std::uint32_t>(word_) & 0xFFFFFFu) ^ 0x800000u) - 0x800000;
  }

 private:
  static constexpr std::int32_t is_ok = -1;
  static constexpr std::int32_t is_closed = -2;
  static constexpr std::int32_t nothing_moved = -3;

  constexpr explicit Io(std::int32_t word) : word_(word) {}

  std::int32_t word_;
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
