// refused: PICOCLAUDE_ENABLE_OUTPUT is 0
#include <picoclaude.hpp>

void hurry(picoclaude::Request& request) {
  request.effort = picoclaude::Effort::low;
  request.output_schema = R"({"type":"object"})";
}
