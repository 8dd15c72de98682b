#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/fed.hpp"
#include "support/json_value.hpp"
#include "support/recordings.hpp"
#include "support/rendered.hpp"

using namespace picoclaude;
using namespace support;

namespace {

constexpr std::size_t first = 0, second = 1, third = 2, fourth = 3;

json::Value messages_of(const Transcript& talk) { return json::parse("[" + std::string(talk.json()) + "]"); }

// The recorded content as it may be sent back: without empty texts, and without what only answers have, or what nobody
// knows of a text.
json::Value sendable(const json::Value& content) {
  json::Value out = content;
  out.items.clear();
  for (json::Value block : content.items) {
    if (block["type"].text == "text" && block["text"].text.empty()) continue;
    if (block["type"].text == "text" && block.has("citations")) {
      if (block["citations"].items.empty()) {
        block.members.erase("citations");
      } else {
        for (json::Value& citation : block.members["citations"].items) citation.members.erase("file_id");
      }
    }
    if (block["type"].text == "text") block.members.erase("future_field");
    out.items.push_back(block);
  }
  return out;
}

Error record(Transcript& talk, std::string_view stream, std::size_t size = 1 << 20) {
  Error error = Error::none;
  feed(stream, size, [&](const Event& event) {
    error = talk.take(event);
  });
  return error;
}

std::string call_stream(const char* reason = "tool_use") {
  return message_start() + tool_start(0, "toolu_1", "left") + tool_input(0, "{\"a\":1}") + block_stop(0) +
      tool_start(1, "toolu_2", "right") + block_stop(1) + message_end(reason);
}

std::string text_stream(std::string_view text) {
  return message_start() + block_start(0, R"({"type":"text","text":""})") + text_delta(0, text) + block_stop(0) +
      message_end("end_turn");
}

constexpr char hello[] = R"({"role":"user","content":"Hello"})";

}  // namespace

// ---- recorded answers -------------------------------------------------------------------------------------------------

TEST_CASE("transcript: every recorded answer is sent back as it came, whatever the cut") {
  std::vector<char> pages(4 << 20);
  unsigned seen = 0;
  for (const recordings::Recording* const recording : recordings::in("streams/")) {
    if (!recording->has("content") || (*recording)["outcome"] != "complete") continue;
    CAPTURE(recording->name);
    const json::Value expected = sendable(json::parse((*recording)["content"]));
    for (const std::size_t size : {std::size_t{1} << 22, std::size_t{1000}, std::size_t{61}, std::size_t{1}}) {
      if (size < 1000 && recording->body.size() > 20000) continue;
      Transcript talk({pages.data(), pages.size()});
      REQUIRE(talk.user("Hello") == Error::none);
      REQUIRE(record(talk, recording->body, size) == Error::none);
      const json::Value messages = messages_of(talk);
      REQUIRE(messages.kind == '[');
      CHECK(messages[first] == json::parse(hello));
      if (expected.items.empty()) {
        CHECK(messages.items.size() == 1);
      } else {
        CHECK(messages[second]["role"].text == "assistant");
        CHECK(messages[second]["content"] == expected);
      }
    }
    ++seen;
  }
  CHECK(seen >= 50);
}

TEST_CASE("transcript: tools, thinking, citations and raw blocks cut at every byte") {
  for (const char* const name : {"streams/13_parallel_tools.sse", "streams/14_interleaved_blocks.sse",
           "streams/15_toolset_member.sse", "streams/19_thinking_omitted.sse", "streams/20_redacted_thinking.sse",
           "streams/23_citation_char.sse", "streams/28_web_search_error.sse", "streams/62_compaction_beta.sse"}) {
    CAPTURE(name);
    const recordings::Recording& recording = recordings::get(name);
    const json::Value expected = sendable(json::parse(recording["content"]));
    for (std::size_t size = 1; size < recording.body.size(); size += size < 400 ? 1 : 37) {
      static char pages[8192];
      Transcript talk(pages);
      REQUIRE(record(talk, recording.body, size) == Error::none);
      CHECK(messages_of(talk)[first]["content"] == expected);
    }
  }
}

TEST_CASE("transcript: an answer that ends early was never there") {
  for (const char* const name : {"streams/13_parallel_tools.sse", "streams/23_citation_char.sse"}) {
    const std::string_view stream = recordings::get(name).body;
    for (std::size_t size = 0; size < stream.size(); ++size) {
      char pages[8192];
      Transcript talk(pages);
      talk.user("Hello");
      record(talk, stream.substr(0, size));
      CHECK(talk.json() == hello);
      CHECK(talk.user("Again") == Error::none);
      CHECK(talk.json() == std::string(hello) + R"(,{"role":"user","content":"Again"})");
    }
  }
}

TEST_CASE("transcript: too small a room gives out_of_room, keeps the user's turn, and never holds invalid JSON") {
  for (const char* const name : {"streams/13_parallel_tools.sse", "streams/14_interleaved_blocks.sse",
           "streams/16_eager_invalid_json.sse", "streams/21_thinking_tools_interleaved.sse",
           "streams/23_citation_char.sse", "streams/62_compaction_beta.sse"}) {
    CAPTURE(name);
    const recordings::Recording& recording = recordings::get(name);
    std::vector<char> pages(16384);
    bool fitted = false;
    for (std::size_t room = sizeof hello - 1; room < 12000; room += room < 1200 ? 1 : 97) {
      Transcript talk({pages.data(), room});
      REQUIRE(talk.user("Hello") == Error::none);
      const Error error = record(talk, recording.body);
      fitted = error == Error::none;
      if (fitted) {
        CHECK(messages_of(talk)[second]["content"] == sendable(json::parse(recording["content"])));
        CHECK(talk.json().size() <= room);
      } else {
        CHECK(error == Error::out_of_room);
        CHECK(talk.json() == hello);
      }
    }
    CHECK(fitted);
  }
}

// ---- what an answer may hold ------------------------------------------------------------------------------------------

TEST_CASE("transcript: texts that say nothing and thinking without its signature are not sent back") {
  const std::string stream = message_start() + block_start(0, R"({"type":"text","text":""})") + block_stop(0) +
      block_start(1, R"({"type":"thinking","thinking":"","signature":""})") +
      event("content_block_delta", R"(,"index":1,"delta":{"type":"thinking_delta","thinking":"hm"})") + block_stop(1) +
      block_start(2, R"({"type":"text","text":""})") + text_delta(2, " \n") + text_delta(2, "\t") + block_stop(2);
  char pages[1024];
  Transcript talk(pages);
  talk.user("Hello");
  record(talk, stream + message_end("end_turn"));
  CHECK(talk.json() == hello);
  record(talk,
      stream + block_start(3, R"({"type":"text","text":""})") + text_delta(3, "yes") + block_stop(3) +
          block_start(4, R"({"type":"text","text":" "})") + message_end("end_turn"));
  CHECK(talk.json() == std::string(hello) + R"(,{"role":"assistant","content":[{"type":"text","text":"yes"}]})");
}

TEST_CASE("transcript: blocks keep their order, whichever speaks first") {
  const std::string stream = message_start() + block_start(0, R"({"type":"text","text":""})") +
      tool_start(1, "toolu_1", "left") + tool_input(1, "{\"a\":") + text_delta(0, "I \"look\"") + tool_input(1, "1}") +
      text_delta(0, " left.\n") + block_stop(1) + block_stop(0) + message_end("tool_use");
  for (std::size_t size = 1; size < stream.size(); ++size) {
    char pages[1024];
    Transcript talk(pages);
    REQUIRE(record(talk, stream, size) == Error::none);
    CHECK(talk.json() ==
        R"({"role":"assistant","content":[{"type":"text","text":"I \"look\" left.\n"},)"
        R"({"type":"tool_use","id":"toolu_1","name":"left","input":{"a":1}}]})");
  }
}

TEST_CASE("transcript: a thought that says something only behind the text still stands in front of it") {
  char pages[512];
  Transcript talk(pages);
  REQUIRE(record(talk,
              message_start() + block_start(0, R"({"type":"thinking","thinking":"","signature":""})") +
                  block_start(1, R"({"type":"text","text":""})") + text_delta(1, "yes") +
                  event("content_block_delta", R"(,"index":0,"delta":{"type":"signature_delta","signature":"s"})") +
                  block_stop(0) + block_stop(1) + message_end("end_turn")) == Error::none);
  CHECK(talk.json() ==
      R"({"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"s"},)"
      R"({"type":"text","text":"yes"}]})");
}

TEST_CASE("transcript: a retry begins the turn anew") {
  char pages[1024];
  Transcript talk(pages);
  talk.take(Event(EventKind::text, 0, "half an ans"));
  talk.take(Event(EventKind::retrying, 0, {}));
  record(talk, text_stream("whole"));
  CHECK(talk.json() == R"({"role":"assistant","content":[{"type":"text","text":"whole"}]})");
}

TEST_CASE("transcript: what the user says is escaped, and refused when it is no UTF-8") {
  char pages[256];
  Transcript talk(pages);
  CHECK(talk.user("say \"hi\"\n\x01") == Error::none);
  CHECK(talk.user("\xFF") == Error::bad_text);
  CHECK(talk.json() == R"({"role":"user","content":"say \"hi\"\n\u0001"})");
  CHECK(talk.user(string_view(std::string(300, 'x'))) == Error::out_of_room);
  CHECK(talk.json() == R"({"role":"user","content":"say \"hi\"\n\u0001"})");
  CHECK(talk.add(picoclaude::system("Be brief.")) == Error::none);
  CHECK(talk.json() == R"({"role":"user","content":"say \"hi\"\n\u0001"},{"role":"system","content":"Be brief."})");
}

// ---- calls and their results ------------------------------------------------------------------------------------------

TEST_CASE("transcript: calls are read back in block order, and their results follow in one message") {
  char pages[2048];
  Transcript talk(pages);
  talk.user("Hello");
  record(talk, call_stream());
  ToolCall call;
  REQUIRE(talk.call(0, call));
  CHECK(call.id == "toolu_1");
  CHECK(call.name == "left");
  CHECK(call.input == "{\"a\":1}");
  CHECK(call.whole);
  REQUIRE(talk.call(1, call));
  CHECK(call.id == "toolu_2");
  CHECK(call.input == "{}");
  CHECK(!talk.call(2, call));
  CHECK(talk.tool_result("toolu_1", "one") == Error::none);
  CHECK(talk.tool_result("toolu_2", "two", true) == Error::none);
  const std::string results =
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"one",)"
      R"("is_error":false},{"type":"tool_result","tool_use_id":"toolu_2","content":"two",)"
      R"("is_error":true}]})";
  const std::string_view all = talk.json();
  CHECK(all.substr(all.size() - results.size()) == results);
  CHECK(messages_of(talk).items.size() == 3);
  talk.user("Thanks");
  CHECK(messages_of(talk).items.size() == 4);
  CHECK(!talk.call(0, call));
}

TEST_CASE("transcript: calls of an answer that did not stop to use tools are none") {
  for (const char* const reason : {"end_turn", "max_tokens", "pause_turn", "refusal"}) {
    char pages[2048];
    Transcript talk(pages);
    record(talk, call_stream(reason));
    ToolCall call;
    CHECK(!talk.call(0, call));
  }
}

TEST_CASE("transcript: an answer that is no turn does not bring back the calls of the turn before") {
  const std::string longer = message_start() + tool_start(0, "toolu_3", "left") +
      tool_input(0, "{\"a\":\"" + std::string(800, 'x') + "\"}") + block_stop(0) + message_end("tool_use");
  const std::string whole = call_stream();
  const std::string answers[] = {
      message_start() + message_end("tool_use"),  // of nothing
      longer,                                     // does not fit
      whole.substr(0, whole.size() / 2),          // ends early
  };
  for (const std::string& answer : answers) {
    char pages[800];
    Transcript talk(pages);
    talk.user("Hello");
    CHECK(record(talk, call_stream()) == Error::none);
    ToolCall call;
    REQUIRE(talk.call(1, call));
    CHECK(talk.tool_result("toolu_1", "one") == Error::none);
    CHECK(talk.tool_result("toolu_2", "two") == Error::none);
    REQUIRE(talk.call(1, call));
    const std::string before{talk.json()};
    record(talk, answer);
    CHECK(!talk.call(0, call));
    talk.drop_turn();
    CHECK(!talk.call(0, call));
    CHECK(talk.json() == before);
  }
}

TEST_CASE("transcript: a call that was cut or is no JSON is marked, and its input sent back as empty") {
  for (const char* const input : {"{\"a\":", "{\"a\":1}}", "[1]", "x", "{\"a\":1} {}", "{\"a\":\"\\ud800\"}"}) {
    CAPTURE(input);
    const std::string stream = message_start() + tool_start(0, "toolu_1", "left") + tool_input(0, "{\"b\":2}") +
        block_stop(0) + tool_start(1, "toolu_2", "right") + tool_input(1, input) + block_stop(1) +
        tool_start(2, "toolu_3", "right") + tool_input(2, "{}") + message_end("tool_use");
    char pages[2048];
    Transcript talk(pages);
    CHECK(record(talk, stream) == Error::none);
    ToolCall call;
    REQUIRE(talk.call(0, call));
    CHECK(call.whole);
    REQUIRE(talk.call(1, call));
    CHECK(!call.whole);
    CHECK(call.input == "{}");
    REQUIRE(talk.call(2, call));
    CHECK(!call.whole);  // its block was not closed
    CHECK(messages_of(talk).kind == '[');
  }
}

TEST_CASE("transcript: calls that nobody answered are answered as not run before the user speaks again") {
  char pages[2048];
  Transcript talk(pages);
  talk.user("Hello");
  record(talk, call_stream());
  talk.tool_result("toolu_2", "two");
  REQUIRE(talk.user("Never mind") == Error::none);
  const json::Value messages = messages_of(talk);
  REQUIRE(messages.items.size() == 4);
  CHECK(messages[third]["content"][first]["tool_use_id"].text == "toolu_2");
  CHECK(messages[third]["content"][second]["tool_use_id"].text == "toolu_1");
  CHECK(messages[third]["content"][second]["is_error"].kind == 't');
  CHECK(messages[fourth]["content"].text == "Never mind");
  // The same after a cut answer, and after a rest in flash.
  Transcript other(pages);
  other.user("Hello");
  record(other, call_stream("max_tokens"));
  const std::string saved(other.json());
  char flash[2048];
  Transcript restored(flash);
  REQUIRE(restored.restore(saved) == Error::none);
  restored.user("Go on");
  CHECK(messages_of(restored)[third]["content"].items.size() == 2);
  CHECK(messages_of(restored)[fourth]["content"].text == "Go on");
}

TEST_CASE("transcript: a result that does not fit leaves the messages as they were") {
  char pages[600];
  Transcript talk(pages);
  talk.user("Hello");
  record(talk, call_stream());
  REQUIRE(talk.tool_result("toolu_1", "one") == Error::none);
  const std::string before(talk.json());
  CHECK(talk.tool_result("toolu_2", string_view(std::string(400, 'x'))) == Error::out_of_room);
  CHECK(talk.json() == before);
  CHECK(talk.tool_result("toolu_2", "x") == Error::none);
}

// ---- forgetting and storing -------------------------------------------------------------------------------------------

TEST_CASE("transcript: the oldest turns are forgotten up to a user's own words") {
  char pages[4096];
  Transcript talk(pages);
  CHECK(!talk.forget_oldest());
  talk.user("one }],{\"role\":\"user\",\"content\":\"");
  CHECK(!talk.forget_oldest());
  record(talk, call_stream());
  talk.tool_result("toolu_1", "1");
  talk.tool_result("toolu_2", "2");
  record(talk, text_stream("\\\"}]"));
  CHECK(!talk.forget_oldest());
  talk.add(picoclaude::system("Be brief."));
  talk.user("two");
  talk.user("three");
  record(talk, text_stream("3"));
  REQUIRE(talk.forget_oldest());
  CHECK(messages_of(talk).items.size() == 3);
  CHECK(messages_of(talk)[first]["content"].text == "two");
  REQUIRE(talk.forget_oldest());
  CHECK(talk.json() ==
      R"({"role":"user","content":"three"},{"role":"assistant","content":[{"type":"text","text":"3"}]})");
  CHECK(!talk.forget_oldest());
  CHECK(talk.make_room(4000));
  CHECK(!talk.make_room(4090));
}

TEST_CASE("transcript: restored from plain bytes it is the same, and what is not one is refused") {
  char pages[2048];
  Transcript talk(pages);
  talk.user("Hello");
  record(talk, call_stream());
  talk.user("So?");
  const std::string saved(talk.json());
  char other[2048];
  Transcript restored(other);
  REQUIRE(restored.restore(saved) == Error::none);
  CHECK(restored.json() == saved);
  CHECK(restored.restore("") == Error::none);
  CHECK(restored.empty());
  for (std::size_t size = 1; size < saved.size(); ++size) {
    const std::string cut = saved.substr(0, size);
    const Error error = restored.restore(cut);
    // Only whole messages are a transcript.
    CHECK((error == Error::none) == (json::parse("[" + cut + "]").kind == '['));
    CHECK(restored.empty() == (error != Error::none));
  }
  for (const char* const bad : {"x", "[]", "{}", "{\"role\":\"user\"}", "{\"role\":\"user\",\"content\":\"\xFF\"}",
           "{\"role\":\"assistant\",\"content\":\"a\"}", "{\"role\":\"system\",\"content\":\"a\"}",
           "{\"role\":\"user\",\"content\":\"a\"}{\"role\":\"user\",\"content\":\"b\"}",
           "{\"role\":\"user\",\"content\":\"a\"},", "{\"role\":\"user\",\"content\":\"a\"},{\"x\":1}",
           "{\"role\":\"user\",\"content\":\"a\"", "{\"role\":\"user\",\"content\":\"a\"}]",
           "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"x\"}]}"}) {
    CAPTURE(bad);
    CHECK(restored.restore(bad) == Error::bad_json);
  }
  char small[16];
  Transcript tiny(small);
  CHECK(tiny.restore(saved) == Error::out_of_room);
}

// ---- in a request -----------------------------------------------------------------------------------------------------

TEST_CASE("transcript: calls whose answers do not fit leave the messages as they were") {
  std::vector<char> pages(1024);
  Transcript talk({pages.data(), pages.size()});
  talk.user("Hello");
  record(talk, call_stream());
  const std::string whole(talk.json());
  Transcript full({pages.data(), whole.size()});
  CHECK(full.restore(whole) == Error::none);
  CHECK(full.user("Again") == Error::out_of_room);
  CHECK(full.json() == whole);
  CHECK(full.add(assistant("No.")) == Error::out_of_room);
  CHECK(full.json() == whole);
}

TEST_CASE("transcript: the first message may be a result") {
  char pages[256];
  Transcript talk(pages);
  CHECK(talk.tool_result("toolu_1", "one") == Error::none);
  CHECK(talk.tool_result("toolu_2", "two", true) == Error::none);
  CHECK(talk.json() ==
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"one",)"
      R"("is_error":false},{"type":"tool_result","tool_use_id":"toolu_2","content":"two",)"
      R"("is_error":true}]})");
}

TEST_CASE("transcript: room is made by forgetting as much as is needed, and not more") {
  char pages[200];
  Transcript talk(pages);
  const std::string six =
      R"({"role":"user","content":"six"},{"role":"assistant","content":[{"type":"text","text":"a"}]})";
  talk.user("one");
  talk.user("six");
  record(talk, text_stream("a"));
  CHECK(talk.json() == R"({"role":"user","content":"one"},)" + six);
  CHECK(talk.make_room(200 - 31 - six.size() - 1));
  CHECK(talk.json() == R"({"role":"user","content":"one"},)" + six);
  CHECK(talk.make_room(200 - six.size()));
  CHECK(talk.json() == six);
  CHECK_FALSE(talk.make_room(200 - six.size() + 1));
  CHECK(talk.json() == six);
}

TEST_CASE("transcript: an answer of nothing but its end needs room for a turn, and is none") {
  Event end(EventKind::end, 0, {});
  end.stop_reason = StopReason::end_turn;
  char pages[80];
  const std::string hello_bytes = hello;
  Transcript talk({pages, hello_bytes.size() + 34});
  REQUIRE(talk.restore(hello) == Error::none);
  CHECK(talk.take(end) == Error::none);
  CHECK(talk.json() == hello);
  Transcript full({pages, hello_bytes.size() + 33});
  REQUIRE(full.restore(hello) == Error::none);
  CHECK(full.take(end) == Error::out_of_room);
  CHECK(full.json() == hello);
}

TEST_CASE("transcript: turns of other programs, of text alone or with blocks that nobody knows") {
  char pages[1024];
  Transcript talk(pages);
  const std::string plain = std::string(hello) + R"(,{"role":"assistant","content":"Good day."})";
  REQUIRE(talk.restore(plain) == Error::none);
  CHECK(talk.user("Again") == Error::none);
  CHECK(talk.json() == plain + R"(,{"role":"user","content":"Again"})");
  const std::string odd = std::string(hello) +
      R"(,{"role":"assistant","content":[{},{"text":"t"},{"type":"tool_use","id":"i"},{"type":"tool_use"}]})"
      R"(,{"role":"user","content":"Why?"})";
  REQUIRE(talk.restore(odd) == Error::none);
  ToolCall call;
  CHECK_FALSE(talk.call(0, call));  // it did not stop here
  CHECK(talk.user("Again") == Error::none);
  CHECK(talk.json() ==
      odd +
          R"(,{"role":"user","content":[{"type":"tool_result","tool_use_id":"i","content":"Error: not run",)"
          R"("is_error":true},{"type":"tool_result","tool_use_id":"","content":"Error: not run",)"
          R"("is_error":true}]},{"role":"user","content":"Again"})");
}

// ---- how a turn is written --------------------------------------------------------------------------------------------

namespace {

// What is recorded of events that no reader would give so.
std::string turn_of(std::initializer_list<Event> events, Error* error = nullptr) {
  char pages[1024];
  Transcript talk(pages);
  for (const Event& one : events) {
    const Error now = talk.take(one);
    if (error != nullptr) *error = now;
  }
  Event end(EventKind::end, 0, {});
  end.stop_reason = StopReason::end_turn;
  talk.take(end);
  constexpr std::string_view start = R"({"role":"assistant","content":[)";
  const std::string_view all = talk.json();
  return all.empty() ? "" : std::string(all.substr(start.size(), all.size() - start.size() - 2));
}

}  // namespace

TEST_CASE("transcript: an event for another kind of block, or for none, is nobody's") {
  CHECK(turn_of({{EventKind::text, 0, "a"}, {EventKind::thinking, 0, "b"}, {EventKind::block, 0, "{}"},
            {EventKind::tool_input, 0, "{}"}, {EventKind::text, 0, "c"}}) == R"({"type":"text","text":"ac"})");
  CHECK(turn_of({{EventKind::tool_start, 1, "t"}, {EventKind::tool_input, 1, "{}"}, {EventKind::block_delta, 1, ""},
            {EventKind::block_end, 1, {}}, {EventKind::text, 0, "a"}}) == R"({"type":"text","text":"a"})");
  CHECK(turn_of({{EventKind::block, 0, R"({"type":"x"})"}, {EventKind::text, 0, "a"}, {EventKind::block_delta, 0, "b"},
            {EventKind::tool_input, 0, ""}}) == R"({"type":"x"})");
  CHECK(turn_of({{EventKind::thinking, 0, "a"}, {EventKind::block_delta, 0, ""}, {EventKind::block_delta, 0, "b"},
            {EventKind::signature, 0, "s"}}) == R"({"type":"thinking","thinking":"a","signature":"s"})");
}

TEST_CASE("transcript: an input that begins behind a delta counts, a delta behind an input does not") {
  const Event start(EventKind::block, 0, R"({"type":"tool_use","input":{},"id":"i"})");
  CHECK(turn_of({start, {EventKind::block_delta, 0, ""}, {EventKind::block_delta, 0, R"({"type":"new"})"},
            {EventKind::tool_input, 0, R"({"a":)"}, {EventKind::tool_input, 0, "1}"}}) ==
      R"({"type":"tool_use","input":{"a":1},"id":"i"})");
  CHECK(turn_of({start, {EventKind::tool_input, 0, R"({"a":)"}, {EventKind::block_delta, 0, ""},
            {EventKind::block_delta, 0, "2"}, {EventKind::tool_input, 0, "1}"}}) ==
      R"({"type":"tool_use","input":{"a":1},"id":"i"})");
}

TEST_CASE("transcript: the input of a call that began without one is not lost") {
  const std::string stream = message_start() + block_start(0, R"({"type":"tool_use","id":"i","name":"n"})") +
      tool_input(0, R"({"a":)") + tool_input(0, "1}") + block_stop(0) + message_end("tool_use");
  char pages[256];
  Transcript talk(pages);
  REQUIRE(record(talk, stream) == Error::none);
  CHECK(talk.json() == R"({"role":"assistant","content":[{"type":"tool_use","id":"i","name":"n","input":{"a":1}}]})");
  ToolCall call;
  REQUIRE(talk.call(0, call));
  CHECK(call.input == R"({"a":1})");
  CHECK(call.whole);
}

TEST_CASE("transcript: more blocks at once than any reader has are out of room") {
  char pages[4096];
  Transcript talk(pages);
  for (std::uint16_t index = 0; index < PICOCLAUDE_MAX_OPEN_BLOCKS; ++index)
    CHECK(talk.take(Event(EventKind::text, index, "a")) == Error::none);
  CHECK(talk.take(Event(EventKind::text, PICOCLAUDE_MAX_OPEN_BLOCKS, "a")) == Error::out_of_room);
  CHECK(talk.take(Event(EventKind::end, 0, {})) == Error::out_of_room);
  CHECK(talk.empty());
}

TEST_CASE("transcript: of many calls the first 32 can be whole, and one that is cut or bad costs only itself") {
  std::string stream = message_start();
  for (unsigned index = 0; index < 34; ++index) {
    stream += tool_start(index, "i" + std::to_string(index), "n");
    stream += tool_input(index, index == 3 || index == 33 ? "{" : "{}") + block_stop(index);
  }
  std::vector<char> pages(8192);
  Transcript talk({pages.data(), pages.size()});
  REQUIRE(record(talk, stream + message_end("tool_use")) == Error::none);
  ToolCall call;
  for (unsigned number = 0; number < 34; ++number) {
    REQUIRE(talk.call(number, call));
    CHECK(call.id == "i" + std::to_string(number));
    CHECK(call.whole == (number != 3 && number < 32));
    CHECK(call.input == "{}");
  }
  CHECK_FALSE(talk.call(34, call));
  // A block that is no call.
  const std::string block = R"({"type":"new","a":1})";
  CHECK(turn_of({{EventKind::block, 0, block}}) == block);
}

TEST_CASE("transcript: a citation is sent back without its file, wherever that stands, with any blanks") {
  const auto cited = [](std::string_view citation) {
    return turn_of({{EventKind::text, 0, "t"}, {EventKind::block_delta, 0, ""}, {EventKind::block_delta, 0, citation}});
  };
  const auto expected = [](const std::string& citation) {
    return R"({"type":"text","text":"t","citations":[)" + citation + "]}";
  };
  CHECK(cited(R"({"file_id":"f"})") == expected("{}"));
  CHECK(cited(R"({ "file_id":"f" })") == expected("{ }"));
  CHECK(cited(R"({ "file_id":"f" , "type":"x"})") == expected(R"({  "type":"x"})"));
  CHECK(cited("{\"type\":\"x\"\n,\t\"file_id\":\"f\" , \"a\":1 }") == expected("{\"type\":\"x\"\n , \"a\":1 }"));
  CHECK(cited(R"({"type":"x","file_id":null})") == expected(R"({"type":"x"})"));
  CHECK(cited(R"({"type":"x"})") == expected(R"({"type":"x"})"));
}

TEST_CASE("transcript: a compaction's delta takes the places of members, any other delta is dropped") {
  const auto merged = [](std::string_view delta, std::string_view block = R"({"type":"compaction","content":null})") {
    return turn_of({{EventKind::block, 0, block}, {EventKind::block_delta, 0, ""}, {EventKind::block_delta, 0, delta}});
  };
  const std::string bare = R"({"type":"compaction","content":null})";
  CHECK(merged(R"({"type":"compaction_delta","content":"c"})") == R"({"type":"compaction","content":"c"})");
  CHECK(merged(R"({"content":"c","type":"compaction_delta","new":[1]})") ==
      R"({"type":"compaction","content":"c","new":[1]})");
  CHECK(merged(R"({"content":"c"})") == bare);
  CHECK(merged(R"({"type":"other_delta","content":"c"})") == bare);
  CHECK(merged("{}") == bare);
  CHECK(merged(R"({"type":"compaction_delta"})") == bare);
  CHECK(merged(R"({ "type":"compaction_delta" })") == bare);
  // Whatever it repeats, it stays JSON.
  CHECK(merged(R"({"type":"compaction_delta","type":"x"})", R"({"type":"compaction"})") == R"({"type":"x"})");
  CHECK(merged(R"({"type":"compaction_delta","a":1})", "{}") == R"({"a":1})");
}

TEST_CASE("transcript: a JSON object is one, with blanks around, and nothing else") {
  for (const char* const text : {"{}", " \n\t\r{\"a\":[1,\n2]} \n", "{\"a\":1}"}) CHECK(detail::is_json_object(text));
  for (const char* const text : {"", " ", "\n", "{", "[]", "1", "\"{}\"", "{}{}", "{} 1", "{}x", "{\"a\":1", "x{}"}) {
    CAPTURE(text);
    CHECK_FALSE(detail::is_json_object(text));
  }
}

TEST_CASE("transcript: a comma stands between it and the messages, with and without a prompt") {
  const Message messages[] = {user("b")};
  const auto messages_of_body = [](Request request) {
    request.model = "m";
    request.max_tokens = 1;
    request.stream = false;
    char bytes[400];
    Window window(bytes, sizeof bytes, {});
    picoclaude::detail::render(window, request);
    const std::string body(bytes, window.size());
    return body.substr(body.find("\"messages\""));
  };
  Request request;
  request.transcript = R"({"role":"user","content":"a"})";
  CHECK(messages_of_body(request) == R"("messages":[{"role":"user","content":"a"}]})");
  request.messages = messages;
  CHECK(messages_of_body(request) == R"("messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]})");
  request.messages = {};
  request.prompt = "c";
  CHECK(messages_of_body(request) == R"("messages":[{"role":"user","content":"a"},{"role":"user","content":"c"}]})");
}

TEST_CASE("transcript: it stands in front of the request's other messages") {
  char pages[256];
  Transcript talk(pages);
  talk.user("Hello");
  Request request;
  request.model = "m";
  request.max_tokens = 1;
  CHECK(detail::refusal_of(request) == Error::missing_messages);
  request.transcript = talk.json();
  CHECK(detail::refusal_of(request) == Error::none);
  const std::string start = R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":"Hello"})";
  CHECK(rendered<300>(request).text() == start + R"(],"stream":true})");
  request.prompt = "And?";
  CHECK(rendered<300>(request).text() == start + R"(,{"role":"user","content":"And?"}],"stream":true})");
  const Message more[] = {assistant("Yes")};
  request.messages = more;
  CHECK(rendered<300>(request).text() ==
      start + R"(,{"role":"assistant","content":"Yes"},{"role":"user","content":"And?"}],"stream":true})");
}
