// The short recordings in the ways that find most faults in little time: whole, byte by byte, in odd pieces, cut early.
// And what reading them costs: see judge.cpp.
#include "support/recordings.hpp"
#include "support/run.hpp"
#include "support/told.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Ending;
using scripted::Outcome;

namespace {

Outcome play(std::string answer, Ending ending, std::size_t read_size) {
  scripted::Blocking transport;
  transport.script = {{{{std::move(answer), ending}}}};
  transport.read_size = read_size;
  Config config = scripted::config();
  config.max_retries = 0;
  return scripted::ask_once(transport, config);
}

std::string told(const Outcome& outcome) {
  return std::string(name(outcome.status.error)) + '|' + outcome.text + '|' + outcome.stop_sequence + '|' +
      outcome.explanation + '|' + std::to_string(outcome.ends) + '|' + std::to_string(outcome.usage.input_tokens) +
      '|' + std::to_string(outcome.usage.output_tokens) + '|' + std::to_string(static_cast<int>(outcome.stop_reason));
}

std::string expected(const recordings::Recording& recording) {
  return "none|" + recording.joined("text") + '|' + std::string(recording["stop_sequence"]) + '|' +
      std::string(recording["explanation"]) + "|1|" + std::to_string(recording.number("input_tokens")) + '|' +
      std::to_string(recording.number("output_tokens")) + '|' +
      std::to_string(static_cast<int>(scripted::stop_reason_named(recording["stop_reason"])));
}

template <class Test>
void each_short(Test test) {
  for (const recordings::Recording* const each : recordings::in("streams/")) {
    const recordings::Recording& recording = *each;
    // A cut answer may have shown more than its whole events.
    if (recording.body.size() > 6000 || recording["outcome"] != "complete") continue;
    CAPTURE(std::string(recording.name));
    test(recording);
  }
}

}  // namespace

TEST_SUITE_BEGIN("mutation");

TEST_CASE("mutation: the short recordings, whole and in chunks") {
  each_short([](const recordings::Recording& recording) {
    CHECK(told(play(scripted::streamed(recording.body), Ending::keep, scripted::all)) == expected(recording));
    CHECK(told(play(scripted::streamed(recording.body, 17), Ending::keep, scripted::all)) == expected(recording));
  });
}

TEST_CASE("mutation: the short recordings, byte by byte") {
  each_short([](const recordings::Recording& recording) {
    CHECK(told(play(scripted::streamed(recording.body), Ending::keep, 1)) == expected(recording));
  });
}

TEST_CASE("mutation: the short recordings, in odd pieces") {
  each_short([](const recordings::Recording& recording) {
    for (const std::size_t size : {7u, 61u, 331u}) {
      CHECK(told(play(scripted::streamed(recording.body), Ending::keep, size)) == expected(recording));
    }
  });
}

TEST_CASE("mutation: an early end is truncated") {
  each_short([](const recordings::Recording& recording) {
    for (std::size_t part = 1; part < 8; ++part) {
      const std::string_view cut = recording.body.substr(0, recording.body.size() * part / 8);
      const Outcome outcome = play(scripted::streamed(cut, 50), Ending::close_notify, scripted::all);
      CHECK(outcome.ends == 0);
      CHECK(outcome.status.error != Error::none);
    }
  });
}

// Neither with parts of the API nor without does it matter where a stream is cut.
TEST_CASE("mutation: pieces tell what the whole tells") {
  each_short([](const recordings::Recording& recording) {
    const support::Told whole = support::read(recording.body);
    for (const std::size_t size : {1u, 7u, 61u, 331u}) {
      const support::Told pieces = support::read(recording.body, size);
      CHECK(pieces.reader.error() == whole.reader.error());
      for (int kind = 1; kind <= static_cast<int>(EventKind::token); ++kind) {
        CHECK(pieces.joined(static_cast<EventKind>(kind)) == whole.joined(static_cast<EventKind>(kind)));
        if (kind == static_cast<int>(EventKind::block_delta)) continue;
        CHECK(pieces.count(static_cast<EventKind>(kind)) == whole.count(static_cast<EventKind>(kind)));
      }
    }
  });
}

TEST_SUITE_END();

// The judge counts; a fault that only loses a shorter way is found here.
TEST_SUITE_BEGIN("cost");

TEST_CASE("cost: a stream in pieces of 1460 bytes") {
  for (const char* const name : {"streams/01_text_basic.sse", "streams/58_very_long_text.sse"}) {
    CHECK(support::read(recordings::get(name).body.substr(0, 20000), 1460).reader.error() == Error::none);
  }
}

TEST_CASE("cost: events of a few bytes") {
  std::string stream = R"(event: message_start
data: {"type":"message_start","message":{"usage":{"input_tokens":5,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

)";
  for (int i = 0; i < 40; ++i) {
    stream += R"(event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":")";
    stream += i % 8 == 7 ? R"(\n)" : " word";
    stream += R"("}     }

)";
  }
  CHECK(support::read(stream).reader.error() == Error::none);
  CHECK(support::read(stream, 400).reader.error() == Error::none);
}

TEST_CASE("cost: a client's answer, in chunks") {
  const std::string_view body = recordings::get("streams/58_very_long_text.sse").body.substr(0, 6000);
  CHECK(play(scripted::streamed(body, 200), Ending::close_notify, scripted::all).status.error == Error::truncated);
  CHECK(play(scripted::streamed(body, 10), Ending::close_notify, scripted::all).status.error == Error::truncated);
}

TEST_CASE("cost: heads") {
  const std::string head =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nrequest-id: req_011CSHoEeqs5C35K2UUqR7Fy\r\n"
      "anthropic-organization-id: 6a1d3a5e-7e8f-4f1e-9a63-5c8b5a0a4b7d\r\n"
      "strict-transport-security: max-age=31536000; includeSubDomains; preload\r\n\r\n";
  const Config config = scripted::config();
  const Request request = scripted::question();
  Exchange exchange;
  for (int i = 0; i < 20; ++i) {
    CHECK(exchange.begin(config, detail::messages_endpoint, &request) == Error::none);
    std::string bytes = std::string(EventReader::margin, ' ') + head;
    char* next = &bytes[EventReader::margin];
    CHECK_FALSE(exchange.read(next, &bytes[0] + bytes.size()));
    CHECK(exchange.answer().status == 200);
  }
}

TEST_SUITE_END();
