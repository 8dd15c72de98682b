#include "picoclaude/session/retry.hpp"

#include "picoclaude/messages/error_reader.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;

namespace {

Failure status(std::uint16_t http) {
  Failure failure;
  failure.http = http;
  failure.body_sent = failure.answered = true;
  return failure;
}

Failure network(Error error, bool body_sent, bool answered) {
  Failure failure;
  failure.error = error;
  failure.body_sent = body_sent;
  failure.answered = answered;
  return failure;
}

// The first pause of a device with this entropy, after so many retries.
std::uint32_t pause(std::uint32_t entropy, unsigned retries = 1) {
  Retry retry;
  for (unsigned i = 1; i < retries; ++i) {
    retry.pause_ms(entropy);
    retry.take(255);
    for (int refill = 0; refill < 10; ++refill) retry.succeeded();
  }
  return retry.pause_ms(entropy);
}

}  // namespace

TEST_SUITE_BEGIN("session");

TEST_CASE("retry: of all statuses only 408, 409, 429 and 5xx are worth it") {
  for (std::uint16_t http = 100; http < 600; ++http) {
    CAPTURE(http);
    CHECK(detail::is_worth_retrying(status(http), false) == (http == 408 || http == 409 || http == 429 || http >= 500));
    Failure asked = status(http);
    asked.should_retry = true;
    CHECK(detail::is_worth_retrying(asked, false));
    asked = status(http);
    asked.should_not = true;
    CHECK_FALSE(detail::is_worth_retrying(asked, true));
  }
}

TEST_CASE(
    "retry: of all errors without a status only those of the network are worth it, and only when nothing was sent") {
  constexpr Error worth[] = {Error::name_not_found, Error::connect_failed, Error::connect_timeout,
      Error::first_byte_timeout, Error::idle_timeout, Error::connection_closed, Error::connection_lost,
      Error::transport_failed, Error::tls_failed};
  for (unsigned number = 0; number < 128; ++number) {
    const auto error = static_cast<Error>(number);
    bool is_worth = false;
    for (const Error one : worth) is_worth = is_worth || one == error;
    CAPTURE(number);
    CHECK(detail::is_worth_retrying(network(error, false, false), false) == is_worth);
    CHECK_FALSE(detail::is_worth_retrying(network(error, true, false), false));
    CHECK(detail::is_worth_retrying(network(error, true, false), true) == is_worth);
    CHECK_FALSE(detail::is_worth_retrying(network(error, true, true), true));
    CHECK_FALSE(detail::is_worth_retrying(network(error, false, true), true));
  }
}

TEST_CASE("retry: three in a row use the budget up, ten successes give one back, and it is never more than three") {
  Retry retry;
  for (int i = 0; i < 100; ++i) retry.succeeded();
  CHECK(retry.take(255));
  CHECK(retry.take(255));
  CHECK(retry.take(255));
  CHECK_FALSE(retry.take(255));
  CHECK(retry.retries() == 3);
  retry.begin();
  CHECK_FALSE(retry.take(255));
  for (int i = 0; i < 9; ++i) retry.succeeded();
  CHECK_FALSE(retry.take(255));
  retry.succeeded();
  CHECK(retry.take(255));
  CHECK_FALSE(retry.take(255));
}

TEST_CASE("retry: a retry that is refused is not counted") {
  Retry retry;
  CHECK_FALSE(retry.take(0));
  CHECK(retry.retries() == 0);
  CHECK(retry.take(1));
  CHECK_FALSE(retry.take(1));
  CHECK(retry.retries() == 1);
}

TEST_CASE("retry: the pause doubles up to 8 s and stays there") {
  constexpr std::uint32_t bounds[] = {500, 1000, 2000, 4000, 8000, 8000, 8000};
  for (unsigned retries = 1; retries <= 7; ++retries) {
    std::uint32_t most = 0;
    for (std::uint32_t device = 0; device < 2000; ++device) {
      const std::uint32_t ms = pause(device, retries);
      most = ms > most ? ms : most;
    }
    CHECK(most <= bounds[retries - 1]);
    CHECK(most > bounds[retries - 1] * 98 / 100);
  }
}

TEST_CASE("retry: a fleet with consecutive serial numbers comes back spread over the whole pause") {
  // 5,000 devices in 10 bins of 50 ms: about 500 in each, wherever the serials begin and in whatever steps they go.
  for (const std::uint32_t first : {0u, 1u, 1000u, 0x80000000u, 0xFFFFF000u}) {
    for (const std::uint32_t step : {1u, 2u, 256u, 65536u}) {
      unsigned bins[11] = {};
      for (std::uint32_t device = 0; device < 5000; ++device) ++bins[pause(first + device * step) / 50];
      bins[9] += bins[10];  // 500 ms itself
      for (int bin = 0; bin < 10; ++bin) {
        CAPTURE(first);
        CAPTURE(step);
        CAPTURE(bin);
        CHECK(bins[bin] > 400);
        CHECK(bins[bin] < 600);
      }
    }
  }
}

TEST_CASE("retry: a status that nobody named is its hundred's") {
  CHECK(detail::error_of_status(300) == Error::redirected);
  CHECK(detail::error_of_status(399) == Error::redirected);
  CHECK(detail::error_of_status(400) == Error::invalid_request);
  CHECK(detail::error_of_status(499) == Error::invalid_request);
  CHECK(detail::error_of_status(500) == Error::api_error);
  CHECK(detail::error_of_status(599) == Error::api_error);
}

// Each is what the formula of the header gives, computed by another program.
TEST_CASE("retry: the pauses of a device are those of its entropy") {
  struct Row {
    std::uint32_t entropy;
    std::uint32_t first[4];  // the first pause, before any retry, behind one, two, three
    std::uint32_t second[4];
  };
  constexpr Row rows[] = {
      {0, {52, 105, 210, 421}, {175, 351, 702, 1404}},
      {1, {291, 581, 1162, 2324}, {281, 562, 1125, 2250}},
      {0x80000000u, {463, 925, 1850, 3699}, {252, 504, 1007, 2014}},
      {0xFFFFFFFFu, {79, 159, 317, 635}, {128, 256, 512, 1024}},
      {12345, {181, 363, 725, 1451}, {205, 410, 821, 1642}},
  };
  for (const Row& row : rows) {
    for (unsigned retries = 0; retries < 4; ++retries) {
      CAPTURE(row.entropy);
      CAPTURE(retries);
      Retry retry;
      for (unsigned at = 0; at < retries; ++at) CHECK(retry.take(255));
      CHECK(retry.pause_ms(row.entropy) == row.first[retries]);
      CHECK(retry.pause_ms(row.entropy) == row.second[retries]);
    }
  }
}

TEST_SUITE_END();
