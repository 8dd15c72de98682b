// Writes the head of an HTTP/1.1 request (RFC 9112) into a window.
#pragma once
#include "../base/window.hpp"
#include "url.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// `fixed` ends with ": " and is ours; `value` is anybody's: bad_header when it could end the line.
constexpr void http_header(Window& window, Literal fixed, string_view value) {
  if (value.empty()) return;
  window.raw(fixed);
  window.header(value);
  window.raw("\r\n");
}

constexpr void http_header(Window& window, Literal fixed, std::uint32_t value) {
  window.raw(fixed);
  window.number(value);
  window.raw("\r\n");
}

constexpr bool is_header_name(string_view name) {
  if (name.empty()) return false;
  for (const char c : name) {
    if (!is_digit(c) && (c < 'a' || c > 'z') && c != '-') return false;
  }
  return true;
}

// Ends the request line and names the host.
constexpr void http_host(Window& window, const Origin& origin) {
  window.raw(" HTTP/1.1\r\nhost: ");
  window.raw(origin.authority());
  window.raw("\r\n");
}

}  // namespace detail
PICOCLAUDE_END
