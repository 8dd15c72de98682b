// What a request is connected with: a container with skills, MCP servers (API.md, section 3.1).
#pragma once
#include "members.hpp"

PICOCLAUDE_BEGIN

// A skill that the container holds. Lifetime: its views are borrowed until the exchange is done.
struct Skill {
  string_view skill_id;
  bool custom = false;    // of your own; else Anthropic's
  string_view version{};  // empty: the latest
};

// An MCP server that the service speaks with; an mcp_toolset among the tools lets the model use it.
// Needs the beta "mcp-client-2025-11-20". Lifetime: as above.
struct McpServer {
  string_view name;
  string_view url;
  string_view authorization_token{};
};

#if PICOCLAUDE_ENABLE_SERVER_TOOLS
namespace detail {

constexpr void render(Window& window, const Skill& skill) {
  if (skill.custom) {
    window.raw(R"({"type":"custom","skill_id":)");
  } else {
    window.raw(R"({"type":"anthropic","skill_id":)");
  }
  json_string(window, skill.skill_id);
  json_member(window, R"(,"version":)", skill.version);
  window.raw("}");
}

constexpr void render(Window& window, const McpServer& server) {
  window.raw(R"({"type":"url","url":)");
  json_string(window, server.url);
  window.raw(R"(,"name":)");
  json_string(window, server.name);
  json_member(window, R"(,"authorization_token":)", server.authorization_token);
  window.raw("}");
}

// Without skills a container is its id; without both there is none.
constexpr void render_container(Window& window, string_view id, List<Skill> skills) {
  if (skills.empty()) return json_member(window, R"(,"container":)", id);
  window.raw(R"(,"container":{)");
  json_member(window, R"("id":)", id);
  render_list(window, id.empty() ? Literal(R"("skills":)") : Literal(R"(,"skills":)"), skills,
      [](Window& out, const Skill& skill) {
        render(out, skill);
      });
  window.raw("}");
}

constexpr void render_mcp_servers(Window& window, List<McpServer> servers) {
  render_list(window, R"(,"mcp_servers":)", servers, [](Window& out, const McpServer& server) {
    render(out, server);
  });
}

}  // namespace detail
#endif
PICOCLAUDE_END
