#define PICOCLAUDE_ENABLE_TOOLS 1
#define ORACLE_SHORTER 0
#define PICOCLAUDE_MAX_CHUNK_LINE 16
#define PICOCLAUDE_MAX_JSON_DEPTH 8
#define PICOCLAUDE_MAX_OPEN_BLOCKS 2
#include "oracle_inputs.hpp"

TEST_SUITE_BEGIN("oracle");

TEST_CASE("oracle: JSON") { all_of_json(); }
TEST_CASE("oracle: SSE") { all_of_sse(); }
TEST_CASE("oracle: chunked bodies") { all_of_chunked_bodies(); }
TEST_CASE("oracle: heads") { all_of_heads(); }
TEST_CASE("oracle: the order of events") { all_of_event_orders(); }
TEST_CASE("oracle: tool inputs") { all_of_tool_inputs(); }

TEST_SUITE_END();
