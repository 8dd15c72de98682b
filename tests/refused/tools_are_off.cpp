// refused: PICOCLAUDE_ENABLE_TOOLS is 0
#include <picoclaude.hpp>

picoclaude::Block answer = picoclaude::tool_result("toolu_01A", "done");

void mark() { answer.is_error = true; }

picoclaude::string_view call_of(const picoclaude::Event& event) { return event.id; }
