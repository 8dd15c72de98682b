#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_RATE_LIMITS 1
#define PICOCLAUDE_ENABLE_HTTP_DATE 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <type_traits>

using namespace picoclaude;

namespace {

struct Line {
  const char* name;
  const char* value;
};

template <std::size_t N>
Answer answer_of(const Line (&lines)[N]) {
  Answer answer;
  for (const Line& line : lines) CHECK(answer.take(line.name, line.value) == Error::none);
  return answer;
}

// The lines of a head as they travel, through the reader of heads, which cuts names and values that are too long.
Answer read_head(string_view text) {
  Answer answer;
  HttpHeadReader head;
  for (const char c : text) {
    if (head.step(c) == HttpHeadPart::header) CHECK(answer.take(head.name(), head.value()) == Error::none);
  }
  return answer;
}

constexpr std::uint32_t noon = 1795262400;  // 2026-11-21T12:00:00Z

}  // namespace

TEST_CASE("rate limits: every header of the API becomes its number") {
  const RateLimits limits = read_head(
      "HTTP/1.1 200 OK\r\n"
      "Date: Sat, 21 Nov 2026 12:00:00 GMT\r\n"
      "Anthropic-Ratelimit-Requests-Limit: 1000\r\n"
      "anthropic-ratelimit-requests-remaining: 999\r\n"
      "anthropic-ratelimit-requests-reset: 2026-11-21T12:00:01Z\r\n"
      "anthropic-ratelimit-tokens-limit: 2400000\r\n"
      "anthropic-ratelimit-tokens-remaining: 2399000\r\n"
      "anthropic-ratelimit-tokens-reset: 2026-11-21T12:00:02Z\r\n"
      "anthropic-ratelimit-input-tokens-limit: 2000000\r\n"
      "anthropic-ratelimit-input-tokens-remaining: 1999000\r\n"
      "anthropic-ratelimit-input-tokens-reset: 2026-11-21T12:00:03Z\r\n"
      "anthropic-ratelimit-output-tokens-limit: 400000\r\n"
      "anthropic-ratelimit-output-tokens-remaining: 0\r\n"
      "anthropic-ratelimit-output-tokens-reset: 2026-11-21T12:01:00Z\r\n"
      "anthropic-priority-input-tokens-limit: 10\r\n"
      "anthropic-priority-input-tokens-remaining: 11\r\n"
      "anthropic-priority-input-tokens-reset: 2026-11-21T12:00:12Z\r\n"
      "anthropic-priority-output-tokens-limit: 13\r\n"
      "anthropic-priority-output-tokens-remaining: 14\r\n"
      "anthropic-priority-output-tokens-reset: 2026-11-21T12:00:15Z\r\n"
      "anthropic-fast-input-tokens-limit: 16\r\n"
      "anthropic-fast-input-tokens-remaining: 17\r\n"
      "anthropic-fast-input-tokens-reset: 2026-11-21T12:00:18Z\r\n"
      "anthropic-fast-output-tokens-limit: 19\r\n"
      "anthropic-fast-output-tokens-remaining: 20\r\n"
      "anthropic-fast-output-tokens-reset: 2026-11-21T12:00:21Z\r\n"
      "\r\n")
                                .rate_limits();
  CHECK(limits.date == noon);
  const struct {
    RateLimit limit;
    std::uint32_t values[3];
  } expected[] = {
      {limits.requests, {1000, 999, 1}},
      {limits.tokens, {2400000, 2399000, 2}},
      {limits.input_tokens, {2000000, 1999000, 3}},
      {limits.output_tokens, {400000, 0, 60}},
      {limits.priority_input_tokens, {10, 11, 12}},
      {limits.priority_output_tokens, {13, 14, 15}},
      {limits.fast_input_tokens, {16, 17, 18}},
      {limits.fast_output_tokens, {19, 20, 21}},
  };
  for (const auto& line : expected) {
    CHECK(line.limit.limit == line.values[0]);
    CHECK(line.limit.remaining == line.values[1]);
    CHECK(limits.seconds_until_reset(line.limit) == line.values[2]);
    CHECK(line.limit.reset == noon + line.values[2]);
  }
}

TEST_CASE("rate limits: what was not told, or is no number, is not told") {
  const RateLimits limits = answer_of({
                                          {"anthropic-ratelimit-requests-limit", "many"},
                                          {"anthropic-ratelimit-tokens-limit", "4294967296"},
                                          {"anthropic-ratelimit-input-tokens-reset", "soon"},
                                          {"anthropic-ratelimit-requests", "1"},
                                          {"anthropic-ratelimit-images-limit", "1"},
                                          {"anthropic-organization-id", "2"},
                                          {"anthropic-limit", "3"},
                                          {"anthropic-", "4"},
                                          {"", "5"},
                                      })
                                .rate_limits();
  for (const RateLimit& limit :
      {limits.requests, limits.tokens, limits.input_tokens, limits.output_tokens, limits.priority_input_tokens,
          limits.priority_output_tokens, limits.fast_input_tokens, limits.fast_output_tokens}) {
    CHECK(limit.limit == RateLimit::not_told);
    CHECK(limit.remaining == RateLimit::not_told);
    CHECK(limit.reset == 0);
  }
}

TEST_CASE("rate limits: without the answer's date, or after the reset, there is nothing to wait for") {
  RateLimits limits;
  limits.requests.reset = noon;
  CHECK(limits.seconds_until_reset(limits.requests) == 0);
  limits.date = noon + 1;
  CHECK(limits.seconds_until_reset(limits.requests) == 0);
  limits.date = noon - 1;
  CHECK(limits.seconds_until_reset(limits.requests) == 1);
}

TEST_CASE("retry-after: a date counts from the answer's own date, in either order") {
  CHECK(answer_of({{"date", "Sat, 21 Nov 2026 12:00:00 GMT"}, {"retry-after", "Sat, 21 Nov 2026 12:00:07 GMT"}})
            .retry_after_ms == 7000);
  CHECK(answer_of({{"retry-after", "Sat, 21 Nov 2026 12:00:07 GMT"}, {"date", "Sat, 21 Nov 2026 12:00:00 GMT"}})
            .retry_after_ms == 7000);
  CHECK(read_head("HTTP/1.1 429 Too Many\r\nretry-after: Saturday, 21-Nov-26 12:00:02 GMT\r\nother: 1\r\n"
                  "date: Sat, 21 Nov 2026 12:00:00 GMT\r\n\r\n")
            .retry_after_ms == 2000);
}

TEST_CASE("retry-after: a date without the answer's date, or in its past, asks for nothing") {
  CHECK(answer_of({{"retry-after", "Sat, 21 Nov 2026 12:00:07 GMT"}}).retry_after_ms == 0);
  CHECK(answer_of({{"retry-after", "Sat, 21 Nov 2026 12:00:07 GMT"}, {"date", "yesterday"}}).retry_after_ms == 0);
  CHECK(answer_of({{"retry-after", "Sat, 21 Nov 2026 12:00:00 GMT"}, {"date", "Sat, 21 Nov 2026 12:00:00 GMT"}})
            .retry_after_ms == 0);
  CHECK(answer_of({{"retry-after", "Sat, 21 Nov 2026 11:59:59 GMT"}, {"date", "Sat, 21 Nov 2026 12:00:00 GMT"}})
            .retry_after_ms == 0);
}

TEST_CASE("retry-after: milliseconds and seconds go before a date, and a far date is cut") {
  const Line far = {"retry-after", "Thu, 31 Dec 2105 23:59:59 GMT"};
  const Line date = {"date", "Sat, 21 Nov 2026 12:00:00 GMT"};
  CHECK(answer_of({far, {"retry-after-ms", "200"}, date}).retry_after_ms == 200);
  CHECK(answer_of({date, {"retry-after-ms", "200"}, far}).retry_after_ms == 200);
  CHECK(answer_of({date, {"retry-after", "5"}}).retry_after_ms == 5000);
  CHECK(answer_of({date, far}).retry_after_ms == 2147483000u);
  CHECK(answer_of({date, {"retry-after", "Wed, 16 Dec 2026 08:31:22 GMT"}}).retry_after_ms == 2147482000u);
  CHECK(answer_of({date, {"retry-after", "Wed, 16 Dec 2026 08:31:24 GMT"}}).retry_after_ms == 2147483000u);
}

static_assert(std::is_trivially_copyable_v<Answer>);
