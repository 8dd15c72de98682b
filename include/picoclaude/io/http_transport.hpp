// The HTTP transport: for hosts that own HTTP (engines, consoles, browsers) and hand no sockets out. Any class with these
// members is one:
//
//   static constexpr bool follows_redirects = false;     // a redirect would carry the key to another host
//   Io start(const char* method, const char* url);       // a request begins
//   Io header(const char* name, const char* value);      // of the request, one at a time; the name is in lower case
//   Io begin_body(std::uint32_t size);                   // no more headers; so many bytes follow; 0: none
//   Io send(const char* data, std::size_t size);         // takes some bytes of the body
//   Io status(std::uint16_t& code);                      // of the answer, once it is known
//   Io next_header(string_view& name, string_view& value);  // of the answer; an empty name: there are no more
//   Io recv(char* data, std::size_t room);               // gives some bytes of the answer's body, without its framing
//   void close();                                        // cancels what runs; at any time, also twice
//   std::uint32_t now_ms();                              // any origin, may wrap
//   bool wait(std::uint32_t at_most_ms);                 // only for programs that want to block, see transport.hpp
//   static constexpr bool decodes_content = true;        // only when recv() gives bytes without their content-encoding
//
// Every call returns at once: ok() (send and recv: moved), wait() to be called again with equal arguments, or failed().
// recv() answers closed() only when the host knows that the body is complete. A host that pushes is paused by its
// adapter, or its bytes are kept in a bounded ring of the adapter; a full ring is failed(). connect_failed,
// connect_timeout and name_not_found are answered only when no byte of the request left. The time-out of connecting is
// the host's: Config::connect_ms is not asked; first_byte_ms and the later ones hold.
//
// How hosts map to it stands in docs/http_transports.md, with two that are tested: libcurl and the browser's fetch.
#pragma once
#include "transport.hpp"

PICOCLAUDE_BEGIN
namespace detail {

template <class T, class = void>
struct HasHeader : std::false_type {};
template <class T>
struct HasHeader<T,
    std::enable_if_t<std::is_same_v<Io,
        decltype(std::declval<T&>().header(static_cast<const char*>(nullptr), static_cast<const char*>(nullptr)))>>>
    : std::true_type {};

template <class T, class = void>
struct HasBeginBody : std::false_type {};
template <class T>
struct HasBeginBody<T, std::enable_if_t<std::is_same_v<Io, decltype(std::declval<T&>().begin_body(std::uint32_t{}))>>>
    : std::true_type {};

template <class T, class = void>
struct HasStatus : std::false_type {};
template <class T>
struct HasStatus<T,
    std::enable_if_t<std::is_same_v<Io, decltype(std::declval<T&>().status(std::declval<std::uint16_t&>()))>>>
    : std::true_type {};

template <class T, class = void>
struct HasNextHeader : std::false_type {};
template <class T>
struct HasNextHeader<T,
    std::enable_if_t<std::is_same_v<Io,
        decltype(std::declval<T&>().next_header(std::declval<string_view&>(), std::declval<string_view&>()))>>>
    : std::true_type {};

template <class T, class = void>
struct DecodesContent : std::false_type {};
template <class T>
struct DecodesContent<T, std::enable_if_t<T::decodes_content>> : std::true_type {};

// Names what is missing, one message a member.
template <class T>
constexpr void check_http_transport() {
  if constexpr (DeclaresRedirects<T>::value) {
    static_assert(!T::follows_redirects, "an HTTP transport must not follow redirects: the key belongs to one host");
  } else {
    static_assert(DeclaresRedirects<T>::value,
        "an HTTP transport needs: static constexpr bool follows_redirects = false, and to keep that promise");
  }
  static_assert(HasStart<T>::value, "an HTTP transport needs: Io start(const char* method, const char* url)");
  static_assert(HasHeader<T>::value, "an HTTP transport needs: Io header(const char* name, const char* value)");
  static_assert(HasBeginBody<T>::value, "an HTTP transport needs: Io begin_body(std::uint32_t size)");
  static_assert(HasSend<T>::value, "an HTTP transport needs: Io send(const char* data, std::size_t size)");
  static_assert(HasStatus<T>::value, "an HTTP transport needs: Io status(std::uint16_t& code)");
  static_assert(
      HasNextHeader<T>::value, "an HTTP transport needs: Io next_header(string_view& name, string_view& value)");
  static_assert(HasRecv<T>::value, "an HTTP transport needs: Io recv(char* data, std::size_t room)");
  static_assert(HasClose<T>::value, "an HTTP transport needs: void close()");
  static_assert(HasNow<T>::value, "an HTTP transport needs: std::uint32_t now_ms()");
}

}  // namespace detail
PICOCLAUDE_END
