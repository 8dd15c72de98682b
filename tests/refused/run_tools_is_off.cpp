// refused: run_tools\(\) needs PICOCLAUDE_ENABLE_TOOLS and PICOCLAUDE_ENABLE_TRANSCRIPT
#define PICOCLAUDE_ENABLE_TOOLS 1
#include <picoclaude.hpp>

bool run(picoclaude::Request& request) { return picoclaude::run_tools(request); }
