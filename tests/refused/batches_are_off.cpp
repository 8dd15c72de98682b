// refused: PICOCLAUDE_ENABLE_BATCHES is 0
#include <picoclaude.hpp>

picoclaude::GetBatch batch{"msgbatch_1"};
