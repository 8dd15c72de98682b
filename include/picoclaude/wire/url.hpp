// A base URL: https://host[:port][/path] (RFC 3986, as much of it as an API's address needs).
#pragma once
#include "../base/text.hpp"

PICOCLAUDE_BEGIN

struct Origin {
  string_view host;  // a name or a numeric address; an IPv6 address without its brackets
  string_view path;  // "" or "/prefix", without a slash at its end
  std::uint16_t port = 0;
  bool tls = false;
  bool brackets = false;  // the host is an IPv6 address

  // False: the URL was not one. User names, queries and fragments are refused.
  constexpr explicit operator bool() const { return port != 0; }

  constexpr bool is_loopback() const { return equal(host, "127.0.0.1") || equal(host, "::1") || equal(host, "localhost"); }
};

constexpr Origin parse_base_url(string_view url) {
  Origin origin;
  std::uint32_t port = 443;
  if (starts_with(url, "https://")) {
    origin.tls = true;
  } else if (starts_with(url, "http://")) {
    port = 80;
  } else {
    return {};
  }
  url = slice(url, origin.tls ? 8 : 7);
  const std::size_t slash = find(url, '/');
  string_view authority = slice(url, 0, slash);
  origin.path = slice(url, slash);
  while (!origin.path.empty() && origin.path.back() == '/') origin.path.remove_suffix(1);
  if (!authority.empty() && authority[0] == '[') {
    const std::size_t close = find(authority, ']');
    origin.brackets = true;
    origin.host = slice(authority, 1, close - 1);
    authority = slice(authority, close + 1);
  } else {
    origin.host = slice(authority, 0, find(authority, ':'));
    authority = slice(authority, origin.host.size());
  }
  if (!authority.empty()) {
    if (authority[0] != ':' || authority.size() < 2 || authority.size() > 6) return {};
    port = 0;
    for (const char c : slice(authority, 1)) {
      if (!is_digit(c)) return {};
      port = port * 10 + static_cast<std::uint32_t>(c - '0');
    }
  }
  for (const char c : origin.host) {
    const char low = to_lower(c);
    if (!is_digit(c) && !(low >= 'a' && low <= 'z') && c != '.' && c != '-' && c != '_' && !(origin.brackets && c == ':')) return {};
  }
  for (const char c : origin.path) {
    if (c <= ' ' || c > '~' || c == '?' || c == '#') return {};
  }
  if (origin.host.empty() || origin.host.size() > 253 || port > 0xFFFF) return {};
  origin.port = static_cast<std::uint16_t>(port);
  return origin;
}

PICOCLAUDE_END
