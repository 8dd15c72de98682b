#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_THINKING 1
#define PICOCLAUDE_ENABLE_OUTPUT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/json_value.hpp"
#include "support/recordings.hpp"
#include "support/rendered.hpp"
#include "support/told.hpp"

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
    BODY(R"(,"thinking":{"type":"enabled","display":"omitted","budget_tokens":1024})"));
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

// ---- what an answer tells -------------------------------------------------------------------------------------------

namespace {

using support::Piece;
using support::read;

const std::size_t pieces[] = {1, 2, 3, 5, 16, 61, ~std::size_t{0}};

std::string event(const std::string& json) { return "data: " + json + "\n\n"; }
std::string start_block(unsigned index, const std::string& block) {
  return event(
      R"({"type":"content_block_start","index":)" + std::to_string(index) + R"(,"content_block":)" + block + "}");
}
std::string delta(unsigned index, const std::string& json) {
  return event(R"({"type":"content_block_delta","index":)" + std::to_string(index) + R"(,"delta":)" + json + "}");
}
std::string end_block(unsigned index) {
  return event(R"({"type":"content_block_stop","index":)" + std::to_string(index) + "}");
}
const std::string begin = event(R"({"type":"message_start","message":{"usage":{"input_tokens":1}}})");
std::string stop(const char* reason) {
  return event(std::string(R"({"type":"message_delta","delta":{"stop_reason":")") + reason + R"("}})") +
      event(R"({"type":"message_stop"})");
}
const std::string thought = start_block(0, R"({"type":"thinking","thinking":"","signature":""})");

}  // namespace

TEST_CASE("thinking: text and signature are told, and the answer behind them") {
  for (const std::size_t piece : pieces) {
    const support::Told told = read(recordings::get("streams/18_thinking_signature.sse").body, piece);
    CHECK(told.reader.complete());
    CHECK(told.pieces ==
        std::vector<Piece>{{EventKind::thinking, 0, "Need gcd. 1071 = 2*462 + 147; so 21."},
            {EventKind::signature, 0, "EqoBCkgIBRABGAIiQFNZTlRIRVRJQy1TSUdOQVRVUkU+/AAA=="},
            {EventKind::block_end, 0, ""}, {EventKind::text, 1, "The gcd is **21**."}, {EventKind::block_end, 1, ""},
            {EventKind::end, 0, ""}});
    CHECK(!told.reader.only_thought());
  }
}

TEST_CASE("thinking: omitted thinking is a signature alone") {
  for (const std::size_t piece : pieces) {
    const support::Told told = read(recordings::get("streams/19_thinking_omitted.sse").body, piece);
    CHECK(told.reader.complete());
    CHECK(told.count(EventKind::thinking) == 0);
    CHECK(told.joined(EventKind::signature) ==
        json::parse(recordings::get("streams/19_thinking_omitted.sse")["expected"])["message"]["content"]
            .items.at(0)["signature"]
            .text);
  }
}

TEST_CASE("thinking: the end of a redacted one is told, and what came before a type keeps its order") {
  for (const std::size_t piece : pieces) {
    const support::Told redacted = read(
        begin + start_block(0, R"({"type":"redacted_thinking","data":"x"})") + end_block(0) + stop("end_turn"), piece);
    CHECK(redacted.joined(EventKind::redacted_thinking) == "x");
    CHECK(redacted.count(EventKind::block_end) == 1);
    const support::Told held = read(begin + start_block(0, R"({"thinking":"a","type":"thinking","signature":"b"})") +
            end_block(0) + stop("end_turn"),
        piece);
    std::string order;
    for (const Piece& told : held.pieces) order += told.text;
    CHECK(order == "ab");
  }
}

TEST_CASE("thinking: estimates are skipped") {
  const support::Told told = read(recordings::get("streams/22_thinking_token_estimates.sse").body, 3);
  CHECK(told.reader.complete());
  CHECK(told.joined(EventKind::signature) == "c2ln");
  CHECK(told.joined(EventKind::text) == "done");
}

TEST_CASE("thinking: redacted thinking comes as its data") {
  for (const std::size_t piece : pieces) {
    const support::Told told = read(recordings::get("streams/20_redacted_thinking.sse").body, piece);
    CHECK(told.reader.complete());
    CHECK(told.joined(EventKind::redacted_thinking) == "EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwSYNTHETIC==");
    CHECK(told.count(EventKind::block) == 0);
    CHECK(told.joined(EventKind::text) == "Here is the answer.");
  }
}

TEST_CASE("thinking: a long signature between two calls is told whole") {
  for (const std::size_t piece : {std::size_t{100}, ~std::size_t{0}}) {
    const recordings::Recording& recording = recordings::get("streams/21_thinking_tools_interleaved.sse");
    const support::Told told = read(recording.body, piece);
    CHECK(told.reader.complete());
    std::string signatures;
    std::string thoughts;
    const json::Value expected = json::parse(recording["expected"]);
    for (const json::Value& block : expected["message"]["content"].items) {
      signatures += block["signature"].text;
      thoughts += block["thinking"].text;
    }
    CHECK(signatures.size() > 9000);
    CHECK(told.joined(EventKind::signature) == signatures);
    CHECK(told.joined(EventKind::thinking) == thoughts);
  }
}

TEST_CASE("thinking: an answer that spent everything on thinking is told apart") {
  // Nothing but thinking, shown or not, finished or not.
  CHECK(read(begin + thought + stop("max_tokens")).reader.only_thought());
  CHECK(read(begin + thought + delta(0, R"({"type":"thinking_delta","thinking":"Hm"})") + stop("max_tokens"))
            .reader.only_thought());
  CHECK(read(begin + thought + end_block(0) + start_block(1, R"({"type":"text","text":""})") + end_block(1) +
      stop("max_tokens"))
            .reader.only_thought());
  CHECK(read(begin + start_block(0, R"({"type":"redacted_thinking","data":"x"})") + end_block(0) + stop("max_tokens"))
            .reader.only_thought());
  // Said something, called something, ended by itself, never thought.
  CHECK(!read(begin + thought + end_block(0) + start_block(1, R"({"type":"text","text":""})") +
      delta(1, R"({"type":"text_delta","text":"T"})") + stop("max_tokens"))
             .reader.only_thought());
  CHECK(!read(begin + thought + end_block(0) + start_block(1, R"({"type":"text","text":"T"})") + stop("max_tokens"))
             .reader.only_thought());
  CHECK(!read(begin + thought + end_block(0) +
      start_block(1, R"({"type":"tool_use","id":"toolu_1","name":"lamp","input":{}})") + stop("max_tokens"))
             .reader.only_thought());
  CHECK(!read(begin + thought + end_block(0) + stop("end_turn")).reader.only_thought());
  CHECK(!read(begin + start_block(0, R"({"type":"text","text":""})") + stop("max_tokens")).reader.only_thought());
  CHECK(!read(begin + stop("max_tokens")).reader.only_thought());
}
