// What comes with the start of a block, where no transcript wants its JSON as it came.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_THINKING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <algorithm>

#include "support/told.hpp"

using namespace picoclaude;
using support::Piece;
using support::read;

namespace {

const std::string begin = "data: {\"type\":\"message_start\"}\n\n";

// Both starts have the same block; the second one is cut off.
std::string starts(const std::string& block) {
  return begin + "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":" + block +
      "}\n\ndata: {\"content_block\":" + block + ",\"index\":1,\"type\":\"content_block_start\"}\n\n";
}

std::string object(const std::vector<std::string>& members) {
  std::string all;
  for (const std::string& member : members) all += (all.empty() ? "{" : ", ") + member;
  return all + "}";
}

// In every order of the members, in pieces of every size up to 40.
void check_all_orders(std::vector<std::string> members, std::vector<Piece> expected) {
  const auto less = [](const Piece& a, const Piece& b) {
    return a.index != b.index ? a.index < b.index : a.kind < b.kind;
  };
  std::sort(expected.begin(), expected.end(), less);
  std::sort(members.begin(), members.end());
  do {
    const std::string stream = starts(object(members));
    CAPTURE(stream);
    for (std::size_t size = 1; size < 40; ++size) {
      support::Told told = read(stream, size);
      CHECK(told.reader.error() == Error::none);
      CHECK(told.reader.block_count() == 2);
      CHECK(told.reader.held().size == 0);
      std::sort(told.pieces.begin(), told.pieces.end(), less);
      CHECK(told.pieces == expected);
    }
  } while (std::next_permutation(members.begin(), members.end()));
}

}  // namespace

TEST_CASE("block start: text is told") {
  check_all_orders({R"("type":"text")", R"("text":"a\u00e9\"\ud83d\ude00 \n")", R"("citations":null)"},
      {{EventKind::text, 0, "a\xC3\xA9\"\xF0\x9F\x98\x80 \n"}, {EventKind::text, 1, "a\xC3\xA9\"\xF0\x9F\x98\x80 \n"}});
}

TEST_CASE("block start: thinking is told with its signature, and what is of other blocks is not") {
  check_all_orders({R"("type":"thinking")", R"("thinking":"Hm\u2026")", R"("signature":"c2ln")", R"("text":"no")"},
      {{EventKind::thinking, 0, "Hm\xE2\x80\xA6"}, {EventKind::signature, 0, "c2ln"},
          {EventKind::thinking, 1, "Hm\xE2\x80\xA6"}, {EventKind::signature, 1, "c2ln"}});
}

TEST_CASE("block start: redacted thinking is told as its data") {
  check_all_orders({R"("type":"redacted_thinking")", R"("data":"EmwKAhgB\/+==")", R"("name":"no")"},
      {{EventKind::redacted_thinking, 0, "EmwKAhgB/+=="}, {EventKind::redacted_thinking, 1, "EmwKAhgB/+=="}});
}

TEST_CASE("block start: a call is told with id and name, and an input that came with it behind them") {
  const std::string input = R"({"a":[{"id":"\u00e9","name":-1.5e3}],"type":"text"})";
  check_all_orders({R"("type":"tool_use")", R"("id":"toolu_\u0031")", R"("name":"lamp")", R"("input":)" + input,
                       R"("caller":{"type":"direct","id":"x"})"},
      {{EventKind::tool_start, 0, "lamp"}, {EventKind::tool_input, 0, input}, {EventKind::tool_start, 1, "lamp"},
          {EventKind::tool_input, 1, input}});
  for (const char* const empty : {"\"input\":{}", "\"input\":{ }", "\"input\":null", "\"input\":[\"a\"]", "\"x\":{}"}) {
    check_all_orders({R"("type":"tool_use")", R"("id":"toolu_1")", R"("name":"lamp")", empty},
        {{EventKind::tool_start, 0, "lamp"}, {EventKind::tool_start, 1, "lamp"}});
  }
}

TEST_CASE("block start: the id is that of the call, and of no other event") {
  const std::string call = R"({"type":"tool_use","id":"toolu_1","name":"lamp","input":{"a":1}})";
  std::vector<std::string> ids;
  read(starts(call) + "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n", 7,
      [&](EventReader&, const Event& event) {
        ids.emplace_back(event.id);
        CHECK(event.id == (event.kind == EventKind::tool_start ? "toolu_1" : ""));
      });
  CHECK(ids.size() >= 5);
}

TEST_CASE("block start: the first of two types counts") {
  const support::Told call = read(starts(R"({"type":"tool_use","type":"text","id":"a","name":"b","text":"no"})"), 9);
  CHECK(call.reader.error() == Error::none);
  CHECK(call.pieces == std::vector<Piece>{{EventKind::tool_start, 0, "b"}, {EventKind::tool_start, 1, "b"}});
  const support::Told text = read(starts(R"({"type":"text","type":"tool_use","id":"a","name":"b","text":"yes"})"), 9);
  CHECK(text.joined(EventKind::text) == "yesyes");
  CHECK(text.count(EventKind::tool_start) == 0);
}

TEST_CASE("block start: a call without id or name ends the answer") {
  for (const char* const block : {R"({"type":"tool_use","id":"a","input":{}})", R"({"type":"tool_use","name":"b"})",
           R"({"type":"tool_use","id":"","name":"b"})", R"({"id":"a","name":"","type":"tool_use"})"}) {
    const support::Told told = read(starts(block), 9);
    CHECK(told.reader.error() == Error::bad_event);
    CHECK(told.pieces.empty());
  }
}

TEST_CASE("block start: a block of an unknown type takes no memory, whatever it holds") {
  const std::string head = begin + R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"film",)";
  for (const char* const member : {"data", "text", "thinking", "signature", "id", "name", "frames"}) {
    const std::string open = head + "\"" + member + "\":\"" + std::string(100000, 'x');
    CHECK(read(open, 1000).reader.held().size == 0);
    CHECK(read(open + "\"}}\n\n", 1000).pieces.empty());
  }
  const std::string open = head + R"("input":{"a":")" + std::string(100000, 'x');
  CHECK(read(open, 1000).reader.held().size == 0);
}

TEST_CASE("block start: what no block is told by is not held, though the type is not known yet") {
  const std::string head = begin + R"(data: {"type":"content_block_start","index":0,"content_block":{)";
  for (const char* const member : {"frames", "citations", "partial_json", "caller", "url"}) {
    CHECK(read(head + "\"" + member + "\":\"" + std::string(5000, 'x'), 1000).reader.held().size == 0);
  }
  for (const char* const member : {"data", "text", "thinking", "signature", "id", "name"}) {
    CHECK(read(head + "\"" + member + "\":\"" + std::string(5000, 'x'), 1000).reader.held().size >= 4000);
  }
  CHECK(read(head + R"("input":[")" + std::string(5000, 'x'), 1000).reader.held().size == 0);
  CHECK(read(head + R"("input":")" + std::string(5000, 'x'), 1000).reader.held().size == 0);
  CHECK(read(head + R"("caller":{"input":{"a":")" + std::string(5000, 'x'), 1000).reader.held().size == 0);
  CHECK(read(head + R"("caller":{"a":")" + std::string(5000, 'x'), 1000).reader.held().size == 0);
  const std::string outside = begin + R"(data: {"type":"content_block_start","index":0,"x":{"input":{"a":")";
  CHECK(read(outside + std::string(5000, 'x'), 1000).reader.held().size == 0);
}

TEST_CASE("block start: all of it is told when a byte comes behind the block, and nothing is held from there on") {
  const std::string head = begin + R"(data: {"type":"content_block_start","index":0,"content_block":)";
  for (const std::size_t size : {1u, 7u, 1000u}) {
    const support::Told call = read(head + R"({"input":{"a":[{}]},"name":"b","type":"tool_use","id":"a"},)", size);
    CHECK(call.joined(EventKind::tool_start) == "b");
    CHECK(call.joined(EventKind::tool_input) == R"({"a":[{}]})");
    CHECK(call.reader.held().size == 0);
    const support::Told thought = read(head + R"({"signature":"s","thinking":"t","type":"thinking"},)", size);
    CHECK(thought.pieces == std::vector<Piece>{{EventKind::thinking, 0, "t"}, {EventKind::signature, 0, "s"}});
    CHECK(thought.reader.held().size == 0);
    // Of another type nothing is told of what was held.
    const support::Told film = read(head + R"({"text":"x","thinking":"t","id":"i","name":"n","type":"film"},)", size);
    CHECK(film.pieces.empty());
    CHECK(film.reader.held().size == 0);
  }
}

TEST_CASE("block start: before message_start it is refused as soon as it begins") {
  for (const std::size_t size : {1u, 1000u}) {
    const support::Told told =
        read(R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a)", size);
    CHECK(told.reader.error() == Error::bad_event_order);
    CHECK(told.pieces.empty());
  }
}

TEST_CASE("block start: data of redacted thinking is not held when its type came before it") {
  const std::string open = begin +
      R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":")" +
      std::string(100000, 'x');
  const support::Told told = read(open, 1000);
  CHECK(told.reader.held().size == 0);
  CHECK(told.joined(EventKind::redacted_thinking) == std::string(100000, 'x'));
}

TEST_CASE("block start: before message_start, or as part of another event, it is refused or nobody's") {
  const std::string block = R"({"type":"tool_use","id":"a","name":"b","input":{"c":1}})";
  CHECK(read("data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":" + block + "}\n\n", 5)
            .reader.error() == Error::bad_event_order);
  const support::Told other = read(begin + "data: {\"type\":\"ping\",\"content_block\":" + block + "}\n\n", 5);
  CHECK(other.reader.error() == Error::none);
  CHECK(other.pieces.empty());
  CHECK(read(begin + "data: {\"content_block\":" + block + ",\"type\":\"ping\"}\n\n", 5).reader.error() ==
      Error::bad_event);
}

TEST_CASE("block start: a member of 16 MB is one byte too long to be held") {
  const std::string head = begin + R"(data: {"type":"content_block_start","index":0,"content_block":{"text":")";
  const std::string tail = "\",\"type\":\"text\"}}\n\n";
  CHECK(read(head + std::string((1u << 24) - 1, 'x') + tail, ~std::size_t{0}).joined(EventKind::text).size() ==
      (1u << 24) - 1);
  CHECK(read(head + std::string(1u << 24, 'x') + tail, ~std::size_t{0}).reader.error() == Error::out_of_room);
}
