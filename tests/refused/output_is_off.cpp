// refused: PICOCLAUDE_ENABLE_OUTPUT is 0
#include <picoclaude.hpp>

void hurry(picoclaude::Request& request) {
  request.effort = picoclaude::Effort::low;
  request.output_schema = R"({"type":"object"})";
}

constexpr auto moon = picoclaude::structure(picoclaude::string("name"));
char room[64];
picoclaude::OutputReader reader{moon, picoclaude::Room{room}};
