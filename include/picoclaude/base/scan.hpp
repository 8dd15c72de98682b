// Finds the next byte that matters, a word at a time where that pays.
#pragma once
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// The bytes of a JSON string that are not plain: the quote, the backslash, control bytes, and all of UTF-8's
// multi-byte forms (0x80 and above).
constexpr bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

// The first byte of [begin, end) that is not plain, or end. The byte loop is the definition, the rest is only faster.
constexpr const char* skip_plain(const char* begin, const char* end) {
#if PICOCLAUDE_WIDE
  if (!constant_evaluated()) {
#if defined(__SSE2__)
    while (end - begin >= 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin));
      // Signed comparison: 0x80 and above are negative, so "less than a space" finds them as well.
      const __m128i hits = _mm_or_si128(
          _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
          _mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')));
      const int mask = _mm_movemask_epi8(hits);
      if (mask != 0) return begin + __builtin_ctz(static_cast<unsigned>(mask));
      begin += 16;
    }
#endif
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t tops = ones << 7;
    while (end - begin >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, begin, sizeof word);
      const std::uint64_t quote = word ^ (ones * '"');
      const std::uint64_t slash = word ^ (ones * '\\');
      // In the lowest byte that is marked the mark is exact: nothing was borrowed from below it.
      const std::uint64_t marks =
          (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | (word - ones * 0x20) | word) & tops;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
      if (marks != 0) return begin + __builtin_ctzll(marks) / 8;
#else
      if (marks != 0) break;
#endif
      begin += 8;
    }
  }
#endif
  while (begin != end && is_plain(*begin)) ++begin;
  return begin;
}

// The first `wanted` of [begin, end), or end.
inline const char* find_byte(const char* begin, const char* end, char wanted) {
#if defined(__GNUC__)
  const void* const found = __builtin_memchr(begin, wanted, static_cast<std::size_t>(end - begin));
#else
  const void* const found = std::memchr(begin, wanted, static_cast<std::size_t>(end - begin));
#endif
  return found == nullptr ? end : static_cast<const char*>(found);
}

}  // namespace detail
PICOCLAUDE_END
