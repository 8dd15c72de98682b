#include "picoclaude/session/exchange.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

// What the body is when it is measured, and what it becomes.
struct Body {
  void (*render)(Window& window, unsigned time) = nullptr;
  unsigned times = 0;
};

void path(Window& window, const void*) PICOCLAUDE_NONBLOCKING { window.raw("/v1/test"); }
void body(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
  Body& self = *static_cast<Body*>(const_cast<void*>(subject));
  self.render(window, self.times++);
}
void no_headers(Window&, const void*) {}
constexpr detail::Endpoint endpoint{"POST ", path, no_headers, body, "text/plain"};

// What render() says of a body that is another one the second time. Of one that is wrong not a byte is handed out.
Error rendered(void (*render)(Window& window, unsigned time), std::size_t room = 4096) {
  const Config config = scripted::config();
  Body subject{render};
  Exchange exchange;
  CHECK(exchange.begin(config, endpoint, &subject) == Error::none);
  std::string out(room, '?');
  const std::size_t size = exchange.render(out.data(), room);
  CHECK((size == 0) == exchange.done());
  CHECK(exchange.rendered() == !exchange.done());
  return exchange.error();
}

// A request that was sent as far as `sent` says, and the answer to it.
struct Asked {
  Config config = scripted::config();
  Request request = scripted::question();
  Exchange exchange;

  explicit Asked(bool sent = true) {
    CHECK(exchange.begin(config, detail::messages_endpoint, &request) == Error::none);
    char out[1000];
    while (sent && exchange.render(out, sizeof out) != 0) {}
  }

  // The events, by their texts.
  std::string read(std::string_view bytes) {
    std::string copy(EventReader::margin, ' ');
    copy += bytes;
    char* next = copy.data() + EventReader::margin;
    std::string told;
    while (const Event event = exchange.read(next, copy.data() + copy.size())) {
      told += event.kind == EventKind::end ? "end" : std::string(event.text);
    }
    return told;
  }
};

std::string head(unsigned status, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " x\r\n" + headers + "\r\n";
}
std::string json(unsigned status, const std::string& text) {
  return head(status, "content-type: application/json\r\ncontent-length: " + std::to_string(text.size()) + "\r\n") +
      text;
}
std::string streamed(unsigned status) {
  return head(status,
             "content-type: text/event-stream\r\ncontent-length: " + std::to_string(scripted::hello.size()) + "\r\n") +
      std::string(scripted::hello);
}

const std::string overloaded = R"({"type":"error","error":{"type":"overloaded_error","message":"busy"}})";

}  // namespace

TEST_SUITE_BEGIN("session");

TEST_CASE("exchange: before the first begin() it is done") {
  const Exchange exchange;
  CHECK(exchange.done());
  CHECK_FALSE(exchange.reusable());
  CHECK_FALSE(exchange.answered());
  CHECK_FALSE(exchange.told());
}

TEST_CASE("exchange: a body that is not what was measured is request_changed") {
  CHECK(rendered([](Window& window, unsigned) {
    window.raw("ten bytes.");
  }) == Error::none);
  CHECK(rendered([](Window& window, unsigned time) {
    window.raw("ten bytes.", time == 0 ? 10 : 9);
  }) == Error::request_changed);
  CHECK(rendered([](Window& window, unsigned time) {
    window.raw("ten bytes.", time == 0 ? 9 : 10);
  }) == Error::request_changed);
  CHECK(rendered([](Window& window, unsigned time) {
    if (time == 0) window.raw("ten bytes.");
  }) == Error::request_changed);
  // A source that broke off behind some bytes.
  CHECK(rendered([](Window& window, unsigned time) {
    window.raw("ten ");
    if (time != 0) window.fail(Error::request_changed);
    window.raw("bytes.");
  }) == Error::request_changed);
  // More than fits, where less than fits is left.
  CHECK(rendered([](Window& window, unsigned time) {
    static const std::string longer(5000, 'x');
    window.raw(longer.data(), time == 0 ? 10 : longer.size());
  }) == Error::request_changed);
}

TEST_CASE("exchange: where there is no room nothing is rendered") {
  CHECK(rendered(
            [](Window& window, unsigned) {
              window.raw("ten bytes.");
            },
            0) == Error::request_changed);
}

TEST_CASE("exchange: a body that is below 4 GiB only without its head is too long") {
  const Config config = scripted::config();
  Body fits{[](Window& window, unsigned) {
    window.count(0xFFFFF000u);
  }};
  Body longer{[](Window& window, unsigned) {
    window.count(0xFFFFFFFEu);
  }};
  Exchange exchange;
  CHECK(exchange.begin(config, endpoint, &fits) == Error::none);
  CHECK(exchange.begin(config, endpoint, &longer) == Error::request_too_long);
}

TEST_CASE("exchange: every status from 200 to 299 is a success, what is below is skipped") {
  for (const unsigned status : {200u, 201u, 299u}) {
    Asked asked;
    CHECK(asked.read(streamed(status)) == "Hi!end");
    CHECK(asked.exchange.error() == Error::none);
    CHECK(asked.exchange.answer().status == status);
    CHECK(asked.exchange.told());
  }
  Asked asked;
  CHECK(asked.read(head(199, "content-length: 5\r\n") + streamed(200)) == "Hi!end");
  CHECK(asked.exchange.error() == Error::none);
  // Its answer may be cut inside of a success that is none of the usual.
  Asked cut;
  cut.read(streamed(299).substr(0, streamed(299).size() - 9));
  cut.exchange.ended(true, Error::connection_lost);
  CHECK(cut.exchange.error() == Error::truncated);
}

TEST_CASE("exchange: from 300 to 399 the status says all, and no body is waited for") {
  for (const unsigned status : {300u, 301u, 399u}) {
    Asked asked;
    CHECK(asked.read(json(status, overloaded)) == "");
    CHECK(asked.exchange.done());
    CHECK(asked.exchange.error() == Error::redirected);
    CHECK_FALSE(asked.exchange.reusable());
  }
}

TEST_CASE("exchange: from 400 on a JSON body says what is wrong; its words are no part of an answer") {
  for (const unsigned status : {400u, 401u, 599u}) {
    Asked asked;
    CHECK(asked.read(json(status, overloaded)) == "busy");
    CHECK(asked.exchange.done());
    CHECK(asked.exchange.error() == Error::overloaded);
    CHECK(asked.exchange.reusable());
    CHECK_FALSE(asked.exchange.told());
  }
}

TEST_CASE("exchange: an error whose type is not known is that of its status") {
  Asked asked;
  asked.read(json(529, R"({"type":"error","error":{"type":"brand_new_error","message":"?"}})"));
  CHECK(asked.exchange.error() == Error::overloaded);
  Asked cut;
  cut.read(json(404, "{}"));
  CHECK(cut.exchange.error() == Error::not_found);
}

TEST_CASE("exchange: an error's body that is no JSON, or encoded, ends it at once") {
  Asked asked;
  asked.read(head(529, "content-type: application/json\r\ncontent-length: 100\r\n") + "{oops");
  CHECK(asked.exchange.done());
  CHECK(asked.exchange.error() == Error::overloaded);
  Asked encoded;
  encoded.read(head(529, "content-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 100\r\n"));
  CHECK(encoded.exchange.done());
  CHECK(encoded.exchange.error() == Error::overloaded);
}

TEST_CASE("exchange: an answer that came before the whole request was sent leaves no connection to use again") {
  Asked early(false);
  early.read(json(413, overloaded));
  CHECK(early.exchange.done());
  CHECK_FALSE(early.exchange.reusable());
  Asked late;
  late.read(json(413, overloaded));
  CHECK(late.exchange.reusable());
}

TEST_CASE("exchange: a body that its connection ends, and what is finished from outside, leave none either") {
  Asked asked;
  asked.read(head(529, "content-type: application/json\r\n") + overloaded);
  asked.exchange.ended(true, Error::connection_lost);
  CHECK(asked.exchange.done());
  CHECK(asked.exchange.error() == Error::overloaded);
  CHECK_FALSE(asked.exchange.reusable());
  Asked whole;
  whole.read(streamed(200));
  CHECK(whole.exchange.reusable());
  whole.exchange.finish(Error::cancelled);
  CHECK_FALSE(whole.exchange.reusable());
  CHECK(whole.exchange.error() == Error::none);
}

TEST_CASE("exchange: an event was told from the first one on") {
  Asked asked;
  const std::string answer = streamed(200);
  const std::size_t text = answer.find("Hi!");
  CHECK(asked.read(answer.substr(0, text)) == "");
  CHECK(asked.exchange.answered());
  CHECK_FALSE(asked.exchange.told());
  CHECK(asked.read(answer.substr(text, 1)) == "H");
  CHECK(asked.exchange.told());
}

TEST_SUITE_END();
