// One HTTP/1.1 request after another from a stream, read strictly.
//
//   request      = request-line CRLF *( field-line CRLF ) CRLF [ body ]          RFC 9112, section 2.1
//   request-line = method SP request-target SP "HTTP/1.1"
//   field-line   = token ":" OWS value OWS
//   body         = Content-Length bytes | chunked; never both
//
// A lenient server would hide a client's mistakes: bare LF, folded lines, signs in sizes and a missing Host are
// refused.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "error.hpp"
#include "stream.hpp"
#include "text.hpp"

namespace standin {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string path;
  Fields query;
  Fields headers;  // names in lower case
  std::string body;

  const std::string* find(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return &value;
    }
    return nullptr;
  }
  std::string header(std::string_view name) const {
    const auto* value = find(name);
    return value ? *value : std::string();
  }
};

inline std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const auto byte = i + 2 < text.size() ? number(text.substr(i + 1, 2), 16) : std::nullopt;
    if (!byte) throw ApiError{400, "Malformed percent-encoding in the request target"};
    result += static_cast<char>(*byte);
    i += 2;
  }
  return result;
}

class RequestReader {
 public:
  static constexpr std::size_t line_room = 16 * 1024;
  static constexpr std::size_t header_count_max = 100;

  explicit RequestReader(Stream& stream) : stream_(stream) {}

  // Reads up to the blank line; false when the peer closed before a first byte.
  bool head(Request& request) {
    request = {};
    if (buffer_.empty() && !fill()) return false;
    try {
      request_line(request);
      while (field_line(request)) {}
      frame(request);
    } catch (ApiError& error) {
      error.close = true;
      throw;
    }
    return true;
  }

  // Reads the body that `head` announced, at most `room` bytes.
  void body(Request& request, std::size_t room) {
    if (waits_for_invitation(request)) stream_.write("HTTP/1.1 100 Continue\r\n\r\n");
    try {
      if (chunked_) {
        while (chunk(request.body, room)) {}
      } else {
        if (length_ > room) throw ApiError{413, default_message(413)};
        take(request.body, length_);
      }
    } catch (ApiError& error) {
      error.close = true;
      throw;
    }
  }

  // Reads until `size` bytes of body or all of it are there, and leaves the rest unread.
  void glance(const Request& request, std::size_t size) {
    if (waits_for_invitation(request)) return;
    const auto expected = chunked_ ? size : std::min<std::size_t>(size, length_);
    while (buffer_.size() < expected && fill()) {}
  }

 private:
  [[noreturn]] static void malformed(const std::string& why) { throw ApiError{400, "Malformed HTTP: " + why}; }

  bool fill() {
    char bytes[16 * 1024];
    const auto size = stream_.read(bytes, sizeof bytes);
    buffer_.append(bytes, size);
    return size > 0;
  }

  std::string line() {
    for (std::size_t from = 0;;) {
      const auto end = buffer_.find('\n', from);
      if (end != std::string::npos) {
        if (end == 0 || buffer_[end - 1] != '\r') malformed("a line must end with CRLF");
        std::string result = buffer_.substr(0, end - 1);
        buffer_.erase(0, end + 1);
        return result;
      }
      if (buffer_.size() > line_room) malformed("a line is too long");
      from = buffer_.size();
      if (!fill()) throw Gone{};
    }
  }

  void request_line(Request& request) {
    const std::string text = line();
    const auto parts = split(text, ' ');
    if (parts.size() != 3 || parts[2] != "HTTP/1.1") malformed("the request line must be METHOD TARGET HTTP/1.1");
    if (parts[1].empty() || parts[1].front() != '/') malformed("the target must be a path");
    request.method = parts[0];
    const auto question = parts[1].find('?');
    request.path = percent_decoded(parts[1].substr(0, question));
    if (question == std::string_view::npos) return;
    for (const auto pair : split(parts[1].substr(question + 1), '&')) {
      const auto equals = pair.find('=');
      const auto value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
      request.query.emplace_back(percent_decoded(pair.substr(0, equals)), percent_decoded(value));
    }
  }

  bool field_line(Request& request) {
    const std::string text = line();
    if (text.empty()) return false;
    if (request.headers.size() == header_count_max) malformed("too many header fields");
    const auto colon = text.find(':');
    if (colon == std::string::npos || !is_name(text.substr(0, colon), line_room, "!#$%&'*+-.^_`|~")) {
      malformed("a header field must be NAME: VALUE");
    }
    const auto value = trimmed(std::string_view(text).substr(colon + 1));
    for (const char byte : value) {
      if (std::iscntrl(static_cast<unsigned char>(byte)) != 0 && byte != '\t') {
        malformed("a control character in a header field");
      }
    }
    request.headers.emplace_back(lower(text.substr(0, colon)), value);
    return true;
  }

  void frame(const Request& request) {
    std::size_t hosts = 0;
    std::size_t lengths = 0;
    chunked_ = false;
    length_ = 0;
    for (const auto& [name, value] : request.headers) {
      if (name == "host") ++hosts;
      if (name == "transfer-encoding") {
        if (lower(value) != "chunked" || chunked_) malformed("the only transfer coding is chunked, once");
        chunked_ = true;
      }
      if (name == "content-length") {
        const auto size = number(value);
        if (!size || ++lengths > 1) malformed("Content-Length must be one number");
        length_ = *size;
      }
    }
    if (hosts != 1) malformed("exactly one Host is needed");
    if (chunked_ && lengths > 0) malformed("both Content-Length and Transfer-Encoding");
  }

  bool waits_for_invitation(const Request& request) const {
    return lower(request.header("expect")) == "100-continue" && buffer_.empty();
  }

  void take(std::string& out, std::uint64_t size) {
    while (buffer_.size() < size) {
      if (!fill()) throw Gone{};
    }
    out.append(buffer_, 0, size);
    buffer_.erase(0, size);
  }

  bool chunk(std::string& body, std::size_t room) {
    const std::string head = line();
    const auto size = number(trimmed(std::string_view(head).substr(0, head.find(';'))), 16);
    if (!size) malformed("a chunk size must be hexadecimal digits");
    if (*size == 0) {
      while (!line().empty()) {  // trailers
      }
      return false;
    }
    if (*size > room - body.size()) throw ApiError{413, default_message(413)};
    take(body, *size);
    if (!line().empty()) malformed("a chunk must end with CRLF");
    return true;
  }

  Stream& stream_;
  std::string buffer_;
  std::uint64_t length_ = 0;
  bool chunked_ = false;
};

}  // namespace standin
