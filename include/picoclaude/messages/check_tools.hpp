// What tools need, those of the program and those of the service (API.md, sections 3.1, 5.1 and 5.3).
#pragma once
#include "check_block.hpp"

PICOCLAUDE_BEGIN
#if PICOCLAUDE_ENABLE_CHECK
namespace detail {

#if PICOCLAUDE_ENABLE_TOOLS

constexpr unsigned count_named(List<Tool> tools, string_view name) {
  unsigned count = 0;
  for (const Tool& tool : tools) count += equal(tool.name, name) ? 1 : 0;
  return count;
}

constexpr Rule check_tools(const Request& request) {
  unsigned strict = 0;
  for (const Tool& tool : request.tools) {
    if (!is_identifier(tool.name, 128)) return Rule::bad_tool_name;
    if (count_named(request.tools, tool.name) != 1) return Rule::duplicate_tool_name;
    if (!tool.input_schema.empty() && tool.input_schema[0] != '{') return Rule::not_an_object;
    strict += tool.strict ? 1 : 0;
  }
  return strict > 20 ? Rule::too_many_strict_tools : Rule::none;
}

constexpr Rule check_tool_choice(const Request& request, bool service_tools) {
  using Type = ToolChoice::Type;
  const ToolChoice& choice = request.tool_choice;
  if (choice.type == Type::unset) return Rule::none;
  if (request.tools.empty() && !service_tools) return Rule::no_tools_to_choose;
  if (choice.type == Type::tool && count_named(request.tools, choice.name) == 0 && !service_tools) {
    return Rule::unknown_tool_choice;
  }
#if PICOCLAUDE_ENABLE_THINKING
  const bool forced = choice.type == Type::any || choice.type == Type::tool;
  if (forced && request.thinking.type == ThinkingType::enabled) return Rule::thinking_forces_tool;
#endif
  return Rule::none;
}

#endif

#if PICOCLAUDE_ENABLE_SERVER_TOOLS

constexpr bool has_beta(string_view betas, string_view wanted) {
  while (!betas.empty()) {
    const std::size_t size = find(betas, ',');
    if (equal(slice(betas, 0, wanted.size() < size ? wanted.size() : size), wanted)) return true;
    betas = slice(betas, size + 1);
  }
  return false;
}

constexpr Rule check_betas(const Request& request) {
  if (!request.mcp_servers.empty() && !has_beta(request.beta, "mcp-client-")) return Rule::missing_beta;
  if (!request.context_edits.empty() && !has_beta(request.beta, "context-management-")) return Rule::missing_beta;
  for (const ContextEdit& edit : request.context_edits) {
    if (edit.type == ContextEdit::Type::compact && !has_beta(request.beta, "compact-2026-01-12")) {
      return Rule::missing_beta;
    }
  }
  if (!request.compaction.summarize) return Rule::none;
  if (!request.context_edits.empty()) return Rule::compaction_with_edits;
  return has_beta(request.beta, "compact-2026-09-04") ? Rule::none : Rule::missing_beta;
}

constexpr Rule check_service(const Request& request) {
  for (const ServerTool& tool : request.server_tools) {
    if (!tool.allowed_domains.empty() && !tool.blocked_domains.empty()) return Rule::both_domain_lists;
    bool known = tool.mcp_server_name.empty();
    for (const McpServer& server : request.mcp_servers) known = known || equal(server.name, tool.mcp_server_name);
    if (!known) return Rule::unknown_mcp_server;
  }
  if (request.skills.size() > 8) return Rule::too_many_skills;
  return check_betas(request);
}

#endif

}  // namespace detail
#endif
PICOCLAUDE_END
