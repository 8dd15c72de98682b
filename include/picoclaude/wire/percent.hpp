// Writes a segment of a path or a value of a query (RFC 3986, section 2.1) into a window.
#pragma once
#include "../base/window.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"
constexpr bool is_unreserved(char c) {
  const char low = to_lower(c);
  return is_digit(c) || (low >= 'a' && low <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
}

constexpr bool percent_encode(Window& window, string_view text) {
  while (window.offset() < text.size()) {
    const char c = text[window.offset()];
    const auto byte = static_cast<unsigned char>(c);
    const char bytes[3] = {is_unreserved(c) ? c : '%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
    if (!window.unit(bytes, is_unreserved(c) ? 1 : 3, 1)) return false;
  }
  return true;
}

}  // namespace detail

// All but unreserved letters as %XX, the slash too.
constexpr void percent_encoded(Window& window, string_view text) {
  if (window.begin()) window.end(detail::percent_encode(window, text));
}

// May the text stand as a segment of a path? Empty, "." and ".." would name something else.
constexpr bool is_path_segment(string_view text) { return !text.empty() && !equal(text, ".") && !equal(text, ".."); }

PICOCLAUDE_END
