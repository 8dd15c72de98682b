#include "picoclaude/wire/multipart.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/recordings.hpp"

namespace {

namespace pc = picoclaude;

pc::Source source_of(const std::string& bytes) {
  return {[](void* context, std::uint32_t offset, char* out, std::size_t size) {
            return static_cast<const std::string*>(context)->copy(out, size, offset);
          },
      const_cast<std::string*>(&bytes), static_cast<std::uint32_t>(bytes.size())};
}

void recorded(pc::Window& window, const pc::Source& content) {
  constexpr pc::string_view boundary = "----cppbound7MA4YWxkTrZu0gW";
  pc::detail::multipart_file(window, boundary, "file", "a.txt", "text/plain", content);
  pc::detail::multipart_text(window, boundary, "expires_in_seconds", 3600);
  pc::detail::multipart_end(window, boundary);
}

std::string named(pc::string_view name, pc::Error* error = nullptr) {
  static const std::string nothing;
  char room[200];
  pc::Window window(room, sizeof room, pc::Cursor{});
  pc::detail::multipart_file(window, "b", "file", name, "t", source_of(nothing));
  if (error != nullptr) *error = window.error();
  const std::string all(room, window.size());
  const std::size_t from = all.find("filename=") + 9;
  return all.substr(from, all.find("\r\n", from) - from);
}

}  // namespace

TEST_CASE("multipart: the recorded body, measured and through windows of every size") {
  const std::string_view expected = recordings::get("files/upload_request_body.bin").body;
  const std::string hello = "hello";
  pc::Window measure;
  recorded(measure, source_of(hello));
  CHECK(measure.size() == expected.size());
  for (std::size_t size = 1; size <= expected.size() + 1; ++size) {
    std::string out;
    pc::Cursor cursor;
    for (bool more = true; more;) {
      std::string room(size, '?');
      pc::Window window(room.data(), size, cursor);
      recorded(window, source_of(hello));
      out.append(room, 0, window.size());
      cursor = window.cursor();
      more = !window.finished();
      REQUIRE((window.size() != 0 || !more));
    }
    CHECK(out == expected);
  }
}

TEST_CASE("multipart: a quote in a name becomes %22, UTF-8 stays") {
  CHECK(named("a\"b.txt") == "\"a%22b.txt\"");
  CHECK(named("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x9A\x80") == "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x9A\x80\"");
  CHECK(named("") == "\"\"");
}

TEST_CASE("multipart: a name that could end its line, or is no UTF-8, cannot be written") {
  for (const char* const name : {"a\rb", "a\nb", "a\r\nContent-Type: x", "a\tb", "a\x1F", "a\x7F"}) {
    pc::Error error = pc::Error::none;
    named(name, &error);
    CHECK(error == pc::Error::bad_header);
  }
  pc::Error error = pc::Error::none;
  named(pc::string_view("a\0b", 3), &error);
  CHECK(error == pc::Error::bad_header);
  for (const char* const name : {"\xFF", "a\xC3", "\xED\xA0\x80", "\xC3(", "\x80"}) {
    error = pc::Error::none;
    named(name, &error);
    CHECK(error == pc::Error::bad_text);
  }
  // What stands behind the name is none of it.
  error = pc::Error::none;
  named(pc::string_view("a\xC3\xA4", 2), &error);
  CHECK(error == pc::Error::bad_text);
}

TEST_CASE("multipart: the delimiter is found wherever the pieces are cut, and nothing that only looks like it") {
  constexpr pc::string_view boundary = "abca";
  const auto found = [&](const std::string& bytes, std::size_t piece) {
    pc::detail::DelimiterSearch search;
    search.begin();
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      if (!search.pass(boundary, bytes.data() + at, bytes.size() - at < piece ? bytes.size() - at : piece)) return true;
    }
    return false;
  };
  for (std::size_t piece = 1; piece < 20; ++piece) {
    CHECK(found("--abca", piece));
    CHECK(found("xx\r\n--abca", piece));
    CHECK(found("\r\r\n--abca", piece));
    CHECK(found("\r\n\r\n--abca", piece));
    CHECK(found("\r\n--abc\r\n--abcayy", piece));
    CHECK_FALSE(found("x--abca", piece));
    CHECK_FALSE(found("\n--abca", piece));
    CHECK_FALSE(found("x\n--abca", piece));
    CHECK_FALSE(found("\r--abca", piece));
    CHECK_FALSE(found("\r\n-abca", piece));
    CHECK_FALSE(found("\r\n--abc", piece));
    CHECK_FALSE(found("\r\n--abc\r\n--abd", piece));
    CHECK_FALSE(found("", piece));
  }
}
