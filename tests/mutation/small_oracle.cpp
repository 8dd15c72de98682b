// A few thousand cases of the oracle.
#define ORACLE_SHORTER 3
#define PICOCLAUDE_MAX_CHUNK_LINE 16
#define PICOCLAUDE_MAX_JSON_DEPTH 8
#include "properties/oracle_cases.hpp"

TEST_SUITE_BEGIN("mutation");

TEST_CASE("mutation: oracle of JSON") { all_of_json(); }
TEST_CASE("mutation: oracle of SSE") { all_of_sse(); }
TEST_CASE("mutation: oracle of chunked bodies") { all_of_chunked_bodies(); }
TEST_CASE("mutation: oracle of heads") { all_of_heads(); }

TEST_SUITE_END();
