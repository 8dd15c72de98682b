// The same once more, where citations are read as well as passed on.
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 1
#include "raw_block_test.cpp"
