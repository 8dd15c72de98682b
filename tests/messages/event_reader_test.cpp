#include "picoclaude/messages/event_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "picoclaude/base/error_name.hpp"

using namespace picoclaude;

namespace {

const std::string start =
    "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n";
const std::string text_block =
    "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
const std::string second_block =
    "data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
const std::string end =
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9}}\n\ndata: {\"type\":\"message_stop\"}\n\n";

std::string data(const std::string& json) { return "data: " + json + "\n\n"; }

struct Told {
  std::string events;  // texts as they are, in one piece for each block; | for what is no text
  Error error = Error::none;
  bool complete = false;
  StopReason stop_reason = StopReason::none;
  Usage usage;
  Refusal refusal = Refusal::none;
  Error service_error = Error::none;
};

Told read_in(const std::string& bytes, std::size_t size, EventReader reader = EventReader()) {
  // Text that is held stands in front of the bytes to come, as in a client's workspace.
  Told told;
  std::vector<char> room(bytes.size() * 2 + 64);
  int last = -1;
  for (std::size_t at = 0; at < bytes.size() && reader.error() == Error::none && !reader.complete();) {
    char* base = room.data();
    const Room held = reader.held();
    if (held.size != 0) {
      std::memmove(base, held.data, held.size);
      reader.held_moved(base);
      base += held.size;
    }
    base += EventReader::margin;
    const std::size_t some = bytes.copy(base, size, at);
    at += some;
    char* next = base;
    while (const Event event = reader.read(next, base + some)) {
      const int now = static_cast<int>(event.kind) * 100 + event.index;
      switch (event.kind) {
        case EventKind::text:
          if (now != last) told.events += std::to_string(event.index) + ":";
          told.events += event.text;
          break;
        case EventKind::block_end: told.events += "]" + std::to_string(event.index) + " "; break;
        case EventKind::stop_sequence: told.events += (now != last ? "stop:" : "") + std::string(event.text); break;
        case EventKind::explanation: told.events += (now != last ? "why:" : "") + std::string(event.text); break;
        case EventKind::error_text: told.events += (now != last ? "error:" : "") + std::string(event.text); break;
        case EventKind::end: told.events += "end"; break;
        default: told.events += "?"; break;
      }
      last = now;
    }
  }
  told.error = reader.error();
  told.complete = reader.complete();
  told.stop_reason = reader.stop_reason();
  told.usage = reader.usage();
  told.refusal = reader.refusal();
  told.service_error = reader.service_error();
  return told;
}

// The same at once and in pieces of every size up to 9.
Told read(const std::string& bytes, EventReader reader = EventReader()) {
  const Told whole = read_in(bytes, bytes.size(), reader);
  for (std::size_t size = 1; size < 10; ++size) {
    const Told pieces = read_in(bytes, size, reader);
    CHECK(pieces.events == whole.events);
    CHECK(pieces.error == whole.error);
    CHECK(pieces.complete == whole.complete);
    CHECK(pieces.stop_reason == whole.stop_reason);
  }
  return whole;
}

Told error_body(const std::string& bytes) { return read(bytes, EventReader(EventReader::Body::error)); }

std::string told(const std::string& bytes) {
  const Told result = read(bytes);
  return result.error == Error::none ? result.events : result.events + "!" + std::string(name(result.error));
}

}  // namespace

TEST_SUITE_BEGIN("messages");

TEST_CASE("event reader: a text answer") {
  const Told answer = read(start + text_block +
      data(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}})") +
      data(R"({"type":"content_block_stop","index":0})") + end);
  CHECK(answer.events == "0:Hi]0 end");
  CHECK(answer.complete);
  CHECK(answer.error == Error::none);
  CHECK(answer.stop_reason == StopReason::end_turn);
  CHECK(answer.usage.input_tokens == 5);
  CHECK(answer.usage.output_tokens == 9);
}

TEST_CASE("event reader: members in any order") {
  const char* const deltas[] = {
      R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}})",
      R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"x"},"index":0})",
      R"({"index":0,"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}})",
      R"({"index":0,"delta":{"type":"text_delta","text":"x"},"type":"content_block_delta"})",
      R"({"delta":{"type":"text_delta","text":"x"},"type":"content_block_delta","index":0})",
      R"({"delta":{"text":"x","type":"text_delta"},"index":0,"type":"content_block_delta"})",
      R"({"delta":{"text":"x"},"index":0,"type":"content_block_delta"})",
      R"({"other":[{"text":"no","index":7}],"delta":{"more":{"text":"no"},"text":"x","type":"text_delta"},"index":0,"type":"content_block_delta","index2":5})",
  };
  for (const char* delta : deltas) {
    CAPTURE(std::string(delta));
    CHECK(told(start + text_block + data(delta) + end) == "0:xend");
    CHECK(told(start + text_block + "event: content_block_delta\n" + data(delta) + end) == "0:xend");
  }
  CHECK(
      told(start + data(R"({"content_block":{"text":"first","type":"text"},"index":0,"type":"content_block_start"})") +
          end) == "0:firstend");
  CHECK(
      told(start + data(R"({"index":0,"content_block":{"type":"text","text":"first"},"type":"content_block_start"})") +
          end) == "0:firstend");
  const Told last = read(start +
      data(R"({"usage":{"output_tokens":4},"delta":{"stop_reason":"max_tokens"},"type":"message_delta"})") +
      data(R"({"type":"message_stop"})"));
  CHECK(last.complete);
  CHECK(last.stop_reason == StopReason::max_tokens);
  CHECK(last.usage.output_tokens == 4);
}

TEST_CASE("event reader: a delta's kind comes from its payload's name, and a type that disagrees is an error") {
  const auto delta = [](const std::string& inner) {
    return start + text_block + data(R"({"type":"content_block_delta","index":0,"delta":)" + inner + "}") + end;
  };
  CHECK(told(delta(R"({"text":"x"})")) == "0:xend");
  CHECK(told(delta(R"({"type":"thinking_delta","text":"x"})")) == "!bad_event");
  CHECK(told(delta(R"({"text":"x","type":"thinking_delta"})")) == "0:x!bad_event");
  CHECK(told(delta(R"({"type":"text_delta","thinking":"x"})")) == "!bad_event");
  CHECK(told(delta(R"({"text":"x","text":"y"})")) == "0:x!bad_event");
  CHECK(told(delta(R"({"text":"x","thinking":"y"})")) == "0:x!bad_event");
  CHECK(told(delta(R"({"type":"new_delta","text":"x"})")) == "end");
  CHECK(told(delta(R"({"thinking":"x"})")) == "end");
  CHECK(told(delta(R"({"type":"input_json_delta","partial_json":"{"})")) == "end");
  CHECK(told(delta(R"({"text":5})")) == "end");
  CHECK(told(delta(R"({"text":null,"type":"text_delta"})")) == "end");
  CHECK(told(delta(R"({})")) == "end");
  CHECK(told(delta(R"("text")")) == "end");
}

TEST_CASE("event reader: a payload before its index belongs to the only open block, and is checked") {
  CHECK(told(start + text_block + data(R"({"type":"content_block_delta","delta":{"text":"x"},"index":0})") + end) ==
      "0:xend");
  CHECK(told(start + text_block + data(R"({"type":"content_block_delta","delta":{"text":"x"},"index":1})") + end) ==
      "0:x!bad_event");
  CHECK(told(start + text_block + data(R"({"type":"content_block_delta","delta":{"text":"x"}})") + end) ==
      "0:x!bad_event");
}

TEST_CASE("event reader: with two open blocks it is held until its index comes") {
  const std::string two = start + text_block + second_block;
  CHECK(told(two + data(R"({"type":"content_block_delta","delta":{"text":"one \n \u20AC"},"index":1})") +
            data(R"({"type":"content_block_delta","delta":{"text":"zero"},"index":0})") + end) ==
      "1:one \n \xE2\x82\xAC"
      "0:zeroend");
  CHECK(
      told(two + data(R"({"type":"content_block_delta","delta":{"text":"x"},"index":2})") + end) == "!bad_event_order");
  CHECK(told(two + data(R"({"type":"content_block_delta","delta":{"text":"x"}})") + end) == "!bad_event");
  // A code point of four bytes, at every cut.
  CHECK(
      told(two +
          data(
              "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"\xF0\x9F\x9A\x80\\uD83D\\uDE80\"},\"index\":1}") +
          end) ==
      "1:\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80"
      "end");
}

TEST_CASE("event reader: deltas of open blocks interleave") {
  CHECK(told(start + text_block + data(R"({"type":"content_block_delta","index":0,"delta":{"text":"a"}})") +
            second_block + data(R"({"type":"content_block_delta","index":1,"delta":{"text":"b"}})") +
            data(R"({"type":"content_block_delta","index":0,"delta":{"text":"c"}})") +
            data(R"({"type":"content_block_stop","index":0})") +
            data(R"({"type":"content_block_delta","index":1,"delta":{"text":"d"}})") +
            data(R"({"type":"content_block_stop","index":1})") + end) == "0:a1:b0:c]0 1:d]1 end");
}

TEST_CASE("event reader: equal beginnings of deltas change nothing, in any order of members") {
  const std::string open = start + text_block;
  for (const std::string text : {R"(x)", R"(\u00e9)", ""}) {
    for (const std::string& delta :
        {R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":")" + text + R"("}})",
            R"({"type":"content_block_delta","delta":{"type":"text_delta","text":")" + text + R"("},"index":0})",
            R"({"index":0,"delta":{"text":")" + text + R"("},"type":"content_block_delta"})"}) {
      const std::string once = text == "x" ? "x" : text.empty() ? "" : "\xC3\xA9";
      CHECK(told(open + data(delta) + data(delta) + data(delta) + end) ==
          (once.empty() ? "end" : "0:" + once + once + once + "end"));
    }
  }
}

TEST_CASE("event reader: what is bad in a text behind a beginning that was seen before is refused") {
  const std::string open = start + text_block;
  const auto delta = [](const std::string& text) {
    return data(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":")" + text + "\"}}");
  };
  CHECK(told(open + delta("x") + delta("x") + delta("\\q")) == "0:xx!bad_json");
  CHECK(told(open + delta("x") + delta("x") + delta("\xFFy")) == "0:xx!bad_utf8");
  CHECK(told(open + delta("x") + delta("\\udc00")) == "0:x!bad_utf8");
  // The same behind a delta whose index comes last.
  const std::string last = data(R"({"delta":{"type":"text_delta","text":"x"},"index":0,"type":"content_block_delta"})");
  CHECK(told(open + last + last + delta("\\q")) == "0:xx!bad_json");
  CHECK(told(open + last + last + delta("y\\n\\q")) == "0:xxy\n!bad_json");
  CHECK(told(open + last + last + delta("\\n") + end) == "0:xx\nend");
  CHECK(told(open + last + last +
            data(R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"\n"}})") +
            last + end) == "0:xxxend");
  CHECK(told(open + second_block +
            data(R"({"index":0,"delta":{"type":"text_delta","text":"x"},"type":"content_block_delta"})") +
            data(R"({"index":0,"delta":{"type":"text_delta","text":"x"},"type":"content_block_delta"})") +
            delta("\\n") + end) == "0:xx\nend");
}

TEST_CASE("event reader: a string that is only called as the payload is not told, however often it comes") {
  for (const char* const more : {R"("text":"b")", R"("more":{"text":"b"})", R"("more":[{"text":"b"}])"}) {
    CAPTURE(std::string(more));
    const std::string delta =
        data(R"({"type":"content_block_delta","delta":{"text":"a"},"index":0,)" + std::string(more) + "}");
    CHECK(told(start + text_block + second_block + delta + delta + delta + end) == "0:aaaend");
  }
  const std::string twice =
      data(R"({"type":"content_block_delta","delta":{"text":"a"},"index":0,"delta":{"text":"b"}})");
  CHECK(told(start + text_block + second_block + twice) == "0:a!bad_event");
}

#if !PICOCLAUDE_CITATIONS && !PICOCLAUDE_ENABLE_THINKING && !PICOCLAUDE_ENABLE_CACHING
TEST_CASE("event reader: parts that are off tell nothing") {
  const EventReader reader;
  CHECK(reader.citation().kind == Citation::Kind::other);
  CHECK(!reader.only_thought());
  CHECK(reader.cache_report().message_id.text().empty());
  CHECK(reader.cache_report().missed_input_tokens == 0);
}
#endif

TEST_CASE("event reader: unknown events, members, blocks, deltas and reasons are skipped") {
  CHECK(
      told(start +
          data(
              R"({"type":"new_event","index":5,"delta":{"text":"no","stop_reason":"no"},"usage":{"output_tokens":1}})") +
          data(
              R"({"type":"content_block_start","index":0,"content_block":{"type":"hologram","text":"no","data":[1,2,{}]}})") +
          data(R"({"type":"content_block_delta","index":0,"delta":{"type":"hologram_delta","text":"no"}})") +
          data(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"no"}})") +
          data(R"({"type":"content_block_stop","index":0})") + "event: other\ndata: [1]\n\n" + "event: nothing\n\n" +
          data("7") + data("null") + end) == "end");
  const Told answer = read(start + data(R"({"type":"message_delta","delta":{"stop_reason":"quota_borrowed"}})") +
      data(R"({"type":"message_stop"})"));
  CHECK(answer.complete);
  CHECK(answer.stop_reason == StopReason::other);
}

TEST_CASE("event reader: a member that stands elsewhere does nothing") {
  CHECK(
      told(start + text_block +
          data(
              R"({"type":"content_block_delta","index":0,"delta":{"deeper":{"text":"no"},"list":[{"text":"no"}]},"text":"no"})") +
          end) == "end");
  CHECK(told(start +
            data(R"({"type":"message_delta","delta":{"deep":{"stop_reason":"refusal"}},"stop_reason":"refusal"})") +
            data(R"({"type":"message_stop"})")) == "!bad_event_order");
  const Told usage = read(start +
      data(
          R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9,"iterations":[{"output_tokens":77}],"x":{"output_tokens":78}}})") +
      data(R"({"type":"message_stop"})"));
  CHECK(usage.usage.output_tokens == 9);
}

TEST_CASE("event reader: text in a member of an event that is no start of a block is not lost to the delta") {
  CHECK(told(start + text_block +
            data(R"({"type":"content_block_delta","index":0,"content_block":{"text":"no"},"delta":{"text":"x"}})") +
            end) == "0:xend");
}

TEST_CASE("event reader: the event line is a hint that must not be wrong about what acted before the type") {
  // The hint says ping, so a payload before the type does not act; then the type says delta.
  CHECK(told(start + text_block + "event: ping\n" +
            data(R"({"index":0,"delta":{"text":"x"},"type":"content_block_delta"})")) == "!bad_event");
  CHECK(told(start + text_block + "event: ping\n" +
            data(R"({"type":"content_block_delta","index":0,"delta":{"text":"x"}})") + end) == "0:xend");
  CHECK(
      told(start + text_block + data(R"({"index":0,"delta":{"text":"x"},"type":"message_delta"})")) == "0:x!bad_event");
  CHECK(told(start + text_block + data(R"({"index":0,"delta":{"text":"x"}})")) == "0:x!bad_event");
  CHECK(
      told(start + text_block + "event: message_delta\n" + data(R"({"index":0,"delta":{"text":"x"}})") + end) == "end");
}

TEST_CASE("event reader: contradictions are bad_event") {
  CHECK(told(start + data(R"({"type":"ping","type":"ping"})")) == "!bad_event");
  CHECK(told(start + text_block + data(R"({"type":"content_block_delta","index":0,"index":0})")) == "!bad_event");
  CHECK(told(start + data(R"({"type":"content_block_start","content_block":{"type":"text"}})")) == "!bad_event");
  CHECK(told(start + data(R"({"type":"content_block_start","index":-1,"content_block":{"type":"text"}})")) ==
      "!bad_event");
  CHECK(told(start + data(R"({"type":"content_block_start","index":0.0,"content_block":{"type":"text"}})")) ==
      "!bad_event");
  CHECK(told(start + data(R"({"type":"content_block_start","index":65536,"content_block":{"type":"text"}})")) ==
      "!bad_event");
  CHECK(told(start + data(R"({"type":"content_block_start","index":1000000000,"content_block":{"type":"text"}})")) ==
      "!bad_event");
  CHECK(told(start + data(R"({"type":"content_block_start","index":"0","content_block":{"type":"text"}})")) ==
      "!bad_event");
  CHECK(told(start + data(R"({"type":"message_delta","delta":{},"usage":{"output_tokens":-1}})")) == "!bad_event");
  CHECK(told(start + data(R"({"type":"message_delta","delta":{},"usage":{"output_tokens":4294967296}})")) ==
      "!bad_event");
}

TEST_CASE("event reader: a delta without its index or its type is bad_event, also behind one of the same shape") {
  const std::string late_index = R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"a"})";
  CHECK(told(start + text_block + data(late_index + R"(,"index":0})") + data(late_index + "}") +
            data(late_index + R"(,"index":0})")) == "0:aa!bad_event");
  const std::string late_type = R"({"index":0,"delta":{"type":"text_delta","text":"a"})";
  CHECK(told(start + text_block + data(late_type + R"(,"type":"content_block_delta"})") + data(late_type + "}") +
            data(late_type + R"(,"type":"content_block_delta"})")) == "0:aa!bad_event");
}

TEST_CASE("event reader: events out of order are bad_event_order") {
  CHECK(told(text_block) == "!bad_event_order");
  CHECK(told(start + start) == "!bad_event_order");
  CHECK(told(start + end + start) == "end");  // behind the end nothing is read
  CHECK(told(start + second_block) == "!bad_event_order");
  CHECK(told(start + data(R"({"type":"content_block_delta","index":0,"delta":{"text":"x"}})")) == "!bad_event_order");
  CHECK(told(start + data(R"({"type":"content_block_stop","index":0})")) == "!bad_event_order");
  CHECK(told(start + data(R"({"type":"message_stop"})")) == "!bad_event_order");
  CHECK(told(start + data(R"({"type":"message_delta","delta":{"stop_reason":null}})") +
            data(R"({"type":"message_stop"})")) == "!bad_event_order");
  CHECK(told(start + data(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})") + text_block) ==
      "!bad_event_order");
}

TEST_CASE("event reader: an event is complete at its blank line, not before") {
  const std::string whole = start + end;
  for (std::size_t size = 0; size <= whole.size(); ++size)
    CHECK(read_in(whole.substr(0, size), 5).complete == (size == whole.size()));
}

TEST_CASE("event reader: JSON that is no whole value at the blank line is bad_json") {
  CHECK(told(start + "data: {\"type\":\"ping\"\n\n") == "!bad_json");
  CHECK(told(start + "data: \n\n") == "!bad_json");
  CHECK(told(start + "data: {\"type\":\"pi\n\n") == "!bad_json");
  CHECK(told(start + "data: tru\n\n") == "!bad_json");
  CHECK(told(start + "data: {} {}\n\n") == "!bad_json");
  CHECK(told(start + "data: -\n\n") == "!bad_json");
}

TEST_CASE("event reader: several data lines are one value, cut between its tokens only") {
  CHECK(told("data: {\"type\":\ndata: \"message_start\"\ndata:,\ndata\ndata: \"message\":{}}\n\n" + end) == "end");
  CHECK(told(start + "data: {\"type\":\"pi\ndata: ng\"}\n\n") == "!bad_json");
  CHECK(told(start + "data: {\"index\":1\ndata: 2}\n\n") == "!bad_json");
  CHECK(told(start + "data: {\"index\":12\ndata: ,\"type\":\"ping\"}\n\n" + end) == "end");
  CHECK(told(start + "data: tr\ndata: ue\n\n") == "!bad_json");
}

TEST_CASE("event reader: stop reasons, all that the API knows") {
  const char* const names[] = {"end_turn", "max_tokens", "stop_sequence", "pause_turn", "refusal",
      "model_context_window_exceeded", "compaction", "tool_use"};
  unsigned expected = 1;
  for (const char* name : names) {
    const Told answer =
        read(start + data(R"({"type":"message_delta","delta":{"stop_reason":")" + std::string(name) + R"("}})") +
            data(R"({"type":"message_stop"})"));
    CHECK(static_cast<unsigned>(answer.stop_reason) == expected++);
  }
}

TEST_CASE("event reader: stop_sequence, refusal category and explanation") {
  const Told answer = read(start +
      data(
          R"({"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":"EN\nD","stop_details":{"type":"refusal","category":"bio","explanation":"Be\u0063ause."}}})") +
      data(R"({"type":"message_stop"})"));
  CHECK(answer.events == "stop:EN\nDwhy:Because.end");
  CHECK(answer.refusal == Refusal::bio);
  const Told unknown = read(start +
      data(R"({"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"category":"new"}}})") +
      data(R"({"type":"message_stop"})"));
  CHECK(unknown.refusal == Refusal::other);
  const Told none = read(start +
      data(R"({"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"category":null}}})") +
      data(R"({"type":"message_stop"})"));
  CHECK(none.refusal == Refusal::none);
}

TEST_CASE("event reader: usage is overwritten, never added") {
  const Told answer = read(
      data(
          R"({"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1,"cache_creation_input_tokens":3,"cache_read_input_tokens":4}}})") +
      data(
          R"({"type":"message_delta","delta":{},"usage":{"output_tokens":20,"input_tokens":11,"cache_read_input_tokens":null}})") +
      data(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":30}})") +
      data(R"({"type":"message_stop"})"));
  CHECK(answer.usage.input_tokens == 11);
  CHECK(answer.usage.output_tokens == 30);
  CHECK(answer.usage.cache_creation_input_tokens == 3);
  CHECK(answer.usage.cache_read_input_tokens == 4);
}

TEST_CASE("event reader: an error event ends it with the service's error, all types") {
  const char* const types[] = {"invalid_request_error", "authentication_error", "billing_error", "permission_error",
      "not_found_error", "conflict_error", "request_too_large", "rate_limit_error", "api_error", "timeout_error",
      "overloaded_error"};
  const Error errors[] = {Error::invalid_request, Error::authentication, Error::billing, Error::permission,
      Error::not_found, Error::conflict, Error::request_too_large, Error::rate_limit, Error::api_error, Error::timeout,
      Error::overloaded};
  for (std::size_t i = 0; i < 11; ++i) {
    const Told answer = read(
        start + data(R"({"type":"error","error":{"type":")" + std::string(types[i]) + R"(","message":"Why"}})") + end);
    CHECK(answer.events == "error:Why");
    CHECK(answer.error == errors[i]);
    CHECK_FALSE(answer.complete);
    CHECK(error_body(R"({"type":"error","error":{"type":")" + std::string(types[i]) + R"(","message":"Why"}})")
              .service_error == errors[i]);
  }
  CHECK(told(start + data(R"({"type":"error","error":{"type":"solar_flare_error","message":"!"}})")) ==
      "error:!!unknown_error");
  CHECK(told(start + data(R"({"type":"error"})")) == "!unknown_error");
  CHECK(told(data(R"({"error":{"message":"x","type":"api_error"},"type":"error"})")) == "error:x!api_error");
  CHECK(told(start + "data: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"}}\n") ==
      "");  // not before the blank line
}

TEST_CASE("event reader: a spend cap is told apart, in any order of members") {
  for (const char* code : {"enforced_spend_limit_reached", "contract_spend_limit_reached"}) {
    CHECK(error_body(R"({"type":"error","error":{"type":"rate_limit_error","details":{"error_code":")" +
              std::string(code) + R"("}}})")
              .service_error == Error::spend_limit);
    CHECK(error_body(R"({"error":{"details":{"error_code":")" + std::string(code) +
              R"("},"type":"rate_limit_error"},"type":"error"})")
              .service_error == Error::spend_limit);
  }
  CHECK(error_body(
            R"({"type":"error","error":{"type":"rate_limit_error","details":{"error_code":"ramp_limit_exceeded"}}})")
            .service_error == Error::rate_limit);
}

TEST_CASE("event reader: an error body that is something else says nothing") {
  for (const char* body : {"", "{}", "[]", "null", "\"overloaded_error\"", R"({"message":"x"})",
           R"({"type":"message"})", R"({"error":"x"})", R"({"error":{"kind":"x"}})",
           R"({"type":"other","error":{"type":"api_error","message":"m"}})"}) {
    CAPTURE(std::string(body));
    const Told answer = error_body(body);
    CHECK(answer.service_error == Error::none);
    CHECK(answer.events == "");
  }
  CHECK(
      error_body(
          "{\n  \"type\": \"error\",\r\n  \"error\": {\n    \"type\": \"api_error\",\n    \"message\": \"m\"\n  }\n}\n")
          .events == "error:m");
}

TEST_CASE("event reader: CR, LF, CRLF and a byte order mark") {
  std::string crlf;
  for (const char c : start + end) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(told(crlf) == "end");
  std::string cr;
  for (const char c : start + end) cr += c == '\n' ? '\r' : c;
  CHECK(told(cr) == "end");
  CHECK(told("\xEF\xBB\xBF" + start + end) == "end");
}

TEST_CASE("event reader: as many open blocks as the limit, and one more") {
  std::string stream = start;
  for (unsigned index = 0; index < PICOCLAUDE_MAX_OPEN_BLOCKS; ++index) {
    stream += data(R"({"type":"content_block_start","index":)" + std::to_string(index) +
        R"(,"content_block":{"type":"text","text":""}})");
  }
  CHECK(told(stream + end) == "end");
  CHECK(told(stream +
            data(R"({"type":"content_block_start","index":)" + std::to_string(PICOCLAUDE_MAX_OPEN_BLOCKS) +
                R"(,"content_block":{"type":"text"}})")) == "!too_many_blocks");
}

TEST_SUITE_END();
