#include "picoclaude/messages/event_prefix.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

using Prefix = detail::EventPrefix<int>;

// Reads `bytes` as the ordinary reader would, so many at a time.
void read(Prefix& prefix, std::string_view bytes, std::size_t step) {
  for (; !bytes.empty(); bytes.remove_prefix(step < bytes.size() ? step : bytes.size())) {
    prefix.record(bytes.data(), bytes.data() + bytes.size());
    prefix.recorded(step < bytes.size() ? step : bytes.size());
  }
}

Prefix remembered(std::string_view bytes, int state) {
  Prefix prefix;
  prefix.begin_event();
  read(prefix, bytes, 3);
  prefix.remember() = state;
  prefix.begin_event();
  return prefix;
}

// How many of `bytes` agree, and whether the state may be taken.
struct Compared {
  std::size_t taken = 0;
  bool all = false;
};
Compared compare(Prefix& prefix, std::string bytes) {
  char* next = &bytes[0];
  const bool all = prefix.compare(next, &bytes[0] + bytes.size());
  return {static_cast<std::size_t>(next - bytes.data()), all};
}

}  // namespace

TEST_SUITE_BEGIN("messages");

TEST_CASE("prefix: the first difference of two texts of up to 40 bytes, at every place") {
  for (std::size_t size = 0; size <= 40; ++size) {
    char a[48];
    char b[48];
    for (int i = 0; i < 48; ++i) a[i] = b[i] = static_cast<char>('A' + i);
    CHECK(detail::same_bytes(a, b, size) == size);  // what stands behind is equal too, and no part of them
    for (std::size_t at = 0; at < size; ++at) {
      b[at] = '!';
      if (detail::same_bytes(a, b, size) != at) {
        CAPTURE(size);
        CHECK(detail::same_bytes(a, b, size) == at);
      }
      // One more difference behind the first one, next to it or at the end, changes nothing.
      for (const std::size_t other : {at + 1, at + 2, at + 3, size - 1}) {
        if (other <= at || other >= size) continue;
        b[other] = '!';
        CHECK(detail::same_bytes(a, b, size) == at);
        b[other] = a[other];
      }
      // A byte that equals a neighbour of the one that it should equal is another one too.
      for (std::size_t other = at < 3 ? 0 : at - 3; other <= at + 3; ++other) {
        if (other == at) continue;
        b[at] = a[other];
        CHECK(detail::same_bytes(a, b, size) == at);
        CHECK(detail::same_bytes(b, a, size) == at);
      }
      b[at] = a[at];
    }
  }
}

TEST_CASE("prefix: a byte that equals one further in front is another one too, also where the first bytes mirror") {
  for (std::size_t step = 1; step < 4; ++step) {
    char left[] = "DCBABCDEFGHIJKL";
    char right[] = "DCBABCDEFGHIJKL";
    const char* const a = left + 3;
    char* const b = right + 3;
    CHECK(detail::same_bytes(a, b, 12) == 12);
    b[4 + step] = a[4 - step];
    CHECK(detail::same_bytes(a, b, 12) == 4 + step);
    CHECK(detail::same_bytes(b, a, 12) == 4 + step);
  }
}

TEST_CASE("prefix: the first event is recorded, those behind are compared with it") {
  Prefix prefix;
  prefix.begin_event();
  CHECK(prefix.recording());
  CHECK_FALSE(prefix.comparing());
  read(prefix, "data: {\"a\":\"", 4);
  prefix.remember() = 7;
  CHECK_FALSE(prefix.recording());
  CHECK_FALSE(prefix.comparing());
  prefix.begin_event();
  CHECK(prefix.comparing());
  CHECK_FALSE(prefix.recording());
  const Compared whole = compare(prefix, "data: {\"a\":\"text\"}");
  CHECK(whole.taken == 12);
  CHECK(whole.all);
  CHECK(prefix.state() == 7);
  CHECK_FALSE(prefix.comparing());
  CHECK_FALSE(prefix.recording());
}

TEST_CASE("prefix: what comes in pieces agrees piece by piece, and all of it at the last one") {
  Prefix prefix = remembered("0123456789abcdef", 1);
  CHECK(compare(prefix, "0").taken == 1);
  CHECK(compare(prefix, "12345678").taken == 8);
  const Compared most = compare(prefix, "9abcde");
  CHECK(most.taken == 6);
  CHECK_FALSE(most.all);
  CHECK(prefix.comparing());
  const Compared last = compare(prefix, "fedcba");
  CHECK(last.taken == 1);
  CHECK(last.all);
  CHECK_FALSE(prefix.comparing());
}

TEST_CASE("prefix: an event that differs is the ordinary reader's, with what agreed in front of it") {
  Prefix prefix = remembered("0123456789", 1);
  CHECK(prefix.untouched());
  CHECK(compare(prefix, "012").taken == 3);
  CHECK_FALSE(prefix.untouched());
  CHECK(prefix.comparing());
  const Compared half = compare(prefix, "34x");
  CHECK(half.taken == 2);
  CHECK_FALSE(half.all);
  CHECK_FALSE(prefix.comparing());
  CHECK_FALSE(prefix.recording());
  const Room bytes = prefix.compared();
  CHECK(std::string(bytes.data, bytes.size) == "01234");
}

TEST_CASE("prefix: the first byte of an event touches it") {
  Prefix prefix = remembered("0123456789", 1);
  CHECK(compare(prefix, "0").taken == 1);
  CHECK_FALSE(prefix.untouched());
  prefix.begin_event();
  CHECK(prefix.untouched());
}

TEST_CASE("prefix: the second event in a row that differs makes the next one the first") {
  Prefix prefix = remembered("0123456789", 1);
  CHECK_FALSE(compare(prefix, "0x").all);
  prefix.begin_event();
  CHECK(prefix.comparing());
  CHECK(compare(prefix, "0123456789!").all);
  prefix.begin_event();
  CHECK(prefix.comparing());
  CHECK_FALSE(compare(prefix, "01x").all);
  prefix.begin_event();
  CHECK(prefix.comparing());
  CHECK_FALSE(compare(prefix, "x").all);
  prefix.begin_event();
  CHECK(prefix.recording());
  CHECK_FALSE(prefix.comparing());
}

TEST_CASE("prefix: forget() makes the next event the first one") {
  Prefix prefix = remembered("0123456789", 1);
  prefix.forget();
  prefix.begin_event();
  CHECK(prefix.recording());
  CHECK_FALSE(prefix.comparing());
}

TEST_CASE("prefix: what was copied is not looked at again, since the reader decodes in place") {
  Prefix prefix;
  prefix.begin_event();
  std::string bytes = "0123456789";
  prefix.record(bytes.data(), bytes.data() + bytes.size());
  prefix.recorded(4);
  for (char& c : bytes) c = '!';
  prefix.record(bytes.data() + 4, bytes.data() + bytes.size());
  prefix.recorded(6);
  // All that was copied was read: now new bytes are looked at.
  const std::string more = "abc";
  prefix.record(more.data(), more.data() + more.size());
  prefix.recorded(3);
  prefix.remember() = 3;
  prefix.begin_event();
  const Compared all = compare(prefix, "0123456789abc");
  CHECK(all.taken == 13);
  CHECK(all.all);
}

TEST_CASE("prefix: one with an escape in it is not remembered") {
  Prefix prefix;
  prefix.begin_event();
  read(prefix, "data: {\"\\u0061\":\"", 5);
  prefix.remember() = 1;
  prefix.begin_event();
  CHECK(prefix.recording());
  // The other bytes of a word may be in it.
  CHECK(remembered("data: []{}\"/:", 1).comparing());
}

TEST_CASE("prefix: 160 bytes can be remembered, more are not") {
  for (const std::size_t step : {1u, 7u, 160u}) {
    Prefix fits;
    fits.begin_event();
    const std::string most(160, 'x');
    read(fits, most, step);
    CHECK(fits.recording());
    fits.remember() = 1;
    fits.begin_event();
    CHECK(compare(fits, most + "y").taken == 160);
  }
  for (const std::size_t step : {1u, 7u, 161u}) {
    Prefix longer;
    longer.begin_event();
    read(longer, std::string(161, 'x'), step);
    CHECK_FALSE(longer.recording());
    CHECK_FALSE(longer.comparing());
    longer.begin_event();
    CHECK(longer.recording());
  }
}

TEST_SUITE_END();
