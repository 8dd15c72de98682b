// Puts bytes that are about to be sent into a chunk (RFC 9112, section 7.1), where they stand.
#pragma once
#include "../base/text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

inline constexpr std::size_t chunk_before = 6;  // four digits, CR, LF
inline constexpr std::size_t chunk_behind = 7;  // CR, LF; behind the last one 0, CR, LF, CR, LF
inline constexpr std::size_t max_chunk = 0xFFFF;

// `size` bytes stand at out + chunk_before. Their frame is written around them; behind the last ones, the end of the
// body. The bytes to send begin at `out`; returned is how many.
inline std::size_t write_chunk(char* out, std::size_t size, bool last) {
  char* end = out;
  if (size != 0) {
    for (unsigned digit = 0; digit < 4; ++digit) out[digit] = "0123456789abcdef"[size >> (12 - 4 * digit) & 15];
    put(out + 4, "\r\n");
    end = put(out + chunk_before + size, "\r\n");
  }
  if (last) end = put(end, "0\r\n\r\n");
  return static_cast<std::size_t>(end - out);
}

}  // namespace detail
PICOCLAUDE_END
