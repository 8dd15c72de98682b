// A base URL: https://host[:port][/path] (RFC 3986, as much of it as an API's address needs).
#pragma once
#include <type_traits>

#include "../base/text.hpp"

PICOCLAUDE_BEGIN

// Lifetime: that of the text it was read from.
struct Origin {
  string_view root;  // all of it up to the path
  string_view host;  // a name or a numeric address; an IPv6 address without its brackets
  string_view path;  // "" or "/prefix", without a slash at its end
  std::uint16_t port = 0;
  bool tls = false;

  // The host as it is written, with its port if it has one.
  constexpr string_view authority() const { return slice(root, tls ? 8 : 7); }
  // False: the URL was not one. User names, queries and fragments are refused.
  constexpr explicit operator bool() const { return port != 0; }
};

constexpr bool is_loopback(string_view host) {
  return equal(host, "127.0.0.1") || equal(host, "::1") || equal(host, "localhost");
}

constexpr Origin parse_base_url(string_view url) {
  for (const char c : url) {
    if (c <= ' ' || c > '~' || find("\"#?@\\", c) < 5) return {};
  }
  Origin origin;
  origin.tls = starts_with(url, "https://");
  if (!origin.tls && !starts_with(url, "http://")) return {};
  const std::size_t scheme = origin.tls ? 8 : 7;
  string_view authority = slice(url, scheme, find(slice(url, scheme), '/'));
  origin.root = slice(url, 0, scheme + authority.size());
  origin.path = slice(url, origin.root.size());
  while (!origin.path.empty() && origin.path.back() == '/') origin.path.remove_suffix(1);
  const bool brackets = !authority.empty() && authority[0] == '[';
  if (brackets) authority.remove_prefix(1);
  origin.host = slice(authority, 0, find(authority, brackets ? ']' : ':'));
  if (brackets && origin.host.size() == authority.size()) return {};  // [ without ]
  authority = slice(authority, origin.host.size() + (brackets ? 1 : 0));
  std::uint32_t port = origin.tls ? 443 : 80;
  if (!authority.empty() && (authority[0] != ':' || !parse_decimal(slice(authority, 1), port))) return {};
  if (origin.host.empty() || origin.host.size() > 253 || port > 0xFFFF) return {};
  origin.port = static_cast<std::uint16_t>(port);
  return origin;
}

// Read where it is set: one that is a constant costs no code.
struct BaseUrl : Origin {
  constexpr BaseUrl(const Origin& origin) : Origin(origin) {}
  template <class T, std::enable_if_t<std::is_convertible_v<const T&, string_view>, int> = 0>
  constexpr BaseUrl(const T& url) : Origin(parse_base_url(url)) {}
};

inline constexpr Origin anthropic = parse_base_url("https://api.anthropic.com");

PICOCLAUDE_END
