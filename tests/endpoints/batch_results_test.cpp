#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_BATCHES 1
#include "answers.hpp"

namespace {

std::string_view lines_of(const char* name) { return recordings::get(std::string("batches/") + name).body; }

std::string jsonl(std::string_view body) {
  return scripted::with_length("HTTP/1.1 200 OK", "content-type: application/x-jsonl\r\n", body);
}

const char* name_of(pc::ResultType type) {
  constexpr const char* names[] = {"unknown", "succeeded", "errored", "canceled", "expired", "other"};
  return names[static_cast<int>(type)];
}

// Each result as a line "custom_id type error message", and how it ends. What `retrying` takes back is not in it.
std::string read(Bench& bench, pc::BatchResults& results) {
  std::string out;
  std::string message;
  results.as_json = true;
  const pc::Status status = run(bench.claude, results, [&](const pc::Event& event) {
    if (event.kind == pc::EventKind::data || event.kind == pc::EventKind::error_text) message += event.text;
    if (event.kind == pc::EventKind::retrying) message.clear();
    if (event.kind != pc::EventKind::item) return;
    const pc::BatchResult& item = results.item;
    out += text(item.custom_id) + ' ' + name_of(item.type) + ' ' + text(pc::name(item.error)) + ' ' + message + '\n';
    message.clear();
  });
  return out + text(pc::name(status.error));
}

// The message of the line with this custom_id, as it stands in the recording.
std::string message_in(std::string_view lines, const char* custom_id) {
  const std::size_t line = lines.find(std::string("\"custom_id\":\"") + custom_id);
  const std::size_t from = lines.find("\"message\":", line) + 10;
  return text(lines.substr(from, lines.find("}}\n", from) - from));
}

std::string all_results() {
  const std::string_view lines = lines_of("results.jsonl");
  return "req-3 succeeded none " + message_in(lines, "req-3") +
      "\n"
      "req_1 errored invalid_request max_tokens: Field required\n"
      "req-5 expired none \n"
      "REQ-2 canceled none \n"
      "req-4 succeeded none " +
      message_in(lines, "req-4") + "\nnone";
}

}  // namespace

TEST_CASE("batch results: every recorded line, with its message as it came") {
  Bench bench{{{jsonl(lines_of("results.jsonl"))}}};
  pc::BatchResults results{"msgbatch_1"};
  CHECK(read(bench, results) == all_results());
  CHECK(results.count == 5);
  CHECK(bench.request() == "GET /v1/messages/batches/msgbatch_1/results HTTP/1.1\r\n\r\n");
  CHECK(all_results().find(R"("text":"third\nwith newline )") != std::string::npos);
}

TEST_CASE("batch results: CRLF, and no line's end at the end") {
  Bench bench{{{jsonl(lines_of("results_no_final_newline_crlf.jsonl"))}}};
  pc::BatchResults results{"b"};
  CHECK(read(bench, results) == all_results());
}

TEST_CASE("batch results: blank lines are nothing") {
  Bench bench{{{jsonl(lines_of("results_blank_lines.jsonl"))}}};
  pc::BatchResults results{"b"};
  const std::string got = read(bench, results);
  CHECK(got.substr(0, 21) == "req-3 succeeded none ");
  CHECK(got.substr(got.size() - 25) == "\nreq-5 expired none \nnone");
  CHECK(results.count == 2);
}

TEST_CASE("batch results: the same at every cut and in reads of any size") {
  const std::string answers[] = {jsonl(lines_of("results.jsonl")),
      chunked_answer(lines_of("results_no_final_newline_crlf.jsonl"), "application/x-jsonl")};
  for (const std::string& answer : answers) {
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
      Bench bench{{{answer}}};
      bench.transport.cut = cut;
      pc::BatchResults results{"b"};
      CHECK(read(bench, results) == all_results());
    }
    for (const std::size_t size : {1u, 2u, 3u, 7u, 64u}) {
      Bench bench{{{answer}}};
      bench.transport.read_size = size;
      pc::BatchResults results{"b"};
      CHECK(read(bench, results) == all_results());
    }
  }
}

TEST_CASE("batch results: what ends early is an error, wherever it ends") {
  const std::string answers[] = {jsonl(lines_of("results.jsonl")),
      chunked_answer(lines_of("results.jsonl"), "application/x-jsonl"),
      unframed_answer(lines_of("results.jsonl"), "application/x-jsonl")};
  for (const std::string& answer : answers) {
    for (std::size_t size = 0; size < answer.size(); ++size) {
      Bench bench{{{answer.substr(0, size), scripted::Ending::fin}}};
      pc::BatchResults results{"b"};
      const std::string got = read(bench, results);
      CHECK(got.substr(got.rfind('\n') + 1) != "none");
    }
  }
}

TEST_CASE("batch results: after a cut at any byte, reading goes on behind the last complete result") {
  const std::string whole = jsonl(lines_of("results.jsonl"));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    Bench bench;
    bench.config.max_retries = 1;
    bench.transport.script = {{{{whole.substr(0, size), scripted::Ending::fin}}}, {{{whole}}}};
    pc::BatchResults results{"b"};
    CHECK(read(bench, results) == all_results());
    CHECK(results.count == 5);
    CHECK(bench.transport.opened() == 2);
  }
}

TEST_CASE("batch results: an earlier run's last result is where the next run goes on") {
  constexpr const char* ids[] = {"req-3", "req_1", "req-5", "REQ-2", "req-4"};
  std::string rest = all_results();
  for (const char* const id : ids) {
    rest.erase(0, rest.find('\n') + 1);
    const std::string whole = jsonl(lines_of("results.jsonl"));
    Bench bench{{{whole}}};
    pc::BatchResults results{"b"};
    results.after_custom_id = id;
    CHECK(read(bench, results) == rest);
    // Cut in the middle of it as well.
    Bench cut;
    cut.config.max_retries = 1;
    cut.transport.script = {{{{whole.substr(0, whole.size() / 2), scripted::Ending::reset}}}, {{{whole}}}};
    CHECK(read(cut, results) == rest);
  }
  Bench bench{{{jsonl(lines_of("results.jsonl"))}}};
  pc::BatchResults results{"b"};
  results.after_custom_id = "req-9";
  CHECK(read(bench, results) == "bad_request");
}

TEST_CASE("batch results: when the lines have changed places, going on is refused") {
  const std::string a = R"({"custom_id":"a","result":{"type":"expired"}})"
                        "\n";
  const std::string b = R"({"custom_id":"b","result":{"type":"expired"}})"
                        "\n";
  const std::string c = R"({"custom_id":"c","result":{"type":"expired"}})"
                        "\n";
  const auto after_two = [&](const std::string& second) {
    Bench bench;
    bench.config.max_retries = 1;
    const std::string first = jsonl(a + b + c);
    bench.transport.script = {{{{first.substr(0, first.size() - 10), scripted::Ending::fin}}}, {{{jsonl(second)}}}};
    pc::BatchResults results{"x"};
    return read(bench, results);
  };
  CHECK(after_two(a + b + c) == "a expired none \nb expired none \nc expired none \nnone");
  CHECK(after_two(b + a + c) == "a expired none \nb expired none \nbad_event_order");
  CHECK(after_two(c + b + a) == "a expired none \nb expired none \nbad_event_order");
  CHECK(after_two(a) == "a expired none \nb expired none \nbad_event_order");
}

TEST_CASE("batch results: members come in any order, and unknown ones are skipped") {
  Bench bench{{{jsonl(
      R"({"result":{"message":{"a":[{"custom_id":"no"}]},"x":{"type":"no"},"type":"succeeded"},"y":[1],"custom_id":"late"})"
      "\n"
      R"({"custom_id":"new","result":{"type":"postponed","until":5}})"
      "\n"
      R"({"custom_id":"e","result":{"type":"errored","error":{"request_id":"r","error":{"message":"no","type":"overloaded_error","details":{"error_code":"x"}},"type":"error"}}})"
      "\n"
      R"({"custom_id":"s","result":{"type":"errored","error":{"error":{"type":"rate_limit_error","details":{"error_code":"enforced_spend_limit_reached"}}}}})"
      "\n"
      R"({"custom_id":"u","result":{"type":"errored","error":{"error":{"type":"strange_error"}}}})")}}};
  pc::BatchResults results{"b"};
  CHECK(read(bench, results) ==
      "late succeeded none {\"a\":[{\"custom_id\":\"no\"}]}\n"
      "new other none \n"
      "e errored overloaded no\n"
      "s errored spend_limit \n"
      "u errored unknown_error \n"
      "none");
}

TEST_CASE("batch results: what is no result is an error") {
  constexpr struct {
    const char* body;
    const char* error;
  } cases[] = {
      {R"({"result":{"type":"expired"}})", "bad_event"},
      {R"({"custom_id":"a"})", "bad_event"},
      {R"({"custom_id":"","result":{"type":"expired"}})", "bad_event"},
      {R"({"custom_id":"a","result":{"type":"succeeded"}})", "bad_event"},
      {R"({"custom_id":"a","result":{"type":"succeeded","message":null}})", "bad_event"},
      {R"({"custom_id":"a","result":{"type":"succeeded","message":{}}})"
       "\n"
       R"({"custom_id":"b","result":{"type":"succeeded"}})",
          "bad_event"},
      {R"({"custom_id":"a","result":{"type":"expired"}} x)", "bad_json"},
      {R"({"custom_id":"a","result":{"type":"expired")", "bad_json"},
      {"{\"custom_id\":\"a\",\n\"result\":{\"type\":\"expired\"}}", "bad_json"},
      {"{\"custom_id\":\"a\",\"result\":{\"type\":\"succeeded\",\"message\":{\n}}}", "bad_json"},
      {"[]", "bad_json"},
      {"5\n", "bad_json"},
      {"5", "bad_json"},
      {"\n5", "bad_json"},
      {"\"custom_id\"\n", "bad_json"},
      {"\"custom_id\"", "bad_json"},
      {"null", "bad_json"},
      {"<html>", "bad_json"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.body);
    Bench bench{{{jsonl(one.body)}}};
    pc::BatchResults results{"b"};
    const std::string got = read(bench, results);
    CHECK(got.substr(got.rfind('\n') + 1) == one.error);
  }
  Bench longer{{{jsonl(R"({"custom_id":")" + std::string(65, 'x') + R"(","result":{"type":"expired"}})")}}};
  pc::BatchResults results{"b"};
  CHECK(read(longer, results) == "bad_event");
}

TEST_CASE("batch results: no lines are no results") {
  for (const char* const body : {"", "\n", "\r\n\r\n", " \n"}) {
    Bench bench{{{jsonl(body)}}};
    pc::BatchResults results{"b"};
    CHECK(read(bench, results) == "none");
    CHECK(results.count == 0);
  }
}

TEST_CASE("batch results: a line of 1 MB passes through 2 KB, and is told as it came") {
  std::string message = R"({"content":[{"type":"text","text":")";
  while (message.size() < 1024 * 1024) message += R"(\u00e9 \ud83d\ude80 \"quoted\" and plain, )";
  message += R"("}]})";
  const std::string line = R"({"custom_id":"big","result":{"type":"succeeded","message":)" + message + "}}\n";
  scripted::Blocking transport;
  transport.script = {{{{jsonl(line)}}}};
  pc::Workspace<2048> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<scripted::Blocking> claude{transport, memory, config};
  pc::BatchResults results{"b"};
  results.as_json = true;
  std::string got;
  std::size_t longest = 0;
  CHECK(run(claude, results, [&](const pc::Event& event) {
    got += event.text;
    if (event.text.size() > longest) longest = event.text.size();
  }));
  CHECK(got == message);
  CHECK(longest <= 2048);
  CHECK(results.item.custom_id.view() == "big");
}

TEST_CASE("batch results: they are not there before the batch has ended") {
  Bench bench{{{refused_answer("HTTP/1.1 404 Not Found", recordings::get("errors/404_not_found.json").body)}}};
  pc::BatchResults results{"b"};
  CHECK(read(bench, results) == "not_found");
}
