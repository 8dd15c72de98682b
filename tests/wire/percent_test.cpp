#include "picoclaude/wire/percent.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

namespace pc = picoclaude;

std::string encoded(pc::string_view text, std::size_t size = 200) {
  std::string out;
  pc::Cursor cursor;
  for (bool more = true; more;) {
    std::string room(size, '?');
    pc::Window window(room.data(), size, cursor);
    pc::percent_encoded(window, text);
    out.append(room, 0, window.size());
    cursor = window.cursor();
    more = !window.finished();
  }
  return out;
}

}  // namespace

TEST_CASE("percent: unreserved letters stay, all others become %XX") {
  CHECK(encoded("azAZ09-._~") == "azAZ09-._~");
  CHECK(encoded("a b/c?d=e&f%g;h\"\r\n") == "a%20b%2Fc%3Fd%3De%26f%25g%3Bh%22%0D%0A");
  CHECK(encoded(pc::string_view("\0\x7F\xC3\xA4\xFF", 5)) == "%00%7F%C3%A4%FF");
  CHECK(encoded("@[`{") == "%40%5B%60%7B");
  CHECK(encoded("") == "");
}

TEST_CASE("percent: windows of any size write the same") {
  for (std::size_t size = 1; size < 12; ++size) CHECK(encoded("a b/\xC3\xA4", size) == "a%20b%2F%C3%A4");
  // A full window, and one that begins behind the piece.
  char room[4];
  pc::Window full(room, 1, {});
  full.raw("/");
  pc::percent_encoded(full, "a");
  CHECK(full.size() == 1);
  CHECK_FALSE(full.finished());
  pc::Window first(room, 2, {});
  pc::percent_encoded(first, "a");
  first.raw("bc");
  CHECK(pc::string_view(room, first.size()) == "ab");
  pc::Window second(room, 2, first.cursor());
  pc::percent_encoded(second, "a");
  second.raw("bc");
  CHECK(pc::string_view(room, second.size()) == "c");
  CHECK(second.finished());
}

TEST_CASE("percent: what names nothing, or something else, is no segment of a path") {
  CHECK(pc::is_path_segment("a"));
  CHECK(pc::is_path_segment("..."));
  CHECK_FALSE(pc::is_path_segment(""));
  CHECK_FALSE(pc::is_path_segment("."));
  CHECK_FALSE(pc::is_path_segment(".."));
}
