// What looks like a part of a message and is none.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_MESSAGE_READER 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_THINKING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>

#include "support/fed.hpp"
#include "support/told.hpp"

using namespace picoclaude;
using support::feed_message;

namespace {

struct Heard {
  std::string text;
  std::string other;  // the kinds of all other events, but the ends of blocks
  unsigned blocks = 0;
  Error error = Error::none;
  StopReason stop_reason = StopReason::none;
};

Heard hear(const std::string& body, std::size_t size) {
  Heard heard;
  const support::Fed fed = feed_message(body, size, [&](const Event& event) {
    if (event.kind == EventKind::block_end) ++heard.blocks;
    if (event.kind == EventKind::text) {
      heard.text += event.text;
    } else if (event.kind != EventKind::block_end && event.kind != EventKind::block && event.kind != EventKind::end) {
      heard.other += std::to_string(static_cast<int>(event.kind)) + " ";
    }
  });
  heard.error = fed.error;
  heard.stop_reason = fed.stop_reason;
  return heard;
}

// Says "Yes" in one block and stops at the end of its turn, whatever else is in it.
bool says_yes(const std::string& members) {
  const std::string body = R"({"type":"message","content":[{"type":"text","text":"Yes"}],"stop_reason":"end_turn")" +
      members + R"(,"usage":{"input_tokens":1,"output_tokens":2}})";
  bool good = true;
  for (const std::size_t size : {std::size_t{1}, std::size_t{9}, body.size()}) {
    const Heard heard = hear(body, size);
    good = good && heard.error == Error::none && heard.text == "Yes" && heard.other.empty() && heard.blocks == 1 &&
        heard.stop_reason == StopReason::end_turn;
  }
  return good;
}

std::string with_block(const std::string& block) {
  return R"({"type":"message","content":[)" + block + R"(],"stop_reason":"end_turn"})";
}

}  // namespace

TEST_SUITE_BEGIN("messages");

TEST_CASE("message: only what stands in the list `content` of the message itself is a block") {
  const std::string block = R"({"type":"text","text":"No"})";
  CHECK(says_yes(""));
  CHECK(says_yes(",\"other\":[" + block + "]"));
  CHECK(says_yes(",\"x\":{\"content\":[" + block + "]}"));
  CHECK(says_yes(",\"x\":{\"content\":[],\"y\":" + block + "}"));
  CHECK(says_yes(",\"x\":[[" + block + "]]"));
  CHECK(says_yes(",\"content\":{\"x\":" + block + "}"));
  CHECK(says_yes(",\"content\":[[" + block + "]]"));
  CHECK(says_yes(",\"content\":[[\"No\"],1,null]"));
  CHECK(says_yes(",\"content\":\"No\""));
}

TEST_CASE("message: a list in its content is skipped, and what stands behind it is read") {
  const Heard heard = hear(
      R"({"content":[["No"],[{"type":"text","text":"No"}],{"type":"text","text":"Yes"}],"stop_reason":"end_turn"})", 7);
  CHECK(heard.error == Error::none);
  CHECK(heard.text == "Yes");
  CHECK(heard.stop_reason == StopReason::end_turn);
}

TEST_CASE("message: why it stopped stands in the message itself") {
  CHECK(says_yes(R"(,"x":{"stop_reason":"max_tokens"})"));
  CHECK(says_yes(R"(,"x":{"stop_sequence":"No"})"));
  CHECK(says_yes(R"(,"x":{"stop_details":{"explanation":"No"}})"));
  CHECK(says_yes(R"(,"stop_sequence":null)"));
}

TEST_CASE("message: a stop sequence that it ended with is told") {
  std::string told;
  const support::Fed fed = feed_message(
      R"({"type":"message","content":[{"type":"text","text":"Yes"}],"stop_reason":"stop_sequence","stop_sequence":"E\u004eD"})",
      5, [&](const Event& event) {
        if (event.kind == EventKind::stop_sequence) told += event.text;
      });
  CHECK(fed.error == Error::none);
  CHECK(fed.stop_reason == StopReason::stop_sequence);
  CHECK(told == "END");
}

TEST_CASE("message: in a stream what the start's message says of its end is nothing") {
  const std::string message = R"("message":{"stop_reason":"max_tokens","stop_sequence":"No","content":[]})";
  for (const std::string& start :
      {"{\"type\":\"message_start\"," + message + "}", "{" + message + ",\"type\":\"message_start\"}"}) {
    const support::Told told = support::read("data: " + start + "\n\n", 5);
    CHECK(told.reader.error() == Error::none);
    CHECK(told.reader.stop_reason() == StopReason::none);
    CHECK(told.pieces.empty());
  }
}

TEST_CASE("message: the end of a block is told behind all that it says, once") {
  for (const char* const text : {R"({"type":"text","text":"Yes"})", R"({"text":"Yes","type":"text"})",
           R"({"text":"Yes","type":"text","text":""})", R"({"citations":null,"text":"Yes","type":"text"})"}) {
    for (const std::size_t size : {1u, 3u, 1000u}) {
      CAPTURE(std::string(text));
      std::string order;
      const support::Fed fed = feed_message(with_block(text), size, [&](const Event& event) {
        if (event.kind == EventKind::text && !event.text.empty()) order += event.text;
        if (event.kind == EventKind::block_end) order += "]" + std::to_string(event.index);
        if (event.kind == EventKind::end) order += "end" + std::to_string(event.index);
      });
      CHECK(fed.error == Error::none);
      CHECK(order == "Yes]0end0");
    }
  }
}

TEST_CASE("message: a block of an unknown type is counted, and says nothing") {
  const Heard heard = hear(with_block(R"({"type":"film","text":"No","input":{"a":1},"name":"n","id":"i"})"), 4);
  CHECK(heard.error == Error::none);
  CHECK(heard.text.empty());
  CHECK(heard.other.empty());
}

TEST_CASE("message: what is no message, or ends before it is one, never ends well") {
  CHECK(hear("[]", 1).error == Error::bad_event);
  CHECK(hear("\"text\"", 1).error != Error::none);
  CHECK(hear("", 1).error == Error::truncated);
  CHECK(hear(R"({"type":"message","content":[]})", 1).error == Error::bad_event_order);
  CHECK(hear(R"({"type":"message","content":[],"stop_reason":"end_turn")", 1).error == Error::truncated);
}

TEST_CASE("message: as many blocks as there are, one behind the other") {
  std::string blocks;
  for (unsigned at = 0; at < PICOCLAUDE_MAX_OPEN_BLOCKS * 2; ++at) {
    blocks += (at == 0 ? "" : ",") + std::string(R"({"type":"text","text":"a"})");
  }
  const Heard heard = hear(with_block(blocks), 50);
  CHECK(heard.error == Error::none);
  CHECK(heard.blocks == PICOCLAUDE_MAX_OPEN_BLOCKS * 2);
  CHECK(heard.text == std::string(PICOCLAUDE_MAX_OPEN_BLOCKS * 2, 'a'));
}

TEST_CASE("message: a call without its id or its name is refused, and not told") {
  for (const char* const call :
      {R"({"type":"tool_use","id":"a","input":{"b":1}})", R"({"type":"tool_use","name":"a","input":{"b":1}})",
          R"({"type":"tool_use","id":"","name":"a"})", R"({"type":"tool_use","id":"a","name":""})"}) {
    CAPTURE(std::string(call));
    for (const std::size_t size : {1u, 1000u}) {
      unsigned starts = 0;
      const auto take = [&](const Event& event) {
        starts += event.kind == EventKind::tool_start;
      };
      CHECK(feed_message(with_block(call), size, take).error == Error::bad_event);
      CHECK(support::feed(support::message_start() + support::block_start(0, call), size, take).error ==
          Error::bad_event);
      CHECK(starts == 0);
    }
  }
}

TEST_CASE("message: one that only thought says so") {
  const auto only_thought = [](const std::string& blocks) {
    EventReader reader;
    reader.expect_message();
    support::feed_to(reader, R"({"type":"message","content":[)" + blocks + R"(],"stop_reason":"max_tokens"})", 7,
        [](const Event&) {});
    return reader.only_thought();
  };
  CHECK(only_thought(R"({"type":"thinking","thinking":"Hm","signature":"s"})"));
  CHECK_FALSE(only_thought(R"({"type":"thinking","thinking":"Hm","signature":"s"},{"type":"text","text":"a"})"));
  CHECK_FALSE(only_thought(""));
}

TEST_CASE("message: a call's input is told as it stands, whatever is in it and wherever it stands") {
  const std::string input = R"({"type":"text","input":{"id":"x"},"name":[1,{"citations":[]}]})";
  for (const std::string& call : {R"({"type":"tool_use","id":"a","name":"b","input":)" + input + "}",
           R"({"input":)" + input + R"(,"type":"tool_use","id":"a","name":"b"})",
           R"({"type":"tool_use","id":"a","input":)" + input + R"(,"name":"b"})",
           R"({"id":"a","name":"b","input":)" + input + R"(,"type":"tool_use"})",
           R"({"type":"tool_use","name":"b","input":)" + input + R"(,"id":"a"})",
           R"({"x":{"input":{"no":1},"type":"text"},"type":"tool_use","id":"a","name":"b","input":)" + input + "}"}) {
    for (const std::size_t size : {1u, 2u, 7u, 1000u}) {
      CAPTURE(call);
      CAPTURE(size);
      std::string order;
      const support::Fed fed = feed_message(with_block(call), size, [&](const Event& event) {
        if (event.kind == EventKind::tool_start) order += std::string(event.id) + "=" + std::string(event.text) + ":";
        if (event.kind == EventKind::tool_input) order += event.text;
        if (event.kind == EventKind::block_end) order += "]";
      });
      CHECK(fed.error == Error::none);
      CHECK(order == "a=b:" + input + "]");
    }
  }
}

TEST_SUITE_END();
