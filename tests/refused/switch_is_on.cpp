// refused: PICOCLAUDE_ENABLE_VISION must be 0 or 1
#define PICOCLAUDE_ENABLE_VISION ON
#include <picoclaude.hpp>
