#include "picoclaude/base/window.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace picoclaude;

namespace {

// A tree of lists, and how it is written: "(" its name, its children, ")".
struct Tree {
  std::string name;
  std::vector<Tree> children;
};

void write(Window& window, const Tree& tree) {
  window.raw(string_view("("));
  window.raw(string_view(tree.name));
  window.number(static_cast<std::uint32_t>(tree.children.size()));
  for (bool more = window.open(tree.children.size()); more; more = window.next(tree.children.size())) {
    if (window.item() != 0) window.raw(",");
    write(window, tree.children[window.item()]);
  }
  window.raw(string_view(")"));
}

std::string write_plainly(const Tree& tree) {
  std::string out = "(" + tree.name + std::to_string(tree.children.size());
  for (std::size_t i = 0; i < tree.children.size(); ++i) out += (i == 0 ? "" : ",") + write_plainly(tree.children[i]);
  return out + ")";
}

// Windows of `room` bytes, one behind the other.
template <class Write>
std::string through(std::size_t room, Write write, Error* error = nullptr) {
  std::string out;
  std::string buffer(room, '?');
  Cursor cursor;
  for (bool finished = false; !finished;) {
    Window window(buffer.data(), room, cursor);
    write(window);
    if (window.error() != Error::none) {
      if (error != nullptr) *error = window.error();
      return out;
    }
    if (!window.finished() && window.size() != room) return "a window was left half empty";
    out.append(buffer.data(), window.size());
    finished = window.finished();
    cursor = window.cursor();
  }
  return out;
}

}  // namespace

TEST_SUITE_BEGIN("base");

TEST_CASE("window: nested lists, empty ones too, through windows of every size") {
  const Tree tree{"root",
      {{"a", {}}, {"b", {{"c", {{"d", {{"e", {}}, {"f", {}}}}}}, {"", {}}}}, {"", {{"g", {}}}},
          {"long name at the end", {}}}};
  const std::string expected = "(root4(a0),(b2(c1(d2(e0),(f0))),(0)),(1(g0)),(long name at the end0))";
  CHECK(write_plainly(tree) == expected);
  for (std::size_t room = 1; room <= expected.size() + 1; ++room) {
    CAPTURE(room);
    CHECK(through(room, [&](Window& window) {
      write(window, tree);
    }) == expected);
  }
  Window measure;
  write(measure, tree);
  CHECK(measure.size() == expected.size());
  CHECK(measure.finished());
}

TEST_CASE("window: lists deeper than the cursor are bad_request") {
  Tree tree{"x", {}};
  for (unsigned i = 0; i < Cursor::max_depth; ++i) tree = Tree{"x", {tree}};
  CHECK(through(5, [&](Window& window) {
    write(window, tree);
  }) == write_plainly(tree));
  tree = Tree{"x", {tree}};
  Error error = Error::none;
  through(
      1000,
      [&](Window& window) {
        write(window, tree);
      },
      &error);
  CHECK(error == Error::bad_request);
}

TEST_CASE("window: numbers") {
  const std::uint32_t numbers[] = {0, 1, 9, 10, 99, 100, 12345, 999999999, 1000000000, 4294967295};
  const char* const texts[] = {"0", "1", "9", "10", "99", "100", "12345", "999999999", "1000000000", "4294967295"};
  for (unsigned i = 0; i < 10; ++i) {
    for (std::size_t room = 1; room < 12; ++room) {
      CHECK(through(room, [&](Window& window) {
        window.number(numbers[i]);
      }) == texts[i]);
    }
  }
}

TEST_CASE("window: header values are checked when they are measured") {
  for (int byte = 0; byte < 256; ++byte) {
    const char text[] = {'a', static_cast<char>(byte), 'b'};
    Window measure;
    measure.header({text, 3});
    CHECK((measure.error() == Error::none) == (byte >= 0x20 && byte <= 0x7E));
  }
}

TEST_CASE("window: more than 4 GiB is request_too_long") {
  const Source huge{nullptr, nullptr, 0xFFFFFFFE};
  Window fits;
  fits.bytes(huge);
  CHECK(fits.error() == Error::none);
  CHECK(fits.size() == 0xFFFFFFFE);
  Window over;
  over.bytes(huge);
  over.raw("x");
  CHECK(over.error() == Error::request_too_long);
  Window behind;
  behind.raw("xy");
  behind.bytes(huge);
  CHECK(behind.error() == Error::request_too_long);
}

TEST_CASE("window: the bytes of a source, in what pieces it likes, and a source that fails") {
  struct Card {
    std::string bytes;
    std::size_t most;
    std::uint32_t ends_at;
  } card{"0123456789abcdef", 3, 16};
  const auto read = [](void* context, std::uint32_t offset, char* out, std::size_t size) {
    const auto& from = *static_cast<Card*>(context);
    if (offset >= from.ends_at) return std::size_t{0};
    return from.bytes.copy(out, size < from.most ? size : from.most, offset);
  };
  const Source source{read, &card, 16};
  for (std::size_t room = 1; room < 20; ++room) {
    CHECK(through(room, [&](Window& window) {
      window.raw("<");
      window.bytes(source);
      window.raw(">");
    }) == "<0123456789abcdef>");
  }
  card.ends_at = 7;
  Error error = Error::none;
  through(
      4,
      [&](Window& window) {
        window.bytes(source);
      },
      &error);
  CHECK(error == Error::request_changed);
  const Source liar{[](void*, std::uint32_t, char*, std::size_t size) {
                      return size + 1;
                    },
      nullptr, 16};
  error = Error::none;
  through(
      4,
      [&](Window& window) {
        window.bytes(liar);
      },
      &error);
  CHECK(error == Error::request_changed);
}

TEST_CASE("window: the first error stays") {
  Window window;
  window.fail(Error::bad_text);
  window.fail(Error::bad_header);
  CHECK(window.error() == Error::bad_text);
  CHECK_FALSE(window.finished());
  window.raw("x");
  CHECK(window.size() == 0);
}

TEST_SUITE_END();
