// refused: PICOCLAUDE_ENABLE_MBEDTLS must be 0 or 1
// also: #if with no expression|expected value in expression
#define PICOCLAUDE_ENABLE_MBEDTLS
#include <picoclaude.hpp>
