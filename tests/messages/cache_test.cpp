#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_CACHING 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/recordings.hpp"
#include "support/rendered.hpp"
#include "support/run.hpp"
#include "support/told.hpp"

using namespace picoclaude;
using support::rendered;

namespace {

constexpr CacheControl none = CacheControl::none;
constexpr CacheControl minutes = CacheControl::ephemeral_5m;
constexpr CacheControl hour = CacheControl::ephemeral_1h;

constexpr Request question() {
  Request request;
  request.model = "m";
  request.max_tokens = 1024;
  request.prompt = "Hello";
  request.stream = false;
  return request;
}

// Blocks with these marks, in the system prompt and then in two messages.
Error refusal(const CacheControl (&system)[3], const CacheControl (&first)[2], const CacheControl (&second)[2],
    CacheControl whole = none) {
  Block blocks[7];
  for (unsigned i = 0; i < 7; ++i) blocks[i] = cached("x", i < 3 ? system[i] : i < 5 ? first[i - 3] : second[i - 5]);
  const Message messages[] = {user(List<Block>{blocks + 3, 2}), assistant("ok"), user(List<Block>{blocks + 5, 2})};
  Request request = question();
  request.system = List<Block>{blocks, 3};
  request.messages = messages;
  request.cache_control = whole;
  return support::refusal(request);
}

}  // namespace

#define BODY(members) R"({"model":"m","max_tokens":1024)" members "}"
#define HELLO R"(,"messages":[{"role":"user","content":"Hello"}])"

TEST_CASE("cache: marks on the system prompt, a message and the whole request, for both lives") {
  static constexpr Block system[] = {cached("Long prompt", CacheControl::ephemeral_1h)};
  static constexpr Request request = [] {
    Request made = question();
    made.system = system;
    made.cache_control = CacheControl::ephemeral_5m;
    return made;
  }();
  static_assert(rendered<300>(request).text() ==
      BODY(R"(,"system":[{"type":"text","text":"Long prompt","cache_control":{"type":"ephemeral","ttl":"1h"}}])" HELLO
           R"(,"cache_control":{"type":"ephemeral"})"));
  static_assert(
      rendered<99>(cached("x")).text() == R"({"type":"text","text":"x","cache_control":{"type":"ephemeral"}})");
  static_assert(rendered<200>(cached(tool_use("toolu_1", "lamp", ""))).text() ==
      R"({"type":"tool_use","id":"toolu_1","name":"lamp","input":{},"cache_control":{"type":"ephemeral"}})");
  static_assert(rendered<200>(cached(tool_result("toolu_1", "on"), hour)).text() ==
      R"({"type":"tool_result","tool_use_id":"toolu_1","content":"on","is_error":false,)"
      R"("cache_control":{"type":"ephemeral","ttl":"1h"}})");
}

TEST_CASE("cache: diagnostics are asked for, with and without the message before") {
  Request request = question();
  request.diagnose_cache = true;
  CHECK(rendered<200>(request).text() == BODY(HELLO R"(,"diagnostics":{"previous_message_id":null})"));
  request.previous_message_id = "msg_01Fx";
  CHECK(rendered<200>(request).text() == BODY(HELLO R"(,"diagnostics":{"previous_message_id":"msg_01Fx"})"));
  request.diagnose_cache = false;
  CHECK(rendered<200>(request).text() == BODY(HELLO));
}

TEST_CASE("cache: a fifth mark is refused before anything is sent") {
  CHECK(refusal({minutes, minutes, none}, {minutes, none}, {none, minutes}) == Error::none);
  CHECK(refusal({minutes, minutes, none}, {minutes, minutes}, {none, minutes}) == Error::bad_cache_control);
  CHECK(refusal({minutes, minutes, none}, {minutes, none}, {none, minutes}, minutes) == Error::none);
}

TEST_CASE("cache: 5 minutes before an hour is refused before anything is sent") {
  CHECK(refusal({hour, none, none}, {hour, none}, {none, minutes}) == Error::none);
  CHECK(refusal({hour, minutes, hour}, {none, none}, {none, none}) == Error::bad_cache_control);
  CHECK(refusal({minutes, none, none}, {hour, none}, {none, none}) == Error::bad_cache_control);
  CHECK(refusal({none, none, none}, {minutes, none}, {hour, none}) == Error::bad_cache_control);
  CHECK(refusal({minutes, none, none}, {none, none}, {none, none}, hour) == Error::bad_cache_control);
  CHECK(refusal({hour, none, none}, {none, none}, {none, none}, minutes) == Error::none);
}

TEST_CASE("cache: marks on tools come first") {
  Tool tools[5] = {};
  for (Tool& tool : tools) tool.name = "lamp";
  tools[4].cache_control = minutes;
  Request request = question();
  request.tools = tools;
  CHECK(detail::breakpoints_of(request).count() == 1);
  CHECK(support::refusal(request) == Error::none);
  const Block system[] = {cached("x", hour)};
  request.system = system;
  CHECK(support::refusal(request) == Error::bad_cache_control);
  tools[4].cache_control = hour;
  CHECK(support::refusal(request) == Error::none);
  for (Tool& tool : tools) tool.cache_control = hour;
  CHECK(support::refusal(request) == Error::bad_cache_control);
}

TEST_CASE("cache: marks inside a tool's result and a search result count in their order") {
  const Block found[] = {cached("text", hour)};
  const Block results[] = {cached(search_result("kb://1", "KB", found), hour)};
  const Block answers[] = {cached(tool_result("toolu_1", results), minutes), cached("Go on.", minutes)};
  const Message messages[] = {user(answers)};
  Request request = question();
  request.messages = messages;
  CHECK(detail::breakpoints_of(request).count() == 4);
  CHECK(support::refusal(request) == Error::none);
  const Block system[] = {cached("x", hour)};
  request.system = system;
  CHECK(detail::breakpoints_of(request).count() == 5);
  CHECK(support::refusal(request) == Error::bad_cache_control);
  const Block early[] = {cached("x", minutes)};
  const Block late[] = {search_result("kb://1", "KB", found)};
  const Message wrong[] = {user(early), assistant("ok"), user(late)};
  request.system = {};
  request.messages = wrong;
  CHECK(support::refusal(request) == Error::bad_cache_control);
}

// ---- what an answer tells -------------------------------------------------------------------------------------------

namespace {

// The start of an answer, its message given.
std::string start(const char* message) {
  return std::string("event: message_start\ndata: {\"type\":\"message_start\",\"message\":") + message + "}\n\n";
}

}  // namespace

TEST_CASE("cache: usage by the life of what was written, in either place and order") {
  const std::string message =
      start(R"({"id":"msg_01FxdToLircw1zHtXUwQV9r7","usage":{"cache_creation":{"ephemeral_5m_input_tokens":1000,)"
            R"("ephemeral_1h_input_tokens":24},"input_tokens":12,"cache_creation_input_tokens":1024,)"
            R"("cache_read_input_tokens":10000,"output_tokens":1}})");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, ~std::size_t{0}}) {
    const support::Told told = support::read(message, piece);
    CHECK(told.reader.error() == Error::none);
    CHECK(told.reader.usage().ephemeral_5m_input_tokens == 1000);
    CHECK(told.reader.usage().ephemeral_1h_input_tokens == 24);
    CHECK(told.reader.usage().cache_creation_input_tokens == 1024);
    CHECK(told.reader.usage().cache_read_input_tokens == 10000);
    CHECK(told.reader.usage().input_tokens == 12);
    CHECK(told.reader.cache_report().message_id.text() == "msg_01FxdToLircw1zHtXUwQV9r7");
    CHECK(told.reader.cache_report().miss_reason.text() == "");
  }
  const support::Told told = support::read(message +
      R"(data: {"usage":{"cache_creation":{"ephemeral_1h_input_tokens":25}},"type":"message_delta",)"
      R"("delta":{"stop_reason":"end_turn"}})"
      "\n\n");
  CHECK(told.reader.error() == Error::none);
  CHECK(told.reader.usage().ephemeral_5m_input_tokens == 1000);
  CHECK(told.reader.usage().ephemeral_1h_input_tokens == 25);
}

TEST_CASE("cache: a recorded answer that uses everything") {
  const support::Told told = support::read(recordings::get("streams/44_usage_full.sse").body, 5);
  CHECK(told.reader.complete());
  CHECK(told.reader.usage().ephemeral_5m_input_tokens == 1024);
  CHECK(told.reader.usage().ephemeral_1h_input_tokens == 1024);
  CHECK(told.reader.usage().cache_creation_input_tokens == 2048);
}

TEST_CASE("cache: the message's own id is kept, and only a whole number of its own is what was missed") {
  const auto report = [](const std::string& message) {
    const support::Told told = support::read("data: {\"type\":\"message_start\",\"message\":" + message + "}\n\n", 5);
    CHECK(told.reader.error() == Error::none);
    return std::string(told.reader.cache_report().message_id.text()) + " " +
        std::to_string(told.reader.cache_report().missed_input_tokens);
  };
  CHECK(report(R"({"id":"msg_1","x":{"id":"no"},"content":[{"id":"no"}]})") == "msg_1 0");
  CHECK(report(R"({"x":{"id":"no"},"id":"msg_1"})") == "msg_1 0");
  CHECK(report(R"({"id":"m","diagnostics":{"cache_miss_reason":{"cache_missed_input_tokens":1.5}}})") == "m 0");
  CHECK(report(R"({"id":"m","diagnostics":{"cache_miss_reason":{"other_tokens":7,"cache_missed_input_tokens":8}}})") ==
      "m 8");
  CHECK(report(R"({"id":"m","diagnostics":{"cache_miss_reason":{"cache_missed_input_tokens":8,"other_tokens":7}}})") ==
      "m 8");
  CHECK(
      report(
          R"({"id":"m","diagnostics":{"cache_miss_reason":{"cache_missed_input_tokens":8,"cache_missed_input_tokens":-7}}})") ==
      "m 8");
}

TEST_CASE("cache: diagnostics tell what differed, and nothing else is taken for them") {
  const support::Told told = support::read(start(
      R"({"diagnostics":{"cache_miss_reason":{"cache_missed_input_tokens":4711,"type":"system_changed"}},"id":"m"})"));
  CHECK(told.reader.error() == Error::none);
  CHECK(told.reader.cache_report().miss_reason.text() == "system_changed");
  CHECK(told.reader.cache_report().missed_input_tokens == 4711);
  for (const char* message : {R"({"diagnostics":null})", R"({"diagnostics":{"cache_miss_reason":null}})",
           R"({"diagnostics":[{"cache_miss_reason":{"type":"x"}}]})", R"({"cache_miss_reason":{"type":"x"}})"}) {
    const support::Told other = support::read(start(message));
    CHECK(other.reader.error() == Error::none);
    CHECK(other.reader.cache_report().miss_reason.text() == "");
  }
  const support::Told odd = support::read(start(
      R"({"diagnostics":{"cache_miss_reason":{"note":"x","cache_missed_input_tokens":1.5,"type":"tools_changed"}}})"));
  CHECK(odd.reader.error() == Error::none);
  CHECK(odd.reader.cache_report().miss_reason.text() == "tools_changed");
  CHECK(odd.reader.cache_report().missed_input_tokens == 0);
  const support::Told block = support::read(start("{}") +
      R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"x","y":{"cache_miss_reason":)"
      R"({"type":"z","cache_missed_input_tokens":1},"id":"n"}}})"
      "\n\n");
  CHECK(block.reader.error() == Error::none);
  CHECK(block.reader.cache_report().miss_reason.text() == "");
  CHECK(block.reader.cache_report().missed_input_tokens == 0);
  CHECK(block.reader.cache_report().message_id.text() == "");
}

TEST_CASE("cache: what another event calls the message says nothing of this one") {
  const std::string message =
      R"("message":{"id":"msg_2","diagnostics":{"cache_miss_reason":{"type":"tools_changed","cache_missed_input_tokens":9}}})";
  const std::string first = start(R"({"id":"msg_1"})");
  for (const std::string& event : {R"(data: {"type":"new_event",)" + message + "}\n\n",
           "event: new_event\ndata: {" + message + R"(,"type":"new_event"})" + "\n\n"}) {
    const support::Told told = support::read(first + event);
    CHECK(told.reader.error() == Error::none);
    CHECK(told.reader.cache_report().message_id.text() == "msg_1");
    CHECK(told.reader.cache_report().miss_reason.text() == "");
    CHECK(told.reader.cache_report().missed_input_tokens == 0);
  }
}

TEST_CASE("cache: an id or a reason that is too long is none") {
  const support::Told told = support::read(start(
      R"({"id":"msg_0123456789012345678901234567","diagnostics":{"cache_miss_reason":{"type":"a23456789b123456789c123456789d123"}}})"));
  CHECK(told.reader.cache_report().message_id.text() == "msg_0123456789012345678901234567");
  CHECK(told.reader.cache_report().miss_reason.text() == "");
}

TEST_CASE("cache: a client tells the id and what differed") {
  scripted::Bench<> bench{{scripted::answers({{scripted::streamed(
      start(
          R"({"id":"msg_2","diagnostics":{"cache_miss_reason":{"type":"tools_changed","cache_missed_input_tokens":9}}})") +
      std::string(scripted::hello).substr(std::string(scripted::hello).find("event: content_block_start")))}})}};
  REQUIRE(bench.ask().status.error == Error::none);
  CHECK(bench.client.message_id() == "msg_2");
  CHECK(bench.client.cache_miss_reason() == "tools_changed");
  CHECK(bench.client.cache_missed_input_tokens() == 9);
}

TEST_CASE("cache: why nothing came from the cache") {
  Request request = question();
  Usage usage;
  CHECK(cache_miss(request, usage) == CacheMiss::no_breakpoint);
  request.cache_control = CacheControl::ephemeral_5m;
  CHECK(cache_miss(request, usage) == CacheMiss::too_short);
  usage.cache_creation_input_tokens = 5000;
  CHECK(cache_miss(request, usage) == CacheMiss::not_kept);
  CHECK(cache_miss(request, usage, "model_changed") == CacheMiss::model_changed);
  CHECK(cache_miss(request, usage, "system_changed") == CacheMiss::system_changed);
  CHECK(cache_miss(request, usage, "tools_changed") == CacheMiss::tools_changed);
  CHECK(cache_miss(request, usage, "messages_changed") == CacheMiss::messages_changed);
  CHECK(cache_miss(request, usage, "previous_message_not_found") == CacheMiss::not_kept);
  CHECK(cache_miss(request, usage, "unavailable") == CacheMiss::not_kept);
  usage.cache_read_input_tokens = 1;
  CHECK(cache_miss(request, usage, "messages_changed") == CacheMiss::none);
  request.cache_control = CacheControl::none;
  const Block system[] = {cached("Long prompt")};
  request.system = system;
  usage = {};
  CHECK(cache_miss(request, usage) == CacheMiss::too_short);
}

static_assert(min_cached_tokens("claude-haiku-4-5") == 4096);
static_assert(min_cached_tokens("claude-haiku-4-5-20251001") == 4096);
static_assert(min_cached_tokens("claude-opus-5") == 512);
static_assert(min_cached_tokens("claude-opus-5-5") == 0);
static_assert(min_cached_tokens("claude-haiku-4-5.20251001") == 0);
static_assert(min_cached_tokens("claude-haiku-4-5-2025100x") == 0);
static_assert(min_cached_tokens("claude-haiku-4-5-2025100") == 0);

TEST_CASE("cache: each request that is written into a window has marks of its own") {
  const Block system[] = {cached("a", hour), cached("b", minutes), cached("c", minutes)};
  Request request = question();
  request.system = system;
  Window window;
  for (int count = 0; count < 3; ++count) detail::render(window, request);
  CHECK(window.error() == Error::none);
}
