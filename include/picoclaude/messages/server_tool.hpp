// Tools that the service knows: web search and fetch, code execution, tool search, MCP toolsets, which it runs itself;
// memory, bash and the text editor, which it describes and the program runs (API.md, section 5.2).
#pragma once
#include "cache.hpp"
#include "members.hpp"

PICOCLAUDE_BEGIN

// Roughly where the person is who asks; what is empty is not told.
struct UserLocation {
  string_view city;
  string_view region;
  string_view country;   // two letters
  string_view timezone;  // "Europe/Zurich"

  constexpr bool empty() const { return city.empty() && region.empty() && country.empty() && timezone.empty(); }
};

// One such tool; made by one of the functions below, which take the newest version that this library knows.
// Lifetime: its views are borrowed until the exchange is done.
struct ServerTool {
  string_view type;                      // with its version: "web_search_20260318"
  string_view name{};                    // empty for toolsets
  string_view mcp_server_name{};         // of an MCP toolset: one of Request::mcp_servers
  std::uint32_t max_uses = 0;            // in one request; 0: as many as the model wants
  List<string_view> allowed_domains{};   // only these, or
  List<string_view> blocked_domains{};   // all but these
  UserLocation user_location{};          // for web search
  bool citations = false;                // of what web fetch reads
  bool defer_loading = false;            // not shown to the model before a tool search found it
  std::uint32_t max_content_tokens = 0;  // of what web fetch reads; 0: all
  std::uint32_t max_characters = 0;      // of what the text editor shows; 0: all
  detail::Part<PICOCLAUDE_ENABLE_CACHING, CacheControl, detail::OffCaching> cache_control{};
  string_view extra{};  // further members as raw JSON: R"("response_inclusion":"excluded")"
};

constexpr ServerTool web_search() { return {"web_search_20260318", "web_search"}; }
constexpr ServerTool web_fetch() { return {"web_fetch_20260318", "web_fetch"}; }
constexpr ServerTool code_execution() { return {"code_execution_20260521", "code_execution"}; }
constexpr ServerTool tool_search_regex() { return {"tool_search_tool_regex_20251119", "tool_search_tool_regex"}; }
constexpr ServerTool tool_search_bm25() { return {"tool_search_tool_bm25_20251119", "tool_search_tool_bm25"}; }
// All tools of one of Request::mcp_servers; "configs" and "default_config" go into `extra`.
constexpr ServerTool mcp_toolset(string_view mcp_server_name) { return {"mcp_toolset", {}, mcp_server_name}; }
// These three are called as tools of the program's own.
constexpr ServerTool memory_tool() { return {"memory_20250818", "memory"}; }
constexpr ServerTool bash_tool() { return {"bash_20250124", "bash"}; }
constexpr ServerTool text_editor_tool() { return {"text_editor_20250728", "str_replace_based_edit_tool"}; }

#if PICOCLAUDE_ENABLE_SERVER_TOOLS
namespace detail {

constexpr void render(Window& window, const UserLocation& location) {
  if (location.empty()) return;
  window.raw(R"(,"user_location":{"type":"approximate")");
  json_member(window, R"(,"city":)", location.city);
  json_member(window, R"(,"region":)", location.region);
  json_member(window, R"(,"country":)", location.country);
  json_member(window, R"(,"timezone":)", location.timezone);
  window.raw("}");
}

constexpr void render(Window& window, const ServerTool& tool) {
  window.raw(R"({"type":)");
  json_string(window, tool.type);
  json_member(window, R"(,"name":)", tool.name);
  json_member(window, R"(,"mcp_server_name":)", tool.mcp_server_name);
  render_number(window, R"(,"max_uses":)", tool.max_uses);
  render_strings(window, R"(,"allowed_domains":)", tool.allowed_domains);
  render_strings(window, R"(,"blocked_domains":)", tool.blocked_domains);
  render(window, tool.user_location);
  if (tool.citations) window.raw(R"(,"citations":{"enabled":true})");
  if (tool.defer_loading) window.raw(R"(,"defer_loading":true)");
  render_number(window, R"(,"max_content_tokens":)", tool.max_content_tokens);
  render_number(window, R"(,"max_characters":)", tool.max_characters);
  render_cache_control(window, tool.cache_control);
  render_extra(window, tool.extra);
  window.raw("}");
}

}  // namespace detail
#endif
PICOCLAUDE_END
