#include "picoclaude/wire/http_request.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

TEST_SUITE_BEGIN("wire");

TEST_CASE("http request: a header's name is digits, small letters and hyphens, all 256 bytes tried") {
  constexpr std::string_view allowed = "0123456789abcdefghijklmnopqrstuvwxyz-";
  for (int byte = 0; byte < 256; ++byte) {
    const char text[] = {'x', static_cast<char>(byte), 'y'};
    CAPTURE(byte);
    CHECK(detail::is_header_name({text, 3}) == (allowed.find(text[1]) != std::string_view::npos));
  }
  CHECK_FALSE(detail::is_header_name(""));
}

TEST_CASE("http request: a header without a value is not written, a bad value is bad_header") {
  char room[64];
  Window window(room, sizeof room, {});
  detail::http_header(window, "a: ", "");
  detail::http_header(window, "b: ", "c d");
  CHECK(string_view(room, window.size()) == "b: c d\r\n");
  Window measure;
  detail::http_header(measure, "a: ", "b\r\nc: d");
  CHECK(measure.error() == Error::bad_header);
}

TEST_SUITE_END();
