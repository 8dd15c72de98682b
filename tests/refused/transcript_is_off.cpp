// refused: PICOCLAUDE_ENABLE_TRANSCRIPT is 0
#include <picoclaude.hpp>

char pages[64];
picoclaude::Transcript talk{pages};

void use(picoclaude::Request& request) { request.transcript = "{}"; }
