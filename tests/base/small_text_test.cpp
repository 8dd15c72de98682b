#include "picoclaude/base/small_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

TEST_SUITE_BEGIN("base");

TEST_CASE("small text: it keeps what fits, with a NUL behind it") {
  SmallText<5> text;
  CHECK(text.empty());
  CHECK(std::string(text.c_str()) == "");
  text.append("ab");
  text.append({});
  text.append("cde");
  CHECK(text.view() == "abcde");
  CHECK(text.size() == 5);
  CHECK(std::string(text.c_str()) == "abcde");
  CHECK_FALSE(text.is_cut());
  text.assign("x");
  CHECK(text.view() == "x");
  CHECK(std::string(text.c_str()) == "x");
}

TEST_CASE("small text: what does not fit is cut at a code point, and nothing is written behind a cut") {
  SmallText<5> text;
  text.append("abc\xE2\x82\xAC");
  CHECK(text.view() == "abc");
  CHECK(text.is_cut());
  text.append("d");  // it would fit, but not where it belongs
  CHECK(text.view() == "abc");
  CHECK(text.is_cut());
  text.append({});
  CHECK(text.is_cut());
  text.clear();
  CHECK_FALSE(text.is_cut());
  CHECK(text.empty());
  CHECK(std::string(text.c_str()) == "");
  text.append("d");
  CHECK(text.view() == "d");
  text.append("efghijkl");
  CHECK(text.view() == "defgh");
  CHECK(text.is_cut());
}

TEST_SUITE_END();
