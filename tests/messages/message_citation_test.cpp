// Citations of messages that were not streamed: the same events, wherever they stand in their block.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_MESSAGE_READER 1
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 1
#define PICOCLAUDE_ENABLE_CACHING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/fed.hpp"
#include "support/recordings.hpp"

using namespace picoclaude;

namespace {

struct Read {
  std::string said;  // in the order of the events
  std::string container;
  Error error = Error::none;
  EventReader reader;
};

Read read(std::string_view body, std::size_t size) {
  Read read;
  read.reader.expect_message();
  Container container;
  support::feed_to(read.reader, body, size, [&](const Event& event) {
    container.take(event);
    if (event.kind == EventKind::container) CHECK(event.index == 0);
    const std::string text(event.text);
    const Citation& citation = read.reader.citation();
    if (event.kind == EventKind::text) read.said += text;
    if (event.kind == EventKind::citation) read.said += "[" + text + "]";
    if (event.kind == EventKind::citation_title) read.said += "(" + text + ")";
    if (event.kind == EventKind::citation_source) read.said += "<" + text + ">";
    if (event.kind == EventKind::citation_end) {
      read.said += std::to_string(event.index) + ":" + std::to_string(static_cast<unsigned>(citation.kind)) + "," +
          std::to_string(citation.index) + "," + std::to_string(citation.start) + "-" + std::to_string(citation.end) +
          ";";
    }
    if (event.kind == EventKind::block_end) read.said += "|";
  });
  read.reader.end_message();
  read.error = read.reader.error();
  read.container = container.id();
  return read;
}

// Without the borders of fragments.
std::string joined(std::string text) {
  for (const char* const border : {"][", ")(", "><"}) {
    for (std::size_t at = text.find(border); at != std::string::npos; at = text.find(border)) text.erase(at, 2);
  }
  return text;
}

const std::string citations =
    R"("citations":[{"type":"char_location","cited_text":"a\u00fc]}b","document_index":1,"document_title":"T\n",)"
    R"("start_char_index":2,"end_char_index":9,"file_id":null},{"source":"kb://1","title":"KB","type":)"
    R"("search_result_location","search_result_index":3,"start_block_index":0,"end_block_index":1,"cited_text":"x"}])";
const std::string told = "[a\xC3\xBC]}b](T\n)0:1,1,2-9;<kb://1>(KB)[x]0:5,3,0-1;";

std::string message(const std::string& block) {
  return R"({"content":[)" + block + R"(,{"type":"text","text":"."}],"stop_reason":"end_turn"})";
}

}  // namespace

TEST_CASE("message: citations are told behind the text, or in front of it, as they stand") {
  for (std::size_t size = 1; size < 400; size += size < 60 ? 1 : 71) {
    CAPTURE(size);
    CHECK(joined(read(message(R"({"type":"text","text":"Hi",)" + citations + "}"), size).said) == "Hi" + told + "|.|");
    CHECK(joined(read(message(R"({"type":"text",)" + citations + R"(,"text":"Hi"})"), size).said) == told + "Hi|.|");
  }
}

TEST_CASE("message: citations that come before their block's type are held until it is told") {
  for (std::size_t size = 1; size < 400; size += size < 60 ? 1 : 71) {
    CAPTURE(size);
    for (const std::string& block :
        {"{" + citations + R"(,"type":"text","text":"Hi"})", "{ " + citations + R"( , "type":"text" ,"text":"Hi"})"}) {
      CHECK(joined(read(message(block), size).said) == told + "Hi|.|");
    }
    for (const std::string& block :
        {"{" + citations + R"(,"text":"Hi","type":"text"})", R"({"text":"Hi",)" + citations + R"(,"type":"text"})"}) {
      CHECK(joined(read(message(block), size).said) == "Hi" + told + "|.|");
    }
  }
}

TEST_CASE("message: an empty list of citations, null, and those of no text say nothing") {
  for (const char* const block :
      {R"({"citations":[],"type":"text","text":"Hi"})", R"({"citations":null,"type":"text","text":"Hi"})",
          R"({"type":"text","text":"Hi","citations":[]})", R"({"type":"text","citations":{"type":"x"},"text":"Hi"})"}) {
    CAPTURE(block);
    const Read seen = read(message(block), 5);
    CHECK(seen.error == Error::none);
    CHECK(joined(seen.said) == "Hi|.|");
  }
  const Read other = read(message("{" + citations + R"(,"type":"film","text":"no"})"), 5);
  CHECK(other.error == Error::none);
  CHECK(joined(other.said) == "|.|");
}

TEST_CASE("message: those of thinking say nothing where nobody wants that") {
  CHECK(joined(read(message(R"({"type":"thinking","thinking":"no",)" + citations + "}"), 5).said) == ".|");
}

TEST_CASE("message: what is called citations elsewhere is none") {
  const std::string cited = R"([{"type":"char_location","cited_text":"no"}])";
  for (const std::string& block : {R"({"type":"text","text":"Hi","x":{"citations":)" + cited + "}}",
           R"({"type":"text","text":"Hi","x":)" + cited + "}",
           R"({"type":"text","text":"Hi","citations":[)" + cited + "]}",
           R"({"type":"text","text":"Hi","citations":{"x":)" + cited + "}}",
           std::string(R"({"type":"text","text":"Hi","citations":{"x":{"type":"char_location","cited_text":"no"}}})"),
           std::string(
               R"({"type":"text","text":"Hi","x":{"citations":[],"y":{"type":"char_location","cited_text":"no"}}})"),
           R"({"x":{"citations":)" + cited + R"(},"type":"text","text":"Hi"})",
           R"({"x":)" + cited + R"(,"type":"text","text":"Hi"})",
           R"({"citations":[)" + cited + R"(],"type":"text","text":"Hi"})"}) {
    CAPTURE(block);
    for (const std::size_t size : {1u, 5u, 1000u}) {
      const Read seen = read(message(block), size);
      CHECK(seen.error == Error::none);
      CHECK(joined(seen.said) == "Hi|.|");
    }
  }
}

TEST_CASE("message: of a list of citations only its objects are some, and a list elsewhere is none") {
  for (const std::size_t size : {1u, 5u, 1000u}) {
    CHECK(joined(read(
              message(R"({"type":"text","text":"Hi","citations":[{"type":"char_location","cited_text":"a"},["no"]]})"),
              size)
                     .said) == "Hi[a]0:1,0,0-0;|.|");
    const Read usage = read(R"({"content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn",)"
                            R"("usage":{"x":{"citations":[{"type":"char_location","cited_text":"no"}]}}})",
        size);
    CHECK(usage.error == Error::none);
    CHECK(joined(usage.said) == "Hi|");
  }
}

TEST_CASE("message: nothing is held behind a block's type when nothing of it came before") {
  Read seen;
  seen.reader.expect_message();
  support::feed_to(seen.reader, R"({"content":[{"x":"1","type":"text",)", 1000, [](const Event&) {});
  CHECK(seen.reader.error() == Error::none);
  CHECK(seen.reader.held().size == 0);
}

TEST_CASE("message: what is cited by a recorded one is told") {
  const Read seen = read(recordings::get("messages/web_search_citations.json").body, 7);
  CHECK(seen.error == Error::none);
  CHECK(seen.said.find(":4,0,0-0;") != std::string::npos);
}

TEST_CASE("message: its container, its id and why its prefix was missed are told") {
  const std::string body =
      R"({"diagnostics":{"cache_miss_reason":{"type":"tools_changed","cache_missed_input_tokens":812}},)"
      R"("container":{"id":"container_011CPR5CNjB747bTd36fQLFk","expires_at":"2026-11-21T12:00:00Z","skills":[{"id":"x"}]},)"
      R"("id":"msg_01Fx","content":[],"stop_reason":"end_turn","usage":{"input_tokens":3,"cache_creation":)"
      R"({"ephemeral_1h_input_tokens":5}}})";
  for (const std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
    const Read seen = read(body, size);
    CHECK(seen.error == Error::none);
    CHECK(seen.container == "container_011CPR5CNjB747bTd36fQLFk");
    CHECK(seen.reader.cache_report().message_id.text() == "msg_01Fx");
    CHECK(seen.reader.cache_report().miss_reason.text() == "tools_changed");
    CHECK(seen.reader.cache_report().missed_input_tokens == 812);
    CHECK(seen.reader.usage().ephemeral_1h_input_tokens == 5);
  }
  CHECK(read(R"({"container":null,"content":[],"stop_reason":"end_turn"})", 4).container.empty());
}
