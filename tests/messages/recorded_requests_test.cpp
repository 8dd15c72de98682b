// The recorded requests that need parts of the library.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_VISION 1
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#define PICOCLAUDE_ENABLE_CACHING 1
#define PICOCLAUDE_ENABLE_THINKING 1
#define PICOCLAUDE_ENABLE_OUTPUT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/json_value.hpp"
#include "support/recordings.hpp"
#include "support/rendered.hpp"

using namespace picoclaude;

namespace {

Request question() {
  Request request;
  request.model = "claude-opus-5-5";
  request.max_tokens = 1024;
  request.prompt = "Hello";
  request.stream = false;
  return request;
}

// The same values as the recorded request, through windows of several sizes.
void check_against(const char* name, const Request& request) {
  CAPTURE(name);
  const json::Value expected = json::parse(recordings::get(std::string("requests/") + name + ".json").body);
  REQUIRE(expected.kind == '{');
  for (const std::size_t room : {std::size_t{1}, std::size_t{17}, std::size_t{4096}}) {
    CHECK(json::parse(support::rendered_through(request, room)) == expected);
  }
}

}  // namespace

TEST_CASE("recorded requests: cache marks") {
  Request request = question();
  request.cache_control = CacheControl::ephemeral_5m;
  check_against("auto_cache", request);
  request = question();
  const Block system[] = {cached("Long prompt", CacheControl::ephemeral_1h)};
  request.system = system;
  check_against("system_cached", request);
}

TEST_CASE("recorded requests: documents") {
  About notes;
  notes.title = "Field notes";
  notes.citations = true;
  const Block found[] = {"x"};
  const Block blocks[] = {
      document_text("The grass is green.", notes), search_result("kb://1", "KB", found, true), "Cite."};
  const Message messages[] = {user(blocks)};
  Request request = question();
  request.prompt = {};
  request.messages = messages;
  check_against("documents", request);
}

TEST_CASE("recorded requests: images") {
  const Block blocks[] = {image("image/png", "\x89PNG\r\n\x1A\n"), image_url("https://example.org/a.jpg"),
      image_file("file_011A"), "Compare"};
  const Message messages[] = {user(blocks)};
  Request request = question();
  request.prompt = {};
  request.messages = messages;
  check_against("vision", request);
}

TEST_CASE("recorded requests: thinking, effort and a form") {
  Request request = question();
  request.thinking = Thinking::adaptive(ThinkingDisplay::summarized);
  request.effort = Effort::low;
  check_against("thinking_effort", request);
  request = question();
  static constexpr auto form = structure(integer("n"));
  request.output_schema = form.schema();
  check_against("structured", request);
}

TEST_CASE("recorded requests: tools and their results") {
  Tool weather;
  weather.name = "get_weather";
  weather.description = "Weather";
  weather.input_schema = R"({"type":"object","properties":{"location":{"type":"string"}},"required":["location"]})";
  weather.strict = true;
  Request request = question();
  request.tools = weather;
  request.tool_choice = ToolChoice::automatic().one_at_a_time();
  check_against("tools", request);
  const Block call[] = {tool_use("toolu_01A", "get_weather", R"({"location":"Bern"})")};
  const Block result[] = {tool_result("toolu_01A", R"({"t":15})"), "And tomorrow?"};
  const Message messages[] = {user("w?"), assistant(call), user(result)};
  request = question();
  request.prompt = {};
  request.messages = messages;
  check_against("tool_result", request);
}
