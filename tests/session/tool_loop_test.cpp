#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

using State = detail::ToolLoopState;
using Step = State::Step;

Brakes rounds(std::uint16_t most) {
  Brakes brakes;
  brakes.max_rounds = most;
  return brakes;
}
Brakes calls(std::uint16_t most) {
  Brakes brakes;
  brakes.max_calls = most;
  return brakes;
}
Brakes tokens(std::uint32_t most) {
  Brakes brakes;
  brakes.max_tokens = most;
  return brakes;
}
Brakes time_ms(std::uint32_t most) {
  Brakes brakes;
  brakes.max_ms = most;
  return brakes;
}
Usage used(std::uint32_t input, std::uint32_t output, std::uint32_t written = 0, std::uint32_t read = 0) {
  Usage usage;
  usage.input_tokens = input;
  usage.output_tokens = output;
  usage.cache_creation_input_tokens = written;
  usage.cache_read_input_tokens = read;
  return usage;
}

bool ended(const State& state, Error error) {
  return state.step() == Step::done && state.status().error == error && state.status().http == 0 &&
      state.status().native == 0;
}

}  // namespace

TEST_SUITE_BEGIN("session");

TEST_CASE("tool loop: so many rounds and no more; 0 is no limit") {
  State one(rounds(1));
  CHECK(one.may_ask(0));
  CHECK(one.step() == Step::read);
  CHECK_FALSE(one.may_ask(0));
  CHECK(ended(one, Error::out_of_rounds));
  CHECK(one.rounds() == 1);
  State two(rounds(2));
  CHECK(two.may_ask(0));
  CHECK(two.may_ask(0));
  CHECK_FALSE(two.may_ask(0));
  State endless(rounds(0));
  for (unsigned at = 0; at < 100; ++at) CHECK(endless.may_ask(0));
  CHECK(endless.rounds() == 100);
}

TEST_CASE("tool loop: so many calls and no more; 0 is no limit") {
  State one(calls(1));
  CHECK(one.may_call());
  CHECK(one.step() == Step::ask);
  CHECK_FALSE(one.may_call());
  CHECK(ended(one, Error::out_of_calls));
  CHECK(one.calls() == 1);
  State endless(calls(0));
  for (unsigned at = 0; at < 100; ++at) CHECK(endless.may_call());
  CHECK(endless.calls() == 100);
}

TEST_CASE("tool loop: tokens of every kind are added, and end it when they reach the limit") {
  State state(tokens(15));
  state.answered(StopReason::end_turn, used(1, 2, 4, 7));
  CHECK(state.tokens() == 14);
  CHECK(state.may_ask(0));
  state.answered(StopReason::end_turn, used(0, 1));
  CHECK(state.tokens() == 15);
  CHECK_FALSE(state.may_ask(0));
  CHECK(ended(state, Error::out_of_tokens));
  State one(tokens(1));
  CHECK(one.may_ask(0));
  one.answered(StopReason::end_turn, used(1, 0));
  CHECK_FALSE(one.may_ask(0));
  State endless(tokens(0));
  endless.answered(StopReason::end_turn, used(1000, 1000));
  CHECK(endless.may_ask(0));
}

TEST_CASE("tool loop: the sum of tokens stops at its largest value") {
  State state(tokens(0));
  state.answered(StopReason::end_turn, used(0xFFFFFFFEu, 0));
  CHECK(state.tokens() == 0xFFFFFFFEu);
  state.answered(StopReason::end_turn, used(1, 0));
  CHECK(state.tokens() == 0xFFFFFFFFu);
  state.answered(StopReason::end_turn, used(5, 5));
  CHECK(state.tokens() == 0xFFFFFFFFu);
}

TEST_CASE("tool loop: no request is sent once the time is over; 0 is no limit") {
  State state(time_ms(100));
  CHECK_FALSE(state.is_late(99));
  CHECK(state.is_late(100));
  CHECK(state.may_ask(99));
  CHECK_FALSE(state.may_ask(100));
  CHECK(ended(state, Error::out_of_time));
  CHECK(state.rounds() == 1);
  State one(time_ms(1));
  CHECK_FALSE(one.is_late(0));
  CHECK(one.is_late(1));
  State endless(time_ms(0));
  CHECK_FALSE(endless.is_late(0xFFFFFFFFu));
}

TEST_CASE("tool loop: what comes behind an answer is what its stop reason says") {
  const auto behind = [](StopReason reason) {
    State state(Brakes{});
    state.may_ask(0);
    state.answered(reason, {});
    return state.step();
  };
  CHECK(behind(StopReason::tool_use) == Step::call);
  CHECK(behind(StopReason::pause_turn) == Step::ask);
  CHECK(behind(StopReason::compaction) == Step::ask);
  for (const StopReason reason :
      {StopReason::none, StopReason::end_turn, StopReason::max_tokens, StopReason::stop_sequence, StopReason::refusal,
          StopReason::model_context_window_exceeded, StopReason::other}) {
    CHECK(behind(reason) == Step::done);
  }
}

TEST_CASE("tool loop: calls are counted in their turn; without any it was none") {
  State state(Brakes{});
  state.answered(StopReason::tool_use, {});
  CHECK(state.number() == 0);
  state.called(Error::none);
  state.called(Error::none);
  CHECK(state.number() == 2);
  CHECK(state.step() == Step::call);
  state.end_calls();
  CHECK(state.step() == Step::ask);
  state.answered(StopReason::tool_use, {});
  CHECK(state.number() == 0);
  state.end_calls();
  CHECK(state.step() == Step::done);
}

TEST_CASE("tool loop: an answer that could not be kept ends it") {
  State state(Brakes{});
  state.answered(StopReason::tool_use, {});
  state.called(Error::out_of_room);
  CHECK(ended(state, Error::out_of_room));
  State other(Brakes{});
  other.finish(Status{Error::rate_limit, 429, 7});
  CHECK(other.step() == Step::done);
  CHECK(other.status().http == 429);
  CHECK(other.status().native == 7);
}

TEST_CASE("tool result: the first answer is kept, and a second one is told that it is not") {
  ToolResult<8> result;
  const ToolReply reply = result.reply();
  CHECK(reply.text("12345678"));
  CHECK_FALSE(reply.text("other"));
  CHECK_FALSE(reply.error("other"));
  const Block block = result.block("toolu_1");
  CHECK(block.content.text == "12345678");
  CHECK_FALSE(block.is_error);
}

TEST_CASE("tool result: what does not fit is cut at a code point, and told so") {
  ToolResult<4> result;
  CHECK_FALSE(result.reply().error("abc\xC3\xA4"));
  CHECK(result.block("toolu_1").content.text == "abc");
  CHECK(result.block("toolu_1").is_error);
  ToolResult<4> whole;
  CHECK(whole.reply().text("ab\xC3\xA4"));
}

TEST_CASE("tool result: blocks are not kept, and told so") {
  const Block blocks[] = {"one"};
  ToolResult<8> result;
  CHECK_FALSE(result.reply().content(List<Block>(blocks)));
  CHECK(result.block("toolu_1").content.text.empty());
}

TEST_CASE("tool result: the room that was lent for a call's strings comes back with its answer") {
  char pages[512];
  Transcript talk(pages);
  talk.user("Hello");
  talk.lend();
  detail::CallAnswer answer(talk, "i");
  answer.reply().content("done");
  CHECK(answer.finish() == Error::none);
  CHECK(talk.room() == sizeof pages - talk.json().size());
}

TEST_CASE("tool calls: the smallest room that holds them is used to its last byte, and none behind it") {
  const auto event = [](EventKind kind, std::uint16_t index, string_view text, string_view id = {}) {
    Event one(kind, index, text);
    one.id = id;
    return one;
  };
  std::size_t size = 0;
  for (bool fits = false; !fits; ++size) {
    std::string bytes(size, '?');
    bytes += '#';
    ToolCalls calls(Room{&bytes[0], size});
    fits = calls.take(event(EventKind::tool_start, 0, "first", "a")) == Error::none &&
        calls.take(event(EventKind::tool_start, 1, "second", "b")) == Error::none &&
        calls.take(event(EventKind::tool_input, 0, "{\"x\":")) == Error::none &&
        calls.take(event(EventKind::tool_input, 1, "{}")) == Error::none &&
        calls.take(event(EventKind::tool_input, 0, "1}")) == Error::none;
    CHECK(bytes.back() == '#');
    if (!fits) continue;
    CHECK(calls.room().size == 0);
    // What belongs to no call takes no room, even where there is none.
    CHECK(calls.take(event(EventKind::tool_input, 7, "x")) == Error::none);
    CHECK(calls.take(event(EventKind::block_end, 7, "")) == Error::none);
  }
  CHECK(size > 20);
  char bytes[200];
  ToolCalls calls{Room{bytes}};
  calls.take(event(EventKind::tool_start, 0, "first", "a"));
  const std::size_t left = calls.room().size;
  CHECK(calls.take(event(EventKind::tool_input, 7, "x")) == Error::none);
  CHECK(calls.room().size == left);
}

TEST_SUITE_END();
