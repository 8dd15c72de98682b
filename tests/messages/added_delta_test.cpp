// What is added to a block in a form of its own, as a transcript wants it: citations to texts, deltas to other blocks.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>

#include "support/told.hpp"

using namespace picoclaude;

namespace {

std::string data(const std::string& json) { return "data: " + json + "\n\n"; }

const std::string start = data(R"({"type":"message_start"})");
const std::string citation = R"({"type":"char_location","cited_text":"a \u00e9 }","start":1,"x":{"y":[]}})";

std::string block(unsigned index, const std::string& type) {
  return data("{\"type\":\"content_block_start\",\"index\":" + std::to_string(index) +
      ",\"content_block\":{\"type\":\"" + type + "\"}}");
}

// All events: "delta" and its index where one begins, its bytes, and the texts.
std::string told(const std::string& stream, std::size_t size) {
  std::string out;
  const support::Told all = support::read(stream, size, [&](EventReader&, const Event& event) {
    if (event.kind == EventKind::block_delta && event.text.empty()) out += "delta" + std::to_string(event.index) + " ";
    if (event.kind == EventKind::block_delta || event.kind == EventKind::text) out += event.text;
  });
  if (all.reader.error() == Error::bad_event) out += " bad_event";
  if (all.reader.error() == Error::bad_event_order) out += " bad_event_order";
  if (all.reader.error() == Error::out_of_room) out += " out_of_room";
  return out;
}

// The same at once and in pieces, or "differs".
std::string told(const std::string& before, const std::string& event) {
  const std::string whole = told(before + event, ~std::size_t{0});
  for (const std::size_t size : {1u, 2u, 5u, 17u}) {
    if (told(before + event, size) != whole) return "differs";
  }
  return whole;
}

std::string delta(const std::string& members) { return data("{\"type\":\"content_block_delta\"," + members + "}"); }

const std::string one = start + block(0, "text");
const std::string two = one + block(1, "text");
const std::string added = R"("delta":{"type":"citations_delta","citation":)" + citation + "}";

}  // namespace

TEST_SUITE_BEGIN("messages");

TEST_CASE("added: a citation is told as it came, to the text it belongs to") {
  CHECK(told(one, delta("\"index\":0," + added)) == "delta0 " + citation);
  CHECK(told(one, delta(added + ",\"index\":0")) == "delta0 " + citation);
  CHECK(told(two, delta("\"index\":1," + added)) == "delta1 " + citation);
  CHECK(told(two, delta("\"index\":0," + added)) == "delta0 " + citation);
  CHECK(told(one, data("{" + added + ",\"index\":0,\"type\":\"content_block_delta\"}")) == "delta0 " + citation);
}

TEST_CASE("added: in front of its index it is given to nobody while several blocks are open") {
  CHECK(told(two, delta(added + ",\"index\":1")) == " out_of_room");
  CHECK(told(start, delta(added + ",\"index\":0")) == " bad_event_order");
  CHECK(told(one, delta("\"index\":5," + added)) == " bad_event_order");
  CHECK(told(two, data("{\"type\":\"ping\"," + added + "}")) == "");
  CHECK(told(two, "event: ping\n" + data("{" + added + ",\"type\":\"ping\"}")) == "");
}

TEST_CASE("added: an index behind it that is another block's is refused") {
  CHECK(told(one, delta(added + ",\"index\":1")) == "delta0 " + citation + " bad_event");
}

TEST_CASE("added: it is the whole delta, beside its type") {
  CHECK(told(one, delta(R"("index":0,"delta":{"citation":{},"text":"no"})")) == "delta0 {} bad_event");
  CHECK(told(one, delta(R"("index":0,"delta":{"text":"yes"})")) == "yes");
}

TEST_CASE("added: what is called so elsewhere is no citation") {
  CHECK(told(one, data("{\"type\":\"ping\"," + added + "}")) == "");
  CHECK(told(one, data("{" + added + ",\"type\":\"ping\"}")) == "delta0 " + citation + " bad_event");
  CHECK(told(one, delta("\"index\":0,\"citation\":" + citation)) == "");
  CHECK(told(one, delta("\"index\":0,\"x\":{\"citation\":" + citation + "}")) == "");
  CHECK(told(one, delta(R"("index":0,"delta":{"x":{"citation":{"a":1}}})")) == "");
  CHECK(told(one, delta(R"("index":0,"delta":{"quotation":{"a":1}})")) == "");
  CHECK(told(one, delta(R"("index":0,"delta":{"citation":[{"a":1}]})")) == "");
  CHECK(told(one, delta(R"("index":0,"delta":{"citation":"x"})")) == "");
}

TEST_CASE("added: nothing of a citation to what is no text, and all of what comes to an unknown block") {
  CHECK(told(start + block(0, "thinking"), delta("\"index\":0," + added)) == "");
  CHECK(told(start + block(0, "film"), delta("\"index\":0," + added)) ==
      "delta0 {\"type\":\"citations_delta\",\"citation\":" + citation + "}");
  CHECK(told(start + block(0, "film"), delta("\"delta\":{\"frame\":[1]},\"index\":0")) == "delta0 {\"frame\":[1]}");
  CHECK(told(start + block(0, "film") + block(1, "film"), delta("\"index\":1,\"delta\":{}")) == "delta1 {}");
  CHECK(told(one, delta(R"("index":0,"delta":{"frame":[1]})")) == "");
  CHECK(told(start + block(0, "film"), data(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})")) == "");
}

TEST_CASE("added: a delta without an index to the only block is told, and the block behind it is another") {
  const std::string stop = data(R"({"type":"content_block_stop","index":0})");
  CHECK(told(one + stop + block(1, "text"), delta(added + ",\"index\":1")) == "delta1 " + citation);
  CHECK(told(one + stop + block(1, "text"), delta(added + ",\"index\":0")) == "delta1 " + citation + " bad_event");
}

TEST_SUITE_END();
