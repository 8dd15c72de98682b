#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_MESSAGE_READER 1
#define PICOCLAUDE_ENABLE_RAW 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

// Bytes whose number nobody knows before.
struct Card {
  std::string bytes;
  std::size_t most = ~std::size_t{0};  // of one read

  static std::size_t read(void* context, std::uint32_t offset, char* out, std::size_t size) {
    const auto& card = *static_cast<Card*>(context);
    return card.bytes.copy(out, size < card.most ? size : card.most, offset);
  }
};

struct Endless {
  Source source;

  static void path(Window& window, const void*) { window.raw("/"); }
  static void headers(Window&, const void*) {}
  static void body(Window& window, const void* subject) { window.bytes(static_cast<const Endless*>(subject)->source); }
  static constexpr detail::Endpoint endpoint{"PUT ", path, headers, body, {}};
};

struct Sending {
  Config config = scripted::config();
  Card card;
  Endless call{{Card::read, &card, Source::unknown_size}};
  Exchange exchange;

  explicit Sending(std::string bytes) : card{std::move(bytes)} {
    CHECK(exchange.begin(config, Endless::endpoint, &call) == Error::none);
  }

  // All windows of this size, as they were sent; the first one is the head.
  std::vector<std::string> windows(std::size_t room) {
    std::vector<std::string> all;
    std::string buffer(room + 1, '?');
    while (const std::size_t size = exchange.render(buffer.data(), room)) {
      REQUIRE(size <= room);
      all.push_back(buffer.substr(0, size));
      CHECK(buffer[room] == '?');
    }
    return all;
  }
};

}  // namespace

TEST_CASE("exchange in chunks: the head, then a chunk for each window, then the end") {
  Sending sending("0123456789");
  const std::vector<std::string> sent = sending.windows(200);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].substr(sent[0].size() - 30) == "transfer-encoding: chunked\r\n\r\n");
  CHECK(sent[1] == "000a\r\n0123456789\r\n0\r\n\r\n");
  CHECK(sending.exchange.rendered());
}

TEST_CASE("exchange in chunks: a source that ends with a window ends with an empty chunk") {
  Sending sending(std::string(187, 'x'));
  const std::vector<std::string> sent = sending.windows(200);
  REQUIRE(sent.size() == 3);
  CHECK(sent[1] == "00bb\r\n" + std::string(187, 'x') + "\r\n");
  CHECK(sent[2] == "0\r\n\r\n");
}

TEST_CASE("exchange in chunks: a chunk has at most 65,535 bytes, frame and all, whatever the room") {
  Sending sending(std::string(100'000, 'x'));
  const std::vector<std::string> sent = sending.windows(200'000);
  REQUIRE(sent.size() == 3);
  CHECK(sent[1].substr(0, 6) == "fff2\r\n");
  CHECK(sent[1].size() == 0xFFFF - 5);
  CHECK(sent[2].substr(0, 6) == "86ae\r\n");
}

TEST_CASE("exchange in chunks: a room for no byte within its frame is an error, and nothing is written") {
  for (std::size_t room = 0; room < 14; ++room) {
    CAPTURE(room);
    Sending sending("0123456789");
    char head[512];
    REQUIRE(sending.exchange.render(head, sizeof head) != 0);
    REQUIRE(sending.exchange.body_begun());
    std::string buffer(64, '?');
    CHECK(sending.exchange.render(buffer.data(), room) == 0);
    CHECK(sending.exchange.error() == Error::request_changed);
    CHECK(buffer == std::string(64, '?'));
  }
  Sending sending("01");
  char room[512];
  REQUIRE(sending.exchange.render(room, sizeof room) != 0);
  CHECK(std::string(room, sending.exchange.render(room, 14)) == "0001\r\n0\r\n");
  CHECK(std::string(room, sending.exchange.render(room, 14)) == "0001\r\n1\r\n");
  CHECK(std::string(room, sending.exchange.render(room, 14)) == "0\r\n\r\n");
}

TEST_CASE("exchange: an event stream is not complete at the end of its framing, where messages may be") {
  const std::string stream(scripted::hello.substr(0, scripted::hello.find("event: message_stop")));
  const std::string head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ";
  Config config = scripted::config();
  const Request request = scripted::question();
  Exchange exchange;
  REQUIRE(exchange.begin(config, detail::messages_endpoint, &request) == Error::none);
  std::string bytes(EventReader::margin, ' ');
  bytes += head + std::to_string(stream.size()) + "\r\n\r\n" + stream;
  char* next = bytes.data() + EventReader::margin;
  while (exchange.read(next, bytes.data() + bytes.size())) {}
  CHECK(exchange.done());
  CHECK(exchange.error() == Error::truncated);
  Event last;
  CHECK_FALSE(exchange.take_last(last));
}

TEST_CASE("exchange: a message that was not streamed can be cancelled before its end is told, and not behind it") {
  const std::string body =
      R"({"type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{}})";
  for (const bool told : {false, true}) {
    Config config = scripted::config();
    const Request request = scripted::question();
    Exchange exchange;
    REQUIRE(exchange.begin(config, detail::messages_endpoint, &request) == Error::none);
    std::string bytes(EventReader::margin, ' ');
    bytes += "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    char* next = bytes.data() + EventReader::margin;
    char* const end = bytes.data() + bytes.size();
    while (exchange.read(next, end)) {}
    REQUIRE(exchange.done());
    CHECK(exchange.error() == Error::none);
    Event last;
    if (told) CHECK(exchange.take_last(last));
    CHECK((last.kind == EventKind::end) == told);
    exchange.finish(Error::cancelled);
    CHECK(exchange.error() == (told ? Error::none : Error::cancelled));
  }
}
