// refused: PICOCLAUDE_ENABLE_SERVER_TOOLS is 0
#include <picoclaude.hpp>

picoclaude::ServerTool tools[] = {picoclaude::web_search()};
picoclaude::ServiceBlock block;
picoclaude::Container container;
picoclaude::Block found = picoclaude::raw_block("{}");

void search(picoclaude::Request& request) {
  request.server_tools = tools;
  request.container = "container_01";
  request.skills = picoclaude::List<picoclaude::Skill>{};
  request.mcp_servers = picoclaude::List<picoclaude::McpServer>{};
  request.context_edits = picoclaude::List<picoclaude::ContextEdit>{};
  request.compaction = picoclaude::Compaction{};
}
