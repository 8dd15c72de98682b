#include "picoclaude/wire/json_writer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

// Written through windows of `room` bytes, measured before.
std::string written(string_view text, std::size_t room = 1000) {
  Window measure;
  json_string(measure, text);
  CHECK(measure.error() == Error::none);
  std::string out;
  Cursor cursor;
  std::string buffer(room, '?');
  for (bool finished = false; !finished;) {
    Window window(buffer.data(), room, cursor);
    json_string(window, text);
    CHECK(window.error() == Error::none);
    CHECK(window.size() <= room);
    out.append(buffer.data(), window.size());
    finished = window.finished();
    CHECK((finished || window.size() == room));
    cursor = window.cursor();
  }
  CHECK(out.size() == measure.size());
  return out;
}

Error refused(string_view text) {
  Window measure;
  json_string(measure, text);
  return measure.error();
}

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("json writer: a code point that the end of a text cuts is refused, whatever stands behind in memory") {
  const string_view text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  for (const std::size_t size : {2u, 4u, 5u, 7u, 8u, 9u}) CHECK(refused(text.substr(0, size)) == Error::bad_text);
  for (const std::size_t size : {1u, 3u, 6u, 10u}) CHECK(refused(text.substr(0, size)) == Error::none);
}

TEST_CASE("json writer: every byte below 0x80 has its own writing") {
  constexpr const char* control[32] = {"\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006",
      "\\u0007", "\\b", "\\t", "\\n", "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012",
      "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c",
      "\\u001d", "\\u001e", "\\u001f"};
  for (int byte = 0; byte < 128; ++byte) {
    const char c = static_cast<char>(byte);
    const std::string expected = byte < 32 ? control[byte] : c == '"' ? "\\\"" : c == '\\' ? "\\\\" : std::string(1, c);
    CHECK(written({&c, 1}) == "\"" + expected + "\"");
  }
}

TEST_CASE("json writer: code points leave as they are") {
  for (const char* text : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF", "\xF0\x90\x80\x80",
           "\xF4\x8F\xBF\xBF"}) {
    CHECK(written(text) == "\"" + std::string(text) + "\"");
  }
}

TEST_CASE("json writer: what is not UTF-8 is bad_text") {
  for (const char* text : {"\x80", "\xC0\x80", "\xC2", "\xC2x", "\xE0\x80\x80", "\xE2\x82", "\xED\xA0\x80",
           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "ok\xFFok"}) {
    CHECK(refused(text) == Error::bad_text);
  }
}

TEST_CASE("json writer: windows of every size give the same bytes") {
  const std::string text =
      "plain \"quoted\" \\ \n \x01\x1F \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x9A\x80 a rather long run of plain bytes";
  const std::string expected = R"("plain \"quoted\" \\ \n \u0001\u001f )"
                               "\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x9A\x80 a rather long run of plain bytes\"";
  for (std::size_t room = 1; room <= expected.size() + 2; ++room) CHECK(written(text, room) == expected);
}

TEST_CASE("json writer: a member with an empty value is left out") {
  char room[64];
  Window window(room, sizeof room, {});
  json_member(window, R"(,"a":)", "");
  json_member(window, R"(,"b":)", "x");
  CHECK(string_view(room, window.size()) == R"(,"b":"x")");
}

TEST_SUITE_END();
