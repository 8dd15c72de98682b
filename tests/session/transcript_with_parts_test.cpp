// The transcript's tests once more with all that makes the reader of events another one.
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 1
#define PICOCLAUDE_ENABLE_THINKING 1
#define PICOCLAUDE_ENABLE_CACHING 1
#define PICOCLAUDE_ENABLE_VISION 1
#define PICOCLAUDE_ENABLE_PREFIX 1
#include "transcript_test.cpp"
