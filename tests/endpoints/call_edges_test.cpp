#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_BATCHES 1
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 1
#define PICOCLAUDE_ENABLE_BUDGET 1
#include "answers.hpp"

namespace {

std::string state(std::string_view word, std::string_view first_line = "HTTP/1.1 200 OK") {
  return refused_answer(first_line, R"({"id":"b","type":"message_batch","processing_status":")" + text(word) + "\"}");
}

pc::Request question() {
  pc::Request request;
  request.model = "claude-haiku-4-5";
  request.prompt = "Hello?";
  return request;
}

}  // namespace

TEST_CASE("call: the pause between two exchanges may be longer than the total time-out of one") {
  Bench bench{{{state("in_progress")}, {state("in_progress")}, {state("ended")}}};
  bench.config.total_ms = 3000;
  pc::AwaitBatch wait{"b"};
  CHECK(run(bench.claude, wait));
  CHECK(bench.transport.waited_ms == 5000 + 7500);
}

TEST_CASE("call: a program that ticks often rests as long, beyond the total time-out of one exchange") {
  scripted::Ticking transport;
  transport.script = {{{{state("in_progress")}, {state("ended")}}}};
  pc::Workspace<1024> memory;
  pc::Config config;
  config.api_key = "sk-test";
  config.total_ms = 3000;
  pc::Client<scripted::Ticking> claude{transport, memory, config};
  pc::AwaitBatch wait{"b"};
  REQUIRE(claude.begin(wait));
  while (!claude.done()) {
    if (!claude.next()) transport.now += 100;
    if (transport.now < 1000 + 5000) CHECK(transport.requests < 2);
  }
  CHECK(claude.status());
  CHECK(transport.requests == 2);
}

TEST_CASE("call: what is the same twice as once is asked again, also when its answer broke off") {
  const std::string whole = state("ended", "HTTP/1.1 299 x");
  for (const std::string& broken :
      {whole.substr(0, whole.size() - 5), state("ended").substr(0, 60), std::string("HTTP")}) {
    Bench bench;
    bench.config.max_retries = 1;
    bench.transport.script = {{{{broken, scripted::Ending::close_notify}}}, {{{whole}}}};
    pc::AwaitBatch wait{"b"};
    CHECK(run(bench.claude, wait));
    CHECK(wait.item.has_ended());
    CHECK(bench.claude.status().http == 299);
    CHECK(bench.transport.opened() == 2);
  }
}

TEST_CASE("call: an answer knows nothing of the one before it that broke off") {
  const std::string whole = refused_answer("HTTP/1.1 200 OK", R"({"id":"b","type":"message_batch_deleted"})");
  const std::string nameless = refused_answer("HTTP/1.1 200 OK", R"({"type":"message_batch_deleted"})");
  Bench bench;
  bench.config.max_retries = 1;
  bench.transport.script = {{{{whole.substr(0, whole.size() - 5), scripted::Ending::close_notify}}}, {{{nameless}}}};
  pc::DeleteBatch gone{"b"};
  CHECK(run(bench.claude, gone).error == pc::Error::bad_json);
  CHECK(gone.item.id.empty());
  CHECK(bench.transport.opened() == 2);
}

TEST_CASE("call: an overloaded service is asked again, one that redirects or refuses is not") {
  const std::string overloaded = refused_answer("HTTP/1.1 529 x", recordings::get("errors/529_overloaded.json").body);
  Bench bench{{{overloaded}, {state("ended")}}};
  bench.config.max_retries = 1;
  pc::AwaitBatch wait{"b"};
  CHECK(run(bench.claude, wait));
  for (const char* const line : {"HTTP/1.1 300 x", "HTTP/1.1 301 x", "HTTP/1.1 400 x", "HTTP/1.1 404 x"}) {
    Bench other{{{state("ended", line)}, {state("ended")}}};
    other.config.max_retries = 1;
    pc::AwaitBatch once{"b"};
    CHECK_FALSE(run(other.claude, once));
    CHECK(other.transport.requests == 1);
    CHECK_FALSE(once.item.has_ended());
  }
}

TEST_CASE("call: begin() while another runs is busy, says nothing else, and changes nothing") {
  scripted::Ticking transport;
  transport.script = {{{{json_answer(R"({"input_tokens":3})")}}}};
  pc::Workspace<512> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<scripted::Ticking> claude{transport, memory, config};
  const pc::Request request = question();
  pc::CountTokens count{request};
  pc::CountTokens other{request};
  REQUIRE(claude.begin(count));
  const pc::Status busy = claude.begin(other);
  CHECK(busy.error == pc::Error::busy);
  CHECK(busy.http == 0);
  CHECK(busy.native == 0);
  while (!claude.done()) claude.next();
  CHECK(claude.status());
  CHECK(count.input_tokens == 3);
  CHECK(other.input_tokens == 0);
}

TEST_CASE("call: one that is no message costs a budget nothing") {
  static constexpr pc::ModelPrice prices[] = {{"claude-haiku-4-5", {1'000'000, 5'000'000, 100'000}}};
  pc::Budget budget(pc::dollars(1), prices);
  Bench bench{{{json_answer(R"({"input_tokens":3})")}}};
  bench.config.budget = &budget;
  const pc::Request request = question();
  const pc::TokenCount count = count_tokens(bench.claude, request);
  CHECK(count);
  CHECK(budget.spent_microdollars() == 0);
}

TEST_CASE("call: what is wrong with a request is told before what it would cost") {
  static constexpr pc::ModelPrice prices[] = {{"claude-haiku-4-5", {1'000'000, 5'000'000, 100'000}}};
  pc::Budget budget(pc::dollars(1), prices);
  Bench bench;
  bench.config.budget = &budget;
  pc::Request request = question();
  CHECK(bench.claude.begin(request).error == pc::Error::missing_max_tokens);
  request.model = "unknown";
  CHECK(bench.claude.begin(request).error == pc::Error::missing_max_tokens);
  request.max_tokens = 5;
  CHECK(bench.claude.begin(request).error != pc::Error::missing_max_tokens);
  CHECK_FALSE(bench.claude.begin(request));
}
