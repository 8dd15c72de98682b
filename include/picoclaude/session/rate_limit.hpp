// What an answer's head says of the service's rate limits (API.md, section 7.4).
//
// The device's own clock is never asked: a date is compared with the Date header of the same answer.
#pragma once
#include "../base/words.hpp"
#include "../wire/date.hpp"

PICOCLAUDE_BEGIN

// One limit. The service refills it steadily; tokens are rounded to thousands.
struct RateLimit {
  static constexpr std::uint32_t not_told = 0xFFFFFFFF;

  std::uint32_t limit = not_told;      // requests or tokens a minute
  std::uint32_t remaining = not_told;  // now
  std::uint32_t reset = 0;             // when it is full again, in seconds since 1970; 0: not told
};

// The limits that the last answer told, also with a 429.
struct RateLimits {
  RateLimit requests;
  RateLimit tokens;
  RateLimit input_tokens;
  RateLimit output_tokens;
  RateLimit priority_input_tokens;  // of the priority tier
  RateLimit priority_output_tokens;
  RateLimit fast_input_tokens;  // of the fast mode
  RateLimit fast_output_tokens;
  std::uint32_t date = 0;  // of the answer, in seconds since 1970; 0: not told

  // Seconds from the answer to the limit's reset; 0: it is over, or not told.
  constexpr std::uint32_t seconds_until_reset(const RateLimit& limit) const {
    return date != 0 && limit.reset > date ? limit.reset - date : 0;
  }
};

namespace detail {

// The names of the limits, behind "anthropic-", in the order of RateLimits.
inline constexpr char rate_limit_names[] =
    "ratelimit-requests ratelimit-tokens ratelimit-input-tokens ratelimit-output-tokens "
    "priority-input-tokens priority-output-tokens fast-input-tokens fast-output-tokens";
inline constexpr WordTable<rate_limit_names> rate_limit_words{};

constexpr std::uint32_t number_of(string_view value) {
  std::uint32_t number = 0;
  return parse_decimal(value, number) ? number : RateLimit::not_told;
}

// Any header; those of other matters are left alone.
inline void take_rate_limit(RateLimits& limits, string_view name, string_view value) {
  constexpr Literal prefix = "anthropic-";
  if (!starts_with(name, prefix)) return;
  std::size_t last = name.size();
  while (name[last - 1] != '-') --last;
  if (last == prefix.size()) return;
  RateLimit* const all[] = {nullptr, &limits.requests, &limits.tokens, &limits.input_tokens, &limits.output_tokens,
      &limits.priority_input_tokens, &limits.priority_output_tokens, &limits.fast_input_tokens,
      &limits.fast_output_tokens};
  RateLimit* const limit = all[rate_limit_words.find(slice(name, prefix.size(), last - 1 - prefix.size()))];
  if (limit == nullptr) return;
  const string_view what = slice(name, last);
  if (equal(what, "limit")) limit->limit = number_of(value);
  if (equal(what, "remaining")) limit->remaining = number_of(value);
  if (equal(what, "reset")) limit->reset = parse_rfc3339(value);
}

// The part of an answer's head that is about rate limits; empty when it is off.
template <bool On>
class AnswerLimits {
 public:
  // Lifetime: until the next begin() of the same client.
  constexpr const RateLimits& rate_limits() const { return limits_; }

 protected:
  void take_limit(string_view name, string_view value) {
    take_rate_limit(limits_, name, value);
    if (equal(name, "date")) limits_.date = parse_http_date(value);
  }

 private:
  RateLimits limits_;
};

template <>
class AnswerLimits<false> {
 public:
  static constexpr RateLimits rate_limits() { return {}; }

 protected:
  static void take_limit(string_view, string_view) {}
};

}  // namespace detail
PICOCLAUDE_END
