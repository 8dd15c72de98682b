// How a turn is written block by block: places that move, and the edges of the room.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <cstring>
#include <initializer_list>
#include <string>

using namespace picoclaude;

namespace {

// What is written of some events and their end, in memory that was full of `fill`.
std::string written(std::initializer_list<Event> events, char fill = 0) {
  char bytes[1024];
  std::memset(bytes, fill, sizeof bytes);
  bytes[99] = '[';
  detail::TurnWriter writer;
  writer.begin(bytes, 100, sizeof bytes);
  for (const Event& one : events) CHECK(writer.take(one) == Error::none);
  CHECK(writer.take({EventKind::end, 0, {}}) == Error::none);
  CHECK(writer.empty() == (writer.size() == 100));
  return std::string(bytes + 100, writer.size() - 100);
}

}  // namespace

TEST_CASE("turn writer: when a block is closed, those behind it go on") {
  CHECK(written({{EventKind::text, 0, "a"}, {EventKind::text, 1, "b"}, {EventKind::text, 2, "c"},
            {EventKind::block_end, 0, {}}, {EventKind::text, 1, "B"}, {EventKind::text, 2, "C"}}) ==
      R"({"type":"text","text":"a"},{"type":"text","text":"bB"},{"type":"text","text":"cC"})");
  CHECK(written({{EventKind::text, 0, "a"}, {EventKind::text, 1, "b"}, {EventKind::text, 2, "c"},
            {EventKind::text, 3, "d"}, {EventKind::block_end, 1, {}}, {EventKind::text, 0, "A"},
            {EventKind::text, 2, "C"}, {EventKind::text, 3, "D"}}) ==
      R"({"type":"text","text":"aA"},{"type":"text","text":"b"},{"type":"text","text":"cC"},)"
      R"({"type":"text","text":"dD"})");
}

TEST_CASE("turn writer: the citations of a text are one list, each without its file") {
  CHECK(written({{EventKind::text, 0, "t"}, {EventKind::block_delta, 0, ""},
            {EventKind::block_delta, 0, R"({"a":1,"file_id":"f"})"}, {EventKind::block_delta, 0, ""},
            {EventKind::block_delta, 0, R"({"file_id":"g",)"}, {EventKind::block_delta, 0, R"("b":2})"},
            {EventKind::block_delta, 0, ""}, {EventKind::block_delta, 0, R"({"c":3})"}, {EventKind::text, 0, "u"}}) ==
      R"({"type":"text","text":"tu","citations":[{"a":1},{"b":2},{"c":3}]})");
}

TEST_CASE("turn writer: a block that is dropped takes nothing along that stands behind the turn") {
  for (const char fill : {' ', ',', '}'}) {
    CHECK(written({{EventKind::text, 0, ""}}, fill).empty());
    CHECK(written({{EventKind::thinking, 0, "hm"}}, fill).empty());
  }
}

TEST_CASE("turn writer: a member that a block has twice gives way once") {
  CHECK(written({{EventKind::block, 0, R"({"content":1,"content":2})"}, {EventKind::block_delta, 0, ""},
            {EventKind::block_delta, 0, R"({"type":"compaction_delta","content":"c"})"}}) ==
      R"({"content":2,"content":"c"})");
}

TEST_CASE("turn writer: what is added to a block that never began, or ends it, is nothing") {
  CHECK(written({{EventKind::text, 0, "t"}, {EventKind::block_delta, 1, R"({"a":1})"},
            {EventKind::block_end, 1, ""}}) == R"({"type":"text","text":"t"})");
}

TEST_CASE("turn writer: the room is used to its last byte, and no further") {
  const std::string_view whole = R"({"type":"text","text":"a"})";
  char bytes[64];
  for (const std::size_t limit : {whole.size() - 1, whole.size()}) {
    std::memset(bytes, '~', sizeof bytes);
    detail::TurnWriter writer;
    writer.begin(bytes, 0, limit);
    CHECK(writer.take({EventKind::text, 0, "a"}) == (limit == whole.size() ? Error::none : Error::out_of_room));
    CHECK(bytes[limit] == '~');
    if (limit == whole.size()) CHECK(string_view(bytes, writer.size()) == whole);
  }
  // An input of one byte that becomes {}.
  const std::string_view call = R"({"type":"tool_use","input":{}})";
  for (const std::size_t limit : {call.size() - 1, call.size()}) {
    detail::TurnWriter writer;
    writer.begin(bytes, 0, call.size());
    CHECK(writer.take({EventKind::block, 0, call}) == Error::none);
    writer.begin(bytes, 0, limit);
    CHECK(writer.take({EventKind::block, 0, R"({"type":"tool_use","input":1})"}) == Error::none);
    CHECK(writer.take({EventKind::tool_input, 0, "{"}) == Error::none);
    CHECK(writer.take({EventKind::block_end, 0, {}}) == (limit == call.size() ? Error::none : Error::out_of_room));
  }
}

TEST_CASE("turn writer: as many blocks as may be open are kept apart from what stands behind them") {
  struct {
    detail::TurnWriter writer;
    volatile std::uint32_t behind[16];
  } memory;
  for (volatile std::uint32_t& word : memory.behind) word = 0x7FFFFFFF;
  char bytes[1024];
  memory.writer.begin(bytes, 0, sizeof bytes);
  for (std::uint16_t index = 0; index < PICOCLAUDE_MAX_OPEN_BLOCKS; ++index)
    CHECK(memory.writer.take({EventKind::block, index, R"({"input":{}})"}) == Error::none);
  CHECK(memory.writer.take({EventKind::tool_input, 0, "1"}) == Error::none);
  CHECK(memory.writer.take({EventKind::block, PICOCLAUDE_MAX_OPEN_BLOCKS, "{}"}) == Error::out_of_room);
  for (const volatile std::uint32_t& word : memory.behind) CHECK(word == 0x7FFFFFFF);
}

TEST_CASE("turn writer: only a call is a bad call, from the first to the last that is counted") {
  for (const unsigned bad : {0u, 1u, 31u, 40u}) {  // 40: none of them
    static char bytes[4096];
    detail::TurnWriter writer;
    writer.begin(bytes, 0, sizeof bytes);
    // Not a call of the program's tools, and its input is no JSON.
    writer.take({EventKind::block, 0, R"({"type":"server_tool_use","input":{}})"});
    writer.take({EventKind::tool_input, 0, "{"});
    writer.take({EventKind::block_end, 0, {}});
    for (unsigned call = 0; call < 32; ++call) {
      const auto index = static_cast<std::uint16_t>(call + 1);
      writer.take({EventKind::block, index, R"({"type":"tool_use","input":{}})"});
      writer.take({EventKind::tool_start, index, "t"});
      writer.take({EventKind::tool_input, index, call == bad ? "{" : R"({"a":1})"});
      CHECK(writer.take({EventKind::block_end, index, {}}) == Error::none);
    }
    for (unsigned call = 0; call < 32; ++call) CHECK(writer.is_bad(call) == (call == bad));
    CHECK(writer.is_bad(32));
  }
}

TEST_CASE("turn writer: a line break in the middle of a value ends it, so that it is no JSON object") {
  CHECK(detail::is_json_object("{\"a\":1\n,\n\"b\":true\n}"));
  CHECK_FALSE(detail::is_json_object("{\"a\":1\n2}"));
  CHECK_FALSE(detail::is_json_object("{\"a\":tr\nue}"));
  CHECK_FALSE(detail::is_json_object("{\"a\":\"x\ny\"}"));
}
