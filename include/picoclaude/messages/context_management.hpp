// What the service takes out of a long conversation before the model reads it (API.md, sections 3.1 and 3.10).
// Needs the beta "context-management-2025-06-27", and for compact also "compact-2026-01-12".
#pragma once
#include "members.hpp"

PICOCLAUDE_BEGIN

// One edit. Values that are 0 are not told: the service has its own.
// Lifetime: its views are borrowed until the exchange is done.
struct ContextEdit {
  enum class Type : std::uint8_t {
    clear_tool_uses,  // old results of tools go
    clear_thinking,   // old thinking goes
    compact,          // the conversation becomes a summary, which comes as a block to give back
  };

  Type type = Type::clear_tool_uses;
  std::uint32_t trigger_input_tokens = 0;         // from here on; not for clear_thinking
  std::uint32_t trigger_tool_uses = 0;            // instead, for clear_tool_uses
  std::uint32_t keep = 0;                         // the last so many tool uses, or turns with thinking
  bool keep_all_thinking = false;                 // instead, for clear_thinking
  std::uint32_t clear_at_least_input_tokens = 0;  // of clear_tool_uses: less is not worth a new cache
  bool clear_tool_inputs = false;                 // of clear_tool_uses: the calls' inputs too
  List<string_view> exclude_tools{};              // of clear_tool_uses: these stay
  string_view instructions{};                     // of compact
  bool pause_after_compaction = false;            // of compact
};

// The answer is to be a summary of the conversation, as a block to go on from. Needs the beta "compact-2026-09-04"; not
// together with context edits.
struct Compaction {
  bool summarize = false;
  string_view instructions{};
};

#if PICOCLAUDE_ENABLE_SERVER_TOOLS
namespace detail {

constexpr void render_clear_tool_uses(Window& window, const ContextEdit& edit) {
  window.raw(R"({"type":"clear_tool_uses_20250919")");
  if (edit.trigger_tool_uses != 0) {
    render_number(window, R"(,"trigger":{"type":"tool_uses","value":)", edit.trigger_tool_uses);
    window.raw("}");
  }
  if (edit.keep != 0) {
    render_number(window, R"(,"keep":{"type":"tool_uses","value":)", edit.keep);
    window.raw("}");
  }
  if (edit.clear_at_least_input_tokens != 0) {
    render_number(window, R"(,"clear_at_least":{"type":"input_tokens","value":)", edit.clear_at_least_input_tokens);
    window.raw("}");
  }
  if (edit.clear_tool_inputs) window.raw(R"(,"clear_tool_inputs":true)");
  render_strings(window, R"(,"exclude_tools":)", edit.exclude_tools);
}

constexpr void render(Window& window, const ContextEdit& edit) {
  switch (edit.type) {
    case ContextEdit::Type::clear_tool_uses: render_clear_tool_uses(window, edit); break;
    case ContextEdit::Type::clear_thinking:
      window.raw(R"({"type":"clear_thinking_20251015")");
      if (edit.keep_all_thinking) {
        window.raw(R"(,"keep":"all")");
      } else if (edit.keep != 0) {
        render_number(window, R"(,"keep":{"type":"thinking_turns","value":)", edit.keep);
        window.raw("}");
      }
      break;
    default:  // compact
      window.raw(R"({"type":"compact_20260112")");
      json_member(window, R"(,"instructions":)", edit.instructions);
      if (edit.pause_after_compaction) window.raw(R"(,"pause_after_compaction":true)");
      break;
  }
  if (edit.trigger_input_tokens != 0) {
    render_number(window, R"(,"trigger":{"type":"input_tokens","value":)", edit.trigger_input_tokens);
    window.raw("}");
  }
  window.raw("}");
}

constexpr void render_compaction(Window& window, const Compaction& compaction) {
  if (!compaction.summarize) return;
  window.raw(R"(,"compaction":{"type":"summarize")");
  json_member(window, R"(,"instructions":)", compaction.instructions);
  window.raw("}");
}

constexpr void render_context_management(Window& window, List<ContextEdit> edits) {
  if (edits.empty()) return;
  render_list(window, R"(,"context_management":{"edits":)", edits, [](Window& out, const ContextEdit& edit) {
    render(out, edit);
  });
  window.raw("}");
}

}  // namespace detail
#endif
PICOCLAUDE_END
