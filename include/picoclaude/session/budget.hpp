// What a session used and what it cost (API.md, sections 3.2, 3.7 and 9.1), and the end of its money.
//
// Money is whole numbers: tokens times micro-dollars a million are picodollars. Config::budget makes every client add
// what its exchanges used, and refuse the next one when the money is spent. An exchange that runs is not cut off.
#pragma once
#include "../base/error.hpp"
#include "../base/text.hpp"
#include "../messages/message.hpp"
#include "../messages/model.hpp"

PICOCLAUDE_BEGIN

// Units: micro-dollars a million tokens, at most 400'000'000: $3 a million are 3'000'000.
struct Price {
  std::uint32_t input = 0;
  std::uint32_t output = 0;
  std::uint32_t cache_read = 0;
};

struct ModelPrice {
  string_view model;  // for all its dates too: "claude-opus-5-5" is "claude-opus-5-5-20261101" as well
  Price price;
};

// The line-up's list prices on 2026-11-21, for convenience: prices change, and a contract may differ.
// claude-haiku-5-5 has several prices; this is the lowest.
inline constexpr ModelPrice prices_2026_11[] = {
    {"claude-fable-5-2", {8'000'000, 40'000'000, 800'000}},
    {"claude-opus-5-5", {4'000'000, 20'000'000, 400'000}},
    {"claude-sonnet-5-5", {2'000'000, 10'000'000, 100'000}},
    {"claude-haiku-5-5", {100'000, 500'000, 10'000}},
};

// In micro-dollars.
constexpr std::uint64_t dollars(std::uint32_t whole, std::uint32_t cents = 0) {
  return std::uint64_t{whole} * 1'000'000 + std::uint64_t{cents} * 10'000;
}

namespace detail {

constexpr std::uint64_t add_up(std::uint64_t a, std::uint64_t b) { return a + b < a ? ~std::uint64_t{0} : a + b; }
constexpr std::uint32_t add_up(std::uint32_t a, std::uint32_t b) { return a + b < a ? ~std::uint32_t{0} : a + b; }

// Picodollars. What was written to the cache costs 1.25 times the input when it stays 5 minutes, else twice.
constexpr std::uint64_t cost(const Price& price, const Usage& usage) {
  std::uint64_t written = usage.cache_creation_input_tokens;
#if PICOCLAUDE_ENABLE_CACHING
  const std::uint64_t for_an_hour = usage.ephemeral_1h_input_tokens;
  if (for_an_hour > written) written = for_an_hour;
#else
  const std::uint64_t for_an_hour = 0;
#endif
  return usage.input_tokens * std::uint64_t{price.input} + usage.output_tokens * std::uint64_t{price.output} +
      usage.cache_read_input_tokens * std::uint64_t{price.cache_read} + (written - for_an_hour) * price.input * 5 / 4 +
      for_an_hour * price.input * 2;
}

}  // namespace detail

// Several clients may share one budget, if they belong to one thread.
class Budget {
 public:
  // Lifetime: the prices stay as long as the budget.
  constexpr Budget(std::uint64_t limit_microdollars, List<ModelPrice> prices)
      : prices_(prices), limit_microdollars_(limit_microdollars) {}

  // May a request to this model begin? Errors: spent, or no_price when the model has none.
  constexpr Error refusal(string_view model) const {
    if (is_spent()) return Error::spent;
    return price_of(model) == nullptr ? Error::no_price : Error::none;
  }

  // Adds what an exchange or the result of a batch used. A batch costs half. A model without a price: no_price, and only
  // its tokens are added.
  constexpr Error add(string_view model, const Usage& usage, bool batch = false) {
    add_tokens(usage);
    const Price* const price = price_of(model);
    if (price == nullptr) return Error::no_price;
    const std::uint64_t cost = detail::cost(*price, usage);
    picodollars_ = detail::add_up(picodollars_, batch ? cost - cost / 2 : cost);
    return Error::none;
  }

  constexpr bool is_spent() const { return spent_microdollars() >= limit_microdollars_; }
  // Rounded up.
  constexpr std::uint64_t spent_microdollars() const {
    const std::uint64_t whole = divide(picodollars_);
    return whole + (whole * picodollars_in_one != picodollars_ ? 1 : 0);
  }
  constexpr std::uint64_t left_microdollars() const {
    const std::uint64_t spent = spent_microdollars();
    return spent < limit_microdollars_ ? limit_microdollars_ - spent : 0;
  }
  // The sums of all that was added; 2^32 - 1 is also more.
  constexpr const Usage& usage() const { return usage_; }

  constexpr void set_limit(std::uint64_t limit_microdollars) { limit_microdollars_ = limit_microdollars; }

 private:
  static constexpr std::uint64_t picodollars_in_one = 1'000'000;  // micro-dollar

  // By picodollars_in_one, without the 64-bit division that small machines would have to link.
  static constexpr std::uint64_t divide(std::uint64_t picodollars) {
    std::uint64_t whole = 0;
    for (int bit = 44; bit >= 0; --bit) {
      if (picodollars >> bit < picodollars_in_one) continue;
      picodollars -= picodollars_in_one << bit;
      whole |= std::uint64_t{1} << bit;
    }
    return whole;
  }

  constexpr const Price* price_of(string_view model) const {
    for (const ModelPrice& entry : prices_) {
      if (detail::is_model(model, entry.model)) return &entry.price;
    }
    return nullptr;
  }

  constexpr void add_tokens(const Usage& usage) {
    using detail::add_up;
    usage_.input_tokens = add_up(usage_.input_tokens, usage.input_tokens);
    usage_.output_tokens = add_up(usage_.output_tokens, usage.output_tokens);
    usage_.cache_creation_input_tokens = add_up(usage_.cache_creation_input_tokens, usage.cache_creation_input_tokens);
    usage_.cache_read_input_tokens = add_up(usage_.cache_read_input_tokens, usage.cache_read_input_tokens);
#if PICOCLAUDE_ENABLE_CACHING
    usage_.ephemeral_5m_input_tokens = add_up(usage_.ephemeral_5m_input_tokens, usage.ephemeral_5m_input_tokens);
    usage_.ephemeral_1h_input_tokens = add_up(usage_.ephemeral_1h_input_tokens, usage.ephemeral_1h_input_tokens);
#endif
  }

  List<ModelPrice> prices_;
  std::uint64_t limit_microdollars_;
  std::uint64_t picodollars_ = 0;
  Usage usage_;
};

PICOCLAUDE_END
