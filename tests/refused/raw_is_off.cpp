// refused: PICOCLAUDE_ENABLE_RAW is 0
#include <picoclaude.hpp>

picoclaude::RawCall call;
