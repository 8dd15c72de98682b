// refused: PICOCLAUDE_ENABLE_MBEDTLS must be 0 or 1
#define PICOCLAUDE_ENABLE_MBEDTLS
#include <picoclaude.hpp>
