#define PICOCLAUDE_ENABLE_TOOLS 1
#define ORACLE_SHORTER 1
#include "oracle_inputs.hpp"

TEST_SUITE_BEGIN("oracle");

TEST_CASE("oracle: JSON, with the limits of production") { all_of_json(); }
TEST_CASE("oracle: SSE, with the limits of production") { all_of_sse(); }
TEST_CASE("oracle: chunked bodies, with the limits of production") { all_of_chunked_bodies(); }
TEST_CASE("oracle: heads, with the limits of production") { all_of_heads(); }
TEST_CASE("oracle: the order of events, with the limits of production") { all_of_event_orders(); }
TEST_CASE("oracle: tool inputs, with the limits of production") { all_of_tool_inputs(); }

TEST_SUITE_END();
