#include "picoclaude/base/window.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

// A source that answers one byte more than it is asked for.
std::size_t too_many(void*, std::uint32_t, char* out, std::size_t size) PICOCLAUDE_NONBLOCKING {
  for (std::size_t at = 0; at < size; ++at) out[at] = 'x';
  return size + 1;
}

}  // namespace

TEST_SUITE_BEGIN("base");

TEST_CASE("window: a source that gives more than there is of it, or room for it, is request_changed") {
  for (const std::uint32_t size : {5u, 100u}) {
    char bytes[64];
    Window window(bytes, 20, {});
    window.bytes({too_many, nullptr, size});
    CHECK(window.error() == Error::request_changed);
    CHECK(window.size() == 0);
    CHECK_FALSE(window.finished());
  }
}

TEST_CASE("window: one that is full is not finished, not even by a piece of no bytes") {
  char byte[1];
  Window window(byte, 1, {});
  window.raw("a");
  CHECK(window.finished());
  window.raw("");
  CHECK_FALSE(window.finished());
  Window next(byte, 1, window.cursor());
  next.raw("a");
  next.raw("");
  CHECK(next.finished());
  CHECK(next.size() == 0);
}

TEST_CASE("window: groups of letters are counted up to 4 GiB, and no further") {
  Window most;
  CHECK(most.count_groups(0x3FFFFFFF));
  CHECK(most.size() == 0xFFFFFFFC);
  CHECK(most.error() == Error::none);
  Window more;
  CHECK_FALSE(more.count_groups(0x40000000));
  CHECK(more.error() == Error::request_too_long);
  CHECK(more.size() == 0);
}

TEST_CASE("window: a word of a list may be empty") {
  const auto word = [](unsigned number) {
    char bytes[16];
    Window window(bytes, sizeof bytes, {});
    window.word("one\0\0three", number);
    return std::string(bytes, window.size());
  };
  CHECK(word(0) == "one");
  CHECK(word(1).empty());
  CHECK(word(2) == "three");
}

TEST_CASE("window: behind a list its cursor is as if there had been none, but for one piece more") {
  char bytes[16];
  Window window(bytes, sizeof bytes, {});
  for (bool more = window.open(2); more; more = window.next(2)) {
    for (bool inner = window.open(2); inner; inner = window.next(2)) window.raw("a");
  }
  CHECK(window.size() == 4);
  CHECK(window.cursor().depth == 0);
  CHECK(window.cursor().piece[0] == 1);
  for (unsigned depth = 0; depth < Cursor::max_depth; ++depth) {
    CHECK(window.cursor().item[depth] == 0);
    CHECK(window.cursor().piece[depth + 1] == 0);
  }
}

TEST_CASE("text: what ends inside of a start, a slice or a number is none of it, whatever stands behind") {
  const string_view data = "data: 1:2";
  CHECK_FALSE(starts_with(slice(data, 0, 2), "data"));
  CHECK_FALSE(starts_with(slice(data, 0, 0), "d"));
  CHECK(starts_with(data, "data: 1:2"));
  CHECK(slice(data, 6, 3) == "1:2");
  CHECK(slice(data, 6, 4) == "1:2");
  CHECK(slice(data, 6, 12) == "1:2");
  std::uint32_t number = 0;
  CHECK(parse_decimal(slice(data, 6, 1), number));
  CHECK(number == 1);
  CHECK_FALSE(parse_decimal(slice(data, 6, 2), number));
  CHECK_FALSE(parse_decimal(":", number));
  CHECK_FALSE(parse_decimal("/", number));
}

TEST_SUITE_END();
