#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_BUDGET 1
#define PICOCLAUDE_ENABLE_CACHING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

constexpr ModelPrice prices[] = {{"small", {100'000, 500'000, 10'000}}, {"large", {8'000'000, 40'000'000, 800'000}}};

constexpr Usage tokens(std::uint32_t input, std::uint32_t output, std::uint32_t written = 0, std::uint32_t read = 0) {
  Usage usage;
  usage.input_tokens = input;
  usage.output_tokens = output;
  usage.cache_creation_input_tokens = written;
  usage.cache_read_input_tokens = read;
  return usage;
}

constexpr std::uint64_t spent(string_view model, const Usage& usage, bool batch = false) {
  Budget budget(dollars(1000), prices);
  budget.add(model, usage, batch);
  return budget.spent_microdollars();
}

constexpr Usage kept(std::uint32_t written, std::uint32_t minutes, std::uint32_t hour) {
  Usage usage = tokens(0, 0, written);
  usage.ephemeral_5m_input_tokens = minutes;
  usage.ephemeral_1h_input_tokens = hour;
  return usage;
}

}  // namespace

static_assert(dollars(5) == 5'000'000);
static_assert(dollars(0, 25) == 250'000);

// $8 and $40 a million.
static_assert(spent("large", tokens(1'000'000, 0)) == 8'000'000);
static_assert(spent("large", tokens(0, 1'000'000)) == 40'000'000);
static_assert(spent("large", tokens(1000, 500)) == 8'000 + 20'000);
static_assert(spent("large", tokens(0, 0, 0, 1'000'000)) == 800'000);
static_assert(spent("large", tokens(4'000'000'000u, 0)) == 32'000'000'000u);
// A tenth of a micro-dollar a token: what is begun is paid.
static_assert(spent("small", tokens(10, 0)) == 1);
static_assert(spent("small", tokens(11, 0)) == 2);
static_assert(spent("small", tokens(1, 0)) == 1);
static_assert(spent("small", tokens(0, 0)) == 0);
// What is written to the cache: 1.25 times the input for 5 minutes, twice for an hour; 5 minutes if nobody tells.
static_assert(spent("large", tokens(0, 0, 1'000'000)) == 10'000'000);
static_assert(spent("large", kept(1'000'000, 1'000'000, 0)) == 10'000'000);
static_assert(spent("large", kept(1'000'000, 0, 1'000'000)) == 16'000'000);
static_assert(spent("large", kept(1'000'000, 400'000, 600'000)) == 4'000'000 + 9'600'000);
static_assert(spent("large", kept(0, 0, 1'000'000)) == 16'000'000);  // told only by its life
// A batch costs half.
static_assert(spent("large", tokens(1'000'000, 1'000'000), true) == 24'000'000);
static_assert(spent("small", tokens(3, 0), true) == 1);

TEST_CASE("budget: the sums of all that was used, and what is left") {
  Budget budget(dollars(1), prices);
  CHECK(budget.left_microdollars() == 1'000'000);
  CHECK(budget.add("large", kept(300, 100, 200)) == Error::none);
  CHECK(budget.add("large", tokens(1000, 500, 0, 7)) == Error::none);
  CHECK(budget.usage().input_tokens == 1000);
  CHECK(budget.usage().output_tokens == 500);
  CHECK(budget.usage().cache_creation_input_tokens == 300);
  CHECK(budget.usage().cache_read_input_tokens == 7);
  CHECK(budget.usage().ephemeral_5m_input_tokens == 100);
  CHECK(budget.usage().ephemeral_1h_input_tokens == 200);
  // 100 * 10 + 200 * 16 + 1000 * 8 + 500 * 40 + 7 * 0.8 micro-dollars
  CHECK(budget.spent_microdollars() == 32'206);
  CHECK(budget.left_microdollars() == 967'794);
  CHECK(budget.refusal("large") == Error::none);
}

TEST_CASE("budget: what is kept for an hour costs twice the input, a batch half of all") {
  CHECK(spent("large", kept(1'000'000, 400'000, 600'000)) == 4'000'000 + 9'600'000);
  CHECK(spent("large", kept(0, 0, 1'000'000)) == 16'000'000);  // told only by its life
  CHECK(spent("large", tokens(1'000'000, 1'000'000), true) == 24'000'000);
  CHECK(spent("small", tokens(3, 0), true) == 1);
}

TEST_CASE("budget: what is begun of a micro-dollar is a whole one") {
  constexpr ModelPrice cheap[] = {{"cheap", {1, 1, 1}}};  // a picodollar a token
  for (const std::uint32_t whole : {1u, 2u, 3u, 4u, 1000u}) {
    for (const std::uint32_t rest : {0u, 1u, 999'999u}) {
      Budget budget(dollars(1), cheap);
      budget.add("cheap", tokens(whole * 1'000'000 + rest, 0));
      CHECK(budget.spent_microdollars() == whole + (rest == 0 ? 0 : 1));
    }
  }
}

TEST_CASE("budget: the next request is refused at the limit, not before") {
  Budget budget(8'000, prices);
  budget.add("large", tokens(999, 0));
  CHECK(budget.refusal("large") == Error::none);
  CHECK(budget.left_microdollars() == 8);
  budget.add("large", tokens(1, 0));
  CHECK(budget.refusal("large") == Error::spent);
  CHECK(budget.refusal("small") == Error::spent);
  budget.add("large", tokens(1'000'000, 0));
  CHECK(budget.left_microdollars() == 0);
  budget.set_limit(dollars(100));
  CHECK(budget.refusal("large") == Error::none);
}

TEST_CASE("budget: a model without a price is refused, and its tokens are added") {
  Budget budget(dollars(1), prices);
  CHECK(budget.refusal("medium") == Error::no_price);
  CHECK(budget.refusal("") == Error::no_price);
  CHECK(budget.refusal("larg") == Error::no_price);
  CHECK(budget.refusal("large-2") == Error::no_price);
  CHECK(budget.refusal("large-2026110") == Error::no_price);
  CHECK(budget.refusal("large-2026110x") == Error::no_price);
  CHECK(budget.refusal("large-20261101") == Error::none);
  CHECK(budget.add("medium", tokens(5, 0)) == Error::no_price);
  CHECK(budget.usage().input_tokens == 5);
  CHECK(budget.spent_microdollars() == 0);
}

TEST_CASE("budget: sums stop at their largest value") {
  Budget budget(~std::uint64_t{0}, prices);
  for (int i = 0; i < 100; ++i) budget.add("large", tokens(0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF));
  CHECK(budget.usage().input_tokens == 0xFFFFFFFF);
  CHECK(budget.usage().cache_read_input_tokens == 0xFFFFFFFF);
  CHECK(budget.spent_microdollars() == 0xFFFFFFFFFFFFFFFF / 1'000'000 + 1);
}

TEST_CASE("budget: the dated prices cover the line-up") {
  CHECK(Budget(1, prices_2026_11).refusal("claude-opus-5-5") == Error::none);
  CHECK(Budget(1, prices_2026_11).refusal("claude-opus-5") == Error::no_price);
  Budget budget(dollars(100), prices_2026_11);
  budget.add("claude-sonnet-5-5", tokens(1'000'000, 1'000'000, 0, 1'000'000));
  CHECK(budget.spent_microdollars() == 12'100'000);  // $2 and $10, and 0.05 of $2
}

TEST_CASE("budget: a client adds what its exchanges used, and refuses the next one") {
  Budget budget(10, prices);
  scripted::Bench<> bench{{scripted::answers({scripted::greeting(), scripted::greeting()})}};
  bench.config.budget = &budget;
  bench.request.model = "small";
  REQUIRE(bench.ask().status.error == Error::none);
  CHECK(budget.usage().input_tokens == 7);
  CHECK(budget.usage().output_tokens == 3);
  CHECK(budget.spent_microdollars() == 3);  // 7 * 0.1 + 3 * 0.5 = 2.2
  budget.add("large", tokens(1, 0));
  CHECK(bench.ask().status.error == Error::spent);
  CHECK(bench.transport.requests == 1);
  budget.set_limit(dollars(1));
  bench.request.model = "medium";
  CHECK(bench.ask().status.error == Error::no_price);
  CHECK(bench.transport.requests == 1);
  bench.request.model = "small";
  CHECK(bench.ask().status.error == Error::none);
  CHECK(budget.usage().input_tokens == 15);
}

TEST_CASE("budget: an answer that broke off is paid for as far as it came") {
  Budget budget(dollars(1), prices);
  const std::string start =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
      R"(data: {"type":"message_start","message":{"usage":{"input_tokens":50,"output_tokens":2}}})"
      "\n\n";
  scripted::Bench<> bench{{scripted::answers({{start, scripted::Ending::reset}})}};
  bench.config.budget = &budget;
  bench.request.model = "small";
  CHECK(bench.ask().status.error != Error::none);
  CHECK(budget.usage().input_tokens == 50);
  CHECK(budget.usage().output_tokens == 2);
}

TEST_CASE("budget: without one nothing is refused") {
  scripted::Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.request.model = "medium";
  CHECK(bench.ask().status.error == Error::none);
}
