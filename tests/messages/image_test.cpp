#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_VISION 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_CACHING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>

#include "support/rendered.hpp"

using namespace picoclaude;
using support::rendered;
using support::rendered_through;

namespace {

constexpr char png[] = {'\x89', 'P', 'N', 'G', '\r', '\n', '\x1A', '\n'};
constexpr Block compare[] = {
    image("image/png", {png, sizeof png}), image_url("https://example.org/a.jpg"), image_file("file_011A"), "Compare"};
constexpr Message messages[] = {user(compare)};

constexpr Request vision() {
  Request request;
  request.model = "claude-opus-5-5";
  request.max_tokens = 1024;
  request.messages = messages;
  request.stream = false;
  return request;
}

// A picture of `size` bytes that is not in memory, and how it was read.
struct Card {
  std::uint32_t size;
  std::size_t most = ~std::size_t{0};  // bytes that one read gives
  std::uint32_t fails_at = 0xFFFFFFFF;
  unsigned long reads = 0;
  std::size_t bytes = 0;

  static char byte(std::uint32_t at) { return static_cast<char>(at * 167 + (at >> 8)); }

  static std::size_t read(void* context, std::uint32_t offset, char* out, std::size_t room) {
    Card& card = *static_cast<Card*>(context);
    ++card.reads;
    if (room > card.most) room = card.most;
    if (offset + room > card.fails_at) return 0;
    for (std::size_t i = 0; i < room; ++i) out[i] = byte(offset + static_cast<std::uint32_t>(i));
    card.bytes += room;
    return room;
  }
  Source source() { return {read, this, size}; }
};

// The plainest base64 there is.
std::string base64_of(std::uint32_t size) {
  const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (std::uint32_t at = 0; at < size; ++at) {
    bits = bits << 8 | static_cast<unsigned char>(Card::byte(at));
    for (count += 8; count >= 6; count -= 6) out += letters[bits >> (count - 6) & 63];
  }
  if (count != 0) out += letters[bits << (6 - count) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

}  // namespace

static_assert(rendered<512>(vision()).text() ==
    R"({"model":"claude-opus-5-5","max_tokens":1024,"messages":[{"role":"user","content":[)"
    R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},)"
    R"({"type":"image","source":{"type":"url","url":"https://example.org/a.jpg"}},)"
    R"({"type":"image","source":{"type":"file","file_id":"file_011A"}},)"
    R"({"type":"text","text":"Compare"}]}]})");

static_assert(rendered<256>(image_url("https://example.org/a.png")).text() ==
    R"({"type":"image","source":{"type":"url","url":"https://example.org/a.png"}})");
static_assert(rendered<256>(cached(image_file("file_1"))).text() ==
    R"({"type":"image","source":{"type":"file","file_id":"file_1"},"cache_control":{"type":"ephemeral"}})");

TEST_CASE("image: a picture in a tool's result") {
  static constexpr Block seen[] = {"The door:", image("image/jpeg", "\xFF\xD8\xFF")};
  static_assert(rendered<256>(tool_result("toolu_01A", seen)).text() ==
      R"({"type":"tool_result","tool_use_id":"toolu_01A","content":[{"type":"text","text":"The door:"},)"
      R"({"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"/9j/"}}],"is_error":false})");
}

TEST_CASE("image: a picture from a source is the same through windows of every size, however much a read gives") {
  for (const std::uint32_t size : {0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u, 100u, 101u, 102u}) {
    const std::string expected =
        R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":")" + base64_of(size) + R"("}})";
    for (const std::size_t most : {std::size_t{1}, std::size_t{2}, std::size_t{7}, ~std::size_t{0}}) {
      Card card{size, most};
      const Source source = card.source();
      const Block block = image("image/png", source);
      for (std::size_t room = 1; room <= 40; ++room) {
        CAPTURE(size);
        CAPTURE(most);
        CAPTURE(room);
        CHECK(rendered_through(block, room) == expected);
      }
      CHECK(rendered_through(block, 4096) == expected);
    }
  }
}

TEST_CASE("image: 3 MB go through a window of 512 bytes, every byte read once") {
  Card card{3'000'000};
  const Source source = card.source();
  const Block blocks[] = {image("image/jpeg", source), "What is this?"};
  const Message question[] = {user(blocks)};
  Request request = vision();
  request.messages = question;
  const std::string body = rendered_through(request, 512);
  CHECK(body ==
      R"({"model":"claude-opus-5-5","max_tokens":1024,"messages":[{"role":"user","content":[{"type":"image",)"
      R"("source":{"type":"base64","media_type":"image/jpeg","data":")" +
          base64_of(3'000'000) + R"("}},{"type":"text","text":"What is this?"}]}]})");
  // 512 letters are 384 bytes: 7,813 windows. A group that a window's end cuts is read twice.
  CHECK(card.bytes <= 3'000'000 + 2 * 3 * 7813);
  CHECK(card.reads <= 3 * 7813);
}

TEST_CASE("image: a source that fails, or gives more than was asked, is request_changed") {
  Card card{1000};
  card.fails_at = 500;
  const Source source = card.source();
  const Block block = image("image/png", source);
  Window measure;
  detail::render(measure, block);
  CHECK(measure.error() == Error::none);
  char room[512];
  Window first(room, sizeof room, {});
  detail::render(first, block);
  CHECK(first.error() == Error::none);
  Window second(room, sizeof room, first.cursor());
  detail::render(second, block);
  CHECK(second.error() == Error::request_changed);

  const Source liar{[](void*, std::uint32_t, char*, std::size_t size) {
                      return size + 1;
                    },
      nullptr, 10};
  Window window(room, sizeof room, {});
  detail::render(window, image("image/png", liar));
  CHECK(window.error() == Error::request_changed);
}

TEST_CASE("image: more than 3 GiB are more than a body may have") {
  for (const std::uint32_t size : {0xBFFFFFFFu, 0xC0000000u, 0xFFFFFFFFu}) {
    Card card{size};
    const Source source = card.source();
    Window measure;
    detail::render(measure, image("image/png", source));
    CHECK(measure.error() == Error::request_too_long);
    CHECK(card.reads == 0);
  }
}
