// refused: PICOCLAUDE_ENABLE_BUDGET is 0
#include <picoclaude.hpp>

picoclaude::Budget budget{picoclaude::dollars(5), picoclaude::prices_2026_11};

void spend(picoclaude::Config& config) { config.budget = &budget; }
