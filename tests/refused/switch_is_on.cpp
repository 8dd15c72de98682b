// refused: PICOCLAUDE_ENABLE_VISION must be 0 or 1
// also: .ON. was not declared|undeclared identifier 'ON'|MediaPart
#define PICOCLAUDE_ENABLE_VISION ON
#include <picoclaude.hpp>
