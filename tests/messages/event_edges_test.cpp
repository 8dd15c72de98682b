// What may stand where in an event, and what a part of an event has told when no more of it comes.
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/told.hpp"

using namespace picoclaude;
using support::read;

namespace {

const std::string start = "data: {\"type\":\"message_start\"}\n\n";

std::string block(unsigned index) {
  return "data: {\"type\":\"content_block_start\",\"index\":" + std::to_string(index) +
      ",\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
}
std::string data(const std::string& json) { return "data: " + json + "\n\n"; }

// At once and byte by byte, which must not differ.
support::Told told(const std::string& stream) {
  support::Told pieces = read(stream, 1);
  const support::Told whole = read(stream);
  CHECK(pieces.reader.error() == whole.reader.error());
  CHECK(pieces.pieces == whole.pieces);
  return pieces;
}

Error error(const std::string& json) { return told(start + block(0) + data(json)).reader.error(); }

// In pieces that end where they are told to.
support::Told told_in(const std::vector<std::string>& pieces) {
  support::Told told;
  std::string memory(EventReader::margin, '~');
  for (const std::string& piece : pieces) memory += piece;  // one behind the other, so that nothing need be moved
  char* next = &memory[EventReader::margin];
  char* end = next;
  for (const std::string& piece : pieces) {
    end += piece.size();
    while (const Event event = told.reader.read(next, end))
      told.pieces.push_back({event.kind, event.index, std::string(event.text)});
  }
  return told;
}

}  // namespace

TEST_SUITE_BEGIN("messages");

TEST_CASE("event: members of two types in front of the type are bad_event, whichever of them comes last") {
  const std::string usage = R"("usage":{"output_tokens":1})";
  const std::string message = R"("message":{"usage":{"input_tokens":1}})";
  CHECK(read(data("{" + usage + "," + message + R"(,"type":"message_start"})")).reader.error() == Error::bad_event);
  CHECK(read(data("{" + message + "," + usage + R"(,"type":"message_delta"})")).reader.error() == Error::bad_event);
}

TEST_CASE("event: a member in front of the type commits the event to its own") {
  CHECK(error(R"({"delta":{"stop_reason":"end_turn"},"index":0,"type":"content_block_delta"})") == Error::bad_event);
  CHECK(error(R"({"delta":{"stop_details":{"category":"cyber"}},"type":"ping"})") == Error::bad_event);
  CHECK(error(R"({"error":{"details":{"error_code":"enforced_spend_limit_reached"}},"type":"ping"})") ==
      Error::bad_event);
  CHECK(error(R"({"usage":{"output_tokens":1},"type":"ping"})") == Error::bad_event);
}

TEST_CASE("event: a member that means nothing where it stands commits it to none") {
  CHECK(error(R"({"error":{"details":{"reason":"enforced_spend_limit_reached"}},"type":"ping"})") == Error::none);
  CHECK(error(R"({"error_code":"enforced_spend_limit_reached","type":"ping"})") == Error::none);
  CHECK(error(R"({"category":"cyber","stop_reason":"end_turn","type":"ping"})") == Error::none);
  CHECK(error(R"({"usage":{"other_tokens":1},"type":"ping"})") == Error::none);
  CHECK(error(R"({"message":{"stop_reason":"end_turn","stop_sequence":"x"},"type":"ping"})") == Error::none);
}

TEST_CASE("event: members of another type than the event's do nothing") {
  const support::Told ping = told(start + block(0) +
      data(R"({"type":"ping","usage":{"output_tokens":7},"delta":{"stop_reason":"end_turn","stop_sequence":"x",)"
           R"("stop_details":{"category":"cyber","explanation":"why"},"text":"no"},)"
           R"("error":{"type":"overloaded_error","message":"busy","details":{"error_code":)"
           R"("enforced_spend_limit_reached"}}})"));
  CHECK(ping.reader.error() == Error::none);
  CHECK(ping.reader.usage().output_tokens == 0);
  CHECK(ping.reader.stop_reason() == StopReason::none);
  CHECK(ping.reader.refusal() == Refusal::none);
  CHECK(ping.reader.service_error() == Error::none);
  CHECK(ping.pieces.empty());
}

TEST_CASE("event: a refusal's category stands in stop_details and nowhere else") {
  const support::Told other = told(start +
      data(R"({"type":"message_delta","delta":{"category":"cyber","x":{"category":"bio"},"stop_reason":"refusal"}})"));
  CHECK(other.reader.refusal() == Refusal::none);
  CHECK(other.reader.stop_reason() == StopReason::refusal);
}

TEST_CASE("event: an index is at most 65535, and stands once") {
  CHECK(error(R"({"type":"content_block_stop","index":65535})") == Error::bad_event_order);
  CHECK(error(R"({"type":"content_block_stop","index":65536})") == Error::bad_event);
  CHECK(error(R"({"type":"content_block_stop","index":0,"index":0})") == Error::bad_event);
  CHECK(error(R"({"type":"content_block_stop","index":-0})") == Error::bad_event);
}

TEST_CASE("event: what an unknown one calls an index may be anything") {
  for (const char* const index :
      {"-1", "1.5", "1e0", "65536", "4294967296", "0,\"index\":0", "null", "\"a\"", "[-1]"}) {
    CAPTURE(index);
    CHECK(error(R"({"type":"new_event","index":)" + std::string(index) + "}") == Error::none);
  }
}

TEST_CASE("event: no part of a block comes without its index") {
  CHECK(error(R"({"type":"content_block_stop"})") == Error::bad_event);
  CHECK(error(R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}})") == Error::bad_event);
  CHECK(error(R"({"type":"content_block_start","content_block":{"type":"text","text":""}})") == Error::bad_event);
}

TEST_CASE("event: text of a block that is not open is refused before its event is over") {
  const support::Told open = told(
      start + block(0) + R"(data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a)");
  CHECK(open.reader.error() == Error::bad_event_order);
  CHECK(open.pieces.empty());
  const support::Told none =
      told(start + R"(data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"a)");
  CHECK(none.reader.error() == Error::bad_event_order);
}

TEST_CASE("event: what was held is told with the index, and no byte is held from there on") {
  const std::string held =
      start + block(0) + block(1) + R"(data: {"type":"content_block_delta","delta":{"type":"text_delta","text":")";
  for (const char* const text : {"a", "ab", "\\u00e9"}) {
    const std::string open = held + text + "\"}";
    CHECK(told(open).pieces.empty());
    CHECK(told(open).reader.held().size != 0);
    const support::Told with_index = told(open + ",\"index\":1}");
    CHECK(with_index.joined(EventKind::text) == (text[0] == '\\' ? "\xC3\xA9" : text));
    CHECK(with_index.pieces[0].index == 1);
    CHECK(with_index.reader.held().size == 0);
  }
  const support::Told empty = told(held + "\"},\"index\":1}\n\n");
  CHECK(empty.reader.error() == Error::none);
  CHECK(empty.pieces.empty());
}

TEST_CASE("event: a start that is refused tells nothing") {
  const std::string wrong = R"({"type":"content_block_start","index":5,"content_block":{"type":"text","text":"x"}})";
  const support::Told refused = told(start + data(wrong));
  CHECK(refused.reader.error() == Error::bad_event_order);
  CHECK(refused.pieces.empty());
}

TEST_CASE("event: tokens that are no number are bad_event, and none") {
  const support::Told bad = told(start + data(R"({"type":"message_delta","usage":{"output_tokens":1.5}})"));
  CHECK(bad.reader.error() == Error::bad_event);
  CHECK(bad.reader.usage().output_tokens == 0);
}

TEST_CASE("event: what was usual for a block is not taken for one that has stopped, or that is another kind") {
  const std::string delta =
      data(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})");
  const std::string stop = data(R"({"type":"content_block_stop","index":0})");
  const support::Told stopped = told(start + block(0) + delta + delta + delta + stop + delta);
  CHECK(stopped.reader.error() == Error::bad_event_order);
  CHECK(stopped.joined(EventKind::text) == "aaa");
  const support::Told other = told(start + block(0) + delta + delta + stop + block(1) + delta);
  CHECK(other.reader.error() == Error::bad_event_order);
  CHECK(other.joined(EventKind::text) == "aa");
}

TEST_CASE("event: a line's end is a blank of an error's body, and none inside of a word") {
  const auto error_of_body = [](std::string bytes, std::size_t size) {
    EventReader reader(EventReader::Body::error);
    char* next = &bytes[0];
    for (std::size_t at = 0; at < bytes.size() && reader.error() == Error::none; at += size) {
      while (reader.read(next, &bytes[0] + at + size)) {}
    }
    return reader.error();
  };
  const std::string good = "{\"error\"\n:\r{\"type\":\"overloaded_error\"}\n}";
  CHECK(error_of_body(good, 1) == Error::none);
  CHECK(error_of_body(good, good.size()) == Error::none);
  for (const std::string body : {"{\"err\nor\":1}", "{\"a\":tr\nue}", "{\"a\":\"x\ry\"}"}) {
    CHECK(error_of_body(body, 1) == Error::bad_json);
    CHECK(error_of_body(body, body.size()) == Error::bad_json);
  }
}

TEST_CASE("event: a name that ends before its colon names nothing, and a second one counts") {
  // The name promises another type than the members in front of `type` belong to: they do nothing, and that is refused.
  CHECK(told(start + block(0) + "event: ping\n" + data(R"({"delta":{"stop_reason":"end_turn"},"type":"ping"})"))
            .reader.error() == Error::none);
  CHECK(told(start + "event: ping\n" + data(R"({"delta":{"stop_reason":"end_turn"},"type":"message_delta"})"))
            .reader.error() == Error::bad_event);
  CHECK(told(start + "event: ping\nevent: message_delta\n" +
            data(R"({"delta":{"stop_reason":"end_turn"},"type":"message_delta"})"))
            .reader.stop_reason() == StopReason::end_turn);
  CHECK(told(start + "event: message_delta_and_more\n" +
            data(R"({"delta":{"stop_reason":"end_turn"},"type":"message_delta"})"))
            .reader.error() == Error::bad_event);
}

TEST_CASE("event: a type behind the text is looked at, wherever the bytes are cut") {
  const std::string wrong = start + block(0) +
      data(R"({"type":"content_block_delta","index":0,"delta":{"text":"a","type":"thinking_delta"}})");
  for (std::size_t cut = 0; cut <= wrong.size(); ++cut) {
    CAPTURE(cut);
    CHECK(told_in({wrong.substr(0, cut), wrong.substr(cut)}).reader.error() == Error::bad_event);
  }
}

TEST_CASE("event: a name that came in a piece of its own is not dropped, and is not the next event's") {
  const std::string name = "event: content_block_delta\n";
  const std::string late = data(R"({"index":0,"delta":{"type":"text_delta","text":"a"},"type":"content_block_delta"})");
  const std::string usage =
      data(R"({"usage":{"output_tokens":5},"type":"message_delta","delta":{"stop_reason":"end_turn"}})");
  const support::Told own = told_in({start + block(0) + name + late, name, late, name, late, usage});
  CHECK(own.reader.error() == Error::none);
  CHECK(own.joined(EventKind::text) == "aaa");
  CHECK(own.reader.usage().output_tokens == 5);
  const support::Told last = told_in({start + block(0) + name + late, name, late, usage});
  CHECK(last.reader.error() == Error::none);
  CHECK(last.reader.usage().output_tokens == 5);
  // One that promises another type than the members in front of the type belong to.
  const std::string ping = "event: ping\n";
  const std::string usual =
      data(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})");
  CHECK(told_in({start + block(0) + ping + usual + ping + usual, ping, usual}).joined(EventKind::text) == "aaa");
  CHECK(told_in({start + block(0) + ping + usual + ping + usual, ping, late}).reader.error() == Error::bad_event);
  // A ping with the name of another event in between.
  const std::string odd = name +
      data(
          R"({"index":0,"delta":{"type":"text_delta","text":"a"},"content_block":{"text":"no"},"type":"content_block_delta"})");
  const support::Told named = told(
      start + block(0) + odd + odd + odd + "event: content_block_start\n" + data(R"({"type":"ping"})") + odd + odd);
  CHECK(named.reader.error() == Error::none);
  CHECK(named.joined(EventKind::text) == "aaaaa");
}

TEST_CASE("event: an empty line of data in front of it is a part of a delta") {
  const std::string delta =
      data(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})");
  const support::Told split = told(start + block(0) + delta + delta + "data: \n" + delta + delta + "data: \n" + delta +
      data(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})") + data(R"({"type":"message_stop"})"));
  CHECK(split.reader.error() == Error::none);
  CHECK(split.reader.complete());
  CHECK(split.joined(EventKind::text) == "aaaaa");
}

TEST_CASE("event: an object that goes on in a second line of data is no delta") {
  const support::Told two = told(start + block(0) + "data: {\n" +
      data(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})"));
  CHECK(two.reader.error() == Error::bad_json);
  CHECK(two.pieces.empty());
}

TEST_CASE("event: a byte order mark is one in front of the first line only") {
  const std::string mark = "\xEF\xBB\xBF";
  CHECK(told(mark + "event: message_start\n" + start + block(0)).reader.error() == Error::none);
  CHECK(told("event: message_start\n" + mark + start + block(0)).reader.error() == Error::bad_event_order);
}

TEST_CASE("event: a delta's text begins where it begins, however much stands in front of it") {
  for (std::size_t size = 0; size < 200; ++size) {
    CAPTURE(size);
    const std::string front = R"(data: {"type":"content_block_delta","index":0,"x":")" + std::string(size, 'x') +
        R"(","delta":{"type":"text_delta","text":                    )";
    const support::Told told =
        read(start + block(0) + front + "\"a\"}}\n\n" + front + "\"b\"}}\n\n" + front + "\"c\"}}\n\n");
    CHECK(told.reader.error() == Error::none);
    CHECK(told.joined(EventKind::text) == "abc");
  }
}

TEST_CASE("event: of text that is wrong and stands in front of its index nothing is told while two blocks are open") {
  const support::Told wrong = told(start + block(0) + block(1) +
      data(R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"ab\q"},"index":0})"));
  CHECK(wrong.reader.error() == Error::bad_json);
  CHECK(wrong.pieces.empty());
}

TEST_CASE("event: the text that a block starts with is its own") {
  const auto starting = [](unsigned index, const std::string& text) {
    return data(R"({"type":"content_block_start","index":)" + std::to_string(index) +
        R"(,"content_block":{"type":"text","text":")" + text + "\"}}");
  };
  const support::Told two = told(start + starting(0, "a") + starting(1, "b"));
  CHECK(two.reader.error() == Error::none);
  REQUIRE(two.pieces.size() == 2);
  CHECK(two.pieces[0].text == "a");
  CHECK(two.pieces[1].text == "b");
  CHECK(two.reader.held().size == 0);
}

#if !PICOCLAUDE_ENABLE_THINKING
TEST_CASE("event: without thinking nothing was only thought") {
  CHECK_FALSE(
      told(start + data(R"({"type":"message_delta","delta":{"stop_reason":"max_tokens"}})")).reader.only_thought());
}
#endif

TEST_SUITE_END();
