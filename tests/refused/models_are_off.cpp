// refused: PICOCLAUDE_ENABLE_MODELS is 0
#include <picoclaude.hpp>

picoclaude::ListModels models;
