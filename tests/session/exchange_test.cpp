#include "picoclaude/session/exchange.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

// An exchange that was sent, so that it reads.
struct Sent {
  Config config = scripted::config();
  Request request = scripted::question();
  Exchange exchange;
  std::string sent;

  explicit Sent(std::size_t room = 4096) {
    CHECK(exchange.begin(config, detail::messages_endpoint, &request) == Error::none);
    std::string buffer(room, '?');
    while (const std::size_t size = exchange.render(buffer.data(), room)) sent.append(buffer.data(), size);
  }

  // All events of these bytes.
  std::string read(std::string_view bytes) {
    std::string copy(EventReader::margin, ' ');
    copy += bytes;
    char* next = copy.data() + EventReader::margin;
    char* const end = copy.data() + copy.size();
    std::string told;
    while (const Event event = exchange.read(next, end)) {
      told += event.kind == EventKind::end ? "end" : std::string(event.text);
      if (event.kind == EventKind::block_end) told += "]";
    }
    left = static_cast<std::size_t>(end - next);
    return told;
  }
  std::size_t left = 0;
};

const std::string stream = scripted::streamed(scripted::hello);

}  // namespace

TEST_SUITE_BEGIN("session");

TEST_CASE("exchange: renders the whole request once, through any window") {
  const Sent whole;
  for (const std::size_t room : {1u, 2u, 3u, 50u, 64u, 1000u}) {
    const Sent sent(room);
    CHECK(sent.sent == whole.sent);
    CHECK(sent.exchange.rendered());
    CHECK(sent.exchange.error() == Error::none);
  }
}

TEST_CASE("exchange: a restart renders the same bytes again, and forgets the answer") {
  Sent sent;
  sent.read(stream.substr(0, stream.size() - 5));
  CHECK(sent.exchange.complete());
  CHECK(sent.exchange.restart() == Error::none);
  CHECK_FALSE(sent.exchange.complete());
  CHECK_FALSE(sent.exchange.answered());
  CHECK(sent.exchange.answer().status == 0);
  char again[4096];
  CHECK(string_view(again, sent.exchange.render(again, sizeof again)) == sent.sent);
}

TEST_CASE("exchange: body_begun tells whether a byte of the body was handed out") {
  Sent measure;
  const std::size_t head = measure.sent.find("\r\n\r\n") + 4;
  for (std::size_t size = 1; size < measure.sent.size(); ++size) {
    Exchange exchange;
    std::string buffer(size, '?');
    REQUIRE(exchange.begin(measure.config, detail::messages_endpoint, &measure.request) == Error::none);
    CHECK_FALSE(exchange.body_begun());
    REQUIRE(exchange.render(buffer.data(), size) == size);
    CHECK(exchange.body_begun() == (size > head));
    CHECK_FALSE(exchange.rendered());
  }
}

TEST_CASE("exchange: an answer is complete at message_stop, and done at the end of its framing") {
  Sent sent;
  CHECK(sent.read(stream.substr(0, stream.size() - 7)) == "Hi!]end");
  CHECK(sent.exchange.complete());
  CHECK_FALSE(sent.exchange.done());
  CHECK_FALSE(sent.exchange.reusable());
  CHECK(sent.read(stream.substr(stream.size() - 7)) == "");
  CHECK(sent.exchange.done());
  CHECK(sent.exchange.reusable());
  CHECK(sent.exchange.error() == Error::none);
}

TEST_CASE("exchange: how a connection's end counts") {
  struct {
    const char* why;
    std::string bytes;
    bool proper;
    Error error;
  } const cases[] = {
      {"no byte", "", true, Error::connection_lost},
      {"within the head", "HTTP/1.1 200", true, Error::truncated},
      {"behind an event stream's last whole event",
          scripted::unframed(scripted::hello.substr(0, scripted::hello.find("event: message_stop"))), true,
          Error::truncated},
      {"within a chunk", stream.substr(0, stream.size() / 2), true, Error::truncated},
      {"an error's body, properly", "HTTP/1.1 529 \r\ncontent-type: application/json\r\n\r\n{}", true,
          Error::overloaded},
      {"an error's body, improperly", "HTTP/1.1 529 \r\ncontent-type: application/json\r\n\r\n{", false,
          Error::overloaded},
      {"behind message_stop, improperly", scripted::unframed(scripted::hello), false, Error::none},
      {"within the chunk of message_stop, improperly", stream.substr(0, stream.size() - 7), false, Error::none},
  };
  for (const auto& one : cases) {
    CAPTURE(std::string(one.why));
    Sent sent;
    sent.read(one.bytes);
    sent.exchange.ended(one.proper, Error::connection_lost);
    CHECK(sent.exchange.done());
    CHECK(sent.exchange.error() == one.error);
    CHECK_FALSE(sent.exchange.reusable());
  }
}

TEST_CASE("exchange: bytes behind the answer are left and cost the connection") {
  Sent sent;
  CHECK(sent.read(stream + "HTTP") == "Hi!]end");
  CHECK(sent.left == 4);
  CHECK(sent.exchange.done());
  CHECK_FALSE(sent.exchange.reusable());
  CHECK(sent.exchange.error() == Error::none);
}

TEST_CASE("exchange: 1xx answers are skipped, a switch of protocols is not HTTP") {
  Sent sent;
  CHECK(
      sent.read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\ncontent-length: 7\r\n\r\n" + stream) == "Hi!]end");
  CHECK(sent.exchange.error() == Error::none);
  Sent other;
  other.read("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  CHECK(other.exchange.error() == Error::bad_http);
}

TEST_CASE("exchange: a success that is no event stream, or is encoded, is refused") {
  const auto error = [](const std::string& headers) {
    Sent sent;
    sent.read("HTTP/1.1 200 OK\r\n" + headers + "\r\n");
    return sent.exchange.error();
  };
  CHECK(error("") == Error::wrong_content_type);
  CHECK(error("content-type: text/html\r\n") == Error::wrong_content_type);
  CHECK(error("content-type: text/event-stream\r\ncontent-encoding: gzip\r\n") == Error::content_encoded);
  CHECK(error("content-type: text/event-stream\r\ncontent-length: 0\r\n") == Error::truncated);
  CHECK(error("content-type: text/event-stream\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n") ==
      Error::bad_transfer_encoding);
  CHECK(error("content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\nxyz") == Error::bad_chunk);
}

TEST_CASE("exchange: a header that breaks the framing ends it at once") {
  Sent sent;
  sent.read("HTTP/1.1 200 OK\r\ncontent-length: 5x\r\n");
  CHECK(sent.exchange.done());
  CHECK(sent.exchange.error() == Error::bad_content_length);
}

TEST_CASE("exchange: the status of an error counts when its body says nothing that is known") {
  const auto read = [](const std::string& headers, const std::string& body) {
    Sent sent;
    sent.read("HTTP/1.1 529 \r\n" + headers + "\r\n" + body);
    return sent.exchange.done() ? sent.exchange.error() : Error::none;
  };
  const auto json = [&](std::string_view body, const std::string& more = "") {
    return read("content-type: application/json\r\n" + more + "content-length: 64\r\n", std::string(body));
  };
  CHECK(json(R"({"type":"error","error":{"type":"rate_limit_error","message":1}})") == Error::rate_limit);
  CHECK(json(R"({"type":"error","error":{"type":"unheard_of_error","message":1}})") == Error::overloaded);
  CHECK(json(R"({"type":"error","error":{"type":"rate_limit_error"})") == Error::none);  // there is more to come
  // What is no JSON, or not sent as it, is not waited for.
  CHECK(json(R"({]"type":")") == Error::overloaded);
  CHECK(json("", "content-encoding: gzip\r\n") == Error::overloaded);
  CHECK(read("content-type: text/html\r\ncontent-length: 64\r\n", "") == Error::overloaded);
}

namespace {

// A call whose body is any bytes.
struct Bytes {
  Source source;

  static void path(Window& window, const void*) { window.raw("/"); }
  static void headers(Window&, const void*) {}
  static void body(Window& window, const void* subject) { window.bytes(static_cast<const Bytes*>(subject)->source); }
  static constexpr detail::Endpoint endpoint{"PUT ", path, headers, body, {}};
};

}  // namespace

TEST_CASE("exchange: head and body together have at most 4 GiB") {
  const Config config = scripted::config();
  Exchange exchange;
  Bytes bytes;
  bytes.source.size = 0xFFFFFFFF - 1000;
  CHECK(exchange.begin(config, Bytes::endpoint, &bytes) == Error::none);
  bytes.source.size = 0xFFFFFFFE;
  CHECK(exchange.begin(config, Bytes::endpoint, &bytes) == Error::request_too_long);
}

TEST_CASE("exchange: a window without room is an error, not an endless loop") {
  Config config = scripted::config();
  const Request request = scripted::question();
  Exchange exchange;
  REQUIRE(exchange.begin(config, detail::messages_endpoint, &request) == Error::none);
  char byte = '?';
  CHECK(exchange.render(&byte, 0) == 0);
  CHECK(exchange.done());
  CHECK(exchange.error() == Error::request_changed);
  CHECK(byte == '?');
}

TEST_CASE("exchange: finish() ends it, and leaves a complete answer complete") {
  Sent sent;
  sent.read(stream.substr(0, 300));
  sent.exchange.finish(Error::idle_timeout);
  CHECK(sent.exchange.error() == Error::idle_timeout);
  CHECK(sent.read(stream.substr(300)) == "");
  Sent whole;
  whole.read(stream.substr(0, stream.size() - 7));
  whole.exchange.finish(Error::total_timeout);
  CHECK(whole.exchange.done());
  CHECK(whole.exchange.error() == Error::none);
}

TEST_SUITE_END();
