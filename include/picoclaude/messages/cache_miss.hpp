// Why a prefix that was to come from the cache did not (API.md, sections 1.4, 3.7 and 4.7).
#pragma once
#include "model.hpp"
#include "request.hpp"

PICOCLAUDE_BEGIN

enum class CacheMiss : std::uint8_t {
  none,           // it did come from the cache
  no_breakpoint,  // the request has no cache_control
  too_short,      // the prefix up to the last mark is shorter than the model's least: nothing was kept either
  not_kept,       // no such prefix was kept: it is new, it has changed, or its 5 minutes or hour are over
  model_changed,  // the service told, by diagnostics: since the request before
  system_changed,
  tools_changed,
  messages_changed,
};

// The least prefix that a model keeps, in tokens; 0: not known here.
constexpr std::uint32_t min_cached_tokens(string_view model) {
  struct Line {
    string_view name;
    std::uint32_t tokens;
  };
  constexpr Line lines[] = {
      {"claude-opus-5", 512},
      {"claude-fable-5", 512},
      {"claude-mythos-5", 512},
      {"claude-opus-4-8", 1024},
      {"claude-sonnet-5", 1024},
      {"claude-sonnet-4-6", 1024},
      {"claude-sonnet-4-5", 1024},
      {"claude-opus-4-7", 2048},
      {"claude-opus-4-6", 4096},
      {"claude-opus-4-5", 4096},
      {"claude-haiku-4-5", 4096},
  };
  for (const Line& line : lines) {
    if (detail::is_model(model, line.name)) return line.tokens;
  }
  return 0;
}

#if PICOCLAUDE_ENABLE_CACHING
// What the numbers of an answer say, and what diagnostics told if they were asked for (Request::diagnose_cache).
constexpr CacheMiss cache_miss(const Request& request, const Usage& usage, string_view cache_miss_reason = {}) {
  if (usage.cache_read_input_tokens != 0) return CacheMiss::none;
  if (equal(cache_miss_reason, "model_changed")) return CacheMiss::model_changed;
  if (equal(cache_miss_reason, "system_changed")) return CacheMiss::system_changed;
  if (equal(cache_miss_reason, "tools_changed")) return CacheMiss::tools_changed;
  if (equal(cache_miss_reason, "messages_changed")) return CacheMiss::messages_changed;
  if (detail::breakpoints_of(request).count() == 0 && request.cache_control == CacheControl::none) {
    return CacheMiss::no_breakpoint;
  }
  return usage.cache_creation_input_tokens == 0 ? CacheMiss::too_short : CacheMiss::not_kept;
}
#else
template <class... Arguments>
constexpr CacheMiss cache_miss(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_CACHING is 0: set it to 1 to use cache_miss()");
  return {};
}
#endif
PICOCLAUDE_END
