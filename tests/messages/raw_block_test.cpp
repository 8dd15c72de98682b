// What no service writes of a block, where a transcript or a whole message is read: told as it came, or nobody's.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_MESSAGE_READER 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#define PICOCLAUDE_ENABLE_THINKING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/fed.hpp"

using namespace picoclaude;
using namespace support;

namespace {

struct Seen {
  std::string said;   // texts as they are, a call as <name id>, its input as {...}, the end of a block as |
  std::string raw;    // what was told as it came
  std::string parts;  // the same of what was added to a block, with a + in front of each
  unsigned inputs = 0;
  Error error = Error::none;
};

const std::size_t pieces[] = {1, 2, 3, 7, 16, 1000000};

template <class Feed>
Seen seen(Feed feed) {
  Seen seen;
  const Fed fed = feed([&](const Event& event) {
    const std::string text(event.text);
    switch (event.kind) {
      case EventKind::tool_start: seen.said += "<" + text + " " + std::string(event.id) + ">"; break;
      case EventKind::block_delta: seen.parts += text.empty() ? "+" : text; [[fallthrough]];
      case EventKind::block: seen.raw += text; break;
      case EventKind::block_end: seen.said += "|"; break;
      case EventKind::tool_input: ++seen.inputs; [[fallthrough]];
      default: seen.said += text; break;
    }
  });
  seen.error = fed.error;
  return seen;
}

// The same, whatever the pieces.
template <class Feed>
Seen always(Feed feed) {
  const Seen whole = feed(pieces[5]);
  for (const std::size_t size : pieces) {
    const Seen cut = feed(size);
    CHECK(cut.error == whole.error);
    if (whole.error != Error::none) continue;
    CHECK(cut.said == whole.said);
    CHECK(cut.raw == whole.raw);
    CHECK(cut.parts == whole.parts);
  }
  return whole;
}

Seen stream(const std::string& events) {
  return always([&](std::size_t size) {
    return seen([&](auto take) {
      return feed(events, size, take);
    });
  });
}

Seen message(const std::string& body) {
  return always([&](std::size_t size) {
    return seen([&](auto take) {
      return feed_message(body, size, take);
    });
  });
}

Seen start(const std::string& block) {
  return stream(message_start() + block_start(0, block) + block_stop(0) + message_end("end_turn"));
}

Seen content(const std::string& blocks) {
  return message(R"({"content":[)" + blocks + R"(],"stop_reason":"end_turn"})");
}

std::string delta(const std::string& members) { return "data: {\"type\":\"content_block_delta\"," + members + "}\n\n"; }

const std::string two_texts =
    message_start() + block_start(0, R"({"type":"text","text":""})") + block_start(1, R"({"type":"text","text":""})");

}  // namespace

TEST_CASE("raw block: one of a kind that nobody knows is told as it came, lists of citations and all") {
  for (const char* const block : {R"({"type":"film","citations":[{"a":1}],"x":[1,{"type":"text"}]})",
           R"({"citations":[{"a":1}],"type":"film"})", R"({"a":{"type":"text"}})", "{}"}) {
    CAPTURE(block);
    CHECK(start(block).raw == block);
    CHECK(start(block).said == "|");
    CHECK(content(block).raw == block);
    CHECK(content(block).said == "|");
  }
}

TEST_CASE("raw block: the first of two types counts") {
  CHECK(start(R"({"type":"tool_use","type":"text","id":"a","name":"b","text":"no"})").said == "<b a>|");
  CHECK(content(R"({"type":"tool_use","type":"text","id":"a","name":"b","text":"no"})").said == "<b a>|");
  CHECK(start(R"({"type":"film","type":"text","text":"no"})").said == "|");
  // What is no string, or stands deeper, is no type.
  for (const char* const block :
      {R"({"type":{"x":"film"},"type":"text","text":"x"})", R"({"type":["film"],"type":"text","text":"x"})"}) {
    CHECK(start(block).said == "x|");
    CHECK(content(block).said == "x|");
  }
}

TEST_CASE("raw block: with id, name and input in front of its type it is no call before the type says so") {
  const std::string members = R"({"id":"a","name":"b","input":{"c":1},)";
  for (const Seen& text :
      {start(members + R"("type":"text","text":"x"})"), content(members + R"("type":"text","text":"x"})")}) {
    CHECK(text.error == Error::none);
    CHECK(text.said == "x|");
    CHECK(text.raw == "");
  }
  CHECK(content(members + R"("type":"film"})").said == "|");
  CHECK(content(members + R"("type":"film"})").raw == members + R"("type":"film"})");
  CHECK(content(members + R"("type":"tool_use"})").said == R"(<b a>{"c":1}|)");
}

TEST_CASE("raw block: redacted thinking is a payload, and nothing is held of a block whose type is known") {
  for (const char* const block :
      {R"({"type":"redacted_thinking","data":"x"})", R"({"data":"x","type":"redacted_thinking"})"}) {
    CHECK(start(block).said == "x|");
    CHECK(start(block).raw == "");
    CHECK(content(block).said == "x|");
    CHECK(content(block).raw == "");
  }
  EventReader reader;
  reader.expect_message();
  feed_to(reader, R"({"content":[{"x":1,"type":"film","y":)", 1000, [](const Event&) {});
  CHECK(reader.error() == Error::none);
  CHECK(reader.held().size == 0);
}

TEST_CASE("raw block: in a message's content a list is none, and no part of the block behind it") {
  const Seen film = content(R"(["no"],{"type":"film"},[1])");
  CHECK(film.error == Error::none);
  CHECK(film.raw == R"({"type":"film"})");
  CHECK(film.said == "|");
}

TEST_CASE("raw block: a call without input has no event of it, and its block is told up to the input that follows") {
  const Seen call = start(R"({"type":"tool_use","id":"a","name":"b","input":{}})");
  CHECK(call.said == "<b a>|");
  CHECK(call.inputs == 0);
  CHECK(call.raw == R"({"type":"tool_use","id":"a","name":"b","input":{}})");
  std::string block;
  feed_message(R"({"content":[{"type":"tool_use","id":"a","name":"b","input":{"c":1}}],"stop_reason":"tool_use"})",
      1000, [&](const Event& event) {
        if (event.kind == EventKind::block && block.empty()) block = event.text;
      });
  CHECK(block == R"({"type":"tool_use","id":"a","name":"b","input":)");
}

TEST_CASE("raw block: a call without a name ends the answer before the bytes behind it are looked at") {
  const std::string refused = message_start() +
      R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","input":{"b":1}}x)";
  CHECK(stream(refused).error == Error::bad_event);
}

TEST_CASE("raw block: an input that is no object says nothing, and one between id and name is told whole") {
  for (const char* const block : {R"({"type":"tool_use","id":"a","name":"b","input":"c"})",
           R"({"input":"c","type":"tool_use","id":"a","name":"b"})"}) {
    CHECK(start(block).said == "<b a>|");
    CHECK(start(block).raw == block);
  }
  const char* const between = R"({"type":"tool_use","id":"a","input":{"c":[{"d":"}\""}]},"name":"b"})";
  CHECK(start(between).said == R"(<b a>{"c":[{"d":"}\""}]}|)");
  CHECK(content(between).said == R"(<b a>{"c":[{"d":"}\""}]}|)");
}

TEST_CASE("raw block: a call without id or name ends the answer, and is not told") {
  for (const char* const block : {R"({"type":"tool_use","id":"a"})",
           R"({"type":"tool_use","name":"b","input":{"c":1}})", R"({"type":"tool_use","id":"a","name":""})"}) {
    CAPTURE(block);
    CHECK(start(block).error == Error::bad_event);
    CHECK(start(block).said == "");
    CHECK(content(block).error == Error::bad_event);
    CHECK(content(block).said == "");
  }
}

TEST_CASE("raw block: bad JSON in a block is bad_json, at its byte") {
  for (const char* const block : {R"({"type":"tool_use","id":})", R"({"type":"text","text":"x",})",
           R"({"type":"film","a":tru })", R"({"type":"tool_use","id":"a","name":"b","input":{1}})", R"({,})"}) {
    CAPTURE(block);
    CHECK(start(block).error == Error::bad_json);
    CHECK(content(block).error == Error::bad_json);
  }
}

TEST_CASE("raw block: before message_start it is refused, in another event it is nobody's") {
  const std::string block = R"({"type":"tool_use","id":"a","name":"b"})";
  CHECK(stream(block_start(0, block)).error == Error::bad_event_order);
  CHECK(stream(R"(data: {"type":"content_block_start","index":0,"content_block":{)").error == Error::bad_event_order);
  const Seen other = stream(
      message_start() + "data: {\"type\":\"ping\",\"content_block\":" + block + "}\n\n" + message_end("end_turn"));
  CHECK(other.error == Error::none);
  CHECK(other.said == "");
  CHECK(other.raw == "");
}

TEST_CASE("raw block: a payload that does not fit its block is nobody's") {
  const Seen call = stream(message_start() + block_start(0, R"({"type":"server_tool_use","id":"a","name":"b"})") +
      delta(R"("index":0,"delta":{"type":"text_delta","text":"no"})") +
      delta(R"("index":0,"delta":{"type":"input_json_delta","partial_json":"{}"})") + block_stop(0) +
      message_end("end_turn"));
  CHECK(call.error == Error::none);
  CHECK(call.said == "{}|");
}

TEST_CASE("raw block: a citation is added to its text as it came, and to nothing else") {
  const std::string citation = R"("delta":{"type":"citations_delta","citation":{"a":{"b":[1]},"cited_text":"x"}})";
  const std::string open = message_start() + block_start(0, R"({"type":"text","text":""})");
  CHECK(stream(open + delta(R"("index":0,)" + citation) + block_stop(0) + message_end("end_turn")).raw ==
      R"({"a":{"b":[1]},"cited_text":"x"})");
  // In an event that is no delta.
  const Seen other = stream(open + "data: {\"type\":\"ping\"," + citation + "}\n\n" + message_end("end_turn"));
  CHECK(other.error == Error::none);
  CHECK(other.raw == "");
  const Seen two = stream(two_texts + "data: {\"type\":\"ping\"," + citation + "}\n\n" + message_end("end_turn"));
  CHECK(two.error == Error::none);
  // With two blocks open the index tells whose it is.
  const Seen second = stream(two_texts + delta(R"("index":1,)" + citation) + message_end("end_turn"));
  CHECK(second.error == Error::none);
  CHECK(second.raw.find(R"({"a":{"b":[1]},"cited_text":"x"})") != std::string::npos);
  // Of a block of thinking.
  const Seen thought = stream(message_start() + block_start(0, R"({"type":"thinking","thinking":""})") +
      delta(R"("index":0,)" + citation) + message_end("end_turn"));
  CHECK(thought.error == Error::none);
  CHECK(thought.raw.find("cited_text") == std::string::npos);
}

TEST_CASE(
    "raw block: a citation that ends with a number or an object ends there, and is told up to a byte that is wrong") {
  const std::string open = message_start() + block_start(0, R"({"type":"text","text":""})");
  for (const char* const citation : {R"({"cited_text":"x","end_char_index":9})", R"({"a":{"b":{"c":1}},"d":[{}]})",
           R"({"a":-1.5e3 ,"b":2 })", "{}"}) {
    CAPTURE(citation);
    const Seen cited = stream(open +
        delta(R"("index":0,"delta":{"type":"citations_delta","citation":)" + std::string(citation) + "}") +
        block_stop(0) + message_end("end_turn"));
    CHECK(cited.error == Error::none);
    CHECK(cited.raw == citation);
  }
  const Seen bad = stream(open + delta(R"("index":0,"delta":{"type":"citations_delta","citation":{"a":tru },"b":1}})"));
  CHECK(bad.error == Error::bad_json);
  CHECK(bad.raw.find("\"b\"") == std::string::npos);
}

TEST_CASE("raw block: the citations that come before a text's type are added one by one") {
  const Seen cited = content(R"({"citations":[{"a":1},{"b":2},{"c":3}],"type":"text","text":"x"})");
  CHECK(cited.error == Error::none);
  CHECK(cited.parts == R"(+{"a":1}+{"b":2}+{"c":3})");
}

TEST_CASE("raw block: text in front of its index is held while two blocks are open") {
  const Seen held = stream(two_texts + delta(R"("delta":{"type":"text_delta","text":"x"},"index":1)") + block_stop(0) +
      block_stop(1) + message_end("end_turn"));
  CHECK(held.error == Error::none);
  CHECK(held.said == "x||");
}

TEST_CASE("raw block: what is added to one of an unknown kind is told beside a text whose deltas are usual") {
  const std::string text = delta(R"("index":0,"delta":{"type":"text_delta","text":"t"})");
  const std::string film = delta(R"("index":1,"delta":{"type":"text_delta","text":"f"})");
  const Seen both =
      stream(message_start() + block_start(0, R"({"type":"text","text":""})") + block_start(1, R"({"type":"film"})") +
          text + text + film + text + film + block_stop(0) + block_stop(1) + message_end("end_turn"));
  CHECK(both.error == Error::none);
  CHECK(both.said == "ttt||");
  CHECK(both.parts == R"(+{"type":"text_delta","text":"f"}+{"type":"text_delta","text":"f"})");
}

TEST_CASE("raw block: an empty text says nothing, so that only thinking was there") {
  EventReader reader;
  support::feed_to(reader,
      message_start() + block_start(0, R"({"type":"thinking","thinking":"hm"})") + block_stop(0) +
          block_start(1, R"({"type":"text","text":""})") + block_stop(1) + message_end("max_tokens"),
      1000, [](const Event&) {});
  CHECK(reader.complete());
  CHECK(reader.only_thought());
}

TEST_CASE("raw block: a message's text has all of its citations, and may stand behind them") {
  const std::string citations = R"("citations":[{"cited_text":"a"},{"cited_text":"b"}])";
  for (const std::string& block :
      {R"({"type":"text","text":"x",)" + citations + "}", R"({"type":"text",)" + citations + R"(,"text":"x"})",
          "{" + citations + R"(,"type":"text","text":"x"})", "{" + citations + R"(,"text":"x","type":"text"})"}) {
    CAPTURE(block);
    const Seen cited = content(block + R"(,{"type":"text","text":"y"})");
    CHECK(cited.error == Error::none);
    CHECK(cited.raw == R"({"cited_text":"a"}{"cited_text":"b"})");
    CHECK(cited.said.find("x") != std::string::npos);
    CHECK(cited.said.substr(cited.said.size() - 2) == "y|");
  }
}

TEST_CASE("raw block: what is added to one of two open blocks in front of its index is out_of_room, never lost") {
  const std::string open = message_start() + block_start(0, R"({"type":"text","text":""})") +
      block_start(1, R"({"type":"compaction","content":null})");
  const std::string added = R"("delta":{"type":"compaction_delta","content":"x"})";
  CHECK(stream(open + delta(R"("index":1,)" + added) + message_end("end_turn")).error == Error::none);
  CHECK(stream(open + delta(added + R"(,"index":1)") + message_end("end_turn")).error == Error::out_of_room);
  // For a text it would have said nothing.
  CHECK(stream(open + delta(added + R"(,"index":0)") + message_end("end_turn")).error == Error::none);
  CHECK(
      stream(open + "event: ping\ndata: {" + added + R"(,"index":1,"type":"ping"})" + "\n\n" + message_end("end_turn"))
          .error == Error::none);
}

TEST_CASE("raw block: bad JSON in a citation is bad_json") {
  const std::string open = message_start() + block_start(0, R"({"type":"text","text":""})");
  for (const char* const citation : {R"({"a":tru })", R"({"cited_text":"\q"})", "{]"}) {
    CAPTURE(citation);
    CHECK(
        stream(open + delta(R"("index":0,"delta":{"type":"citations_delta","citation":)" + std::string(citation) + "}"))
            .error == Error::bad_json);
  }
}

TEST_CASE("raw block: other lists of a message's text, and the citations of no text, are not cited") {
  const Seen notes = content(R"({"type":"text","text":"x","notes":[{"a":1},[{"b":2}]]})");
  CHECK(notes.error == Error::none);
  CHECK(notes.said == "x|");
  CHECK(notes.raw.find("\"a\"") == std::string::npos);
  for (const char* const block : {R"({"type":"thinking","thinking":"x","citations":[{"a":1}]})",
           R"({"citations":[{"a":1}],"type":"thinking","thinking":"x"})"}) {
    const Seen thought = content(block);
    CHECK(thought.error == Error::none);
    CHECK(thought.said == "x|");
    CHECK(thought.raw.find("\"a\"") == std::string::npos);
  }
  const Seen lists = content(R"({"type":"text","text":"x","citations":[[{"a":1}],2,"b"]})");
  CHECK(lists.error == Error::none);
  CHECK(lists.said == "x|");
  CHECK(lists.raw == "");
  CHECK(content(R"({"type":"text","text":"x","citations":{"a":1}})").raw == "");
  CHECK(
      message(
          R"({"content":[{"type":"text","text":"x"}],"usage":{"y":{"citations":[{"a":1}]}},"stop_reason":"end_turn"})")
          .raw == "");
}

TEST_CASE("message: its members elsewhere are not its own") {
  const Seen other =
      message(R"({"notes":[{"type":"text","text":"no"}],"usage":{"stop_reason":"refusal","x":{"y":[1]}},)"
              R"("deep":{"citations":[{"a":1}]},"content":[{"type":"text","text":"x"}],)"
              R"("stop_sequence":"END","stop_reason":"stop_sequence"})");
  CHECK(other.error == Error::none);
  CHECK(other.said == "x|END");
  CHECK(message(R"({"usage":{"stop_reason":"end_turn"},"content":[]})").error == Error::bad_event_order);
}

TEST_CASE("message: as many blocks as an index can count, and not one more") {
  std::string blocks = R"({"type":"text","text":"x"})";
  for (unsigned count = 1; count < 65535; ++count) blocks += ",{}";
  const auto read = [](const std::string& list) {
    unsigned ends = 0;
    const Fed fed =
        feed_message(R"({"content":[)" + list + R"(],"stop_reason":"end_turn"})", 1 << 20, [&](const Event& event) {
          ends += event.kind == EventKind::block_end ? 1 : 0;
        });
    CHECK(ends == 65535);
    return fed.error;
  };
  CHECK(read(blocks) == Error::none);
  CHECK(read(blocks + ",{}") == Error::too_many_blocks);
}
