// As small as answers go that these tests can write.
#define PICOCLAUDE_MAX_JSON_DEPTH 8
#define PICOCLAUDE_MAX_OPEN_BLOCKS 2
#define PICOCLAUDE_MAX_HTTP_HEAD 200
#define PICOCLAUDE_MAX_CHUNK_LINE 16
#define PICOCLAUDE_MAX_REQUEST_ID 2
#include "limits_test.cpp"
