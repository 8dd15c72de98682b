#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/json_value.hpp"
#include "support/recordings.hpp"
#include "support/told.hpp"

using namespace picoclaude;

namespace {

// "type", "type!error_code" or "type!" of every block of a recorded answer, in the order of their ends.
std::string blocks_of(const char* name, std::size_t piece = 7) {
  std::string list;
  ServiceBlock block;
  support::read(recordings::get(name).body, piece, [&](const EventReader&, const Event& event) {
    block.take(event);
    if (event.kind != EventKind::block_end) return;
    list += list.empty() ? "" : " ";
    list += block.type().empty() ? "-" : std::string(block.type());
    if (block.failed()) list += "!" + std::string(block.error_code());
  });
  return list;
}

}  // namespace

TEST_CASE("service block: what each block was, and why a tool failed") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{9}, std::size_t{100}, ~std::size_t{0}}) {
    CAPTURE(piece);
    CHECK(blocks_of("streams/27_web_search.sse", piece) == "- server_tool_use web_search_tool_result -");
    CHECK(blocks_of("streams/28_web_search_error.sse", piece) ==
        "server_tool_use web_search_tool_result!max_uses_exceeded -");
    CHECK(blocks_of("streams/30_code_execution_container.sse", piece) ==
        "server_tool_use bash_code_execution_tool_result server_tool_use text_editor_code_execution_tool_result -");
    CHECK(
        blocks_of("streams/33_mcp_beta.sse", piece) == "mcp_tool_use mcp_tool_result mcp_tool_use mcp_tool_result! -");
  }
  CHECK(blocks_of("streams/63_fallback_beta.sse") == "- fallback -");
}

TEST_CASE("service block: words deeper in a block are not its own") {
  ServiceBlock block;
  const Event event{EventKind::block, 3,
      R"({"content":{"type":"x","error":{"error_code":"a"},"error_code":["b"],"is_error":true},"type":"y","error_code":"c"})"};
  block.take(event);
  CHECK(block.type() == "y");
  CHECK(block.error_code() == "");
  CHECK(!block.failed());
}

TEST_CASE("service block: it failed only if is_error itself is true") {
  const auto failed = [](string_view json) {
    ServiceBlock block;
    block.take({EventKind::block, 0, json});
    return block.failed();
  };
  CHECK(failed(R"({"type":"mcp_tool_result","is_error":true})"));
  CHECK(!failed(R"({"type":"mcp_tool_result","is_error":false,"cached":true})"));
  CHECK(!failed(R"({"type":"mcp_tool_result","is_error":[true]})"));
}

TEST_CASE("service block: of a word that is too long the first 40 bytes are kept") {
  ServiceBlock block;
  block.take({EventKind::block, 0, R"({"type":"a_type_that_has_more_than_forty_letters_in_it"})"});
  CHECK(block.type() == "a_type_that_has_more_than_forty_letters_");
}

TEST_CASE("service block: the raw JSON of a block is what the service wrote, whatever is in it") {
  for (const char* name :
      {"streams/27_web_search.sse", "streams/28_web_search_error.sse", "streams/30_code_execution_container.sse",
          "streams/32_tool_search.sse", "streams/33_mcp_beta.sse", "streams/63_fallback_beta.sse"}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, ~std::size_t{0}}) {
      CAPTURE(name);
      CAPTURE(piece);
      const recordings::Recording& recording = recordings::get(name);
      const support::Told told = support::read(recording.body, piece);
      CHECK(told.reader.complete());
      const json::Value expected = json::parse(recording["expected"]);
      for (std::size_t index = 0; index < expected["message"]["content"].items.size(); ++index) {
        std::string raw;
        std::string input;
        for (const support::Piece& part : told.pieces) {
          if (part.index != index) continue;
          if (part.kind == EventKind::block) raw += part.text;
          if (part.kind == EventKind::tool_input) input += part.text;
        }
        if (raw.empty()) continue;
        json::Value block = json::parse(raw);
        if (!input.empty()) block.members["input"] = json::parse(input);
        CHECK(block == expected["message"]["content"].items[index]);
        CHECK(recording.body.find(raw) != std::string_view::npos);  // byte for byte
      }
    }
  }
}
