// refused: PICOCLAUDE_ENABLE_THINKING is 0
#include <picoclaude.hpp>

picoclaude::Block thought = picoclaude::thinking("so 21.", "EqoB");
picoclaude::Block hidden = picoclaude::redacted_thinking("EmwK");

void think(picoclaude::Request& request) { request.thinking = picoclaude::Thinking::adaptive(); }
