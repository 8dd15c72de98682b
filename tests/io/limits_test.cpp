// Every limit of config.hpp, and those of the wire that an answer can meet, one below, at, and one beyond, through the
// public client. Here as they are by default; in limits_small_test.cpp and limits_large_test.cpp as small and as large as
// they go.
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Bench;
using scripted::Outcome;

namespace {

constexpr std::string_view start_of_hello =
    scripted::hello.substr(0, scripted::hello.find("event: content_block_start"));
constexpr std::string_view end_of_hello = scripted::hello.substr(scripted::hello.find("event: message_delta"));

std::string event(const std::string& json) { return "data: " + json + "\n\n"; }

// An event whose JSON nests so deep: the object itself is one level.
std::string nested(std::size_t depth) {
  const std::string levels(depth - 1, '[');
  return scripted::streamed(
      event(R"({"type":"ping","x":)" + levels + std::string(depth - 1, ']') + "}") + std::string(scripted::hello));
}

// Blocks that are open at the same time.
std::string with_open_blocks(std::size_t count) {
  std::string body(start_of_hello);
  for (std::size_t i = 0; i < count; ++i) {
    body += event(R"({"type":"content_block_start","index":)" + std::to_string(i) +
        R"(,"content_block":{"type":"text","text":""}})");
  }
  body += event(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi!"}})");
  for (std::size_t i = 0; i < count; ++i)
    body += event(R"({"type":"content_block_stop","index":)" + std::to_string(i) + "}");
  return scripted::streamed(body + std::string(end_of_hello));
}

// A head of so many bytes, in headers that fit a line.
std::string with_head(std::size_t size) {
  const std::string answer = scripted::streamed(scripted::hello);
  const std::size_t first_line = answer.find("\r\n") + 2;
  const std::size_t head = answer.find("\r\n\r\n") + 4;
  std::string padding;
  while (head + padding.size() < size) {
    const std::size_t left = size - head - padding.size();
    const std::size_t line = left >= 200 ? 100 : left;  // never a rest that is too short for a header
    padding += "x: " + std::string(line - 5, 'a') + "\r\n";
  }
  return answer.substr(0, first_line) + padding + answer.substr(first_line);
}

// An interim head counts with the one that follows.
std::string with_two_heads(std::size_t size) { return "HTTP/1.1 103 Early\r\n\r\n" + with_head(size - 22); }

constexpr const char* chunked_head =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

// The line of a chunk's size has so many bytes.
std::string with_size_line(std::size_t size) {
  const std::string digits = scripted::hex(scripted::hello.size());
  return chunked_head + digits + ";" + std::string(size - digits.size() - 3, 'a') + "\r\n" +
      std::string(scripted::hello) + "\r\n0\r\n\r\n";
}

// The trailers have so many bytes, with the blank line. They stand behind message_stop, so the half of an answer that
// decides nothing breaks: only the connection is lost by it.
std::string with_trailers(std::size_t size) {
  const std::string body = std::string(scripted::hello);
  return chunked_head + scripted::hex(body.size()) + "\r\n" + body + "\r\n0\r\nx: " + std::string(size - 7, 'a') +
      "\r\n\r\n";
}

std::string with_request_id(std::size_t size) {
  return scripted::with_length("HTTP/1.1 401 No",
      "content-type: application/json\r\nrequest-id: " + std::string(size - 1, 'a') + "z\r\n",
      R"({"type":"error","error":{"type":"authentication_error"}})");
}

struct Limit {
  const char* name;
  std::size_t limit;
  std::string (*answer)(std::size_t size);
  Error beyond;
};

// One row for each limit of config.hpp, in its order; PICOCLAUDE_MAX_REQUEST_ID has a test of its own.
constexpr Limit limits[] = {
    {"PICOCLAUDE_MAX_JSON_DEPTH", PICOCLAUDE_MAX_JSON_DEPTH, nested, Error::json_too_deep},
    {"PICOCLAUDE_MAX_OPEN_BLOCKS", PICOCLAUDE_MAX_OPEN_BLOCKS, with_open_blocks, Error::too_many_blocks},
    {"PICOCLAUDE_MAX_HTTP_HEAD", PICOCLAUDE_MAX_HTTP_HEAD, with_head, Error::http_head_too_long},
    {"PICOCLAUDE_MAX_HTTP_HEAD, two heads", PICOCLAUDE_MAX_HTTP_HEAD, with_two_heads, Error::http_head_too_long},
    {"PICOCLAUDE_MAX_CHUNK_LINE", PICOCLAUDE_MAX_CHUNK_LINE, with_size_line, Error::bad_chunk},
};

unsigned sessions = 0;

Outcome ask(const std::string& answer, std::size_t read_size = scripted::all) {
  ++sessions;
  Bench<> bench{{scripted::answers({{answer}})}};
  bench.transport.read_size = read_size;
  return bench.ask();
}

#define AS_TEXT_(x) #x
#define AS_TEXT(x) AS_TEXT_(x)

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE("limits: config.hpp has these five and no others") {
  // The name of the library's namespace ends with all of them.
  constexpr std::string_view abi = AS_TEXT(PICOCLAUDE_ABI);
  constexpr std::string_view values =
      "_" AS_TEXT(PICOCLAUDE_MAX_JSON_DEPTH) "_" AS_TEXT(PICOCLAUDE_MAX_OPEN_BLOCKS) "_" AS_TEXT(
          PICOCLAUDE_MAX_HTTP_HEAD) "_" AS_TEXT(PICOCLAUDE_MAX_CHUNK_LINE) "_" AS_TEXT(PICOCLAUDE_MAX_REQUEST_ID);
  REQUIRE(abi.size() > values.size());
  CHECK(abi.substr(abi.size() - values.size()) == values);
  // In front of them stand version and switches: v0_1_0_, then words of ten and more digits.
  const std::string_view front = abi.substr(0, abi.size() - values.size());
  CHECK(front.size() - front.rfind('_') > 10);
}

TEST_CASE("limits: one below and at the limit nothing is wrong, one beyond is its own error") {
  for (const Limit& one : limits) {
    CAPTURE(std::string(one.name));
    for (const std::size_t read_size : {std::size_t{1}, std::size_t{77}, scripted::all}) {
      for (const std::size_t size : {one.limit - 1, one.limit}) {
        const Outcome good = ask(one.answer(size), read_size);
        CHECK(good.status.error == Error::none);
        CHECK(good.text == "Hi!");
      }
      CHECK(ask(one.answer(one.limit + 1), read_size).status.error == one.beyond);
    }
  }
  MESSAGE(sessions << " answers");
}

TEST_CASE("limits: trailers beyond theirs cost the connection, not the answer") {
  constexpr std::size_t most = PICOCLAUDE_MAX_CHUNK_LINE;
  for (const std::size_t size : {most - 1, most, most + 1}) {
    CAPTURE(size);
    Bench<> bench{{scripted::answers({{with_trailers(size)}})}};
    CHECK(bench.ask().text == "Hi!");
    CHECK(bench.client.status().error == Error::none);
    CHECK(bench.transport.is_open() == (size <= PICOCLAUDE_MAX_CHUNK_LINE));
  }
}

TEST_CASE("limits: a request id is kept up to its limit, a longer one not at all") {
  constexpr std::size_t most = PICOCLAUDE_MAX_REQUEST_ID;
  CHECK(ask(with_request_id(most - 1)).request_id == std::string(most - 2, 'a') + "z");
  CHECK(ask(with_request_id(most)).request_id == std::string(most - 1, 'a') + "z");
  CHECK(ask(with_request_id(most + 1)).request_id == "");
}

TEST_CASE("limits: a header's value longer than any that matters is told as empty") {
  const auto with_type = [](std::size_t size) {
    const std::string type = "text/event-stream;";
    return "HTTP/1.1 200 OK\r\ncontent-type: " + type + std::string(size - type.size(), 'a') +
        "\r\ntransfer-encoding: chunked\r\n\r\n" + scripted::chunked(scripted::hello);
  };
  for (const std::size_t size : {HttpHeadReader::max_value - 1, HttpHeadReader::max_value})
    CHECK(ask(with_type(size)).status.error == Error::none);
  CHECK(ask(with_type(HttpHeadReader::max_value + 1)).status.error == Error::wrong_content_type);
}

TEST_CASE("limits: a chunk's size is below 4 GiB") {
  // Whatever the size says, the bytes that come are the answer's; only the framing is never complete.
  const auto with_size = [](const char* size) {
    return chunked_head + std::string(size) + "\r\n" + std::string(scripted::hello);
  };
  CHECK(ask(with_size("FFFFFFFE")).status.error == Error::none);
  CHECK(ask(with_size("FFFFFFFF")).status.error == Error::none);
  CHECK(ask(with_size("100000000")).status.error == Error::bad_chunk);
}

TEST_SUITE_END();
