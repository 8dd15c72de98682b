// Every recorded answer, through the whole client: whole, one byte at a time, cut in two at every byte.
#include "oracle/naive_http.hpp"
#include "support/deep.hpp"
#include "support/recordings.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Ending;
using scripted::Outcome;

namespace {

struct Expected {
  std::string_view name;
  Error error;
  std::uint16_t status;
  Ending ending = Ending::keep;  // what the server does behind its bytes
};

constexpr Expected table[] = {
    {"http/err_400_bad_beta.http", Error::invalid_request, 400},
    {"http/err_400_image_dimensions.http", Error::invalid_request, 400},
    {"http/err_400_invalid_request.http", Error::invalid_request, 400},
    {"http/err_400_removed_param.http", Error::invalid_request, 400},
    {"http/err_400_spend_limit_own.http", Error::invalid_request, 400},
    {"http/err_401_authentication.http", Error::authentication, 401},
    {"http/err_402_billing.http", Error::billing, 402},
    {"http/err_403_permission.http", Error::permission, 403},
    {"http/err_404_file_expired.http", Error::not_found, 404},
    {"http/err_404_not_found.http", Error::not_found, 404},
    {"http/err_409_conflict.http", Error::conflict, 409},
    {"http/err_413_cloudflare_html.http", Error::request_too_large, 413},
    {"http/err_413_too_large.http", Error::request_too_large, 413},
    {"http/err_429_ramp.http", Error::rate_limit, 429},
    {"http/err_429_rate_limit.http", Error::rate_limit, 429},
    {"http/err_429_spend_cap.http", Error::spend_limit, 429},
    {"http/err_500_api_error.http", Error::api_error, 500},
    {"http/err_500_no_retry.http", Error::api_error, 500},
    {"http/err_502_html.http", Error::api_error, 502},
    {"http/err_503_cmek.http", Error::api_error, 503},
    {"http/err_504_timeout.http", Error::timeout, 504},
    {"http/err_529_empty.http", Error::overloaded, 529},
    {"http/err_529_overloaded.http", Error::overloaded, 529},
    // Answers that are not streamed are another part's; here they are refused by their content type.
    {"http/keepalive_two_responses.http", Error::wrong_content_type, 200},
    {"http/stream_chunk_ext_trailer.http", Error::none, 200},
    {"http/stream_connection_close.http", Error::none, 200, Ending::close_notify},
    {"http/stream_event_per_chunk.http", Error::none, 200},
    {"http/stream_one_byte_chunks.http", Error::none, 200},
    {"http/stream_random_chunks.http", Error::none, 200},
    {"http/stream_truncated_chunk.http", Error::truncated, 200, Ending::fin},
    {"http/with_100_continue.http", Error::wrong_content_type, 200},
};

std::string difference(const Expected& expected, const recordings::Recording& recording, const Outcome& outcome) {
  if (outcome.status.error != expected.error) return "error " + std::string(name(outcome.status.error));
  if (outcome.status.http != expected.status) return "status";
  if (std::to_string(expected.status) != recording["status"]) return "the table is wrong";
  if (outcome.request_id != recording["request-id"]) return "request-id " + outcome.request_id;
  if (outcome.ends != (expected.error == Error::none ? 1 : 0)) return "end";
  if (outcome.error_text != recording["error_message"]) return "error text " + outcome.error_text;
  if (expected.error == Error::none) {
    if (outcome.text.empty() || outcome.text != recording.joined("text")) return "text " + outcome.text;
    if (outcome.stop_reason != scripted::stop_reason_named(recording["stop_reason"])) return "stop_reason";
    if (outcome.usage.output_tokens != recording.number("output_tokens")) return "output_tokens";
  }
  return {};
}

template <class Transport = scripted::Blocking>
void check(const Expected& expected, std::size_t read_size, std::size_t cut) {
  const recordings::Recording& recording = recordings::get(expected.name);
  Transport transport;
  transport.script = {{{{std::string(recording.body), expected.ending}}}};
  transport.read_size = read_size;
  transport.cut = cut;
  Config config = scripted::config();
  config.max_retries = 0;
  const std::string wrong = difference(expected, recording, scripted::ask_once(transport, config));
  if (wrong.empty()) return;
  CAPTURE(std::string(expected.name));
  CAPTURE(cut);
  CHECK(wrong == "");
}

// Does so much of an answer hold the end of a streamed message?
bool holds_the_end(std::string_view answer) {
  const std::size_t head = answer.find("\r\n\r\n");
  if (answer.substr(0, 12) != "HTTP/1.1 200" || head == std::string_view::npos) return false;
  const bool chunked = answer.substr(0, head).find("chunked") != std::string_view::npos;
  const std::string_view body = answer.substr(head + 4);
  const std::string data = chunked ? naive::read_chunked(body, PICOCLAUDE_MAX_CHUNK_LINE).data : std::string(body);
  const std::size_t stop = data.find("data: {\"type\":\"message_stop\"");
  return stop != std::string::npos && data.find("\n\n", stop) != std::string::npos;
}

}  // namespace

TEST_SUITE_BEGIN("recordings");

TEST_CASE("http: all 31 recorded answers give what they must, whole") {
  CHECK(recordings::in("http/").size() == sizeof table / sizeof *table);
  for (const Expected& expected : table) check(expected, scripted::all, scripted::all);
}

TEST_CASE("http: one byte at a time") {
  for (const Expected& expected : table) check(expected, 1, scripted::all);
}

TEST_CASE("http: cut in two at every byte") {
  for (const Expected& expected : table) {
    const std::size_t size = recordings::get(expected.name).body.size();
    for (std::size_t cut = 1; cut < size; ++cut) check(expected, scripted::all, cut);
  }
}

TEST_CASE("http: a prefix succeeds if and only if it holds message_stop and its blank line, whatever ends it") {
  unsigned long sessions = 0;
  unsigned streams = 0;
  for (const Expected& expected : table) {
    CAPTURE(std::string(expected.name));
    const std::string_view answer = recordings::get(expected.name).body;
    streams += holds_the_end(answer) ? 1 : 0;
    const std::size_t step = answer.size() > 5'000 && !is_deep() ? 7 : 1;
    for (std::size_t size = 0; size <= answer.size(); size += answer.size() - size < 100 ? 1 : step) {
      const bool complete = holds_the_end(answer.substr(0, size));
      for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset, Ending::keep}) {
        scripted::Blocking transport;
        transport.script = {{{{std::string(answer.substr(0, size)), ending}}}};
        Config config = scripted::config();
        config.max_retries = 0;
        const Outcome outcome = scripted::ask_once(transport, config);
        ++sessions;
        if (static_cast<bool>(outcome) == complete && outcome.ends == (complete ? 1 : 0)) continue;
        CAPTURE(size);
        CAPTURE(static_cast<int>(ending));
        CHECK(static_cast<bool>(outcome) == complete);
        CHECK(outcome.ends == (complete ? 1 : 0));
      }
    }
  }
  CHECK(streams == 5);
  MESSAGE(sessions << " sessions");
}

TEST_SUITE_END();
