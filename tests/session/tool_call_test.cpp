#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/fed.hpp"
#include "support/json_value.hpp"
#include "support/recordings.hpp"
#include "support/rendered.hpp"

using namespace picoclaude;
using namespace support;

namespace {

constexpr auto set_light = tool("set_light", "Switch a lamp.", boolean("on", "true to light it"),
    integer("level", "brightness").range(0, 100), string("note", "").max_size(16).optional());
constexpr RawTool anything = raw_tool({"anything", "Takes anything."});

// What a stream's calls did to the program.
struct Ran {
  std::size_t calls = 0;  // that were there to run
  int lights = 0;         // times that set_light ran
  int raws = 0;           // times that `anything` ran
  std::string results;    // as blocks of the next request
  Error error = Error::none;
};

Ran run(std::string_view stream, std::size_t size = 1 << 20, std::size_t room_size = 4096) {
  Ran ran;
  std::vector<char> room(room_size);
  ToolCalls calls({room.data(), room.size()});
  feed(stream, size, [&](const Event& event) {
    ran.error = calls.take(event);
  });
  ran.calls = calls.size();
  for (std::size_t at = 0; at < calls.size(); ++at) {
    ToolResult<128> result;
    run_tool(calls[at], calls.room(), result.reply(),
        set_light.calls([&](bool on, int level, Optional<string_view> note, ToolReply reply) {
          ++ran.lights;
          reply.text((on ? "on " : "off ") + std::to_string(level) + std::string(note.value));
        }),
        anything.calls([&](string_view input, ToolReply reply) {
          ++ran.raws;
          reply.text(input);
        }));
    ran.results += rendered<512>(result.block(calls[at].id)).text();
    ran.results += '\n';
  }
  return ran;
}

std::string one_call(std::string_view name, std::string_view input, std::string_view stop_reason = "tool_use") {
  return message_start() + tool_start(0, "toolu_1", name) + tool_input(0, "") + tool_input(0, input) + block_stop(0) +
      message_end(stop_reason);
}

std::string error_result(const char* text) {
  return R"({"type":"tool_result","tool_use_id":"toolu_1","content":")" + std::string(text) + "\",\"is_error\":true}\n";
}

}  // namespace

// ---- calls of recorded answers --------------------------------------------------------------------------------------

TEST_CASE("tool calls: those of recorded answers come whole, whatever the cut") {
  std::size_t seen = 0;
  for (const recordings::Recording* const recording : recordings::in("streams/")) {
    if (recording->body.size() > 100000 || !recording->has("content")) continue;
    CAPTURE(recording->name);
    const bool stopped = (*recording)["stop_reason"] == "tool_use" && (*recording)["outcome"] == "complete";
    std::vector<json::Value> expected;
    for (const json::Value& block : json::parse((*recording)["content"]).items) {
      if (stopped && block["type"].text == "tool_use") expected.push_back(block);
    }
    for (const std::size_t size : {1u, 2u, 3u, 7u, 16u, 61u, 1000u, 1u << 20}) {
      char room[8192];
      ToolCalls calls(room);
      feed(recording->body, size, [&](const Event& event) {
        calls.take(event);
      });
      REQUIRE(calls.size() == expected.size());
      for (std::size_t at = 0; at < calls.size(); ++at) {
        CHECK(calls[at].whole);
        CHECK(calls[at].id == expected[at]["id"].text);
        CHECK(calls[at].name == expected[at]["name"].text);
        CHECK(json::parse(calls[at].input.empty() ? "{}" : calls[at].input) == expected[at]["input"]);
      }
    }
    seen += expected.size();
  }
  CHECK(seen >= 15);
}

TEST_CASE("tool calls: parallel calls cut at every byte") {
  const std::string_view stream = recordings::get("streams/13_parallel_tools.sse").body;
  for (std::size_t size = 1; size < stream.size(); ++size) {
    char room[512];
    ToolCalls calls(room);
    feed(stream, size, [&](const Event& event) {
      calls.take(event);
    });
    REQUIRE(calls.size() == 3);
    CHECK(calls[0].input == R"({"location": "Bern"})");
    CHECK(calls[2].id == "toolu_015tXRMioLrBSEufVkoYkz");
    CHECK(calls[2].input == R"({"location": "Lima"})");
  }
}

TEST_CASE("tool calls: an answer that ends early has none") {
  const std::string_view stream = recordings::get("streams/13_parallel_tools.sse").body;
  for (std::size_t size = 0; size < stream.size(); ++size) {
    char room[512];
    ToolCalls calls(room);
    feed(stream.substr(0, size), 1 << 20, [&](const Event& event) {
      calls.take(event);
    });
    CHECK(calls.size() == 0);
  }
}

// ---- what runs --------------------------------------------------------------------------------------------------------

TEST_CASE("tool calls: two in one turn, their deltas interleaved, are answered in block order") {
  const std::string stream = message_start() + tool_start(0, "toolu_1", "set_light") +
      tool_start(1, "toolu_2", "anything") + tool_input(1, "{\"a\":") + tool_input(0, "{\"on\":true,") +
      tool_input(1, "[1]}") + block_stop(1) + tool_input(0, "\"level\":7}") + block_stop(0) + message_end("tool_use");
  for (std::size_t size = 1; size < stream.size(); ++size) {
    const Ran ran = run(stream, size);
    CHECK(ran.lights == 1);
    CHECK(ran.raws == 1);
    CHECK(ran.results ==
        "{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_1\",\"content\":\"on 7\",\"is_error\":false}\n"
        "{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_2\",\"content\":\"{\\\"a\\\":[1]}\",\"is_error\":false}\n");
  }
}

TEST_CASE("tool calls: no input is an empty object") {
  const std::string stream =
      message_start() + tool_start(0, "toolu_1", "anything") + block_stop(0) + message_end("tool_use");
  CHECK(run(stream).results ==
      "{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_1\",\"content\":\"{}\",\"is_error\":false}\n");
}

TEST_CASE("tool calls: id and name come with escapes, in any order, behind the input") {
  const std::string block =
      R"({"input":{"on":false,"level":3,"note":"\u00fc\"}"},"name":"set_l\u0069ght","id":"to\u006f",)"
      R"("caller":{"type":"direct","id":"x","name":"y","input":{"z":1}},"type":"tool_use"})";
  const std::string stream = message_start() + block_start(0, block) + block_stop(0) + message_end("tool_use");
  for (std::size_t size = 1; size < stream.size(); ++size) {
    CHECK(run(stream, size).results ==
        "{\"type\":\"tool_result\",\"tool_use_id\":\"too\",\"content\":\"off 3\xC3\xBC\\\"}\",\"is_error\":false}\n");
  }
}

TEST_CASE("tool calls: a room that one byte less would not hold, holds; else there is no call at all") {
  const std::string stream = message_start() + tool_start(0, "toolu_1", "anything") + tool_input(0, "{}") +
      block_stop(0) + tool_start(1, "toolu_2", "anything") + tool_input(1, "{\"a\":1}") + block_stop(1) +
      message_end("tool_use");
  std::size_t needed = 0;
  while (run(stream, 64, needed).calls == 0) ++needed;
  CHECK(run(stream, 64, needed).raws == 2);
  CHECK(run(stream, 64, needed + 1).raws == 2);
  for (std::size_t room = 0; room < needed; ++room) {
    const Ran ran = run(stream, 64, room);
    CHECK(ran.calls == 0);
    CHECK(ran.error == Error::out_of_room);
  }
}

TEST_CASE("tool calls: a retry forgets what came before it") {
  char room[256];
  ToolCalls calls(room);
  Event start(EventKind::tool_start, 0, "anything");
  start.id = "toolu_1";
  calls.take(start);
  calls.take(Event(EventKind::retrying, 0, {}));
  Event end(EventKind::end, 0, {});
  end.stop_reason = StopReason::tool_use;
  calls.take(end);
  CHECK(calls.size() == 0);
}

// ---- what never reaches the program ---------------------------------------------------------------------------------

TEST_CASE("tool calls: a hostile input of a typed tool runs nothing, and the model is told why") {
  struct Case {
    std::string input;
    const char* reason;
  };
  const char* const no_json = "Error: the input is not valid JSON";
  const Case cases[] = {
      {"{", no_json},
      {"{\"on\":tru", no_json},
      {"{\"on\":true,\"level\":1", no_json},
      {"{\"on\":true,\"level\":1}}", no_json},
      {"{\"on\":true,\"level\":1} x", no_json},
      {"{\"on\":true,\"level\":1}{\"on\":true,\"level\":1}", no_json},
      {"{\"on\":true,\"level\":1,}", no_json},
      {"{'on':true,'level':1}", no_json},
      {"{on:true,level:1}", no_json},
      {"{\"on\":True,\"level\":1}", no_json},
      {"{\"on\":true,\"level\":01}", no_json},
      {"{\"on\":true,\"level\":+1}", no_json},
      {"{\"on\":true,\"level\":.5}", no_json},
      {"{\"on\":true,\"level\":0x10}", no_json},
      {"{\"on\":true,\"level\":NaN}", no_json},
      {"{\"on\":true,\"level\":Infinity}", no_json},
      {"{\"on\":true,\"level\":1,\"note\":\"\n\"}", no_json},
      {"{\"on\":true,\"level\":1,\"note\":\"\\ud800\"}", no_json},
      {"{\"on\":true,\"level\":1,\"note\":\"\\udc00\"}", no_json},
      {"{\"on\":true,\"level\":1,\"note\":\"\\ud800\\ud800\"}", no_json},
      {"{\"on\":true,\"level\":1,\"note\":\"\\u12\"}", no_json},
      {"{\"on\":true,\"level\":1,\"note\":\"\\x41\"}", no_json},
      {"// a comment\n{\"on\":true,\"level\":1}", no_json},
      {"\xEF\xBB\xBF{\"on\":true,\"level\":1}", no_json},
      {"[]", "Error: the input is not an object"},
      {"[{\"on\":true,\"level\":1}]", "Error: the input is not an object"},
      {"\"{\\\"on\\\":true,\\\"level\\\":1}\"", "Error: the input is not an object"},
      {"null", "Error: the input is not an object"},
      {"true", "Error: the input is not an object"},
      {"7", "Error: the input is not an object"},
      {"{}", "Error: on is missing"},
      {"{\"on\":true}", "Error: level is missing"},
      {"{\"level\":1}", "Error: on is missing"},
      {"{\"on\":true,\"level\":1,\"level\":1}", "Error: level is given twice"},
      {"{\"on\":true,\"on\":false,\"level\":1}", "Error: on is given twice"},
      {"{\"on\":true,\"\\u006fn\":false,\"level\":1}", "Error: on is given twice"},
      {"{\"on\":true,\"level\":1,\"__proto__\":{}}", "Error: __proto__ is unknown"},
      {"{\"on\":true,\"level\":1,\"constructor\":1}", "Error: constructor is unknown"},
      {"{\"on\":true,\"level\":1,\"extra\":null}", "Error: extra is unknown"},
      {"{\"on\":true,\"level\":1,\"ON\":true}", "Error: ON is unknown"},
      {"{\"on\":true,\"level\":1,\"on \":true}", "Error: on  is unknown"},
      {"{\"on\":true,\"level\":1,\"\":true}", "Error: a member is unknown"},
      {"{\"on\":true,\"level\":1,\"on\\u0000\":true}", "Error: on\\u0000 is unknown"},
      {"{\"on\":true,\"level\":1,\"" + std::string(100000, 'a') + "\":1}", "Error: a member is unknown"},
      {"{\"on\":\"true\",\"level\":1}", "Error: on has the wrong type"},
      {"{\"on\":1,\"level\":1}", "Error: on has the wrong type"},
      {"{\"on\":null,\"level\":1}", "Error: on has the wrong type"},
      {"{\"on\":[true],\"level\":1}", "Error: on has the wrong type"},
      {"{\"on\":{\"on\":true},\"level\":1}", "Error: on has the wrong type"},
      {"{\"on\":true,\"level\":\"1\"}", "Error: level has the wrong type"},
      {"{\"on\":true,\"level\":true}", "Error: level has the wrong type"},
      {"{\"on\":true,\"level\":1.5}", "Error: level has the wrong type"},
      {"{\"on\":true,\"level\":1.0}", "Error: level has the wrong type"},
      {"{\"on\":true,\"level\":101}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":-1}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":-0}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":1e1}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":1e999}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":-1e999}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":4294967297}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":9007199254740993}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":18446744073709551617}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":" + std::string(100000, '1') + "}", "Error: level is out of range"},
      {"{\"on\":true,\"level\":1,\"note\":\"\\u0000\"}", "Error: note is out of range"},
      {"{\"on\":true,\"level\":1,\"note\":\"12345678901234567\"}", "Error: note is too long"},
      {"{\"on\":true,\"level\":1,\"note\":[\"a\"]}", "Error: note has the wrong type"},
      {"{\"on\":true,\"level\":" + std::string(1000000, '['), "Error: level has the wrong type"},
      {"{\"a\":" + std::string(1000000, '['), "Error: a is unknown"},
  };
  constexpr std::size_t count = sizeof cases / sizeof cases[0];
  CHECK(count >= 60);
  int lights = 0;
  for (const Case& one : cases) {
    CAPTURE(one.input.substr(0, 80));
    const Ran ran = run(one_call("set_light", one.input), 1 << 21, 2000000);
    CHECK(ran.calls == 1);
    CHECK(ran.lights == 0);
    CHECK(ran.results == error_result(one.reason));
    lights += ran.lights;
  }
  MESSAGE(count, " hostile inputs, ", lights, " calls of the tool");
  CHECK(run(one_call("set_light", "{\"on\":true,\"level\":1}")).lights == 1);
}

TEST_CASE("tool calls: a raw tool gets one object without duplicate names, and nothing else") {
  const char* const bad[] = {"{", "{}}", "{} x", "[]", "7", "null", "\"x\"", "{\"a\":1,\"a\":2}",
      "{\"a\":1,\"\\u0061\":2}", "{\"a\":{\"b\":1,\"c\":[],\"b\":2}}", "{\"a\":[{\"b\":1},{\"b\":1,\"b\":2}]}",
      "{\"a\":1,\"b\":{\"a\":1},\"a\":1}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\xFF\"}", "{\"a\":1e}", "{\"\":1}",
      "{\"a23456789012345678901234567890123\":1}"};
  for (const char* const input : bad) {
    CAPTURE(input);
    std::string stream = one_call("anything", input);
    const Ran ran = run(stream);
    CHECK(ran.raws == 0);
  }
  CHECK(run(one_call("anything", "{\"a\":" + std::string(1000000, '['))).raws == 0);
  for (const char* const input : {"{}", " {\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]} ", "{\"__proto__\":1}",
           "\n{\r\n\"a\":1}\r", "{\"a2345678901234567890123456789012\":-1.5e+300}"}) {
    CAPTURE(input);
    CHECK(run(one_call("anything", input)).raws == 1);
  }
}

TEST_CASE("tool calls: names of no tool are told to the model") {
  CHECK(run(one_call("set_lights", "{}")).results == error_result("Error: Tool 'set_lights' not found"));
  CHECK(run(one_call("set_ligh", "{}")).results == error_result("Error: Tool 'set_ligh' not found"));
  CHECK(run(one_call("set_light\\u0000", "{}")).lights == 0);
  const std::string name(60000, 'n');
  CHECK(run(one_call(name, "{}"), 1 << 20, 200000).results ==
      error_result("Error: Tool 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn' not found"));
}

TEST_CASE("tool calls: without stop_reason tool_use, message_stop and the block's end nothing runs") {
  const std::string input = "{\"on\":true,\"level\":1}";
  for (const char* const reason : {"end_turn", "max_tokens", "pause_turn", "refusal", "stop_sequence", "tool_used"}) {
    CHECK(run(one_call("set_light", input, reason)).calls == 0);
  }
  const std::string open = message_start() + tool_start(0, "toolu_1", "set_light") + tool_input(0, input);
  CHECK(run(open + message_end("max_tokens")).calls == 0);
  CHECK(run(open + message_end("tool_use")).lights == 0);
  CHECK(run(open + message_end("tool_use")).results == error_result("Error: the input is not valid JSON"));
  const std::string whole = one_call("set_light", input);
  CHECK(run(whole.substr(0, whole.size() - 1)).calls == 0);
  CHECK(run(open + block_stop(0) + event("message_stop", "")).calls == 0);
}

TEST_CASE("tool calls: fragments of blocks that are not there, or not of a tool, are nobody's") {
  const std::string begin = message_start() + tool_start(0, "toolu_1", "set_light");
  const std::string end = block_stop(0) + message_end("tool_use");
  CHECK(run(begin + tool_input(1, "{\"on\":true,\"level\":1}") + end).calls == 0);
  CHECK(run(begin + tool_input(1000000000, "{\"on\":true,\"level\":1}") + end).calls == 0);
  CHECK(run(begin + text_delta(0, "{\"on\":true,\"level\":1}") + end).lights == 0);
  const std::string text = message_start() + block_start(0, R"({"type":"text","text":""})") +
      tool_input(0, "{\"on\":true,\"level\":1}") + block_stop(0) + message_end("tool_use");
  CHECK(run(text).calls == 0);
  CHECK(run(begin + tool_input(0, "{\"on\":true,\"level\":1}") + block_stop(0) + tool_input(0, "}") + end).calls == 0);
}

TEST_CASE("tool calls: a fragment of nothing changes nothing") {
  char room[64];
  ToolCalls calls(room);
  Event start(EventKind::tool_start, 0, "n");
  start.id = "i";
  calls.take(start);
  CHECK(calls.take(Event(EventKind::tool_input, 0, {})) == Error::none);
  CHECK(calls.take(Event(EventKind::tool_input, 0, "{}")) == Error::none);
  CHECK(calls.take(Event(EventKind::tool_input, 0, {})) == Error::none);
  Event end(EventKind::end, 0, {});
  end.stop_reason = StopReason::tool_use;
  calls.take(end);
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].input == "{}");
}

TEST_CASE("tool calls: a start without id or name ends the answer") {
  for (const char* const block : {R"({"type":"tool_use","name":"set_light","input":{}})",
           R"({"type":"tool_use","id":"toolu_1","input":{}})", R"({"type":"tool_use","id":"","name":"x","input":{}})",
           R"({"type":"tool_use","id":1,"name":["x"],"input":{}})"}) {
    CAPTURE(block);
    const Fed fed = feed(message_start() + block_start(0, block), 1 << 20, [](const Event& event) {
      CHECK(event.kind != EventKind::tool_start);
    });
    CHECK(fed.error == Error::bad_event);
  }
}

TEST_CASE("tool calls: an id and a name of 65,535 bytes each are kept, longer ones are none") {
  std::vector<char> bytes(200'000);
  const std::string most(0xFFFF, 'n');
  const auto taken = [&](std::string_view id, std::string_view name) {
    ToolCalls calls{{bytes.data(), bytes.size()}};
    Event event;
    event.kind = EventKind::tool_start;
    event.id = id;
    event.text = name;
    const Error error = calls.take(event);
    event = {};
    event.kind = EventKind::end;
    event.stop_reason = StopReason::tool_use;
    calls.take(event);
    CHECK(calls.size() == (error == Error::none ? 1u : 0u));
    if (error == Error::none) {
      CHECK(calls[0].id == id);
      CHECK(calls[0].name == name);
      CHECK(calls.room().data + calls.room().size == bytes.data() + bytes.size());
      CHECK(calls.room().data >= calls[0].input.data());
    }
    return error;
  };
  CHECK(taken(most, most) == Error::none);
  CHECK(taken(most + "n", "n") == Error::out_of_room);
  CHECK(taken("n", most + "n") == Error::out_of_room);
}
