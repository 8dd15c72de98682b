// When to send a request again, and after how long.
//
// A failed request is sent again only if nothing can have been billed, or the service asks for it, or its status says
// that nothing was done. The pause is what the service asked for, else random up to a bound that doubles ("full
// jitter"), so that a fleet does not come back at once. A budget ends retrying during a long outage: it holds three
// retries and grows by a tenth with each success.
#pragma once
#include "../base/error.hpp"

PICOCLAUDE_BEGIN

// What is known about a failed attempt.
struct Failure {
  Error error = Error::none;
  std::uint16_t http = 0;     // 0: no answer
  bool body_sent = false;     // bytes of the request's body were handed to the transport
  bool answered = false;      // a byte of an answer came
  bool should_retry = false;  // x-should-retry: true
  bool should_not = false;    // x-should-retry: false
};

namespace detail {

constexpr bool is_worth_retrying(const Failure& failure, bool retry_unanswered) {
  if (failure.http != 0) {
    if (failure.should_retry || failure.should_not) return failure.should_retry;
    if (failure.error == Error::spend_limit) return false;
    return failure.http == 408 || failure.http == 409 || failure.http == 429 || failure.http >= 500;
  }
  switch (failure.error) {
    case Error::name_not_found:
    case Error::connect_failed:
    case Error::connect_timeout:
    case Error::first_byte_timeout:
    case Error::idle_timeout:
    case Error::connection_closed:
    case Error::connection_lost:
    case Error::transport_failed:
#if PICOCLAUDE_CALLS
    case Error::truncated:
#endif
    case Error::tls_failed: return !failure.answered && (!failure.body_sent || retry_unanswered);
    default: return false;
  }
}

}  // namespace detail

class Retry {
 public:
  // Before the first attempt of a request.
  constexpr void begin() { retries_ = 0; }
  constexpr std::uint8_t retries() const { return retries_; }

  constexpr void succeeded() {
    if (budget_ < full_budget) ++budget_;
  }

  // May one more attempt be made? If so, it is counted.
  constexpr bool take(std::uint8_t max_retries) {
    if (retries_ >= max_retries || budget_ < one_retry) return false;
    budget_ = static_cast<std::uint8_t>(budget_ - one_retry);
    ++retries_;
    return true;
  }

  // The pause before the next retry, which take() then grants or not: random in [0, 500 ms * 2^n], at most 8 s.
  constexpr std::uint32_t pause_ms(std::uint32_t entropy) {
    const unsigned doubled = retries_ < 4 ? retries_ : 4u;
    // Every bit of the entropy must reach the top bits: the devices of a fleet differ in few of them.
    state_ = (state_ ^ entropy) * 0x85EBCA6Bu + 1u;
    state_ ^= state_ >> 15;
    state_ *= 0xC2B2AE35u;
    state_ ^= state_ >> 16;
    return ((state_ >> 16) * ((500u << doubled) + 1u)) >> 16;
  }

 private:
  static constexpr std::uint8_t one_retry = 10;
  static constexpr std::uint8_t full_budget = 30;

  std::uint32_t state_ = 0x9E3779B9u;
  std::uint8_t retries_ = 0;
  std::uint8_t budget_ = full_budget;
};

PICOCLAUDE_END
