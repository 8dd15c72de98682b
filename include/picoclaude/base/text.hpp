// Helpers for text that cannot throw, and the shape of UTF-8 (RFC 3629).
#pragma once
#include <cstring>

#include "view.hpp"

PICOCLAUDE_BEGIN
namespace detail {

constexpr bool constant_evaluated() {
#if defined(__GNUC__) && (__GNUC__ >= 9 || defined(__clang__))
  return __builtin_is_constant_evaluated();
#else
  return false;
#endif
}

}  // namespace detail

// A string literal. Unlike a string_view it needs no code to know its size, at any level of optimization; a small machine
// counts it where it is used, and passes one argument less.
class Literal {
 public:
  template <std::size_t N>
#if PICOCLAUDE_WIDE
  PICOCLAUDE_INLINE constexpr Literal(const char (&text)[N]) : data_(text), size_(N - 1) {
  }
  PICOCLAUDE_INLINE constexpr std::size_t size() const { return size_; }
#else
  PICOCLAUDE_INLINE constexpr Literal(const char (&text)[N]) : data_(text) {
  }
  constexpr std::size_t size() const {
    std::size_t size = 0;
    while (data_[size] != '\0') ++size;
    return size;
  }
#endif
  PICOCLAUDE_INLINE constexpr operator string_view() const { return {data_, size()}; }
  PICOCLAUDE_INLINE constexpr const char* data() const { return data_; }

 private:
  const char* data_;
#if PICOCLAUDE_WIDE
  std::size_t size_;
#endif
};

// What std::string_view::substr does, clamped instead of throwing.
constexpr string_view slice(string_view text, std::size_t from, std::size_t size = ~std::size_t{0}) {
  if (from > text.size()) from = text.size();
  if (size > text.size() - from) size = text.size() - from;
  return {text.data() + from, size};
}

constexpr bool equal(string_view a, string_view b) {
  if (a.size() != b.size()) return false;
#if PICOCLAUDE_WIDE
  if (!detail::constant_evaluated()) return a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0;
#endif
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

constexpr bool starts_with(string_view text, Literal start) {
  return text.size() >= start.size() && equal({text.data(), start.size()}, start);
}

constexpr std::size_t find(string_view text, char wanted) {
  std::size_t at = 0;
  while (at < text.size() && text[at] != wanted) ++at;
  return at;
}

namespace detail {

// As put(), one byte after the other: for the compiler.
constexpr char* put_each(char* to, string_view text) {
  for (const char c : text) *to++ = c;
  return to;
}

}  // namespace detail

// Copies `text` and answers where it ends. An empty view may point nowhere, which memcpy must not see.
constexpr char* put(char* to, string_view text) {
  if (detail::constant_evaluated()) return detail::put_each(to, text);
  if (!text.empty()) std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

constexpr bool is_digit(char c) { return static_cast<unsigned char>(c - '0') <= 9; }

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const int letter = (c | 0x20) - 'a';
  return static_cast<unsigned>(letter) < 6 ? letter + 10 : -1;
}

// Decimal digits and nothing else, below 2^32. False: something else.
constexpr bool parse_decimal(string_view text, std::uint32_t& value) {
  value = 0;
  for (const char c : text) {
    const auto digit = static_cast<std::uint32_t>(c - '0');
    if (digit > 9 || value > 429496729u || (value == 429496729u && digit > 5)) return false;
    value = value * 10 + digit;
  }
  return !text.empty();
}

// ---- UTF-8 ----------------------------------------------------------------------------------------------------------

// Bytes of the code point that `lead` starts: 1 to 4, or 0 when no code point starts so.
constexpr unsigned utf8_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte < 0xC2) return 0;
  if (byte < 0xE0) return 2;
  if (byte < 0xF0) return 3;
  return byte < 0xF5 ? 4 : 0;
}

// May `next` stand at place `at` (1 to 3) of a code point that `lead` starts? No overlong forms, no surrogates,
// nothing above U+10FFFF.
constexpr bool utf8_continues(char lead, unsigned at, char next) {
  const auto first = static_cast<unsigned char>(lead);
  const auto byte = static_cast<unsigned char>(next);
  if ((byte & 0xC0) != 0x80) return false;
  if (at != 1) return true;
  if (first == 0xE0) return byte >= 0xA0;
  if (first == 0xED) return byte < 0xA0;
  if (first == 0xF0) return byte >= 0x90;
  return first != 0xF4 || byte < 0x90;
}

// Writes a code point (not a surrogate, at most U+10FFFF) and returns its size, 1 to 4 bytes.
constexpr unsigned utf8_write(char* out, std::uint32_t code) {
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  unsigned size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (unsigned at = size - 1; at > 0; --at) {
    out[at] = static_cast<char>(0x80 | (code & 0x3F));
    code >>= 6;
  }
  out[0] = static_cast<char>((0xF00u >> size & 0xF0) | code);
  return size;
}

// The longest start of `text` of at most `room` bytes that cuts no code point.
constexpr std::size_t utf8_cut(string_view text, std::size_t room) {
  if (text.size() <= room) return text.size();
  while (room > 0 && (static_cast<unsigned char>(text[room]) & 0xC0) == 0x80) --room;
  return room;
}

PICOCLAUDE_END
