// Writes base64 (RFC 4648, section 4: standard letters, padding, no line breaks) into a window.
#pragma once
#include "../base/window.hpp"

PICOCLAUDE_BEGIN
namespace detail {

constexpr char base64_letter(std::uint32_t bits) {
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[bits & 63];
}

// `get(offset, out, size)` gives exactly `size` bytes, or answers false.
template <class Get>
constexpr bool encode_base64(Window& window, std::uint32_t total, Get get) {
  if (window.measuring()) return window.count_groups(total, 3, 4);
  while (window.offset() < total) {
    const std::uint32_t left = total - window.offset();
    const unsigned size = left < 3 ? static_cast<unsigned>(left) : 3;
    char three[3] = {};
    if (!get(window.offset(), three, size)) {
      window.fail(Error::request_changed);
      return false;
    }
    std::uint32_t bits = 0;
    for (const char c : three) bits = bits << 8 | static_cast<unsigned char>(c);
    const char four[4] = {base64_letter(bits >> 18), base64_letter(bits >> 12),
        size < 2 ? '=' : base64_letter(bits >> 6), size < 3 ? '=' : base64_letter(bits)};
    if (!window.unit(four, 4, size)) return false;
  }
  return true;
}

}  // namespace detail

constexpr void base64(Window& window, string_view bytes) {
  if (!window.begin()) return;
  window.end(detail::encode_base64(
      window, static_cast<std::uint32_t>(bytes.size()), [bytes](std::uint32_t offset, char* out, unsigned size) {
        for (unsigned i = 0; i < size; ++i) out[i] = bytes[offset + i];
        return true;
      }));
}

// The bytes come from a source, at most 3 at a time.
inline void base64(Window& window, const Source& source) {
  if (!window.begin()) return;
  window.end(detail::encode_base64(window, source.size, [&source](std::uint32_t offset, char* out, unsigned size) {
    unsigned got = 0;
    while (got < size) {
      const std::size_t some = source.read(source.context, offset + got, out + got, size - got);
      if (some == 0 || some > size - got) return false;
      got += static_cast<unsigned>(some);
    }
    return true;
  }));
}

PICOCLAUDE_END
