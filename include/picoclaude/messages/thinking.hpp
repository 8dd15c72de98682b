// Extended thinking: how much, and a thinking turn given back (API.md, sections 3.4 and 3.5).
#pragma once
#include "../wire/json_writer.hpp"
#include "block.hpp"

PICOCLAUDE_BEGIN

// `unset`: the model's own default. Which types a model takes, GET /v1/models tells.
enum class ThinkingType : std::uint8_t { unset, adaptive, enabled, disabled, between_tools };

// What of the thinking is told. `omitted`: only its signatures.
enum class ThinkingDisplay : std::uint8_t { unset, summarized, omitted };

struct Thinking {
  static constexpr std::uint32_t min_budget_tokens = 1024;

  ThinkingType type = ThinkingType::unset;
  ThinkingDisplay display = ThinkingDisplay::unset;
  std::uint32_t budget_tokens = 0;  // with `enabled`: at least min_budget_tokens, less than max_tokens

  // The model thinks as long as the question needs.
  static constexpr Thinking adaptive(ThinkingDisplay display = ThinkingDisplay::unset) {
    return {ThinkingType::adaptive, display, 0};
  }
  // Older models: at most so many tokens.
  static constexpr Thinking enabled(std::uint32_t budget_tokens, ThinkingDisplay display = ThinkingDisplay::unset) {
    return {ThinkingType::enabled, display, budget_tokens};
  }
  static constexpr Thinking disabled() { return {ThinkingType::disabled, ThinkingDisplay::unset, 0}; }
  // No thinking; short notes between tool calls come as thinking.
  static constexpr Thinking between_tools() { return {ThinkingType::between_tools, ThinkingDisplay::unset, 0}; }
};

#if PICOCLAUDE_ENABLE_THINKING
// A thinking block of the model's, given back as it came: the same text, the same signature.
constexpr Block thinking(string_view text, string_view signature) {
  Block block(text);
  block.type = BlockType::thinking;
  block.signature = signature;
  return block;
}

constexpr Block redacted_thinking(string_view data) {
  Block block(data);
  block.type = BlockType::redacted_thinking;
  return block;
}
#else
template <class... Arguments>
constexpr Block thinking(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_THINKING is 0: set it to 1 to use thinking()");
  return {};
}
template <class... Arguments>
constexpr Block redacted_thinking(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_THINKING is 0: set it to 1 to use redacted_thinking()");
  return {};
}
#endif

namespace detail {

constexpr bool is_allowed(const Thinking& thinking, std::uint32_t max_tokens) {
  if (thinking.type == ThinkingType::enabled) {
    return thinking.budget_tokens >= Thinking::min_budget_tokens && thinking.budget_tokens < max_tokens;
  }
  const bool shows = thinking.type == ThinkingType::adaptive || thinking.display == ThinkingDisplay::unset;
  return shows && thinking.budget_tokens == 0;
}
constexpr bool is_allowed(OffThinking, std::uint32_t) { return true; }

// The member "thinking" of a request, with the comma in front.
constexpr void render_thinking(Window& window, const Thinking& thinking) {
  if (thinking.type == ThinkingType::unset) return;
  window.raw(R"(,"thinking":{"type":")");
  window.word("\0adaptive\0enabled\0disabled\0between_tools", static_cast<unsigned>(thinking.type));
  if (thinking.display != ThinkingDisplay::unset) {
    window.raw(R"(","display":")");
    window.word("\0summarized\0omitted", static_cast<unsigned>(thinking.display));
  }
  window.raw("\"");
  if (thinking.type == ThinkingType::enabled) {
    window.raw(R"(,"budget_tokens":)");
    window.number(thinking.budget_tokens);
  }
  window.raw("}");
}
constexpr void render_thinking(Window&, OffThinking) {}

#if PICOCLAUDE_ENABLE_THINKING
constexpr void render_thinking_block(Window& window, const Block& block) {
  const bool redacted = block.type == BlockType::redacted_thinking;
  window.word("{\"type\":\"thinking\",\"thinking\":\0{\"type\":\"redacted_thinking\",\"data\":", redacted ? 1 : 0);
  json_string(window, block.text);
  if (!redacted) {
    window.raw(R"(,"signature":)");
    json_string(window, block.signature);
  }
  window.raw("}");
}
#endif

}  // namespace detail
PICOCLAUDE_END
