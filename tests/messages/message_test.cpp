#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_MESSAGE_READER 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#define PICOCLAUDE_ENABLE_THINKING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <algorithm>

#include "support/fed.hpp"
#include "support/json_value.hpp"
#include "support/recordings.hpp"
#include "support/run.hpp"

using namespace picoclaude;
using namespace support;

namespace {

constexpr std::size_t first = 0;

// A JSON value as text, with the members of objects in the order of their names or against it; `type` may come first.
std::string written(const json::Value& value, bool backwards, bool typed = false) {
  std::string out;
  switch (value.kind) {
    case '{': {
      std::vector<std::string> members;
      for (const auto& [name, member] : value.members)
        members.push_back(quoted(name) + " : " + written(member, backwards, typed));
      if (backwards) std::reverse(members.begin(), members.end());
      if (typed) {
        std::stable_partition(members.begin(), members.end(), [](const std::string& member) {
          return member.rfind("\"type\"", 0) == 0;
        });
      }
      for (const std::string& member : members) out += (out.empty() ? "{\n" : ",\r\n\t") + member;
      return out.empty() ? "{ }" : out + "\n}";
    }
    case '[':
      for (const json::Value& item : value.items) out += (out.empty() ? "[" : " ,") + written(item, backwards, typed);
      return out.empty() ? "[]" : out + "]";
    case '"': return quoted(value.text);
    case 't': return "true";
    case 'f': return "false";
    case 'n': return "null";
    default: return value.text;
  }
}

struct Seen {
  Fed fed;
  std::string texts;
  std::string thinking;
  std::string signature;
  std::string explanation;
  unsigned ends = 0;
  std::vector<std::string> calls;
  json::Value messages;
};

Seen read(std::string_view body, std::size_t size) {
  static char pages[1 << 16];
  static char room[1 << 14];
  Seen seen;
  Transcript talk(pages);
  ToolCalls calls(room);
  seen.fed = feed_message(body, size, [&](const Event& event) {
    talk.take(event);
    calls.take(event);
    if (event.kind == EventKind::text) seen.texts += event.text;
    if (event.kind == EventKind::thinking) seen.thinking += event.text;
    if (event.kind == EventKind::signature) seen.signature += event.text;
    if (event.kind == EventKind::explanation) seen.explanation += event.text;
    if (event.kind == EventKind::end) ++seen.ends;
  });
  for (std::size_t at = 0; at < calls.size(); ++at) {
    seen.calls.push_back(
        std::string(calls[at].id) + " " + std::string(calls[at].name) + " " + std::string(calls[at].input));
  }
  seen.messages = json::parse("[" + std::string(talk.json()) + "]");
  return seen;
}

// The recorded content as a transcript keeps it.
json::Value sendable(json::Value content) {
  for (json::Value& block : content.items) {
    if (block["type"].text == "text" && block["citations"].items.empty()) block.members.erase("citations");
  }
  return content;
}

std::string http(std::string_view body, const std::string& head) {
  return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + head + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("message: every recorded one gives its events, in any order of its members, whatever the cut") {
  unsigned seen_count = 0;
  for (const recordings::Recording* const recording : recordings::in("messages/")) {
    CAPTURE(recording->name);
    const json::Value message = json::parse(recording->body);
    const json::Value content = sendable(message["content"]);
    for (const std::string& body : {std::string(recording->body), written(message, false), written(message, true),
             written(message, false, true), written(message, true, true)}) {
      for (const std::size_t size :
          {std::size_t{1} << 16, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{17}}) {
        const Seen seen = read(body, size);
        REQUIRE(seen.fed.error == Error::none);
        CHECK(seen.fed.complete);
        CHECK(seen.ends == 1);
        CHECK(seen.fed.stop_reason == scripted::stop_reason_named(message["stop_reason"].text));
        if (content.items.empty()) {
          CHECK(seen.messages.items.empty());
        } else {
          CHECK(seen.messages[first]["content"] == content);
        }
        std::string texts;
        for (const json::Value& block : content.items) {
          if (block["type"].text == "text") texts += block["text"].text;
        }
        CHECK(seen.texts == texts);
        CHECK(seen.explanation == message["stop_details"]["explanation"].text);
      }
    }
    ++seen_count;
  }
  CHECK(seen_count >= 11);
}

TEST_CASE("message: calls come whole, thinking with its signature") {
  const Seen tools = read(recordings::get("messages/tool_use_parallel.json").body, 5);
  REQUIRE(tools.calls.size() == 2);
  CHECK(tools.calls[0] == "toolu_01A get_time {}");
  CHECK(tools.calls[1] ==
      R"(toolu_01B get_weather {"location":"Bern","days":[1,2.5,-300.0],"opt":null,"deep":{"a":[{"b":"}\""}]}})");
  const Seen thinking = read(recordings::get("messages/thinking.json").body, 5);
  CHECK(thinking.thinking == "Short reasoning.");
  CHECK(thinking.signature == "c2ln");
}

TEST_CASE("message: a call without an input, or with an empty one behind blanks, has none") {
  for (const char* const block :
      {R"({"type":"tool_use","id":"a","name":"b"})", R"({"type":"tool_use","id":"a","name":"b","input":{}})",
          R"({"input":{ },"type":"tool_use","id":"a","name":"b"})"}) {
    CAPTURE(block);
    const Seen seen = read(R"({"content":[)" + std::string(block) + R"(],"stop_reason":"tool_use"})", 3);
    REQUIRE(seen.calls.size() == 1);
    CHECK((seen.calls[0] == "a b " || seen.calls[0] == "a b {}"));
  }
}

TEST_CASE("message: what is cut, no JSON or no message never ends well") {
  const std::string body(recordings::get("messages/tool_use_parallel.json").body);
  for (std::size_t size = 0; size < body.find_last_of('}'); ++size) {
    const Seen seen = read(body.substr(0, size), 64);
    CHECK(seen.fed.error == Error::truncated);
    CHECK(seen.ends == 0);
    CHECK(seen.calls.empty());
    CHECK(seen.messages.items.empty());
  }
  CHECK(read(body + "x", 64).fed.error == Error::bad_json);
  CHECK(read(body + "{}", 64).fed.error == Error::bad_json);
  CHECK(read("[]", 64).fed.error == Error::bad_event);
  CHECK(read("{}", 64).fed.error == Error::bad_event_order);
  CHECK(read(R"({"content":[{"type":"text","text":"x"}],"stop_reason":null})", 64).fed.error == Error::bad_event_order);
  CHECK(read(R"({"stop_reason":"end_turn"})", 64).fed.error == Error::none);
  CHECK(read("\"text\"", 64).fed.error != Error::none);
}

// ---- through a client -------------------------------------------------------------------------------------------------

TEST_CASE("message: a client takes it instead of a stream, however its body is framed") {
  const std::string_view body = recordings::get("messages/text.json").body;
  const std::string chunked = http(scripted::chunked(body, 7), "transfer-encoding: chunked\r\n");
  const std::string length = http(body, "content-length: " + std::to_string(body.size()) + "\r\n");
  const std::string closing = http(body, "connection: close\r\n");
  for (const std::string& answer : {chunked, length, closing}) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{13}, scripted::all}) {
      scripted::Bench<> bench(
          {scripted::answers({{answer, answer == closing ? scripted::Ending::close_notify : scripted::Ending::keep}})});
      bench.transport.read_size = size;
      bench.request.stream = false;
      const scripted::Outcome outcome = bench.ask();
      CHECK(outcome);
      CHECK(outcome.text == "Hello from a fixture.");
      CHECK(outcome.ends == 1);
      CHECK(outcome.stop_reason == StopReason::end_turn);
      CHECK(outcome.usage.output_tokens == 12);
      CHECK(bench.transport.request(0).find("\"stream\"") == std::string_view::npos);
    }
  }
}

TEST_CASE("message: a bare end of the connection, or of too few bytes, is truncated") {
  const std::string_view body = recordings::get("messages/text.json").body;
  for (const scripted::Ending ending : {scripted::Ending::fin, scripted::Ending::reset}) {
    scripted::Bench<> bench({scripted::answers({{http(body, "connection: close\r\n"), ending}})});
    const scripted::Outcome outcome = bench.ask();
    CHECK(outcome.status.error == Error::truncated);
    CHECK(outcome.ends == 0);
  }
  scripted::Bench<> bench(
      {scripted::answers({{http(body, "content-length: 10000\r\n"), scripted::Ending::close_notify}})});
  CHECK(bench.ask().status.error == Error::truncated);
}

TEST_CASE("message: a prefix of any recorded one succeeds if and only if its framing says that it is whole") {
  using scripted::Ending;
  unsigned long sessions = 0;
  for (const recordings::Recording* const recording : recordings::in("messages/")) {
    CAPTURE(recording->name);
    const std::string_view body = recording->body;
    const std::string chunked = http(scripted::chunked(body, 100), "transfer-encoding: chunked\r\n");
    const std::string length = http(body, "content-length: " + std::to_string(body.size()) + "\r\n");
    const std::string closing = http(body, "connection: close\r\n");
    for (const std::string* const answer : {&chunked, &length, &closing}) {
      const std::size_t last_brace = answer->rfind('}');  // blanks behind it may be missing
      for (std::size_t size = 0; size <= answer->size(); ++size) {
        for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset, Ending::keep}) {
          const bool whole =
              answer == &closing ? size > last_brace && ending == Ending::close_notify : size == answer->size();
          scripted::Blocking transport;
          transport.script = {scripted::answers({{answer->substr(0, size), ending}})};
          Config config = scripted::config();
          config.max_retries = 0;
          const scripted::Outcome outcome = scripted::ask_once(transport, config);
          ++sessions;
          if (static_cast<bool>(outcome) == whole && outcome.ends == (whole ? 1 : 0)) continue;
          CAPTURE(size);
          CAPTURE(static_cast<int>(ending));
          CHECK(static_cast<bool>(outcome) == whole);
          CHECK(outcome.ends == (whole ? 1 : 0));
        }
      }
    }
  }
  MESSAGE(sessions << " sessions");
}

TEST_CASE("message: the connection serves the next request") {
  const std::string_view body = recordings::get("messages/text.json").body;
  const std::string answer = http(body, "content-length: " + std::to_string(body.size()) + "\r\n");
  scripted::Bench<> bench(
      {scripted::answers({{answer}, {answer}, {scripted::streamed(message_start() + message_end("end_turn"))}})});
  CHECK(bench.ask());
  CHECK(bench.ask());
  CHECK(bench.ask());
  CHECK(bench.transport.opened() == 1);
}

TEST_CASE("message: what has to be held and does not fit is out_of_room") {
  const std::string long_text =
      R"({"content":[{"text":")" + std::string(3000, 'x') + R"(","type":"text"}],"stop_reason":"end_turn"})";
  const std::string answer = http(long_text, "content-length: " + std::to_string(long_text.size()) + "\r\n");
  scripted::Bench<> bench({scripted::answers({{answer}})});
  bench.transport.read_size = 100;
  CHECK(bench.ask().status.error == Error::out_of_room);
  const std::string in_order =
      R"({"content":[{"type":"text","text":")" + std::string(30000, 'x') + R"("}],"stop_reason":"end_turn"})";
  scripted::Bench<> other(
      {scripted::answers({{http(in_order, "content-length: " + std::to_string(in_order.size()) + "\r\n")}})});
  CHECK(other.ask().text.size() == 30000);
}

TEST_CASE("message: a call's input that comes behind its name is not held") {
  const std::string body = R"({"content":[{"type":"tool_use","id":"a","name":"b","input":{"c":")" +
      std::string(30000, 'x') + R"("},"caller":{"type":"direct"}}],"stop_reason":"tool_use"})";
  scripted::Bench<> bench(
      {scripted::answers({{http(body, "content-length: " + std::to_string(body.size()) + "\r\n")}})});
  std::vector<char> pages(32000);
  Transcript talk({pages.data(), pages.size()});
  REQUIRE(bench.client.begin(bench.request));
  while (const Event event = bench.client.next()) talk.take(event);
  CHECK(bench.client.status());
  ToolCall call;
  REQUIRE(talk.call(0, call));
  CHECK(call.input.size() == 30000 + 8);
  CHECK(json::parse("[" + std::string(talk.json()) + "]")[first]["content"] == json::parse(body)["content"]);
}
