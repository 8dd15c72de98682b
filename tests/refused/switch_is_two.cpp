// refused: PICOCLAUDE_ENABLE_PREFIX must be 0 or 1
#define PICOCLAUDE_ENABLE_PREFIX 2
#include <picoclaude.hpp>
