// Writes JSON strings (RFC 8259) into a window.
#pragma once
#include "../base/window.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// The byte at `from` as an escape, or the code point that starts there as it is.
constexpr bool escape_one(Window& window, const char* from, const char* end) {
  const char c = *from;
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80) {
    const unsigned size = utf8_size(c);
    bool good = size >= 2 && static_cast<std::size_t>(end - from) >= size;
    for (unsigned at = 1; good && at < size; ++at) good = utf8_continues(c, at, from[at]);
    if (good) return window.unit(from, size, size);
    window.fail(Error::bad_text);
    return false;
  }
  char bytes[6] = {'\\', 'u', '0', '0', '0', '0'};
  constexpr string_view shorts = "\"\\\b\f\n\r\t";
  const std::size_t place = find(shorts, c);
  if (place < shorts.size()) {
    bytes[1] = "\"\\bfnrt"[place];
    return window.unit(bytes, 2, 1);
  }
  bytes[4] = static_cast<char>('0' + (byte >> 4));
  bytes[5] = "0123456789abcdef"[byte & 15];
  return window.unit(bytes, 6, 1);
}

constexpr bool escape(Window& window, string_view text) {
  const char* const end = text.data() + text.size();
  while (window.offset() < text.size()) {
    const char* const from = text.data() + window.offset();
    const char* const stop = window.in_unit() ? from : skip_plain(from, end);
    if (stop == from) {
      if (!escape_one(window, from, end)) return false;
    } else if (!window.copy(from, static_cast<std::size_t>(stop - from))) {
      return false;
    }
  }
  return true;
}

}  // namespace detail

// What stands between the quotes of a JSON string. Not UTF-8: bad_text.
constexpr void json_escaped(Window& window, string_view text) {
  if (window.begin()) window.end(detail::escape(window, text));
}

// A JSON string with its quotes.
constexpr void json_string(Window& window, string_view text) {
  window.raw("\"");
  json_escaped(window, text);
  window.raw("\"");
}

// A member with a string value: `before` holds the comma and the name, as in `,"model":`. An empty value: no member.
constexpr void json_member(Window& window, Literal before, string_view value) {
  if (value.empty()) return;
  window.raw(before);
  json_string(window, value);
}

PICOCLAUDE_END
