#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_CACHING 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/rendered.hpp"

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
  return detail::refusal_of(request);
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

TEST_CASE("cache: marks inside a tool's result and a search result count in their order") {
  const Block found[] = {cached("text", hour)};
  const Block results[] = {cached(search_result("kb://1", "KB", found), hour)};
  const Block answers[] = {cached(tool_result("toolu_1", results), minutes), cached("Go on.", minutes)};
  const Message messages[] = {user(answers)};
  Request request = question();
  request.messages = messages;
  CHECK(detail::breakpoints_of(request).count() == 4);
  CHECK(detail::refusal_of(request) == Error::none);
  const Block system[] = {cached("x", hour)};
  request.system = system;
  CHECK(detail::breakpoints_of(request).count() == 5);
  CHECK(detail::refusal_of(request) == Error::bad_cache_control);
  const Block early[] = {cached("x", minutes)};
  const Block late[] = {search_result("kb://1", "KB", found)};
  const Message wrong[] = {user(early), assistant("ok"), user(late)};
  request.system = {};
  request.messages = wrong;
  CHECK(detail::refusal_of(request) == Error::bad_cache_control);
}
