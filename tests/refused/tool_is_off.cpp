// refused: PICOCLAUDE_ENABLE_TOOLS is 0
#include <picoclaude.hpp>

const auto set_light = picoclaude::tool("set_light", "Switch a lamp.");

void offer(picoclaude::Request& request, const picoclaude::Tool& tool) { request.tools = tool; }
