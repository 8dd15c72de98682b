// refused: PICOCLAUDE_ENABLE_CHECK is 0
#include <picoclaude.hpp>

picoclaude::Rule first(const picoclaude::Request& request) { return picoclaude::check(request); }
