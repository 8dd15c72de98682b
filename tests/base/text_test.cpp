#include "picoclaude/base/text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

// The shape of UTF-8 as RFC 3629 tables it: lead byte, and the range of the second.
struct Row {
  int first, last, second_first, second_last, size;
};
constexpr Row rows[] = {{0x00, 0x7F, 0, 0, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};

const Row* row_of(int lead) {
  for (const Row& row : rows) {
    if (lead >= row.first && lead <= row.last) return &row;
  }
  return nullptr;
}

}  // namespace

TEST_SUITE_BEGIN("base");

TEST_CASE("text: slice clamps where substr would throw") {
  CHECK(slice("abc", 0) == "abc");
  CHECK(slice("abc", 1) == "bc");
  CHECK(slice("abc", 1, 1) == "b");
  CHECK(slice("abc", 3) == "");
  CHECK(slice("abc", 4) == "");
  CHECK(slice("abc", 1, 100) == "bc");
  CHECK(slice("abc", ~std::size_t{0}, ~std::size_t{0}) == "");
  CHECK(slice("", 0, 0) == "");
}

TEST_CASE("text: find tells the place, or the end") {
  CHECK(find("abc", 'a') == 0);
  CHECK(find("abc", 'c') == 2);
  CHECK(find("abc", 'x') == 3);
  CHECK(find("", 'x') == 0);
  CHECK(find({"a\0b", 3}, '\0') == 1);
}

TEST_CASE("text: starts_with and equal compare bytes") {
  CHECK(starts_with("https://x", "https://"));
  CHECK_FALSE(starts_with("https:/", "https://"));
  CHECK_FALSE(starts_with("HTTPS://x", "https://"));
  CHECK(equal("", ""));
  CHECK_FALSE(equal("a", "b"));
  CHECK_FALSE(equal("a", "aa"));
}

TEST_CASE("text: bytes are put one after the other by the compiler, and at once in the program") {
  char each[] = "0123456789";
  CHECK(detail::put_each(each + 2, "abc") == each + 5);
  CHECK(std::string(each) == "01abc56789");
  CHECK(detail::put_each(each, {}) == each);
  char once[] = "0123456789";
  CHECK(put(once + 2, "abc") == once + 5);
  CHECK(std::string(once) == "01abc56789");
  CHECK(put(once, {}) == once);
  CHECK(std::string(once) == "01abc56789");
}

TEST_CASE("text: digits and letters, all 256 bytes") {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    CAPTURE(byte);
    const std::size_t low = std::string_view("0123456789abcdef").find(c);
    const std::size_t high = std::string_view("0123456789ABCDEF").find(c);
    const int value = low != std::string_view::npos ? static_cast<int>(low)
        : high != std::string_view::npos            ? static_cast<int>(high)
                                                    : -1;
    CHECK(hex_value(c) == value);
    CHECK(is_digit(c) == (value >= 0 && value <= 9));
    CHECK(to_lower(c) == (byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : c));
  }
}

TEST_CASE("text: parse_decimal takes digits below 2^32 and nothing else") {
  std::uint32_t value = 7;
  CHECK(parse_decimal("0", value));
  CHECK(value == 0);
  CHECK(parse_decimal("4294967295", value));
  CHECK(value == 4294967295u);
  CHECK(parse_decimal("00000000000000000001", value));
  CHECK(value == 1);
  for (const char* text : {"", "4294967296", "4294967300", "9999999999", "42949672950", "+1", "-1", " 1", "1 ", "1.0",
           "0x1", "1,0", "\xD9\xA1"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_decimal(text, value));
  }
}

TEST_CASE("utf-8: every lead byte, and every second byte behind it") {
  for (int lead = 0; lead < 256; ++lead) {
    const Row* const row = row_of(lead);
    CHECK(utf8_size(static_cast<char>(lead)) == (row == nullptr ? 0u : static_cast<unsigned>(row->size)));
    if (row == nullptr || row->size < 2) continue;
    for (int next = 0; next < 256; ++next) {
      CHECK(utf8_continues(static_cast<char>(lead), 1, static_cast<char>(next)) ==
          (next >= row->second_first && next <= row->second_last));
      CHECK(utf8_continues(static_cast<char>(lead), 2, static_cast<char>(next)) == (next >= 0x80 && next <= 0xBF));
      CHECK(utf8_continues(static_cast<char>(lead), 3, static_cast<char>(next)) == (next >= 0x80 && next <= 0xBF));
    }
  }
}

TEST_CASE("utf-8: every code point is written so that it reads as itself") {
  unsigned long count = 0;
  unsigned long wrong = 0;
  for (std::uint32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    char bytes[4];
    const unsigned size = utf8_write(bytes, code);
    const auto byte = [&](unsigned at) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at]));
    };
    std::uint32_t read = 0;
    switch (size) {
      case 1: read = byte(0); break;
      case 2: read = (byte(0) - 0xC0) * 64 + (byte(1) - 0x80); break;
      case 3: read = ((byte(0) - 0xE0) * 64 + (byte(1) - 0x80)) * 64 + (byte(2) - 0x80); break;
      default:
        read = (((byte(0) - 0xF0) * 64 + (byte(1) - 0x80)) * 64 + (byte(2) - 0x80)) * 64 + (byte(3) - 0x80);
        break;
    }
    if (read != code || size != utf8_size(bytes[0])) ++wrong;
    ++count;
  }
  CHECK(wrong == 0);
  CHECK(count == 0x110000 - 0x800);
}

TEST_CASE("utf-8: a cut falls between two code points") {
  const std::string text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x9A\x80z";
  const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 11};
  for (std::size_t room = 0; room < 14; ++room) CHECK(utf8_cut(text, room) == expected[room]);
  CHECK(utf8_cut("\x80\x80\x80", 2) == 0);  // not UTF-8: nothing is kept
}

TEST_SUITE_END();
