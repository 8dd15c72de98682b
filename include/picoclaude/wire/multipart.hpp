// Writes a multipart/form-data body (RFC 7578; names as in the HTML standard) into a window.
//
//   body = *( "--" boundary CRLF header CRLF CRLF content CRLF ) "--" boundary "--" CRLF
#pragma once
#include "../base/window.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// Between quotes: a quote becomes %22. Control bytes cannot be written: bad_header. Not UTF-8: bad_text.
constexpr bool quote_name(Window& window, string_view name) {
  while (window.offset() < name.size()) {
    const char* const from = name.data() + window.offset();
    const auto byte = static_cast<unsigned char>(*from);
    const unsigned size = utf8_size(*from);
    bool good = size != 0 && name.size() - window.offset() >= size;
    for (unsigned at = 1; good && at < size; ++at) good = utf8_continues(*from, at, from[at]);
    if (!good || byte < 0x20 || byte == 0x7F) {
      window.fail(good ? Error::bad_header : Error::bad_text);
      return false;
    }
    if (!window.unit(*from == '"' ? "%22" : from, *from == '"' ? 3 : size, size)) return false;
  }
  return true;
}

constexpr void multipart_begin(Window& window, string_view boundary, Literal name) {
  window.raw("--");
  window.raw(boundary);
  window.raw("\r\nContent-Disposition: form-data; name=\"");
  window.raw(name);
  window.raw("\"");
}

constexpr void multipart_text(Window& window, string_view boundary, Literal name, std::uint32_t number) {
  multipart_begin(window, boundary, name);
  window.raw("\r\n\r\n");
  window.number(number);
  window.raw("\r\n");
}

inline void multipart_file(Window& window, string_view boundary, Literal name, string_view filename,
    string_view content_type, const Source& content) {
  multipart_begin(window, boundary, name);
  window.raw("; filename=\"");
  if (window.begin()) window.end(quote_name(window, filename));
  window.raw("\"\r\nContent-Type: ");
  window.header(content_type);
  window.raw("\r\n\r\n");
  window.bytes(content);
  window.raw("\r\n");
}

constexpr void multipart_end(Window& window, string_view boundary) {
  window.raw("--");
  window.raw(boundary);
  window.raw("--\r\n");
}

// Looks for CR LF "--" boundary in bytes that come in pieces: there the content would end for its reader.
class DelimiterSearch {
 public:
  // The blank line before the content is a line's end as well.
  constexpr void begin() { matched_ = 2; }

  // False: it was found.
  bool pass(string_view boundary, const char* bytes, std::size_t size) {
    const char* const end = bytes + size;
    while (bytes != end) {
      if (matched_ == 0) {
        bytes = find_byte(bytes, end, '\r');
        if (bytes == end) return true;
      }
      const char c = *bytes++;
      // Only its first byte is a CR, so that nothing of a failed match is the beginning of another one.
      if (c == wanted(boundary)) {
        ++matched_;
      } else {
        matched_ = c == '\r' ? 1 : 0;
      }
      if (matched_ == 4 + boundary.size()) return false;
    }
    return true;
  }

 private:
  constexpr char wanted(string_view boundary) const {
    return matched_ < 4 ? "\r\n--"[matched_] : boundary[matched_ - 4u];
  }

  std::uint8_t matched_ = 0;
};

}  // namespace detail
PICOCLAUDE_END
