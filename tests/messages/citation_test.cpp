#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/json_value.hpp"
#include "support/recordings.hpp"
#include "support/told.hpp"

using namespace picoclaude;

namespace {

const std::size_t pieces[] = {1, 2, 3, 7, 50, ~std::size_t{0}};

// What the events of an answer say of its citations: "index kind of start-end [text] (title) <source>" each.
std::string citations_of(std::string_view body, std::size_t piece) {
  std::string list;
  std::string text;
  std::string title;
  std::string source;
  const support::Told told = support::read(body, piece, [&](const EventReader& reader, const Event& event) {
    if (event.kind == EventKind::citation) text += event.text;
    if (event.kind == EventKind::citation_title) title += event.text;
    if (event.kind == EventKind::citation_source) source += event.text;
    if (event.kind != EventKind::citation_end) return;
    const Citation& citation = reader.citation();
    const char* kinds[] = {"other", "char", "page", "block", "web", "search"};
    list += std::to_string(event.index) + " " + kinds[static_cast<unsigned>(citation.kind)] + " of " +
        std::to_string(citation.index) + " " + std::to_string(citation.start) + "-" + std::to_string(citation.end) +
        " [" + text + "] (" + title + ") <" + source + ">\n";
    text.clear();
    title.clear();
    source.clear();
  });
  CHECK(told.reader.error() == Error::none);
  CHECK(told.reader.complete());
  return list + told.joined(EventKind::text);
}

// One text block that is open; then these events; then its end.
std::string answer(const std::string& events) {
  return "data: {\"type\":\"message_start\",\"message\":{}}\n\n"
         "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n" +
      events +
      "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
      "data: {\"type\":\"message_stop\"}\n\n";
}

Error error_of(const std::string& events) { return support::read(answer(events)).reader.error(); }

}  // namespace

TEST_CASE("citation: every kind of the recorded answers") {
  for (const std::size_t piece : pieces) {
    CAPTURE(piece);
    CHECK(citations_of(recordings::get("streams/23_citation_char.sse").body, piece) ==
        "0 char of 0 0-20 [The grass is green.] (Field notes) <>\n"
        "The grass is green and nothing else.");
    CHECK(citations_of(recordings::get("streams/26_citation_search_result.sse").body, piece) ==
        "0 search of 0 0-1 [Reset the pump.] (Pump FAQ) <kb://pump/7>\n"
        "Reset the pump first.");
  }
}

TEST_CASE("citation: what is told is what was expected, of every recorded answer") {
  for (const char* name :
      {"streams/23_citation_char.sse", "streams/24_citation_page.sse", "streams/25_citation_content_block.sse",
          "streams/26_citation_search_result.sse", "streams/27_web_search.sse"}) {
    const recordings::Recording& recording = recordings::get(name);
    const json::Value expected = json::parse(recording["expected"]);
    std::string list;
    std::string text;
    for (std::size_t index = 0; index < expected["message"]["content"].items.size(); ++index) {
      const json::Value& block = expected["message"]["content"].items[index];
      text += block["text"].text;
      for (const json::Value& citation : block["citations"].items) {
        const std::string type = citation["type"].text;
        const auto number = [&](const char* member) {
          return citation.has(member) ? std::to_string(citation[member].number()) : std::string();
        };
        const auto either = [](const std::string& one, const std::string& other, const std::string& third = "0") {
          return !one.empty() ? one : !other.empty() ? other : third;
        };
        list += std::to_string(index) + " " +
            (type == "char_location"                       ? "char"
                    : type == "page_location"              ? "page"
                    : type == "content_block_location"     ? "block"
                    : type == "web_search_result_location" ? "web"
                                                           : "search") +
            " of " + either(number("document_index"), number("search_result_index")) + " " +
            either(number("start_char_index"), number("start_page_number"), either(number("start_block_index"), "0")) +
            "-" + either(number("end_char_index"), number("end_page_number"), either(number("end_block_index"), "0")) +
            " [" + citation["cited_text"].text + "] (" + citation["document_title"].text + citation["title"].text +
            ") <" + citation["url"].text + citation["source"].text + ">\n";
      }
    }
    CHECK(list.find('[') != std::string::npos);
    for (const std::size_t piece : pieces) {
      CAPTURE(name);
      CAPTURE(piece);
      CHECK(citations_of(recording.body, piece) == list + text);
    }
  }
}

TEST_CASE("citation: members in any order, unknown ones, nulls and a kind from the future") {
  for (const std::size_t piece : pieces) {
    CHECK(citations_of(
              answer(R"(data: {"delta":{"citation":{"end_char_index":7,"new":{"title":"no"},"cited_text":"a\u00fcb",)"
                     R"("document_title":null,"type":"char_location","document_index":2,"start_char_index":3},)"
                     R"("type":"citations_delta"},"index":0,"type":"content_block_delta"})"
                     "\n\n"),
              piece) ==
        "0 char of 2 3-7 [a\xC3\xBC"
        "b] () <>\n");
    CHECK(citations_of(answer(R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"citations_delta",)"
                              R"("citation":{"type":"verse_location","cited_text":"x","verse":9}}})"
                              "\n\n"),
              piece) == "0 other of 0 0-0 [x] () <>\n");
  }
}

TEST_CASE("citation: a place that is no integer is not told") {
  CHECK(citations_of(answer(R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"citations_delta",)"
                            R"("citation":{"type":"char_location","cited_text":"x","document_index":-1,)"
                            R"("start_char_index":1.5,"end_char_index":4294967296}}})"
                            "\n\n"),
            1000) == "0 char of 0 0-0 [x] () <>\n");
}

TEST_CASE("citation: what cannot be is an error, what belongs to no text is skipped") {
  const std::string delta =
      R"("delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"x"}}})";
  CHECK(error_of("data: {\"type\":\"content_block_delta\",\"index\":0," + delta + "\n\n") == Error::none);
  CHECK(error_of("data: {\"type\":\"content_block_delta\",\"index\":1," + delta + "\n\n") == Error::bad_event_order);
  CHECK(error_of(R"(data: {"delta":{"citation":{}},"index":1,"type":"content_block_delta"})"
                 "\n\n") == Error::bad_event);
  CHECK(error_of(R"(data: {"type":"content_block_delta","index":0,"delta":{"citation":{},"text":"x"}})"
                 "\n\n") == Error::bad_event);
  CHECK(error_of(R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","citation":{}}})"
                 "\n\n") == Error::bad_event);
  const std::string two =
      R"(data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"b"}})"
      "\n\n";
  CHECK(error_of(two + "data: {\"type\":\"content_block_delta\",\"index\":1," + delta + "\n\n") == Error::none);
  CHECK(error_of(two +
            R"(data: {"delta":{"citation":{}},"index":2,"type":"content_block_delta"})"
            "\n\n") == Error::bad_event_order);
  CHECK(error_of(two +
            R"(data: {"delta":{"citation":{},"citation":{}},"index":0,"type":"content_block_delta"})"
            "\n\n") == Error::bad_event_order);
  CHECK(error_of(two +
            R"(data: {"delta":{"citation":{},"text":"x"},"index":0,"type":"content_block_delta"})"
            "\n\n") == Error::bad_event);
  CHECK(support::read(answer(two + "data: {\"type\":\"content_block_delta\",\"index\":1," + delta + "\n\n"))
            .count(EventKind::citation_end) == 0);
}

TEST_CASE("citation: each begins anew, and takes only whole numbers of its own") {
  const auto cited = [](const std::string& members) {
    return R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{)" + members +
        "}}}\n\n";
  };
  const std::string full =
      cited(R"("type":"char_location","cited_text":"x","document_index":2,"start_char_index":3,"end_char_index":7)");
  for (const std::size_t piece : pieces) {
    CHECK(citations_of(answer(full + cited(R"("type":"char_location","cited_text":"y")")), piece) ==
        "0 char of 2 3-7 [x] () <>\n0 char of 0 0-0 [y] () <>\n");
    CHECK(citations_of(answer(cited(R"("start_char_index":1.5,"end_char_index":-1,"cited_text":"z")")), piece) ==
        "0 other of 0 0-0 [z] () <>\n");
    CHECK(citations_of(answer(cited(R"("x":{"start_char_index":9,"cited_text":"no"},"cited_text":"z")")), piece) ==
        "0 other of 0 0-0 [z] () <>\n");
    CHECK(citations_of(answer(cited(R"("x":[{"y":{}},{}],"cited_text":"z","start_char_index":4)")), piece) ==
        "0 other of 0 4-0 [z] () <>\n");
  }
}

TEST_CASE("citation: what belongs to no text leaves the one before it, and of two places the whole one counts") {
  const std::string call =
      R"(data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"b"}})"
      "\n\n";
  const auto cited = [](const std::string& index, const std::string& members) {
    return R"(data: {"type":"content_block_delta","index":)" + index +
        R"(,"delta":{"type":"citations_delta","citation":{)" + members + "}}}\n\n";
  };
  for (const std::size_t piece : pieces) {
    const support::Told told = support::read(answer(call + cited("0", R"("document_index":2,"start_char_index":3)") +
                                                 cited("1", R"("document_index":9,"start_char_index":9)")),
        piece);
    CHECK(told.reader.citation().index == 2);
    CHECK(told.reader.citation().start == 3);
    CHECK(citations_of(answer(cited("0", R"("start_char_index":3,"start_char_index":1.5)")), piece) ==
        "0 other of 0 3-0 [] () <>\n");
  }
}

TEST_CASE("citation: each is told, although what stands behind it is named like a delta of text") {
  const std::string cited =
      R"(data: {"type":"content_block_delta","index":0,"delta":{"citation":{"cited_text":"x"},"text_delta":"y"}})"
      "\n\n";
  for (const std::size_t piece : pieces)
    CHECK(citations_of(answer(cited + cited + cited), piece) ==
        "0 other of 0 0-0 [x] () <>\n0 other of 0 0-0 [x] () <>\n0 other of 0 0-0 [x] () <>\n");
}

TEST_CASE("citation: to a block that is not open it is refused before it is over") {
  const std::string begin = "data: {\"type\":\"message_start\",\"message\":{}}\n\n";
  const std::string block = R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text"}})"
                            "\n\n";
  const std::string second = R"(data: {"type":"content_block_start","index":1,"content_block":{"type":"text"}})"
                             "\n\n";
  const std::string open = R"("delta":{"type":"citations_delta","citation":{"cited_text":"x)";
  const std::string delta = R"(data: {"type":"content_block_delta",)";
  for (const std::size_t piece : pieces) {
    const support::Told none = support::read(begin + delta + open, piece);
    CHECK(none.reader.error() == Error::bad_event_order);
    CHECK(none.reader.held().size == 0);
    CHECK(
        support::read(begin + block + delta + R"("index":1,)" + open, piece).reader.error() == Error::bad_event_order);
    const support::Told other = support::read(begin + block + second + delta + R"("index":2,)" + open, piece);
    CHECK(other.reader.error() == Error::bad_event_order);
    CHECK(other.reader.held().size == 0);
    // What has an index is never held, and what was held is gone with its index.
    CHECK(support::read(begin + block + second + delta + R"("index":1,)" + open, piece).reader.held().size == 0);
    CHECK(support::read(begin + block + delta + open, piece).reader.held().size == 0);
    CHECK(support::read(begin + block + second + delta + open, piece).reader.held().size != 0);
    const support::Told done = support::read(begin + block + second + delta + open + R"("}},"index":1,)", piece);
    CHECK(done.reader.error() == Error::none);
    CHECK(done.reader.held().size == 0);
    CHECK(done.joined(EventKind::citation) == "x");
    CHECK(support::read(begin + block + second + delta + open + R"("},"citation":{"cited_text":"y"}},"index":1)", piece)
              .reader.error() == Error::bad_event_order);
  }
}

TEST_CASE("citation: beside text or behind another type it is bad_event at once") {
  const std::string open = answer("").substr(0, answer("").find("data: {\"type\":\"message_delta\""));
  for (const char* const delta : {R"({"text":"x","citation":{)", R"({"type":"text_delta","citation":{)",
           R"({"type":"thinking_delta","citation":{)"}) {
    const support::Told told =
        support::read(open + R"(data: {"type":"content_block_delta","index":0,"delta":)" + delta, 3);
    CHECK(told.reader.error() == Error::bad_event);
  }
}

TEST_CASE("citation: one that comes before its index is held while several blocks are open") {
  const std::string two = R"(data: {"type":"content_block_start","index":1,"content_block":{"type":"text"}})"
                          "\n\n";
  const std::string citation =
      R"({"end_char_index":7,"new":[{"title":"n\u006f"}],"cited_text":"a\u00fcb","title":null,)"
      R"("document_title":"T","type":"char_location","document_index":2,"start_char_index":3})";
  for (const char* const index : {"0", "1"}) {
    for (const std::string& delta : {R"({"type":"citations_delta","citation":)" + citation + "}",
             R"({"citation":)" + citation + R"(,"type":"citations_delta"})"}) {
      const std::string held = two + R"(data: {"delta":)" + delta + R"(, "x":{"y":{}}, "index": )" + index +
          R"( ,"type":"content_block_delta"})"
          "\n\n";
      for (std::size_t piece = 1; piece < 70; ++piece) {
        CHECK(citations_of(answer(held +
                               R"(data: {"type":"content_block_delta","index":1,"delta":{"text":"!"}})"
                               "\n\n"),
                  piece) ==
            index +
                std::string(" char of 2 3-7 [a\xC3\xBC"
                            "b] (T) <>\n!"));
      }
    }
  }
}
