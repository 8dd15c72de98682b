#define ORACLE_SHORTER 0
#define PICOCLAUDE_MAX_CHUNK_LINE 16
#define PICOCLAUDE_MAX_JSON_DEPTH 8
#include "oracle_cases.hpp"

TEST_SUITE_BEGIN("oracle");

TEST_CASE("oracle: JSON") { all_of_json(); }
TEST_CASE("oracle: SSE") { all_of_sse(); }
TEST_CASE("oracle: chunked bodies") { all_of_chunked_bodies(); }
TEST_CASE("oracle: heads") { all_of_heads(); }

TEST_SUITE_END();
