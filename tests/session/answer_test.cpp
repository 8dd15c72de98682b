#include "picoclaude/session/answer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

// The framing that these headers mean, as one word.
std::string framing(std::initializer_list<std::pair<const char*, const char*>> headers, std::uint16_t status = 200) {
  Answer answer;
  answer.status = status;
  for (const auto& [name, value] : headers) {
    const Error error = answer.take(name, value);
    if (error != Error::none)
      return error == Error::bad_content_length ? "bad_content_length" : "bad_transfer_encoding";
  }
  HttpBodyReader body;
  if (answer.framing(body) != Error::none) return "both";
  if (body.complete()) return "empty";
  if (body.ends_with_connection()) return "until close";
  return body.data(0xFFFFFFFF) == 0 ? "chunked" : std::to_string(body.data(0xFFFFFFFF));
}

template <class Member>
Member after(Member Answer::*member, const char* name, const char* value) {
  Answer answer;
  CHECK(answer.take(name, value) == Error::none);
  return answer.*member;
}

}  // namespace

TEST_SUITE_BEGIN("session");

TEST_CASE("answer: how the body is framed") {
  CHECK(framing({}) == "until close");
  CHECK(framing({{"content-length", "5"}}) == "5");
  CHECK(framing({{"content-length", "0"}}) == "empty");
  CHECK(framing({{"content-length", "4294967295"}}) == "4294967295");
  CHECK(framing({{"transfer-encoding", "chunked"}}) == "chunked");
  CHECK(framing({{"transfer-encoding", "Chunked"}}) == "chunked");
  CHECK(framing({{"content-length", "5"}}, 204) == "empty");
  CHECK(framing({{"content-length", "5"}}, 304) == "empty");
  CHECK(framing({{"transfer-encoding", "chunked"}}, 204) == "empty");
}

TEST_CASE("answer: a word counts as a whole, from its first letter on") {
  CHECK(framing({{"transfer-encoding", "xhunked"}}) == "bad_transfer_encoding");
  CHECK(framing({{"transfer-encoding", "chunkee"}}) == "bad_transfer_encoding");
  CHECK_FALSE(after(&Answer::closes, "connection", "xlose"));
  CHECK(after(&Answer::type, "content-type", "xext/event-stream") == Answer::Type::other);
}

TEST_CASE("answer: blanks and tabs in front of a parameter are no part of the type") {
  CHECK(after(&Answer::type, "content-type", "text/event-stream \t ; charset=utf-8") == Answer::Type::event_stream);
  CHECK(after(&Answer::type, "content-type", "application/json\t") == Answer::Type::json);
  CHECK(after(&Answer::type, "content-type", "application/json\n") == Answer::Type::other);
  CHECK(after(&Answer::type, "content-type", "\t") == Answer::Type::other);
}

TEST_CASE("answer: a delay in milliseconds stays, even one of 1, whatever the seconds say behind it") {
  Answer answer;
  CHECK(answer.take("retry-after-ms", "1") == Error::none);
  CHECK(answer.take("retry-after", "5") == Error::none);
  CHECK(answer.retry_after_ms == 1);
  Answer other;
  CHECK(other.take("retry-after-ms", "0") == Error::none);
  CHECK(other.take("retry-after", "5") == Error::none);
  CHECK(other.retry_after_ms == 5000);
  for (const char* const none : {"0", "soon", "-1", ""}) {
    Answer seconds;
    CHECK(seconds.take("retry-after", "5") == Error::none);
    CHECK(seconds.take("retry-after-ms", none) == Error::none);
    CHECK(seconds.retry_after_ms == 5000);
  }
}

TEST_CASE("answer: two framings at once, or one that is no framing, are refused") {
  CHECK(framing({{"content-length", "5"}, {"transfer-encoding", "chunked"}}) == "both");
  CHECK(framing({{"transfer-encoding", "chunked"}, {"content-length", "5"}}) == "both");
  CHECK(framing({{"transfer-encoding", "chunked"}, {"content-length", "5"}}, 204) == "both");
  CHECK(framing({{"transfer-encoding", "gzip, chunked"}}) == "bad_transfer_encoding");
  CHECK(framing({{"transfer-encoding", "identity"}}) == "bad_transfer_encoding");
  CHECK(framing({{"transfer-encoding", ""}}) == "bad_transfer_encoding");
  CHECK(framing({{"transfer-encoding", "chunked"}, {"transfer-encoding", "chunked"}}) == "bad_transfer_encoding");
}

TEST_CASE("answer: a length is digits below 2^32; the same again is tolerated, another is not") {
  for (const char* length : {"", "-1", "+1", "1 1", "1,1", "0x5", "5.0", "4294967296", "99999999999999999999"}) {
    CAPTURE(std::string(length));
    CHECK(framing({{"content-length", length}}) == "bad_content_length");
  }
  CHECK(framing({{"content-length", "5"}, {"content-length", "5"}}) == "5");
  CHECK(framing({{"content-length", "5"}, {"content-length", "05"}}) == "5");
  CHECK(framing({{"content-length", "5"}, {"content-length", "6"}}) == "bad_content_length");
  CHECK(framing({{"content-length", "0"}, {"content-length", "5"}}) == "bad_content_length");
}

TEST_CASE("answer: content types and codings") {
  const auto type = [](const char* value) {
    return after(&Answer::type, "content-type", value);
  };
  CHECK(Answer().type == Answer::Type::none);
  CHECK(type("text/event-stream") == Answer::Type::event_stream);
  CHECK(type("Text/Event-Stream ; charset=utf-8") == Answer::Type::event_stream);
  CHECK(type("application/json") == Answer::Type::json);
  CHECK(type("application/json;charset=utf-8") == Answer::Type::json);
  CHECK(type("application/json\t \t;charset=utf-8") == Answer::Type::json);
  CHECK(type("\tapplication/json") == Answer::Type::other);  // blanks in front are the head's to drop
  CHECK(type(" \t") == Answer::Type::other);
  CHECK(type("application/json2") == Answer::Type::other);
  CHECK(type("text/html") == Answer::Type::other);
  CHECK(type("") == Answer::Type::other);
  CHECK_FALSE(after(&Answer::encoded, "content-encoding", "identity"));
  CHECK(after(&Answer::encoded, "content-encoding", "gzip"));
  CHECK(after(&Answer::encoded, "content-encoding", ""));
}

TEST_CASE("answer: connection, x-should-retry and what is unknown") {
  CHECK(after(&Answer::closes, "connection", "close"));
  CHECK(after(&Answer::closes, "connection", "Close"));
  CHECK_FALSE(after(&Answer::closes, "connection", "keep-alive"));
  CHECK(after(&Answer::should_retry, "x-should-retry", "true"));
  CHECK_FALSE(after(&Answer::should_not, "x-should-retry", "true"));
  CHECK(after(&Answer::should_not, "x-should-retry", "false"));
  CHECK_FALSE(after(&Answer::should_retry, "x-should-retry", "1"));
  CHECK_FALSE(after(&Answer::closes, "", "close"));  // a name that was too long
}

#if !PICOCLAUDE_ENABLE_RATE_LIMITS && !PICOCLAUDE_ENABLE_HTTP_DATE && !PICOCLAUDE_ENABLE_BATCHES
TEST_CASE("answer: without its switch no limit and no date is told") {
  Answer answer;
  CHECK(answer.take("anthropic-ratelimit-requests-limit", "5") == Error::none);
  CHECK(answer.take("date", "Sun, 06 Nov 1994 08:49:37 GMT") == Error::none);
  CHECK(answer.rate_limits().requests.limit == RateLimit::not_told);
  CHECK(answer.rate_limits().date == 0);
  CHECK(answer.date() == 0);
}
#endif

TEST_CASE("answer: delays in seconds and milliseconds, fractions rounded up, anything else is nothing") {
  const auto delay = [](const char* name, const char* value) {
    return after(&Answer::retry_after_ms, name, value);
  };
  CHECK(delay("retry-after", "7") == 7'000);
  CHECK(delay("retry-after", "0") == 0);
  CHECK(delay("retry-after", "1.5") == 2'000);
  CHECK(delay("retry-after", "2147483") == 2'147'483'000u);
  CHECK(delay("retry-after", "2147484") == 2'147'483'000u);
  CHECK(delay("retry-after", "4294967295") == 2'147'483'000u);
  CHECK(delay("retry-after", "4294967296") == 0);
  CHECK(delay("retry-after", "-1") == 0);
  CHECK(delay("retry-after", "soon") == 0);
  CHECK(delay("retry-after", "") == 0);
  CHECK(delay("retry-after-ms", "1500") == 1'500);
  CHECK(delay("retry-after-ms", "1500.25") == 1'501);
  CHECK(delay("retry-after-ms", "4294967295") == 0x7FFFFFFF);
}

TEST_CASE("answer: a request id is kept up to its limit, a longer one not at all") {
  Answer answer;
  const std::string longest(PICOCLAUDE_MAX_REQUEST_ID, 'r');
  answer.take("request-id", longest);
  CHECK(answer.request_id() == longest);
  answer.take("request-id", longest + "x");
  CHECK(answer.request_id() == "");
  answer.take("request-id", "short");
  CHECK(answer.request_id() == "short");
}

TEST_SUITE_END();
