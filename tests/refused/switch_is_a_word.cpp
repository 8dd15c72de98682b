// refused: PICOCLAUDE_ENABLE_PREFIX must be 0 or 1
#define PICOCLAUDE_ENABLE_PREFIX yes
#include <picoclaude.hpp>
