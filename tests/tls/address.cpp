// Network addresses in text, at compile time.
#include <doctest/doctest.h>

#include <picoclaude.hpp>

using picoclaude::Address;
using picoclaude::read_address;
using picoclaude::string_view;

namespace {

constexpr bool is(string_view text, std::initializer_list<int> bytes) {
  const Address address = read_address(text);
  if (address.size != bytes.size()) return false;
  std::size_t at = 0;
  for (const int byte : bytes) {
    if (address.bytes[at++] != byte) return false;
  }
  return true;
}
constexpr bool is_name(string_view text) { return read_address(text).size == 0; }

static_assert(
    is("127.0.0.1", {127, 0, 0, 1}) && is("0.0.0.0", {0, 0, 0, 0}) && is("255.255.255.255", {255, 255, 255, 255}));
static_assert(is("[10.0.0.1]", {10, 0, 0, 1}));
static_assert(is("::", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
static_assert(is("::1", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
static_assert(is("[::1]", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
static_assert(is("1::", {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
static_assert(is("2607:6bc0::10", {0x26, 0x07, 0x6B, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10}));
static_assert(is("1:2:3:4:5:6:7:8", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}));
static_assert(is("1:2:3::6:7:8", {0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 6, 0, 7, 0, 8}));
static_assert(is("1:2:3:4:5:6:7::", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0}));
static_assert(is("::2:3:4:5:6:7:8", {0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}));
static_assert(is("::FFFF:1.2.3.4", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4}));
static_assert(is("1:2:3:4:5:6:1.2.3.4", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4}));

static_assert(is_name("") && is_name("api.anthropic.com") && is_name("localhost") && is_name("1") && is_name("127.1"));
static_assert(
    is_name("1.2.3") && is_name("1.2.3.4.") && is_name("1.2.3.4.5") && is_name("1.2.3.256") && is_name("01.2.3.4"));
static_assert(
    is_name("1.2.3.4 ") && is_name("0x7f.0.0.1") && is_name("1..2.3") && is_name(".1.2.3") && is_name("1.2.3.1000"));
static_assert(
    is_name(":") && is_name(":1") && is_name("1:") && is_name(":::") && is_name("1::2::3") && is_name("::1:"));
static_assert(is_name("1:2:3:4:5:6:7") && is_name("1:2:3:4:5:6:7:8:9") && is_name("1:2:3:4:5:6:7:8::"));
static_assert(is_name("12345::") && is_name("g::") && is_name("::1%eth0") && is_name("1:2:3:4:5:6:7:1.2.3.4"));
static_assert(is_name("[]") && is_name("[::1") && is_name("::1]") && is_name("::1.2.3") && is_name("::1.2.3.4:5"));

}  // namespace

TEST_CASE("socket: at most eight addresses are kept, and only real ones") {
  picoclaude::Addresses found;
  found.add(Address{});
  CHECK(found.size() == 0);
  for (int i = 0; i < 20; ++i) found.add(read_address("127.0.0.1"));
  CHECK(found.size() == 8);
  found.clear();
  CHECK(found.size() == 0);
}
