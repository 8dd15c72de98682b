// What an answer says about itself: roles, why it stopped, what it used (API.md, sections 4.5 and 4.6).
#pragma once
#include "../base/off.hpp"
#include "../base/view.hpp"

PICOCLAUDE_BEGIN

enum class Role : std::uint8_t { user, assistant, system };

// Why the answer stopped. `none`: not told yet. `other`: a reason that this library does not know.
enum class StopReason : std::uint8_t {
  none,
  end_turn,
  max_tokens,
  stop_sequence,
  pause_turn,
  refusal,
  model_context_window_exceeded,
  compaction,
  tool_use,
  other,
};

// Why the answer was refused (stop_details.category). `none`: not refused, or no category was given.
enum class Refusal : std::uint8_t { none, cyber, bio, frontier_llm, reasoning_extraction, general_harms, other };

// Tokens that were paid for. The wire tells them several times; each time the newer number stands.
struct Usage {
  std::uint32_t input_tokens = 0;  // behind the last cache breakpoint
  std::uint32_t output_tokens = 0;
  std::uint32_t cache_creation_input_tokens = 0;
  std::uint32_t cache_read_input_tokens = 0;
#if PICOCLAUDE_ENABLE_CACHING
  std::uint32_t ephemeral_5m_input_tokens = 0;  // of cache_creation_input_tokens, those that stay 5 minutes
  std::uint32_t ephemeral_1h_input_tokens = 0;  // and those that stay an hour
#else
  static constexpr detail::OffCaching ephemeral_5m_input_tokens{};
  static constexpr detail::OffCaching ephemeral_1h_input_tokens{};
#endif
};

PICOCLAUDE_END
