// Network addresses as bytes, and their text: IPv4 in dotted decimal, IPv6 as of RFC 4291, section 2.2.
//
// Never accepts what only some platforms do: octal or short IPv4 forms, zone names.
#pragma once
#include "../base/text.hpp"

PICOCLAUDE_BEGIN

// One address in network byte order.
struct Address {
  std::uint8_t bytes[16] = {};
  std::uint8_t size = 0;    // 4 or 16; 0 = none
  std::uint32_t scope = 0;  // of a link-local IPv6 address: the interface
};

// What a lookup found, in the order in which it is tried. What is over 8 is dropped.
class Addresses {
 public:
  constexpr std::size_t size() const { return count_; }
  constexpr const Address& operator[](std::size_t at) const { return list_[at]; }
  constexpr void clear() { count_ = 0; }

  constexpr void add(const Address& address) {
    if (count_ < 8 && (address.size == 4 || address.size == 16)) list_[count_++] = address;
  }

 private:
  Address list_[8];
  std::uint8_t count_ = 0;
};

namespace detail {

constexpr bool read_ipv4(string_view text, std::uint8_t* out) {
  std::size_t at = 0;
  for (unsigned part = 0; part < 4; ++part) {
    if (part != 0) {
      if (at == text.size() || text[at] != '.') return false;
      ++at;
    }
    const std::size_t start = at;
    unsigned value = 0;
    while (at < text.size() && at - start < 3 && is_digit(text[at])) {
      value = value * 10 + static_cast<unsigned>(text[at++] - '0');
    }
    // A leading zero means octal to some readers and nothing to others.
    if (at == start || value > 255 || (at - start > 1 && text[start] == '0')) return false;
    out[part] = static_cast<std::uint8_t>(value);
  }
  return at == text.size();
}

// Moves what stands behind "::" to the end and fills the gap with zeros.
constexpr void open_gap(std::uint8_t* out, unsigned gap, unsigned count) {
  const unsigned tail = count - gap;
  for (unsigned i = 0; i < tail; ++i) out[15 - i] = out[count - 1 - i];
  for (unsigned i = gap; i < 16 - tail; ++i) out[i] = 0;
}

constexpr bool read_ipv6(string_view text, std::uint8_t* out) {
  constexpr unsigned none = 17;
  unsigned count = 0, gap = none;
  std::size_t at = 0;
  if (starts_with(text, "::")) gap = 0, at = 2;
  while (at < text.size()) {
    if (count == 16) return false;
    const std::size_t start = at;
    unsigned value = 0;
    while (at < text.size() && at - start < 4 && hex_value(text[at]) >= 0) {
      value = value << 4 | static_cast<unsigned>(hex_value(text[at++]));
    }
    if (at == start) return false;
    if (at < text.size() && text[at] == '.') {
      if (count > 12 || !read_ipv4(slice(text, start), out + count)) return false;
      count += 4;
      break;
    }
    out[count++] = static_cast<std::uint8_t>(value >> 8);
    out[count++] = static_cast<std::uint8_t>(value & 0xFF);
    if (at == text.size()) break;
    if (text[at] != ':' || at + 1 == text.size()) return false;
    ++at;
    if (text[at] == ':') {
      if (gap != none) return false;
      gap = count;
      ++at;
    }
  }
  if (gap == none) return count == 16;
  if (count == 16) return false;
  open_gap(out, gap, count);
  return true;
}

}  // namespace detail

// The address that `text` is, with or without the brackets of a URL; size 0 when it is a name.
constexpr Address read_address(string_view text) {
  if (text.size() > 2 && text[0] == '[' && text[text.size() - 1] == ']') text = slice(text, 1, text.size() - 2);
  Address address;
  if (detail::read_ipv4(text, address.bytes)) {
    address.size = 4;
  } else if (detail::read_ipv6(text, address.bytes)) {
    address.size = 16;
  } else {
    address = Address{};
  }
  return address;
}

PICOCLAUDE_END
