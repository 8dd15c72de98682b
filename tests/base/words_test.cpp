#include "picoclaude/base/words.hpp"

#include <doctest/doctest.h>

#include <new>
#include <string>

#include "picoclaude/base/error_name.hpp"

using namespace picoclaude;

namespace {
constexpr char list[] = "alpha beta gamma a b alphabet";
constexpr detail::WordTable<list> words{};
static_assert(words.count() == 6);
static_assert(words.find("alpha") == 1);
static_assert(words.find("alphabet") == 6);
static_assert(words.find("") == words.unknown);

constexpr char marked_list[] = "a_b a-b a1b a5b ab_ _ - 5 1 zzzzzzz aazz__--1155 b_a";
constexpr detail::WordTable<marked_list> marked{};
constexpr char other_list[] = "a2 B c.d a_b";
constexpr detail::WordTable<other_list> other_words{};
}  // namespace

TEST_SUITE_BEGIN("base");

TEST_CASE("words: a word is found by exact comparison, and numbered in its order") {
  const char* const all[] = {"alpha", "beta", "gamma", "a", "b", "alphabet"};
  CHECK(words.count() == 6);
  for (unsigned i = 0; i < 6; ++i) CHECK(words.find(all[i]) == i + 1);
  for (const char* other : {"", "alph", "alphab", "Alpha", "beta ", " beta", "alpha beta", "c", "gammagamma"})
    CHECK(words.find(other) == words.unknown);
  CHECK(words.find({"a\0", 2}) == words.unknown);
}

TEST_CASE("words: marks and digits are letters like others") {
  const char* const all[] = {"a_b", "a-b", "a1b", "a5b", "ab_", "_", "-", "5", "1", "zzzzzzz", "aazz__--1155", "b_a"};
  for (unsigned i = 0; i < 12; ++i) CHECK(marked.find(all[i]) == i + 1);
  for (const char* other :
      {"a`b", "a,b", "a.b", "a^b", "aQb", "aUb", "zzzzzz", "zzzzzzzz", "aazz__--1150", "A_b", "^", "q"})
    CHECK(marked.find(other) == marked.unknown);
  const char* const others[] = {"a2", "B", "c.d", "a_b"};
  for (unsigned i = 0; i < 4; ++i) CHECK(other_words.find(others[i]) == i + 1);
  for (const char* other : {"a", "a1", "b", "c-d", "2a", "a-b"}) CHECK(other_words.find(other) == other_words.unknown);
}

TEST_CASE("words: a byte changed anywhere makes another word") {
  std::string word = "aazz__--1155";
  for (char& place : word) {
    const char kept = place;
    for (int byte = 0; byte < 256; ++byte) {
      place = static_cast<char>(byte);
      CHECK((marked.find(word) == 11) == (place == kept));
    }
    place = kept;
  }
}

TEST_CASE("words: how many bytes a list takes, and whether its letters have 5 bits") {
  const auto whole = [](const char* text) {
    return string_view(text, std::string(text).size() + 1);
  };
  CHECK(detail::can_pack(whole(marked_list)));
  CHECK(detail::can_pack(whole("az _-15/")));
  for (const char* const other : {"a2", "a b C", "a.b", "`", "a 0"}) CHECK_FALSE(detail::can_pack(whole(other)));
  CHECK(detail::list_size(whole("ab c"), false) == 3 + 2 + 1);
  CHECK(detail::list_size(whole("ab c"), true) == 3 + 2 + 1);
  CHECK(detail::list_size(whole("aazz__--1155 abcdefgh"), false) == 13 + 9 + 1);
  CHECK(detail::list_size(whole("aazz__--1155 abcdefgh"), true) == 9 + 6 + 1);
}

TEST_CASE("words: a table that the program makes is the compiler's") {
  using Marked = detail::WordTable<marked_list>;
  using Others = detail::WordTable<other_list>;
  alignas(Marked) unsigned char marked_bytes[sizeof(Marked)];
  alignas(Others) unsigned char other_bytes[sizeof(Others)];
  const Marked& made = *new (marked_bytes) Marked;
  const Others& others = *new (other_bytes) Others;
  CHECK(made.count() == 12);
  CHECK(made.find("aazz__--1155") == 11);
  CHECK(made.find("b_a") == 12);
  CHECK(made.find("b_b") == made.unknown);
  CHECK(others.count() == 4);
  CHECK(others.find("c.d") == 3);
  CHECK(others.find("c.e") == others.unknown);
}

TEST_CASE("words: no word of up to 3 letters is found by accident") {
  unsigned found = 0;
  for (int a = 0; a < 256; ++a) {
    const char one[] = {static_cast<char>(a), 0, 0};
    found += words.find({one, 1}) != 0;
    for (int b = 0; b < 256; ++b) {
      const char two[] = {static_cast<char>(a), static_cast<char>(b), 0};
      found += words.find({two, 2}) != 0;
    }
  }
  CHECK(found == 2);
}

TEST_CASE("errors: each has a name of its own, and its number tells who can act") {
  std::string seen = " ";
  unsigned named = 0;
  for (unsigned number = 0; number < 256; ++number) {
    const auto error = static_cast<Error>(number);
    const std::string text(name(error));
    if (text == "?") continue;
    CHECK(seen.find(" " + text + " ") == std::string::npos);
    seen += text + " ";
    ++named;
    const Blame expected = number == 0 ? Blame::nobody
        : number < 32                  ? Blame::caller
        : number < 64                  ? Blame::network
        : number < 96                  ? Blame::peer
                                       : Blame::service;
    CHECK(blame(error) == expected);
  }
  CHECK(named >= 67);
  CHECK(blame(Error::cancelled) == Blame::caller);
  CHECK(blame(Error::connect_timeout) == Blame::network);
  CHECK(blame(Error::truncated) == Blame::peer);
  CHECK(blame(Error::overloaded) == Blame::service);
}

TEST_CASE("status: true is no error, whatever else it holds") {
  CHECK(static_cast<bool>(Status{}));
  CHECK(static_cast<bool>(Status{Error::none, 200, 5}));
  CHECK_FALSE(static_cast<bool>(Status{Error::busy, 200, 0}));
}

TEST_SUITE_END();
