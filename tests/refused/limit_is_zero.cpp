// refused: PICOCLAUDE_MAX_OPEN_BLOCKS must be from 1 to 64
#define PICOCLAUDE_MAX_OPEN_BLOCKS 0
#include <picoclaude.hpp>
