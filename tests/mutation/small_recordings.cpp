// The short recordings in the ways that find most faults in little time: whole, byte by byte, in odd pieces, cut early.
#include "support/recordings.hpp"
#include "support/run.hpp"

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

TEST_SUITE_END();
