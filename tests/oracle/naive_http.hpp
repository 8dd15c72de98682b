// Heads and chunked bodies as RFC 9112 says them, the slow and obvious way: over the whole text.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace naive {

struct Body {
  std::string data;
  std::size_t size = 0;  // bytes up to the end of the body
  enum { more, complete, wrong } end = more;
};

inline bool is_field_text(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7F) return false;
  }
  return true;
}

// A line up to CRLF. -1: there is no end yet, and nothing is wrong; -2: a bare CR or LF, or a control byte.
inline long line_size(std::string_view text) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return is_field_text(text) ? -1 : -2;
  if (!is_field_text(text.substr(0, end)) || text[end] == '\n') return -2;
  if (end + 1 == text.size()) return -1;
  return text[end + 1] == '\n' ? static_cast<long>(end) : -2;
}

// `most`: bytes of a size line and of all trailers.
inline Body read_chunked(std::string_view text, std::size_t most) {
  Body body;
  const std::size_t whole = text.size();
  const auto result = [&](decltype(body.end) end) {
    body.end = end;
    body.size = whole - text.size();
    return body;
  };
  for (;;) {
    std::uint64_t size = 0;
    std::size_t digits = 0;
    while (digits < text.size()) {
      const std::size_t digit = std::string_view("0123456789abcdef0123456789ABCDEF").find(text[digits]);
      if (digit == std::string_view::npos) break;
      size = size * 16 + digit % 16;
      ++digits;
      if (size > 0xFFFFFFFF || digits > most) return result(Body::wrong);
    }
    if (digits == text.size()) return result(Body::more);
    if (digits == 0 || std::string_view("\r; \t").find(text[digits]) == std::string_view::npos)
      return result(Body::wrong);
    const long line = line_size(text);
    if (line == -2 && text.find_first_of("\r\n") >= most) return result(Body::wrong);
    if (line == -2) return result(Body::wrong);
    if ((line == -1 ? text.size() : static_cast<std::size_t>(line) + 2) > most) return result(Body::wrong);
    if (line == -1) return result(Body::more);
    text.remove_prefix(static_cast<std::size_t>(line) + 2);
    if (size == 0) break;
    body.data += text.substr(0, size);
    if (text.size() < size) {
      text = {};
      return result(Body::more);
    }
    text.remove_prefix(size);
    if (text.empty() || text == "\r") return result(Body::more);
    if (text.substr(0, 2) != "\r\n") return result(Body::wrong);
    text.remove_prefix(2);
  }
  std::size_t trailers = 0;
  for (;;) {
    const bool last = !text.empty() && text[0] == '\r';
    if (!text.empty() && !last &&
        (static_cast<unsigned char>(text[0]) <= 0x20 || static_cast<unsigned char>(text[0]) >= 0x7F)) {
      return result(Body::wrong);
    }
    const long line = line_size(text);
    trailers += line < 0 ? text.size() : static_cast<std::size_t>(line) + 2;
    if (line == -2 || trailers > most) return result(Body::wrong);
    if (line == -1) return result(Body::more);
    text.remove_prefix(static_cast<std::size_t>(line) + 2);
    if (line == 0) return result(Body::complete);
  }
}

struct Head {
  unsigned status = 0;
  std::string told;  // "name=value;"
  enum { more, complete, wrong } end = more;
};

inline bool is_token(std::string_view name) {
  for (const char c : name) {
    if (std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").find(c) ==
        std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// Whole lines count; of the line that has not ended only what is wrong already.
// Longer names and values are told as empty.
inline Head read_head(std::string_view text, std::size_t max_name, std::size_t max_value) {
  Head head;
  const auto result = [&](decltype(head.end) end) {
    head.end = end;
    return head;
  };
  // The status line, place by place: HTTP/1.D DDD, then the end or a blank and the reason.
  for (std::size_t at = 0; at < 13; ++at) {
    if (at == text.size()) return result(Head::more);
    const char c = text[at];
    const bool digit = c >= '0' && c <= '9';
    const bool good = at < 7 ? c == "HTTP/1."[at]
        : at == 7            ? c == '0' || c == '1'
        : at == 8            ? c == ' '
        : at == 9            ? c >= '1' && c <= '5'
        : at < 12            ? digit
                             : c == ' ' || c == '\r';
    if (!good) return result(Head::wrong);
    if (at >= 9 && at < 12) head.status = head.status * 10 + static_cast<unsigned>(c - '0');
  }
  bool first = true;
  for (;;) {
    const long line = line_size(text);
    const std::string_view content =
        text.substr(0, line < 0 ? text.find_first_of("\r\n") : static_cast<std::size_t>(line));
    if (!first && !content.empty()) {
      const std::size_t colon = content.find(':');
      if (colon == 0 || !is_token(content.substr(0, colon))) return result(Head::wrong);
      if (colon == std::string_view::npos && text.size() != content.size()) return result(Head::wrong);
    }
    if (line == -2) return result(Head::wrong);
    if (line == -1) return result(Head::more);
    if (!first && line == 0) return result(Head::complete);
    if (!first) {
      const std::size_t colon = content.find(':');
      std::string name;
      for (const char c : content.substr(0, colon)) name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      std::string_view value = content.substr(colon + 1);
      while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
      while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
      if (name.size() > max_name) name.clear();
      if (value.size() > max_value) value = {};
      head.told += name + "=" + std::string(value) + ";";
    }
    text.remove_prefix(static_cast<std::size_t>(line) + 2);
    first = false;
  }
}

}  // namespace naive
