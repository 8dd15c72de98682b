// One HTTP answer with its body, the slow and obvious way, over all bytes that came for a request: is it a whole success?
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "oracle/naive_http.hpp"
#include "oracle/naive_json.hpp"

namespace naive {

inline std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// The values of a header; `head` is whole, and its lines are sound.
inline std::vector<std::string> values_of(std::string_view head, std::string_view name) {
  std::vector<std::string> values;
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || lower(line.substr(0, colon)) != name) continue;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    values.push_back(lower(value));
  }
  return values;
}

// `closed`: behind these bytes the connection ended properly. What follows the answer is nobody's. `body` is set where
// the answer is a success that came whole; with `any_type` it need not be JSON.
inline bool read_answer(std::string_view bytes, bool closed, std::size_t most, bool any_type, std::string& body) {
  unsigned status = 0;
  std::string_view head;
  do {
    const Head read = read_head(bytes, bytes.size(), bytes.size());
    if (read.end != Head::complete || read.status == 101) return false;
    status = read.status;
    head = bytes.substr(0, bytes.find("\r\n\r\n") + 2);
    bytes.remove_prefix(head.size() + 2);
  } while (status < 200);
  if (status >= 300) return false;
  head.remove_prefix(head.find("\r\n") + 2);
  for (const std::string& value : values_of(head, "content-encoding")) {
    if (value != "identity") return false;
  }
  const std::vector<std::string> types = values_of(head, "content-type");
  const std::string type = types.empty() ? "" : types.back().substr(0, types.back().find(';'));
  if (!any_type && type.substr(0, type.find_last_not_of(" \t") + 1) != "application/json") return false;
  const std::vector<std::string> codings = values_of(head, "transfer-encoding");
  const std::vector<std::string> lengths = values_of(head, "content-length");
  if (status == 204) {
    body.clear();
    return true;
  }
  if (!codings.empty()) {
    if (!lengths.empty() || codings.size() != 1 || codings[0] != "chunked") return false;
    const Body read = read_chunked(bytes, most);
    body = read.data;
    return read.end == Body::complete;
  }
  if (lengths.empty()) {
    body = std::string(bytes);
    return closed;
  }
  std::uint64_t length = 0;
  for (const std::string& value : lengths) {
    std::uint64_t size = 0;
    for (const char c : value) {
      if (c < '0' || c > '9' || size > 0xFFFFFFFF) return false;
      size = size * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (value.empty() || (&value != &lengths[0] && size != length)) return false;
    length = size;
  }
  body = std::string(bytes.substr(0, length));
  return body.size() == length;
}

}  // namespace naive
