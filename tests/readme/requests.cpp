// The requests of the README, as the bytes that are sent: compared while this is compiled. readme_test.py takes the
// statements that make them out of README.md.
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include "support/rendered.hpp"

namespace {

using support::rendered;

// Of the first program.
constexpr picoclaude::Request question() {
#include "readme_request.hpp"
  return request;
}
static_assert(rendered<200>(question()).text() ==
    R"({"model":"claude-haiku-4-5","max_tokens":300,)"
    R"("messages":[{"role":"user","content":"Name three moons of Jupiter."}],"stream":true})");

// Of the one with tools, whose words stand in a transcript.
#include "readme_tool.hpp"
constexpr picoclaude::Tool tools[] = {set_light};
constexpr picoclaude::Request wish() {
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.tools = tools;
  request.transcript = R"({"role":"user","content":"It is getting dark."})";
  return request;
}
static_assert(rendered<600>(wish()).text() ==
    R"({"model":"claude-haiku-4-5","max_tokens":100,)"
    R"("tools":[{"name":"set_light","description":"Switch a lamp.","input_schema":{"type":"object","properties":{)"
    R"("on":{"type":"boolean","description":"true to light it"},)"
    R"("level":{"type":"integer","description":"brightness","minimum":0,"maximum":100}},)"
    R"("required":["on","level"],"additionalProperties":false}}],)"
    R"("messages":[{"role":"user","content":"It is getting dark."}],"stream":true})");

}  // namespace

// What the transcript of the README holds before the model says anything.
int main() {
  static char pages[4096];
  picoclaude::Transcript talk{pages};
  talk.user("It is getting dark.");
  return talk.json() == std::string_view(wish().transcript) ? 0 : 1;
}
