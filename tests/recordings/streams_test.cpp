// Every recorded stream, through the whole client, in every way a network may cut it.
#include "support/deep.hpp"
#include "support/recordings.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Ending;
using scripted::Outcome;

namespace {

Refusal refusal_named(std::string_view name) {
  constexpr std::string_view names[] = {"", "cyber", "bio", "frontier_llm", "reasoning_extraction", "general_harms"};
  for (std::size_t i = 0; i < 6; ++i) {
    if (names[i] == name) return static_cast<Refusal>(i);
  }
  return Refusal::other;
}

Error error_named(std::string_view type, std::string_view code) {
  if (code == "enforced_spend_limit_reached" || code == "contract_spend_limit_reached") return Error::spend_limit;
  if (type == "overloaded_error") return Error::overloaded;
  if (type == "api_error") return Error::api_error;
  if (type == "rate_limit_error") return Error::rate_limit;
  return Error::none;
}

// One piece of an answer; at most so many bytes a read; a read ends at `cut`.
template <class Transport = scripted::Blocking, std::size_t Room = 2048>
Outcome play(
    std::string answer, Ending ending, std::size_t read_size = scripted::all, std::size_t cut = scripted::all) {
  Transport transport;
  transport.script = {{{{std::move(answer), ending}}}};
  transport.read_size = read_size;
  transport.cut = cut;
  Config config = scripted::config();
  config.max_retries = 0;
  return scripted::ask_once<Transport, Room>(transport, config);
}

// What is not as the recording says; empty when all is. One assertion a session: there are hundreds of thousands.
std::string difference(const recordings::Recording& recording, const Outcome& outcome) {
  const std::string_view expected = recording["outcome"];
  const std::string text = recording.joined("text");
  const Error error = expected == "complete" ? Error::none
      : expected == "truncated"              ? Error::truncated
                                             : error_named(recording["error_type"], recording["error_code"]);
  if (outcome.status.error != error) return "error " + std::string(name(outcome.status.error));
  if (outcome.ends != (error == Error::none ? 1 : 0)) return "end";
  // A fragment leaves before its event is complete, so a cut answer may have shown more than its whole events.
  if (error == Error::truncated ? outcome.text.substr(0, text.size()) != text : outcome.text != text) return "text";
  if (outcome.cut_code_point) return "a code point was cut";
  if (error != Error::none && error != Error::truncated && outcome.error_text != recording["error_message"])
    return "error text";
  if (outcome.status.http != 200) return "http status";
  if (outcome.stop_reason != scripted::stop_reason_named(recording["stop_reason"])) return "stop_reason";
  if (outcome.stop_sequence != recording["stop_sequence"]) return "stop_sequence";
  if (outcome.refusal != refusal_named(recording["category"])) return "category";
  if (outcome.explanation != recording["explanation"]) return "explanation";
  if (outcome.usage.input_tokens != recording.number("input_tokens")) return "input_tokens";
  if (outcome.usage.output_tokens != recording.number("output_tokens")) return "output_tokens";
  if (outcome.usage.cache_creation_input_tokens != recording.number("cache_creation_input_tokens"))
    return "cache_creation";
  if (outcome.usage.cache_read_input_tokens != recording.number("cache_read_input_tokens")) return "cache_read";
  return {};
}

void check(const recordings::Recording& recording, const Outcome& outcome) {
  const std::string wrong = difference(recording, outcome);
  if (wrong.empty()) return;
  CAPTURE(std::string(recording.name));
  CHECK(wrong == "");
}

// Places to cut at: all of them, or an even sample and the last ones. On demand all of all but the three largest.
std::vector<std::size_t> cuts(std::size_t size, std::size_t most) {
  if (is_deep() && size < 100'000) most = size + 1;
  std::vector<std::size_t> places;
  const std::size_t step = size / most + 1;
  for (std::size_t at = 0; at <= size; ++at) {
    if (at % step == 0 || (size - at < 40 && step > 1)) places.push_back(at);
  }
  return places;
}

// Of the bytes of a complete stream, how many hold the blank line that ends message_stop.
std::size_t complete_size(std::string_view body) {
  std::size_t at = body.rfind("message_stop");
  for (; at < body.size(); ++at) {
    const std::string_view rest = body.substr(at);
    if (rest.substr(0, 2) == "\n\n" || rest.substr(0, 2) == "\r\r") return at + 2;
    if (rest.substr(0, 4) == "\r\n\r\n") return at + 3;  // the CR ends the line
  }
  return scripted::all;
}

}  // namespace

TEST_SUITE_BEGIN("recordings");

TEST_CASE("streams: all 64 give what they must, whole") {
  unsigned count = 0;
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    check(*recording, play(scripted::streamed(recording->body), Ending::close_notify));
    check(*recording, play(scripted::unframed(recording->body), Ending::close_notify));
    ++count;
  }
  CHECK(count == PICOCLAUDE_RECORDED_STREAMS);
}

TEST_CASE("streams: what came of an event before the cut was shown") {
  const recordings::Recording& recording = recordings::get("streams/49_truncated_mid_event.sse");
  CHECK(recording.joined("text") == "seen");
  CHECK(play(scripted::streamed(recording.body), Ending::close_notify).text == "seen unse");
}

TEST_CASE("streams: one byte at a time") {
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    if (recording->body.size() > 500'000) continue;
    check(*recording, play(scripted::streamed(recording->body), Ending::close_notify, 1));
  }
}

TEST_CASE("streams: chunks of 1, 2, 3 and 61 bytes") {
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    if (recording->body.size() > 500'000) continue;
    for (const std::size_t chunk : {1u, 2u, 3u, 61u}) {
      check(*recording, play(scripted::streamed(recording->body, chunk), Ending::close_notify, 97));
    }
  }
}

TEST_CASE("streams: the smallest workspace that takes them all has 18 bytes: the host's name and a NUL") {
  // Nothing is buffered, so the host's name decides: api.anthropic.com has 17 bytes. A Workspace has at least 64.
  for (const std::size_t room : {17u, 18u, 19u, 20u, 21u, 64u}) {
    unsigned good = 0;
    unsigned all = 0;
    for (const recordings::Recording* recording : recordings::in("streams/")) {
      if (recording->body.size() > 500'000) continue;
      scripted::Blocking transport;
      transport.script = {scripted::answers({{scripted::streamed(recording->body), Ending::close_notify}})};
      char memory[64];
      const Config config = scripted::config();
      Client<scripted::Blocking> client{transport, Room{memory, room}, config};
      const Request request = scripted::question();
      const Outcome outcome = scripted::ask(client, request);
      good += difference(*recording, outcome).empty() ? 1 : 0;
      ++all;
    }
    CAPTURE(room);
    CHECK(all == 62);
    CHECK(good == (room < 18 ? 0 : 62));
  }
}

TEST_CASE("streams: cut in two at every byte") {
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    const std::string answer = scripted::streamed(recording->body);
    const std::size_t most = answer.size() < 20'000 ? 20'000 : 4'000'000 / answer.size() + 2;
    for (const std::size_t cut : cuts(answer.size(), most)) {
      check(*recording, play(answer, Ending::close_notify, scripted::all, cut));
    }
  }
}

TEST_CASE("streams: a prefix succeeds if and only if it holds message_stop and its blank line") {
  unsigned long sessions = 0;
  unsigned long successes = 0;
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    CAPTURE(std::string(recording->name));
    const std::string_view body = recording->body;
    const std::size_t most = body.size() < 3'000 ? 3'000 : 3'000'000 / body.size() + 2;
    const std::size_t complete = recording->operator[]("outcome") == "complete" ? complete_size(body) : scripted::all;
    for (const std::size_t size : cuts(body.size(), most)) {
      for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset, Ending::keep}) {
        const Outcome outcome = play(scripted::unframed(body.substr(0, size)), ending);
        if (static_cast<bool>(outcome) != (size >= complete) || outcome.ends != (size >= complete ? 1 : 0)) {
          CAPTURE(size);
          CAPTURE(static_cast<int>(ending));
          CHECK(outcome.ends == (size >= complete ? 1 : 0));
          CHECK(static_cast<bool>(outcome) == (size >= complete));
        }
        ++sessions;
        successes += outcome ? 1 : 0;
      }
    }
  }
  // 59 streams are complete; the one with CRLF is so at its last CR, and one byte later still.
  CHECK(successes == 4 * (59 + 1));
  MESSAGE(sessions << " sessions");
}

TEST_CASE("streams: a prefix in chunks succeeds if and only if it holds message_stop and its blank line") {
  unsigned long sessions = 0;
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    if (recording->body.size() > 2'000 || recording->operator[]("outcome") != "complete") continue;
    CAPTURE(std::string(recording->name));
    const std::string answer = scripted::streamed(recording->body);
    // One chunk: everything behind the stream's own bytes is framing.
    const std::size_t complete = answer.size() - std::string_view("\r\n0\r\n\r\n").size() -
        (recording->body.size() - complete_size(recording->body));
    for (std::size_t size = 0; size <= answer.size(); ++size) {
      for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset, Ending::keep}) {
        const Outcome outcome = play(answer.substr(0, size), ending);
        if (static_cast<bool>(outcome) != (size >= complete) || outcome.ends != (size >= complete ? 1 : 0)) {
          CAPTURE(size);
          CAPTURE(static_cast<int>(ending));
          CHECK(outcome.ends == (size >= complete ? 1 : 0));
          CHECK(static_cast<bool>(outcome) == (size >= complete));
        }
        ++sessions;
      }
    }
  }
  MESSAGE(sessions << " sessions");
}

TEST_SUITE_END();
