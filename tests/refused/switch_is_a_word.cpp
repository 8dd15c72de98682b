// refused: PICOCLAUDE_ENABLE_TOOLS must be 0 or 1
#define PICOCLAUDE_ENABLE_TOOLS yes
#include <picoclaude.hpp>
