#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_CACHING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/json_value.hpp"
#include "support/recordings.hpp"
#include "support/rendered.hpp"

using namespace picoclaude;
using support::rendered;
using support::rendered_through;

namespace {

constexpr Tool weather{"get_weather", "Weather",
    R"({"type":"object","properties":{"location":{"type":"string"}},"required":["location"]})"};

constexpr Request question(ToolChoice choice = {}) {
  Request request;
  request.model = "m";
  request.max_tokens = 9;
  request.prompt = "Hi";
  request.stream = false;
  request.tool_choice = choice;
  return request;
}

}  // namespace

// ---- tools ----------------------------------------------------------------------------------------------------------

static_assert(rendered<200>(Tool{"now"}).text() == R"({"name":"now","input_schema":{"type":"object"}})");
static_assert(rendered<300>(weather).text() ==
    R"({"name":"get_weather","description":"Weather","input_schema":{"type":"object","properties":{"location":)"
    R"({"type":"string"}},"required":["location"]}})");

constexpr Tool all_of_it() {
  Tool tool{"t", "say \"hi\"\n", R"({"type":"object"})", R"([{"a":1}])", true, true, true};
  tool.cache_control = CacheControl::ephemeral_1h;
  return tool;
}
static_assert(rendered<400>(all_of_it()).text() ==
    R"({"name":"t","description":"say \"hi\"\n","input_schema":{"type":"object"},"input_examples":[{"a":1}],)"
    R"("strict":true,"eager_input_streaming":true,"defer_loading":true,)"
    R"("cache_control":{"type":"ephemeral","ttl":"1h"}})");

// ---- the choice -----------------------------------------------------------------------------------------------------

#define BODY(members) R"({"model":"m","max_tokens":9)" members R"(,"messages":[{"role":"user","content":"Hi"}]})"

static_assert(rendered<200>(question()).text() == BODY(""));
static_assert(rendered<200>(question(ToolChoice::automatic())).text() == BODY(R"(,"tool_choice":{"type":"auto"})"));
static_assert(rendered<200>(question(ToolChoice::automatic().one_at_a_time())).text() ==
    BODY(R"(,"tool_choice":{"type":"auto","disable_parallel_tool_use":true})"));
static_assert(rendered<200>(question(ToolChoice::any())).text() == BODY(R"(,"tool_choice":{"type":"any"})"));
static_assert(
    rendered<200>(question(ToolChoice::tool("now"))).text() == BODY(R"(,"tool_choice":{"type":"tool","name":"now"})"));
static_assert(rendered<200>(question(ToolChoice::tool("now").one_at_a_time())).text() ==
    BODY(R"(,"tool_choice":{"type":"tool","name":"now","disable_parallel_tool_use":true})"));
static_assert(rendered<200>(question(ToolChoice::none())).text() == BODY(R"(,"tool_choice":{"type":"none"})"));
static_assert(
    rendered<200>(question(ToolChoice::none().one_at_a_time())).text() == BODY(R"(,"tool_choice":{"type":"none"})"));

// ---- calls and their results ----------------------------------------------------------------------------------------

static_assert(rendered<200>(tool_use("toolu_1", "now", {})).text() ==
    R"({"type":"tool_use","id":"toolu_1","name":"now","input":{}})");
static_assert(rendered<200>(tool_result("toolu_1", {})).text() ==
    R"({"type":"tool_result","tool_use_id":"toolu_1","is_error":false})");
static_assert(rendered<200>(tool_result("toolu_1", "no", true)).text() ==
    R"({"type":"tool_result","tool_use_id":"toolu_1","content":"no","is_error":true})");

constexpr Block parts[] = {"one", "two"};
static_assert(rendered<200>(tool_result("toolu_1", parts)).text() ==
    R"({"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"one"},)"
    R"({"type":"text","text":"two"}],"is_error":false})");

static_assert(rendered<200>([] {
  Content both("text");
  both.blocks = parts;
  return tool_result("toolu_1", both);
}())
                  .text() ==
    R"({"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"one"},)"
    R"({"type":"text","text":"two"}],"is_error":false})");  // blocks go before text

TEST_CASE("tool: a declaration that is made at run time is offered with what was asked for") {
  auto lamp = tool("lamp", "Switch it.", boolean("on", ""), integer("level", "").range(0, 9));
  const Tool offered = lamp;
  CHECK(rendered<400>(offered).text() ==
      R"({"name":"lamp","description":"Switch it.","input_schema":{"type":"object","properties":{)"
      R"("on":{"type":"boolean"},"level":{"type":"integer","minimum":0,"maximum":9}},"required":["on","level"],)"
      R"("additionalProperties":false}})");
  auto strict = lamp.strict().eager_input_streaming().defer_loading().input_examples(R"([{"on":true,"level":1}])");
  CHECK(rendered<400>(strict.tool()).text() ==
      R"({"name":"lamp","description":"Switch it.","input_schema":{"type":"object","properties":{)"
      R"("on":{"type":"boolean"},"level":{"type":"integer"}},"required":["on","level"],)"
      R"("additionalProperties":false},"input_examples":[{"on":true,"level":1}],"strict":true,)"
      R"("eager_input_streaming":true,"defer_loading":true})");
  auto raw = raw_tool({"any", "Takes anything."});
  CHECK(rendered<200>(raw.tool()).text() ==
      R"({"name":"any","description":"Takes anything.","input_schema":{"type":"object"}})");
  int level = -1;
  auto function = lamp.calls([&](bool on, int value, ToolReply reply) {
    level = on ? value : -2;
    reply.text("ok");
  });
  CHECK(function.name() == "lamp");
  CHECK(function.tool().description == "Switch it.");
  ToolResult<64> result;
  char room[8];
  function.run(R"({"level":7,"on":true})", room, result.reply());
  CHECK(level == 7);
}

TEST_CASE("tool: an input that does not fit into the room runs nothing, and the model is told") {
  auto say = tool("say", "", string("words", ""));
  bool ran = false;
  auto function = say.calls([&](string_view, ToolReply) {
    ran = true;
  });
  ToolResult<128> result;
  char room[3];
  function.run(R"({"words":"four"})", room, result.reply());
  CHECK(!ran);
  CHECK(rendered<200>(result.block("toolu_1")).text() ==
      R"({"type":"tool_result","tool_use_id":"toolu_1",)"
      R"("content":"Error: the input does not fit into the room there is","is_error":true})");
}

TEST_CASE("request: tools are those of the recorded request") {
  Tool tools[] = {weather};
  tools[0].strict = true;
  Request request = question(ToolChoice::automatic().one_at_a_time());
  request.model = "claude-opus-5-5";
  request.max_tokens = 1024;
  request.prompt = "Hello";
  request.tools = tools;
  CHECK(json::parse(rendered_through(request, 4096)) == json::parse(recordings::get("requests/tools.json").body));
}

TEST_CASE("request: a call and its result are those of the recorded request") {
  const Block used[] = {tool_use("toolu_01A", "get_weather", R"({"location":"Bern"})")};
  const Block answered[] = {tool_result("toolu_01A", R"({"t":15})"), "And tomorrow?"};
  const Message messages[] = {user("w?"), assistant(used), user(answered)};
  Request request = question();
  request.model = "claude-opus-5-5";
  request.max_tokens = 1024;
  request.prompt = {};
  request.messages = messages;
  CHECK(json::parse(rendered_through(request, 4096)) == json::parse(recordings::get("requests/tool_result.json").body));
}

TEST_CASE("request: tools are the same through windows of any size") {
  const Tool tools[] = {all_of_it(), weather};
  const Block used[] = {tool_use("toolu_01A", "t", R"({"a":"\n"})"), tool_use("toolu_01B", "t", {})};
  const Block answered[] = {tool_result("toolu_01A", parts), tool_result("toolu_01B", "\"no\"", true), "And?"};
  const Message messages[] = {user("w?"), assistant(used), user(answered)};
  Request request = question(ToolChoice::tool("t"));
  request.tools = tools;
  request.messages = messages;
  const std::string whole = rendered_through(request, 4096);
  REQUIRE(json::parse(whole).kind == '{');
  for (std::size_t room = 1; room < 100; ++room) CHECK(rendered_through(request, room) == whole);
}

TEST_CASE("request: a fifth cache mark, on a tool, is refused") {
  Tool tools[5] = {weather, weather, weather, weather, weather};
  for (Tool& tool : tools) tool.cache_control = CacheControl::ephemeral_5m;
  Request request = question();
  request.tools = tools;
  CHECK(support::refusal(request) == Error::bad_cache_control);
  tools[4].cache_control = CacheControl::none;
  CHECK(support::refusal(request) == Error::none);
}
