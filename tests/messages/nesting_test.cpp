#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/rendered.hpp"

using namespace picoclaude;

TEST_CASE("nesting: text in search results in a tool's result in a message, through windows of every size") {
  const Block first[] = {"one", "two"};
  const Block second[] = {"three"};
  const Block results[] = {
      search_result("a", "A", first, true), search_result("b", "B", List<Block>{}), search_result("c", "C", second)};
  const Block blocks[] = {
      tool_result("t1", List<Block>(results)), tool_result("t2", "plain"), tool_result("t3", "", true)};
  const Message messages[] = {user(blocks), assistant("yes")};
  Request request;
  request.model = "m";
  request.max_tokens = 1;
  request.messages = messages;
  request.stream = false;
  for (std::size_t room = 1; room < 700; ++room) {
    CAPTURE(room);
    CHECK(support::rendered_through(request, room) ==
        R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":[)"
        R"({"type":"tool_result","tool_use_id":"t1","content":[)"
        R"({"type":"search_result","source":"a","title":"A","content":[{"type":"text","text":"one"},)"
        R"({"type":"text","text":"two"}],"citations":{"enabled":true}},)"
        R"({"type":"search_result","source":"b","title":"B","content":[]},)"
        R"({"type":"search_result","source":"c","title":"C","content":[{"type":"text","text":"three"}]}],)"
        R"("is_error":false},)"
        R"({"type":"tool_result","tool_use_id":"t2","content":"plain","is_error":false},)"
        R"({"type":"tool_result","tool_use_id":"t3","is_error":true}]},)"
        R"({"role":"assistant","content":"yes"}]})");
  }
}

TEST_CASE("nesting: lists of blocks three deep are sent, four deep are refused") {
  const Block text[] = {"x"};
  const Block deepest[] = {search_result("s", "t", text)};
  const Block deep[] = {tool_result("b", List<Block>(deepest))};
  const Block outer[] = {tool_result("a", List<Block>(deep))};
  for (const bool too_deep : {false, true}) {
    const Message messages[] = {user(too_deep ? List<Block>(outer) : List<Block>(deep))};
    Request request;
    request.model = "m";
    request.max_tokens = 1;
    request.messages = messages;
    Window window;
    detail::render(window, request);
    CHECK(window.error() == (too_deep ? Error::bad_request : Error::none));
  }
}
