#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_BATCHES 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#include "answers.hpp"

namespace {

std::string jsonl(std::string_view body) {
  return scripted::with_length("HTTP/1.1 200 OK", "content-type: application/x-jsonl\r\n", body);
}

std::string_view lines_of(const char* name) { return recordings::get(std::string("batches/") + name).body; }

std::string succeeded(const std::string& custom_id, const std::string& message) {
  return R"({"custom_id":")" + custom_id + R"(","result":{"type":"succeeded","message":)" + message + "}}\n";
}

std::string name_of(pc::StopReason reason) {
  switch (reason) {
    case pc::StopReason::end_turn: return "end_turn";
    case pc::StopReason::tool_use: return "tool_use";
    case pc::StopReason::max_tokens: return "max_tokens";
    default: return "another";
  }
}

// Each result as a line: custom_id, what its message said, and why it ended. What `retrying` takes back is not in it.
std::string read(Bench& bench, pc::BatchResults& results) {
  std::string out;
  std::string said;
  const pc::Status status = run(bench.claude, results, [&](const pc::Event& event) {
    switch (event.kind) {
      case pc::EventKind::tool_start: said += "<" + text(event.text) + " " + text(event.id) + ">"; break;
      case pc::EventKind::retrying: said.clear(); break;
      case pc::EventKind::block_end: said += "|"; break;
      case pc::EventKind::end:
        said +=
            "[" + name_of(bench.claude.stop_reason()) + " " + std::to_string(bench.claude.usage().output_tokens) + "]";
        break;
      case pc::EventKind::item:
        out += text(results.item.custom_id) + " " + said + "\n";
        said.clear();
        break;
      default: said += text(event.text); break;
    }
  });
  return out + text(pc::name(status.error));
}

constexpr char all_results[] =
    "req-3 third\nwith newline and \xF0\x9F\x9A\x80|[end_turn 12]\n"
    "req_1 max_tokens: Field required\n"
    "req-5 \n"
    "REQ-2 \n"
    "req-4 <f toolu_01Z>{\"a\":[1]}|[tool_use 12]\n"
    "none";

}  // namespace

TEST_CASE("batch messages: a result's message is told as the events of a streamed one") {
  for (const char* const name : {"results.jsonl", "results_no_final_newline_crlf.jsonl"}) {
    Bench bench{{{jsonl(lines_of(name))}}};
    pc::BatchResults results{"b"};
    CHECK(read(bench, results) == all_results);
  }
}

TEST_CASE("batch messages: the same at every cut and in reads of any size") {
  const std::string answers[] = {
      jsonl(lines_of("results.jsonl")), chunked_answer(lines_of("results.jsonl"), "application/x-jsonl")};
  for (const std::string& answer : answers) {
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
      Bench bench{{{answer}}};
      bench.transport.cut = cut;
      pc::BatchResults results{"b"};
      CHECK(read(bench, results) == all_results);
    }
    for (const std::size_t size : {1u, 2u, 3u, 7u, 64u}) {
      Bench bench{{{answer}}};
      bench.transport.read_size = size;
      pc::BatchResults results{"b"};
      CHECK(read(bench, results) == all_results);
    }
  }
}

TEST_CASE("batch messages: after a cut at any byte, reading goes on behind the last complete result") {
  const std::string whole = jsonl(lines_of("results.jsonl"));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    for (const scripted::Ending ending : {scripted::Ending::fin, scripted::Ending::keep}) {
      Bench bench;
      bench.config.max_retries = 1;
      bench.transport.script = {{{{whole.substr(0, size), ending}}}, {{{whole}}}};
      pc::BatchResults results{"b"};
      CHECK(read(bench, results) == all_results);
    }
  }
}

TEST_CASE("batch messages: behind a whole message a failure is one all the same") {
  const std::string message = R"({"content":[],"stop_reason":"end_turn","usage":{"output_tokens":1}})";
  const std::string first = succeeded("a", message);
  const auto status = [&](const std::string& answer) {
    Bench bench{{{answer}}};
    pc::BatchResults results{"b"};
    return read(bench, results);
  };
  const std::string one = "a [end_turn 1]\n";
  CHECK(status(jsonl(first)) == one + "none");
  CHECK(status(jsonl(first + "x\n")) == one + "bad_json");
  CHECK(status(jsonl(first + "{\"custom_id\":\"b\"}\n")) == one + "bad_event");
  CHECK(status(jsonl(first + "{}\n" + succeeded("c", message))) == one + "bad_event");
  const std::string cut = jsonl(first + succeeded("b", message)).substr(0, jsonl(first).size() + 10);
  CHECK(status(cut) == one + "idle_timeout");
  Bench cancelled{{{cut}}};
  pc::BatchResults results{"b"};
  REQUIRE(cancelled.claude.begin(results));
  while (cancelled.claude.next().kind != pc::EventKind::item) {}
  cancelled.claude.cancel();
  CHECK(cancelled.claude.status().error == pc::Error::cancelled);
}

TEST_CASE("batch messages: what ends early is an error, wherever it ends") {
  const std::string whole = jsonl(lines_of("results.jsonl"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Bench bench{{{whole.substr(0, size), scripted::Ending::fin}}};
    pc::BatchResults results{"b"};
    const std::string got = read(bench, results);
    CHECK(got.substr(got.rfind('\n') + 1) != "none");
  }
}

TEST_CASE("batch messages: one leaves nothing behind for the next") {
  Bench bench{
      {{jsonl(succeeded("a",
                  R"({"content":[{"type":"text","text":"A"}],"stop_reason":"end_turn","usage":{"output_tokens":7}})") +
          succeeded("b", R"({"stop_reason":"max_tokens","content":[{"text":"B","type":"text"}]})"))}}};
  pc::BatchResults results{"b"};
  CHECK(read(bench, results) == "a A|[end_turn 7]\nb B|[max_tokens 0]\nnone");
}

TEST_CASE("batch messages: what stands around a message in its line may come before and behind it") {
  Bench bench{{{jsonl(
      R"({"result":{"message":{"content":[],"stop_reason":"end_turn"} , "x":{"message":{}},"type":"succeeded"},"custom_id":"late"})"
      "\n"
      R"({"message":{"content":3},"custom_id":"no","result":{"type":"expired","error":{"message":{"content":4}}}})")}}};
  pc::BatchResults results{"b"};
  CHECK(read(bench, results) == "late [end_turn 0]\nno \nnone");
}

TEST_CASE("batch messages: what is no message is an error, and is not told as complete") {
  constexpr struct {
    const char* message;
    const char* error;
  } cases[] = {
      {R"({"content":[],"stop_reason":"end_turn"]})", "bad_json"},
      {"{\"content\":[],\n\"stop_reason\":\"end_turn\"}", "bad_json"},
      {R"({"content":[]})", "bad_event_order"},
      {R"({"content":[{"type":"tool_use","input":{}}],"stop_reason":"tool_use"})", "bad_event"},
      {"{\"content\":[{\"type\":\"text\",\"text\":\"\xFF\"}]}", "bad_utf8"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.message);
    Bench bench{{{jsonl(succeeded("a", one.message) + succeeded("b", "{}"))}}};
    pc::BatchResults results{"b"};
    CHECK(read(bench, results) == one.error);
    CHECK(results.count == 0);
  }
}

TEST_CASE("batch messages: a line of 1 MB passes through 2 KB") {
  std::string content;
  while (content.size() < 1024 * 1024) content += R"(\u00e9 \ud83d\ude80 \"quoted\" and plain, )";
  scripted::Blocking transport;
  transport.script = {{{{jsonl(
      succeeded("big", R"({"content":[{"type":"text","text":")" + content + R"("}],"stop_reason":"end_turn"})"))}}}};
  pc::Workspace<2048> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<scripted::Blocking> claude{transport, memory, config};
  pc::BatchResults results{"b"};
  std::string got;
  CHECK(run(claude, results, [&](const pc::Event& event) {
    if (event.kind == pc::EventKind::text) got += event.text;
  }));
  std::string once = "\xC3\xA9 \xF0\x9F\x9A\x80 \"quoted\" and plain, ";
  std::string expected;
  while (expected.size() / once.size() < content.size() / 42) expected += once;
  CHECK(got == expected);
}
