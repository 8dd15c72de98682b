// Whole messages once more, where citations are read as well as passed on.
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#include "message_test.cpp"
