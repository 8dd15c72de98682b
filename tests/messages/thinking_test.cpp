#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_THINKING 1
#define PICOCLAUDE_ENABLE_OUTPUT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/rendered.hpp"

using namespace picoclaude;
using support::rendered;

namespace {

constexpr Request question(Thinking thinking, std::uint32_t max_tokens = 4096) {
  Request request;
  request.model = "m";
  request.max_tokens = max_tokens;
  request.prompt = "Hello";
  request.thinking = thinking;
  request.stream = false;
  return request;
}

constexpr Request with_effort(Effort effort, string_view schema = {}) {
  Request request = question({});
  request.effort = effort;
  request.output_schema = schema;
  return request;
}

}  // namespace

// ---- what is asked for ----------------------------------------------------------------------------------------------

#define BODY(members) R"({"model":"m","max_tokens":4096,"messages":[{"role":"user","content":"Hello"}])" members "}"

static_assert(rendered<200>(question({})).text() == BODY(""));
static_assert(rendered<200>(question(Thinking::adaptive())).text() == BODY(R"(,"thinking":{"type":"adaptive"})"));
static_assert(rendered<200>(question(Thinking::adaptive(ThinkingDisplay::summarized))).text() ==
    BODY(R"(,"thinking":{"type":"adaptive","display":"summarized"})"));
static_assert(rendered<200>(question(Thinking::enabled(1024, ThinkingDisplay::omitted))).text() ==
    BODY(R"(,"thinking":{"type":"enabled","budget_tokens":1024,"display":"omitted"})"));
static_assert(rendered<200>(question(Thinking::disabled())).text() == BODY(R"(,"thinking":{"type":"disabled"})"));
static_assert(
    rendered<200>(question(Thinking::between_tools())).text() == BODY(R"(,"thinking":{"type":"between_tools"})"));

static_assert(rendered<200>(with_effort(Effort::low)).text() == BODY(R"(,"output_config":{"effort":"low"})"));
static_assert(rendered<200>(with_effort(Effort::medium)).text() == BODY(R"(,"output_config":{"effort":"medium"})"));
static_assert(rendered<200>(with_effort(Effort::high)).text() == BODY(R"(,"output_config":{"effort":"high"})"));
static_assert(rendered<200>(with_effort(Effort::xhigh)).text() == BODY(R"(,"output_config":{"effort":"xhigh"})"));
static_assert(rendered<200>(with_effort(Effort::max)).text() == BODY(R"(,"output_config":{"effort":"max"})"));
static_assert(rendered<200>(with_effort(Effort::unset, R"({"type":"object"})")).text() ==
    BODY(R"(,"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}})"));
static_assert(rendered<200>(with_effort(Effort::low, R"({"type":"object"})")).text() ==
    BODY(R"(,"output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}})"));

// ---- what is refused before it is sent ------------------------------------------------------------------------------

static_assert(detail::refusal_of(question(Thinking::enabled(1023))) == Error::bad_thinking);
static_assert(detail::refusal_of(question(Thinking::enabled(1024))) == Error::none);
static_assert(detail::refusal_of(question(Thinking::enabled(4095))) == Error::none);
static_assert(detail::refusal_of(question(Thinking::enabled(4096))) == Error::bad_thinking);
static_assert(detail::refusal_of(question(Thinking::enabled(1024), 1024)) == Error::bad_thinking);
static_assert(
    detail::refusal_of(question({ThinkingType::adaptive, ThinkingDisplay::unset, 1024})) == Error::bad_thinking);
static_assert(detail::refusal_of(question({ThinkingType::unset, ThinkingDisplay::unset, 1024})) == Error::bad_thinking);
static_assert(
    detail::refusal_of(question({ThinkingType::disabled, ThinkingDisplay::omitted, 0})) == Error::bad_thinking);
static_assert(detail::refusal_of(question(Thinking::disabled(), 1)) == Error::none);
static_assert(detail::refusal_of(question(Thinking::between_tools(), 1)) == Error::none);

// ---- what is given back ---------------------------------------------------------------------------------------------

static_assert(rendered<200>(thinking("so 21.\n\"ok\"", "EqoB+/AA==")).text() ==
    R"({"type":"thinking","thinking":"so 21.\n\"ok\"","signature":"EqoB+/AA=="})");
static_assert(rendered<200>(thinking("", "c2ln")).text() == R"({"type":"thinking","thinking":"","signature":"c2ln"})");
static_assert(
    rendered<200>(redacted_thinking("EmwKAhgB=")).text() == R"({"type":"redacted_thinking","data":"EmwKAhgB="})");

TEST_CASE("thinking: a turn with thinking goes back as it came, through windows of every size") {
  static constexpr Block turn[] = {thinking("Need gcd. so 21.", "EqoBCkgI+/AA=="), "The gcd is **21**."};
  static constexpr Message talk[] = {user("gcd(1071, 462)?"), assistant(turn), user("And lcm?")};
  Request request = question(Thinking::adaptive());
  request.prompt = {};
  request.messages = talk;
  for (std::size_t room = 1; room < 60; ++room) {
    CHECK(support::rendered_through(request, room) ==
        R"({"model":"m","max_tokens":4096,"messages":[{"role":"user","content":"gcd(1071, 462)?"},)"
        R"({"role":"assistant","content":[{"type":"thinking","thinking":"Need gcd. so 21.",)"
        R"("signature":"EqoBCkgI+/AA=="},{"type":"text","text":"The gcd is **21**."}]},)"
        R"({"role":"user","content":"And lcm?"}],"thinking":{"type":"adaptive"}})");
  }
}
