#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 1
#include "answers.hpp"

namespace {

pc::Request question() {
  pc::Request request;
  request.model = "claude-haiku-4-5";
  request.prompt = "Hello?";
  return request;
}

// Takes 100 bytes, gives an answer without a length, and then only says that it takes no more.
struct Half {
  static constexpr bool tells_end = true;
  std::string answer = unframed_answer(R"({"input_tokens":5})");
  std::size_t taken = 0;
  pc::Io open(const char*, std::uint16_t) { return pc::Io::ok(); }
  pc::Io send(const char*, std::size_t size) {
    if (taken == 100) return answer.empty() ? pc::Io::closed() : pc::Io::wait();
    if (size > 100 - taken) size = 100 - taken;
    taken += size;
    return pc::Io::moved(size);
  }
  pc::Io recv(char* to, std::size_t room) {
    if (answer.empty() || taken < 100) return pc::Io::wait();
    const std::size_t size = answer.copy(to, room);
    answer.erase(0, size);
    return pc::Io::moved(size);
  }
  void close() {}
  std::uint32_t now_ms() { return 1000; }
  bool wait(std::uint32_t) { return true; }
};

}  // namespace

TEST_CASE("count_tokens: a request's input is counted") {
  Bench bench{{{json_answer(recordings::get("count_tokens/ok.json").body)}}};
  const pc::Request request = question();
  const pc::TokenCount count = count_tokens(bench.claude, request);
  CHECK(count);
  CHECK(count.input_tokens == 2095);
  CHECK(bench.request() ==
      "POST /v1/messages/count_tokens HTTP/1.1\r\n"
      "content-type: application/json\r\n"
      "content-length: 76\r\n\r\n"
      R"({"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hello?"}]})");
}

TEST_CASE("count_tokens: only what is input is sent") {
  Bench bench{{{json_answer(R"({"input_tokens":3})")}}};
  pc::Request request = question();
  request.max_tokens = 100;
  request.system = "Be brief.";
  static constexpr pc::string_view stops[] = {"END"};
  request.stop_sequences = stops;
  request.user_id = "u1";
  request.service_tier = pc::ServiceTier::automatic;
  request.extra = R"("inference_geo":"us")";
  pc::CountTokens count{request};
  count.extra = R"("speed":"fast")";
  CHECK(run(bench.claude, count));
  CHECK(count.input_tokens == 3);
  const std::string sent = bench.request();
  CHECK(sent.substr(sent.find("\r\n\r\n") + 4) ==
      R"({"model":"claude-haiku-4-5","system":"Be brief.","messages":[{"role":"user","content":"Hello?"}],"speed":"fast"})");
}

TEST_CASE("count_tokens: the tokens before context management are told beside") {
  Bench bench{{{json_answer(recordings::get("count_tokens/beta_context_management.json").body)}}};
  const pc::Request request = question();
  pc::CountTokens count{request};
  CHECK(run(bench.claude, count));
  CHECK(count.input_tokens == 25000);
  CHECK(count.original_input_tokens == 70000);
}

TEST_CASE("count_tokens: no cut changes the count") {
  const std::string_view body = recordings::get("count_tokens/beta_context_management.json").body;
  for (const std::string& answer : {json_answer(body), chunked_answer(body)}) {
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
      Bench bench{{{answer}}};
      bench.transport.cut = cut;
      const pc::Request request = question();
      pc::CountTokens count{request};
      CHECK(run(bench.claude, count));
      CHECK(count.input_tokens == 25000);
      CHECK(count.original_input_tokens == 70000);
    }
  }
}

TEST_CASE("count_tokens: an answer that ends early is an error, wherever it ends") {
  const std::string_view body = recordings::get("count_tokens/ok.json").body;
  for (const std::string& answer : {json_answer(body), chunked_answer(body), unframed_answer(body)}) {
    for (std::size_t size = 0; size < answer.size(); ++size) {
      Bench bench{{{answer.substr(0, size), scripted::Ending::fin}}};
      const pc::Request request = question();
      CHECK_FALSE(count_tokens(bench.claude, request));
    }
  }
}

TEST_CASE("count_tokens: a body up to the end of the connection counts only when that end is proven") {
  const std::string answer = unframed_answer(recordings::get("count_tokens/ok.json").body);
  const pc::Request request = question();
  Bench proven{{{answer, scripted::Ending::close_notify}}};
  CHECK(count_tokens(proven.claude, request).input_tokens == 2095);
  CHECK(proven.claude.status());
  Bench bare{{{answer, scripted::Ending::fin}}};
  CHECK(count_tokens(bare.claude, request).status.error == pc::Error::truncated);
}

TEST_CASE("count_tokens: that nothing more can be sent does not prove that the answer was whole") {
  Half transport;
  pc::Workspace<1024> memory;
  pc::Config config;
  config.api_key = "sk-test";
  config.max_retries = 0;
  pc::Client<Half> claude{transport, memory, config};
  pc::Request request;
  request.model = "claude-haiku-4-5";
  request.prompt = "Hello?";
  const pc::TokenCount count = pc::count_tokens(claude, request);
  CHECK(transport.answer.empty());
  CHECK(count.status.error == pc::Error::truncated);
}

TEST_CASE("count_tokens: an answer that is not what it should be is an error") {
  const pc::Request request = question();
  for (const char* const body : {"", "{}", "[]", "5", "[5]", R"({"tokens":5})", R"({"a":{"input_tokens":5}})",
           R"({"input_tokens":"5"})", R"({"input_tokens":5}})", R"({"input_tokens":5)", R"({"input_tokens":5} x)"}) {
    CAPTURE(body);
    Bench bench{{{json_answer(body)}}};
    CHECK(count_tokens(bench.claude, request).status.error == pc::Error::bad_json);
  }
  Bench html{{{scripted::with_length("HTTP/1.1 200 OK", "content-type: text/html\r\n", "<p>")}}};
  CHECK(count_tokens(html.claude, request).status.error == pc::Error::wrong_content_type);
}

TEST_CASE("count_tokens: blanks and line breaks between tokens are blanks") {
  Bench bench{{{json_answer("\r\n{ \"input_tokens\" :\n 7 \n}\r\n")}}};
  const pc::Request request = question();
  CHECK(count_tokens(bench.claude, request).input_tokens == 7);
}

TEST_CASE("count_tokens: a request without a model, or with nothing to count, is not sent") {
  Bench bench;
  pc::Request request = question();
  request.model = {};
  CHECK(count_tokens(bench.claude, request).status.error == pc::Error::missing_model);
  request = question();
  request.prompt = {};
  CHECK(count_tokens(bench.claude, request).status.error == pc::Error::missing_messages);
  CHECK(bench.transport.calls == 0);
}

TEST_CASE("count_tokens: every recorded error is told by its type") {
  const pc::Request request = question();
  for (const recordings::Recording* recording : recordings::in("errors/")) {
    CAPTURE(recording->name);
    const std::string status = text(recording->name).substr(7, 3);
    if (status[0] < '0' || status[0] > '9') continue;
    const std::string answer = refused_answer("HTTP/1.1 " + status + " Refused", recording->body);
    for (std::size_t read_size : {std::size_t{1}, std::size_t{7}, scripted::all}) {
      Bench bench{{{answer}}};
      bench.transport.read_size = read_size;
      pc::CountTokens count{request};
      std::string message;
      const pc::Status told = run(bench.claude, count, [&](const pc::Event& event) {
        if (event.kind == pc::EventKind::error_text) message += event.text;
      });
      CHECK_FALSE(told);
      CHECK(told.http == std::stoi(status));
      CHECK(pc::blame(told.error) == pc::Blame::service);
      CHECK(message == (*recording)["error_message"]);
    }
  }
}

TEST_CASE("count_tokens: a program that ticks counts as well") {
  scripted::Ticking transport;
  transport.script = {{{{json_answer(R"({"input_tokens":12})")}}, {pc::Io::wait(), pc::Io::wait()}}};
  transport.read_size = 5;
  pc::Workspace<256> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<scripted::Ticking> claude{transport, memory, config};
  const pc::Request request = question();
  pc::CountTokens count{request};
  REQUIRE(claude.begin(count));
  CHECK(claude.begin(count).error == pc::Error::busy);
  unsigned ticks = 0;
  while (!claude.done() && ++ticks < 100) claude.next();
  CHECK(claude.status());
  CHECK(count.input_tokens == 12);
  CHECK(ticks > 2);
}

TEST_CASE("count_tokens: counting may be repeated when nobody knows what became of it") {
  scripted::Blocking transport;
  transport.script = {{{{json_answer(R"({"input_tokens":12})").substr(0, 80), scripted::Ending::reset}}},
      {{{json_answer(R"({"input_tokens":12})")}}}};
  pc::Workspace<256> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<scripted::Blocking> claude{transport, memory, config};
  const pc::Request request = question();
  CHECK(count_tokens(claude, request).input_tokens == 12);
  CHECK(claude.retries() == 1);
  CHECK(transport.requests == 2);
}
