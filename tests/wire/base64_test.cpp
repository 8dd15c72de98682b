#include "picoclaude/wire/base64.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

template <class Bytes>
std::string written(const Bytes& bytes, std::size_t room) {
  Window measure;
  base64(measure, bytes);
  std::string out;
  Cursor cursor;
  std::string buffer(room, '?');
  for (bool finished = false; !finished;) {
    Window window(buffer.data(), room, cursor);
    base64(window, bytes);
    REQUIRE(window.error() == Error::none);
    out.append(buffer.data(), window.size());
    finished = window.finished();
    cursor = window.cursor();
  }
  CHECK(out.size() == measure.size());
  return out;
}

struct Card {
  std::string bytes;
  std::size_t most;  // of one read
  unsigned fails_at = ~0u;

  static std::size_t read(void* context, std::uint32_t offset, char* out, std::size_t size) {
    auto& card = *static_cast<Card*>(context);
    if (offset >= card.fails_at) return 0;
    const std::string_view some = std::string_view(card.bytes).substr(offset, size < card.most ? size : card.most);
    some.copy(out, some.size());
    return some.size();
  }
  Source source() { return {read, this, static_cast<std::uint32_t>(bytes.size())}; }
};

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("base64: the examples of RFC 4648") {
  const char* const examples[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& example : examples) {
    for (std::size_t room = 1; room < 10; ++room) {
      CHECK(written(string_view(example[0]), room) == example[1]);
      for (std::size_t most = 1; most < 4; ++most) {
        Card card{example[0], most};
        CHECK(written(card.source(), room) == example[1]);
      }
    }
  }
}

TEST_CASE("base64: all 64 letters, and bytes above 0x7F") {
  const char all[] =
      "\x00\x10\x83\x10\x51\x87\x20\x92\x8B\x30\xD3\x8F\x41\x14\x93\x51\x55\x97\x61\x96\x9B\x71\xD7\x9F"
      "\x82\x18\xA3\x92\x59\xA7\xA2\x9A\xAB\xB2\xDB\xAF\xC3\x1C\xB3\xD3\x5D\xB7\xE3\x9E\xBB\xF3\xDF\xBF";
  CHECK(written(string_view(all, 48), 7) == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  CHECK(written(string_view("\xFF\xFF\xFE"), 100) == "///+");
}

TEST_CASE("base64: a source that fails is request_changed") {
  Card card{"foobar", 2, 3};
  char room[32];
  Window window(room, sizeof room, {});
  base64(window, card.source());
  CHECK(window.error() == Error::request_changed);
  Window narrow(room, 3, {});  // a group that is cut is read by itself
  card.fails_at = 0;
  base64(narrow, card.source());
  CHECK(narrow.error() == Error::request_changed);
  CHECK(narrow.size() == 0);
}

TEST_SUITE_END();
