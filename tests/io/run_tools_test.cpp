#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#define PICOCLAUDE_ENABLE_BUDGET 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/fed.hpp"
#include "support/json_value.hpp"
#include "support/run.hpp"

using namespace picoclaude;
using namespace support;

namespace {

constexpr std::size_t first = 0, second = 1;

constexpr auto set_light = tool(
    "set_light", "Switch a lamp.", boolean("on", "true to light it"), integer("level", "brightness").range(0, 100));
constexpr auto say = tool("say", "Say it aloud.", string("words", "what to say"));
constexpr RawTool anything = raw_tool({"anything", "Takes anything."});

std::string light_call(unsigned index, const char* id, const char* input = "{\"on\":true,\"level\":7}") {
  return tool_start(index, id, "set_light") + tool_input(index, input) + block_stop(index);
}
std::string text_answer(std::string_view text, std::string_view reason = "end_turn") {
  return message_start() + block_start(0, R"({"type":"text","text":""})") + text_delta(0, text) + block_stop(0) +
      message_end(reason);
}
std::string tool_answer(const std::string& blocks) { return message_start() + blocks + message_end("tool_use"); }

// A server that gives these answers on one connection, and a conversation with it.
template <class Transport = scripted::Blocking>
struct Talk {
  Transport transport;
  Config config = scripted::config();
  Workspace<1024> memory;
  Client<Transport> client{transport, memory, config};
  Request request;
  std::vector<char> pages = std::vector<char>(8192);
  Transcript talk{{pages.data(), pages.size()}};
  std::string lamp;

  explicit Talk(const std::vector<std::string>& answers) {
    scripted::Connection connection;
    for (const std::string& answer : answers) connection.answers.push_back({scripted::streamed(answer)});
    transport.script = {connection};
    request.model = "claude-opus-5-5";
    request.max_tokens = 100;
    talk.user("Light, please.");
  }

  auto lamp_tool() {
    return set_light.calls([this](bool on, int level, ToolReply reply) {
      lamp += (on ? "on " : "off ") + std::to_string(level) + ";";
      reply.text("done");
    });
  }
  ToolRun run(const Brakes& brakes = {}) { return run_tools(client, request, talk, brakes, lamp_tool()); }

  // The messages of request `number`, counted from 0, on the one connection.
  json::Value messages(std::size_t number) {
    std::string_view sent = transport.request(0);
    for (; number > 0; --number) sent = sent.substr(sent.find("POST ", 1));
    sent = sent.substr(sent.find("\r\n\r\n") + 4);
    sent = sent.substr(0, sent.find("POST "));
    return json::parse(sent)["messages"];
  }
};

}  // namespace

TEST_CASE("run_tools: calls are run, answered and told to the model, until it is done") {
  Talk<> talk({tool_answer(light_call(0, "toolu_1")), text_answer("It is light.")});
  const ToolRun run = talk.run();
  CHECK(run);
  CHECK(run.rounds == 2);
  CHECK(run.calls == 1);
  CHECK(run.stop_reason == StopReason::end_turn);
  CHECK(talk.lamp == "on 7;");
  CHECK(talk.talk.json() ==
      R"({"role":"user","content":"Light, please."},)"
      R"({"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"set_light",)"
      R"("input":{"on":true,"level":7}}]},)"
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"done","is_error":false}]},)"
      R"({"role":"assistant","content":[{"type":"text","text":"It is light."}]})");
  CHECK(talk.messages(0).items.size() == 1);
  CHECK(talk.messages(1).items.size() == 3);
  CHECK(talk.transport.request(0).find(R"("tools":[{"name":"set_light")") != std::string_view::npos);
}

TEST_CASE("run_tools: two calls of one turn are answered in block order in one message, whichever ended first") {
  const std::string blocks = tool_start(0, "toolu_1", "set_light") + tool_start(1, "toolu_2", "set_light") +
      tool_input(1, "{\"on\":false,\"level\":2}") + block_stop(1) + tool_input(0, "{\"on\":true,\"level\":1}") +
      block_stop(0);
  Talk<> talk({tool_answer(blocks), text_answer("Done.")});
  CHECK(talk.run().calls == 2);
  CHECK(talk.lamp == "on 1;off 2;");
  const json::Value results = talk.messages(1)[std::size_t{2}]["content"];
  REQUIRE(results.items.size() == 2);
  CHECK(results[first]["tool_use_id"].text == "toolu_1");
  CHECK(results[second]["tool_use_id"].text == "toolu_2");
}

TEST_CASE("run_tools: what does not fit the declaration goes back to the model, not to the program") {
  Talk<> talk({tool_answer(light_call(0, "toolu_1", "{\"on\":true,\"level\":101}") +
                   light_call(1, "toolu_2", "{\"on\":true,\"lev") + tool_start(2, "toolu_3", "open_door") +
                   block_stop(2) + light_call(3, "toolu_4")),
      text_answer("Sorry.")});
  CHECK(talk.run().calls == 4);
  CHECK(talk.lamp == "on 7;");
  const json::Value results = talk.messages(1)[std::size_t{2}]["content"];
  CHECK(results[first]["content"].text == "Error: level is out of range");
  CHECK(results[first]["is_error"].kind == 't');
  CHECK(results[second]["content"].text == "Error: the input is not valid JSON");
  CHECK(results[std::size_t{2}]["content"].text == "Error: Tool 'open_door' not found");
  CHECK(results[std::size_t{3}]["content"].text == "done");
}

TEST_CASE("run_tools: a paused turn is sent again with nothing added") {
  Talk<> talk({text_answer("Let me see.", "pause_turn"), text_answer("Found it.")});
  CHECK(talk.run().rounds == 2);
  const json::Value messages = talk.messages(1);
  REQUIRE(messages.items.size() == 2);
  CHECK(messages[second]["role"].text == "assistant");
}

TEST_CASE("run_tools: every other reason to stop runs nothing") {
  for (const char* const reason : {"end_turn", "max_tokens", "refusal", "stop_sequence", "unheard_of"}) {
    Talk<> talk({message_start() + light_call(0, "toolu_1") + message_end(reason)});
    const ToolRun run = talk.run();
    CHECK(run);
    CHECK(run.calls == 0);
    CHECK(run.rounds == 1);
    CHECK(talk.lamp.empty());
  }
}

TEST_CASE("run_tools: an answer that stops to use tools and names none runs none again") {
  Talk<> talk({tool_answer(light_call(0, "toolu_1")), tool_answer("")});
  const ToolRun run = talk.run();
  CHECK(run);
  CHECK(run.rounds == 2);
  CHECK(run.calls == 1);
  CHECK(talk.lamp == "on 7;");
}

TEST_CASE("run_tools: a model that always asks for a tool is stopped by every brake, each with its status") {
  const std::vector<std::string> endless(40, tool_answer(light_call(0, "toolu_1")));
  {
    Talk<> talk(endless);
    Brakes brakes;
    brakes.max_rounds = 3;
    const ToolRun run = talk.run(brakes);
    CHECK(run.status.error == Error::out_of_rounds);
    CHECK(run.rounds == 3);
    CHECK(run.calls == 3);
  }
  {
    Talk<> talk(endless);
    Brakes brakes;
    brakes.max_calls = 5;
    const ToolRun run = talk.run(brakes);
    CHECK(run.status.error == Error::out_of_calls);
    CHECK(run.calls == 5);
    CHECK(talk.lamp == "on 7;on 7;on 7;on 7;on 7;");
  }
  {
    Talk<> talk(endless);  // each answer says that it used one token
    Brakes brakes;
    brakes.max_tokens = 4;
    const ToolRun run = talk.run(brakes);
    CHECK(run.status.error == Error::out_of_tokens);
    CHECK(run.tokens == 4);
    CHECK(run.rounds == 4);
  }
  {
    Talk<> talk(endless);
    talk.transport.cost_ms = 10;
    Brakes brakes;
    brakes.max_ms = 200;
    const ToolRun run = talk.run(brakes);
    CHECK(run.status.error == Error::out_of_time);
    CHECK(run.rounds > 1);
    CHECK(talk.client.done());
  }
  {
    constexpr ModelPrice prices[] = {{"claude-opus-5-5", {400'000'000, 0, 0}}};
    Budget budget(1000, prices);  // micro-dollars: each token costs 400
    Talk<> talk(endless);
    talk.config.budget = &budget;
    const ToolRun run = talk.run();
    CHECK(run.status.error == Error::spent);
    CHECK(run.rounds == 4);  // the fourth was refused
    CHECK(run.calls == 3);
  }
  {
    Talk<> talk(endless);
    CHECK(talk.run().status.error == Error::out_of_rounds);  // even without a word
  }
}

TEST_CASE("run_tools: what is left unanswered by a brake is answered before the user speaks again") {
  Talk<> talk({tool_answer(light_call(0, "toolu_1") + light_call(1, "toolu_2"))});
  Brakes brakes;
  brakes.max_calls = 1;
  CHECK(talk.run(brakes).status.error == Error::out_of_calls);
  talk.talk.user("Stop it.");
  const json::Value messages = json::parse("[" + std::string(talk.talk.json()) + "]");
  REQUIRE(messages.items.size() == 4);
  CHECK(messages[std::size_t{2}]["content"][first]["content"].text == "done");
  CHECK(messages[std::size_t{2}]["content"][second]["content"].text == "Error: not run");
}

TEST_CASE("run_tools: an error of the service ends it, and leaves no half turn") {
  Talk<> talk({tool_answer(light_call(0, "toolu_1")),
      message_start() + block_start(0, R"({"type":"text","text":""})") + text_delta(0, "half") +
          event("error", R"(,"error":{"type":"overloaded_error","message":"busy"})")});
  const ToolRun run = talk.run();
  CHECK(run.status.error == Error::overloaded);
  CHECK(run.rounds == 2);
  CHECK(json::parse("[" + std::string(talk.talk.json()) + "]").items.size() == 3);
}

TEST_CASE("run_tools: a transcript without room ends it, with the turn undone") {
  const std::vector<std::string> answers = {
      tool_answer(light_call(0, "toolu_1")), text_answer(std::string(200, 'x')), text_answer("Done.")};
  for (std::size_t room = 60; room < 700; ++room) {
    Talk<> talk(answers);
    talk.talk = Transcript({talk.pages.data(), room});
    REQUIRE(talk.talk.user("Light, please.") == Error::none);
    const ToolRun run = talk.run();
    if (run.status.error != Error::none) CHECK(run.status.error == Error::out_of_room);
    CHECK(json::parse("[" + std::string(talk.talk.json()) + "]").kind == '[');
    CHECK(talk.talk.json().size() <= room);
    if (room > 600) CHECK(run);
  }
}

TEST_CASE("run_tools: an answer may hold what the input said, though both share the transcript") {
  const std::string words(300, 'w');
  Talk<> talk(
      {tool_answer(tool_start(0, "toolu_1", "say") + tool_input(0, "{\"words\":\"" + words + "\"}") + block_stop(0)),
          text_answer("Done.")});
  const ToolRun run =
      run_tools(talk.client, talk.request, talk.talk, {}, say.calls([&](string_view heard, ToolReply reply) {
        CHECK(heard == words);
        CHECK(reply.text(heard));
        CHECK(!reply.text("twice"));
      }));
  CHECK(run);
  CHECK(talk.messages(1)[std::size_t{2}]["content"][first]["content"].text == words);
}

TEST_CASE("run_tools: a tool that says nothing answers with nothing, and blocks may be given") {
  const Block pictures[] = {"one", "two"};
  Talk<> talk({tool_answer(light_call(0, "toolu_1") + tool_start(1, "toolu_2", "anything") + block_stop(1)),
      text_answer("Done.")});
  const ToolRun run = run_tools(talk.client, talk.request, talk.talk, {}, set_light.calls([](bool, int, ToolReply) {}),
      anything.calls([&](string_view, ToolReply reply) {
        reply.content(pictures);
      }));
  CHECK(run);
  const json::Value results = talk.messages(1)[std::size_t{2}]["content"];
  CHECK(!results[first].has("content"));
  CHECK(results[second]["content"].items.size() == 2);
}

TEST_CASE("run_tools: every event can be seen, and a ticking program calls next() itself") {
  const std::vector<std::string> answers = {tool_answer(light_call(0, "toolu_1")), text_answer("It is light.")};
  Talk<> talk(answers);
  std::string text;
  run_tools(
      talk.client, talk.request, talk.talk, {},
      [&](const Event& event) {
        if (event.kind == EventKind::text) text += event.text;
      },
      talk.lamp_tool());
  CHECK(text == "It is light.");

  Talk<scripted::Ticking> ticking(answers);
  ticking.transport.read_size = 7;
  ToolLoop loop(ticking.client, ticking.request, ticking.talk, Brakes{}, ticking.lamp_tool());
  unsigned ticks = 0;
  text.clear();
  while (!loop.done() && ++ticks < 10000) {
    ticking.transport.now += 1;
    const Event event = loop.next();
    if (event.kind == EventKind::text) text += event.text;
  }
  CHECK(loop.result());
  CHECK(text == "It is light.");
  CHECK(ticking.lamp == "on 7;");
}

TEST_CASE("run_tools: tools that the request names are offered instead") {
  Talk<> talk({text_answer("Hm.")});
  const Tool only[] = {set_light, {"other"}};
  talk.request.tools = only;
  CHECK(talk.run());
  CHECK(
      talk.transport.request(0).find(R"({"name":"other","input_schema":{"type":"object"}})") != std::string_view::npos);
}

TEST_CASE("run_tools: cancelled in the middle it leaves no half turn") {
  Talk<scripted::Ticking> talk({text_answer("It is light.")});
  talk.transport.read_size = 50;
  ToolLoop loop(talk.client, talk.request, talk.talk, Brakes{}, talk.lamp_tool());
  while (loop.next().kind != EventKind::text) {}
  loop.cancel();
  CHECK(loop.done());
  CHECK(loop.result().status.error == Error::cancelled);
  CHECK(talk.client.done());
  CHECK(talk.talk.json() == R"({"role":"user","content":"Light, please."})");
}
