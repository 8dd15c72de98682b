// Tools that the model may call, as they are offered to it (API.md, sections 5.1 and 5.3).
#pragma once
#include "../wire/json_writer.hpp"
#include "cache.hpp"

PICOCLAUDE_BEGIN

// One tool. Lifetime: its views are borrowed until the exchange is done.
struct Tool {
  string_view name;                    // letters, digits, _ and -, at most 64
  string_view description{};           // what it does, when to use it, what it answers: the model knows nothing else
  string_view input_schema{};          // JSON Schema of an object, as JSON text; empty: an object of any kind
  string_view input_examples{};        // a JSON array of objects that fit the schema, as JSON text
  bool strict = false;                 // the service promises an input that fits the schema
  bool eager_input_streaming = false;  // input is sent while it is made, and may end up as no JSON at all
  bool defer_loading = false;          // not shown to the model before a tool search found it
  detail::Part<PICOCLAUDE_ENABLE_CACHING, CacheControl, detail::OffCaching> cache_control{};
};

// Whether the model may, must or must not call tools.
struct ToolChoice {
  enum class Type : std::uint8_t { unset, automatic, any, tool, none };

  Type type = Type::unset;
  bool disable_parallel_tool_use = false;  // automatic: at most one call a turn; any and tool: exactly one
  string_view name{};                      // of the tool that must be called

  static constexpr ToolChoice automatic() { return {Type::automatic, false, {}}; }
  static constexpr ToolChoice any() { return {Type::any, false, {}}; }
  static constexpr ToolChoice tool(string_view name) { return {Type::tool, false, name}; }
  static constexpr ToolChoice none() { return {Type::none, false, {}}; }
  // The same, with one call a turn.
  constexpr ToolChoice one_at_a_time() const { return {type, true, name}; }
};

namespace detail {

constexpr void render(Window& window, const Tool& tool) {
  window.raw(R"({"name":)");
  json_string(window, tool.name);
  json_member(window, R"(,"description":)", tool.description);
  window.raw(R"(,"input_schema":)");
  if (tool.input_schema.empty()) {
    window.raw(R"({"type":"object"})");
  } else {
    window.raw(tool.input_schema);
  }
  if (!tool.input_examples.empty()) {
    window.raw(R"(,"input_examples":)");
    window.raw(tool.input_examples);
  }
  if (tool.strict) window.raw(R"(,"strict":true)");
  if (tool.eager_input_streaming) window.raw(R"(,"eager_input_streaming":true)");
  if (tool.defer_loading) window.raw(R"(,"defer_loading":true)");
  render_cache_control(window, tool.cache_control);
  window.raw("}");
}

constexpr void render(Window& window, const ToolChoice& choice) {
  if (choice.type == ToolChoice::Type::unset) return;
  window.raw(R"(,"tool_choice":{"type":")");
  window.word("\0auto\0any\0tool\0none", static_cast<unsigned>(choice.type));
  window.raw("\"");
  if (choice.type == ToolChoice::Type::tool) {
    window.raw(R"(,"name":)");
    json_string(window, choice.name);
  }
  if (choice.type != ToolChoice::Type::none && choice.disable_parallel_tool_use) {
    window.raw(R"(,"disable_parallel_tool_use":true)");
  }
  window.raw("}");
}

}  // namespace detail
PICOCLAUDE_END
