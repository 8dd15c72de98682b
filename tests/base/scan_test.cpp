#include "picoclaude/base/scan.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

TEST_SUITE_BEGIN("base");

TEST_CASE("scan: every byte at every place of a run of up to 40, at every alignment") {
  char room[64];
  for (std::size_t shift = 0; shift < 8; ++shift) {
    for (std::size_t size = 0; size <= 40; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        for (int byte = 0; byte < 256; ++byte) {
          std::memset(room, 'x', sizeof room);
          char* const begin = room + shift;
          begin[at] = static_cast<char>(byte);
          const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
          const char* const found = detail::skip_plain(begin, begin + size);
          if (found != begin + (plain ? size : at)) {
            CAPTURE(byte);
            CAPTURE(at);
            CHECK(found == begin + (plain ? size : at));
          }
        }
      }
      std::memset(room, '~', sizeof room);
      CHECK(detail::skip_plain(room + shift, room + shift + size) == room + shift + size);
    }
  }
}

TEST_CASE("scan: of two bytes that matter the first is found, all pairs in one word") {
  char room[16];
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      std::memset(room, ' ', sizeof room);
      room[2] = static_cast<char>(first);
      room[3] = static_cast<char>(second);
      const char* expected = room + 16;
      for (int at = 3; at >= 2; --at) {
        const auto byte = static_cast<unsigned char>(room[at]);
        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') expected = room + at;
      }
      if (detail::skip_plain(room, room + 16) == expected) continue;
      CAPTURE(first);
      CAPTURE(second);
      CHECK(detail::skip_plain(room, room + 16) == expected);
    }
  }
}

constexpr char sample[] = "plain text and a quote: \" and more";
static_assert(
    detail::skip_plain(sample, sample + sizeof sample - 1) == sample + 24, "constant evaluation takes the byte loop");

TEST_SUITE_END();
