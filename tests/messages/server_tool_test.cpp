#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 1
#define PICOCLAUDE_ENABLE_CACHING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/rendered.hpp"

using namespace picoclaude;
using support::rendered;

namespace {

template <class Change>
constexpr ServerTool with(ServerTool tool, Change change) {
  change(tool);
  return tool;
}

constexpr string_view friends[] = {"example.org", "example.com"};

template <class Change>
constexpr Request question(Change change) {
  Request request;
  request.model = "m";
  request.max_tokens = 9;
  request.prompt = "Hello";
  request.stream = false;
  change(request);
  return request;
}

}  // namespace

// ---- tools ----------------------------------------------------------------------------------------------------------

static_assert(rendered<99>(web_search()).text() == R"({"type":"web_search_20260318","name":"web_search"})");
static_assert(rendered<400>(with(web_search(),
                                [](ServerTool& tool) {
                                  tool.max_uses = 5;
                                  tool.allowed_domains = friends;
                                  tool.user_location = {"Bern", "Bern", "CH", "Europe/Zurich"};
                                  tool.cache_control = CacheControl::ephemeral_5m;
                                  tool.extra = R"("response_inclusion":"excluded")";
                                }))
                  .text() ==
    R"({"type":"web_search_20260318","name":"web_search","max_uses":5,)"
    R"("allowed_domains":["example.org","example.com"],)"
    R"("user_location":{"type":"approximate","city":"Bern","region":"Bern","country":"CH","timezone":"Europe/Zurich"},)"
    R"("cache_control":{"type":"ephemeral"},"response_inclusion":"excluded"})");
static_assert(rendered<400>(with(web_fetch(),
                                [](ServerTool& tool) {
                                  tool.blocked_domains = friends;
                                  tool.citations = true;
                                  tool.max_content_tokens = 20000;
                                  tool.user_location.country = "CH";
                                }))
                  .text() ==
    R"({"type":"web_fetch_20260318","name":"web_fetch","blocked_domains":["example.org","example.com"],)"
    R"("user_location":{"type":"approximate","country":"CH"},"citations":{"enabled":true},"max_content_tokens":20000})");
static_assert(rendered<99>(code_execution()).text() == R"({"type":"code_execution_20260521","name":"code_execution"})");
static_assert(rendered<99>(tool_search_regex()).text() ==
    R"({"type":"tool_search_tool_regex_20251119","name":"tool_search_tool_regex"})");
static_assert(rendered<99>(tool_search_bm25()).text() ==
    R"({"type":"tool_search_tool_bm25_20251119","name":"tool_search_tool_bm25"})");
static_assert(rendered<99>(memory_tool()).text() == R"({"type":"memory_20250818","name":"memory"})");
static_assert(rendered<99>(bash_tool()).text() == R"({"type":"bash_20250124","name":"bash"})");
static_assert(rendered<200>(with(text_editor_tool(), [](ServerTool& tool) {
  tool.max_characters = 10000;
})).text() == R"({"type":"text_editor_20250728","name":"str_replace_based_edit_tool","max_characters":10000})");
static_assert(rendered<200>(with(mcp_toolset("inventory"), [](ServerTool& tool) {
  tool.extra = R"("default_config":{"enabled":false})";
})).text() == R"({"type":"mcp_toolset","mcp_server_name":"inventory","default_config":{"enabled":false}})");

static_assert(rendered<200>(with(web_search(),
                                [](ServerTool& tool) {
                                  tool.user_location.timezone = "Europe/Zurich";
                                  tool.defer_loading = true;
                                }))
                  .text() ==
    R"({"type":"web_search_20260318","name":"web_search",)"
    R"("user_location":{"type":"approximate","timezone":"Europe/Zurich"},"defer_loading":true})");
static_assert(rendered<200>(with(web_search(),
                                [](ServerTool& tool) {
                                  tool.user_location.region = "Bern";
                                }))
                  .text() ==
    R"({"type":"web_search_20260318","name":"web_search","user_location":{"type":"approximate","region":"Bern"}})");
static_assert(rendered<99>(raw_block(R"({"type":"fallback"})")).text() == R"({"type":"fallback"})");

// ---- the request ----------------------------------------------------------------------------------------------------

#define BODY(members) R"({"model":"m","max_tokens":9)" members R"(,"messages":[{"role":"user","content":"Hello"}]})"

TEST_CASE("server tools: they stand behind the program's own in one list, through windows of every size") {
  static constexpr ServerTool service[] = {web_search(), code_execution()};
  static constexpr Tool own[] = {{"lamp"}};
  Request request = question([](Request& made) {
    made.server_tools = service;
  });
  CHECK(rendered<300>(request).text() ==
      BODY(R"(,"tools":[{"type":"web_search_20260318","name":"web_search"},)"
           R"({"type":"code_execution_20260521","name":"code_execution"}])"));
  request.tools = own;
  for (std::size_t room = 1; room < 50; ++room) {
    CHECK(support::rendered_through(request, room) ==
        BODY(R"(,"tools":[{"name":"lamp","input_schema":{"type":"object"}},)"
             R"({"type":"web_search_20260318","name":"web_search"},)"
             R"({"type":"code_execution_20260521","name":"code_execution"}])"));
  }
}

TEST_CASE("server tools: a cache mark on one counts") {
  ServerTool tools[] = {web_search(), code_execution()};
  tools[1].cache_control = CacheControl::ephemeral_5m;
  Request request = question([](Request&) {});
  request.server_tools = tools;
  const Block system[] = {cached("x", CacheControl::ephemeral_1h)};
  request.system = system;
  CHECK(support::refusal(request) == Error::bad_cache_control);
}

TEST_CASE("server tools: a container by its id, with skills, or both") {
  static constexpr Skill skills[] = {{"pptx"}, {"skill_01", true, "1759178010641129"}};
  CHECK(rendered<200>(question([](Request& request) {
    request.container = "container_01";
  })).text() == BODY(R"(,"container":"container_01")"));
  CHECK(rendered<300>(question([](Request& request) {
    request.skills = skills;
  })).text() ==
      BODY(R"(,"container":{"skills":[{"type":"anthropic","skill_id":"pptx"},)"
           R"({"type":"custom","skill_id":"skill_01","version":"1759178010641129"}]})"));
  CHECK(rendered<300>(question([](Request& request) {
    request.container = "container_01";
    request.skills = List<Skill>{skills, 1};
  })).text() == BODY(R"(,"container":{"id":"container_01","skills":[{"type":"anthropic","skill_id":"pptx"}]})"));
}

TEST_CASE("server tools: MCP servers with their toolsets") {
  static constexpr McpServer servers[] = {{"inventory", "https://example.org/mcp", "t0k\"en"}, {"b", "https://b.org"}};
  static constexpr ServerTool toolsets[] = {mcp_toolset("inventory")};
  CHECK(rendered<400>(question([](Request& request) {
    request.mcp_servers = servers;
    request.server_tools = toolsets;
  })).text() ==
      BODY(R"(,"tools":[{"type":"mcp_toolset","mcp_server_name":"inventory"}],)"
           R"("mcp_servers":[{"type":"url","url":"https://example.org/mcp","name":"inventory",)"
           R"("authorization_token":"t0k\"en"},{"type":"url","url":"https://b.org","name":"b"}])"));
}

TEST_CASE("server tools: context edits and compaction") {
  static constexpr string_view kept[] = {"memory"};
  ContextEdit edits[4];
  edits[1].trigger_tool_uses = 12;
  edits[1].keep = 3;
  edits[1].clear_at_least_input_tokens = 5000;
  edits[1].clear_tool_inputs = true;
  edits[1].exclude_tools = kept;
  edits[2].type = ContextEdit::Type::clear_thinking;
  edits[2].keep_all_thinking = true;
  edits[3].type = ContextEdit::Type::compact;
  edits[3].trigger_input_tokens = 100000;
  edits[3].instructions = "Keep \"numbers\".";
  edits[3].pause_after_compaction = true;
  Request request = question([](Request&) {});
  request.context_edits = edits;
  const std::string_view expected =
      BODY(R"(,"context_management":{"edits":[{"type":"clear_tool_uses_20250919"},)"
           R"({"type":"clear_tool_uses_20250919","trigger":{"type":"tool_uses","value":12},)"
           R"("keep":{"type":"tool_uses","value":3},"clear_at_least":{"type":"input_tokens","value":5000},)"
           R"("clear_tool_inputs":true,"exclude_tools":["memory"]},)"
           R"({"type":"clear_thinking_20251015","keep":"all"},)"
           R"({"type":"compact_20260112","instructions":"Keep \"numbers\".","pause_after_compaction":true,)"
           R"("trigger":{"type":"input_tokens","value":100000}}]})");
  for (std::size_t room = 1; room < 50; ++room) CHECK(support::rendered_through(request, room) == expected);
  edits[2].keep_all_thinking = false;
  edits[2].keep = 2;
  request.context_edits = List<ContextEdit>{edits + 2, 1};
  CHECK(rendered<300>(request).text() ==
      BODY(R"(,"context_management":{"edits":[{"type":"clear_thinking_20251015",)"
           R"("keep":{"type":"thinking_turns","value":2}}]})"));
  edits[2].keep = 0;
  CHECK(
      rendered<200>(request).text() == BODY(R"(,"context_management":{"edits":[{"type":"clear_thinking_20251015"}]})"));
  request.context_edits = {};
  request.compaction = {true, {}};
  CHECK(rendered<200>(request).text() == BODY(R"(,"compaction":{"type":"summarize"})"));
  request.compaction.instructions = "Short.";
  CHECK(rendered<200>(request).text() == BODY(R"(,"compaction":{"type":"summarize","instructions":"Short."})"));
}

TEST_CASE("server tools: counting tokens leaves out the container and compaction") {
  static constexpr McpServer servers[] = {{"b", "https://b.org"}};
  Request request = question([](Request&) {});
  request.mcp_servers = servers;
  request.container = "container_01";
  request.compaction = {true, {}};
  char out[300];
  Window window(out, sizeof out, {});
  detail::render_open(window, request, detail::Purpose::count);
  CHECK(std::string_view(out, window.size()) ==
      R"({"model":"m","mcp_servers":[{"type":"url","url":"https://b.org","name":"b"}],)"
      R"("messages":[{"role":"user","content":"Hello"}])");
}

TEST_CASE("server tools: a block goes back as it came") {
  static constexpr Block turn[] = {
      raw_block(R"({"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"x"}})"), "Found."};
  static constexpr Message talk[] = {user("?"), assistant(turn)};
  Request request = question([](Request& made) {
    made.prompt = {};
    made.messages = talk;
  });
  CHECK(rendered<300>(request).text() ==
      R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"?"},{"role":"assistant","content":[)"
      R"({"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"x"}},)"
      R"({"type":"text","text":"Found."}]}]})");
}
