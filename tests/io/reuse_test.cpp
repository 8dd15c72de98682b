// One connection for several questions, and what may come in between.
#include "support/recordings.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Bench;
using scripted::Ending;
using scripted::Outcome;

namespace {

const std::string whole = scripted::streamed(scripted::hello);

scripted::Connection greets(unsigned count, Ending idle = Ending::keep) {
  return scripted::answers(std::vector<scripted::Answer>(count, scripted::greeting()), idle);
}

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE("reuse: a second question uses the same connection") {
  Bench<> bench{{greets(3)}};
  for (int i = 0; i < 3; ++i) CHECK(bench.ask().text == "Hi!");
  CHECK(bench.transport.opened() == 1);
  CHECK(bench.transport.requests == 3);
}

TEST_CASE("reuse: the last chunk may come late, within tail_ms") {
  for (const std::uint32_t late_ms : {499u, 500u, 501u}) {
    // The answer up to message_stop at once, the rest with the second read.
    Bench<> bench{{{{{whole, Ending::keep, scripted::all, 0, late_ms}, scripted::greeting()}}, greets(1)}};
    bench.transport.cut = whole.size() - 5;
    CHECK(bench.ask().status.error == Error::none);
    CHECK(bench.transport.waited_ms == (late_ms < 501 ? late_ms : 500));
    CHECK(bench.ask().status.error == Error::none);
    CHECK(bench.transport.opened() == (late_ms < 501 ? 1 : 2));
  }
}

TEST_CASE("reuse: what drips behind the end is read for tail_ms in all, not from byte to byte") {
  const std::size_t head = whole.size() - 5;
  const std::string blanks(200, '\n');
  scripted::Answer drips{whole.substr(0, head) + "c8\r\n" + blanks, Ending::keep, scripted::all, 0, 400};
  Bench<> bench{{{{drips}}, greets(1)}};
  bench.transport.cut = head;
  bench.transport.read_size = head;
  REQUIRE(bench.client.begin(bench.request));
  while (bench.client.stop_reason() == StopReason::none) bench.client.next();
  bench.transport.read_size = 1;
  const std::uint32_t before_ms = bench.transport.waited_ms;
  const Outcome outcome = scripted::finish(bench.client);
  CHECK(outcome.status.error == Error::none);
  CHECK(bench.transport.waited_ms - before_ms <= 500);
  CHECK_FALSE(bench.transport.is_open());
}

TEST_CASE("reuse: how the connection ended behind an answer is no part of its status") {
  Bench<> bench{{{{{whole.substr(0, whole.size() - 5), Ending::reset}}}}};
  const Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.status.http == 200);
  CHECK(outcome.status.native == 0);
}

TEST_CASE("reuse: a server that closed in between costs a connection, not the question") {
  for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset}) {
    Bench<> bench{{greets(1, ending), greets(1)}};
    CHECK(bench.ask().text == "Hi!");
    const Outcome outcome = bench.ask();
    CHECK(outcome.status.error == Error::none);
    CHECK(outcome.text == "Hi!");
    CHECK(outcome.retrying == 0);
    CHECK(bench.client.retries() == 0);
    CHECK(bench.transport.opened() == 2);
    CHECK(bench.transport.requests == 2);  // the probe saw it: nothing was sent in vain
  }
}

TEST_CASE("reuse: a server that closes at the second request without a byte gets it again, silently, once") {
  for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset}) {
    Bench<> bench{{scripted::answers({scripted::greeting(), {"", ending}}), greets(1)}};
    bench.config.max_retries = 0;
    CHECK(bench.ask().text == "Hi!");
    const Outcome outcome = bench.ask();
    CHECK(outcome.status.error == Error::none);
    CHECK(outcome.text == "Hi!");
    CHECK(outcome.retrying == 0);
    CHECK(bench.transport.requests == 3);
  }
}

TEST_CASE("reuse: the silent second try is the only one") {
  for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset}) {
    Bench<> bench{
        {scripted::answers({scripted::greeting(), {"", ending}}), scripted::answers({{"", ending}}), greets(1)}};
    CHECK(bench.ask().text == "Hi!");
    const Outcome outcome = bench.ask();
    CHECK(outcome.status.error == (ending == Ending::close_notify ? Error::connection_closed : Error::connection_lost));
    CHECK(bench.transport.requests == 3);
    CHECK(bench.transport.opened() == 2);
  }
}

TEST_CASE("reuse: no silent second try once a byte of the answer came") {
  for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset}) {
    Bench<> bench{{scripted::answers({scripted::greeting(), {"H", ending}}), greets(1)}};
    CHECK(bench.ask().text == "Hi!");
    CHECK(bench.ask().status.error == Error::truncated);
    CHECK(bench.transport.opened() == 1);
  }
}

TEST_CASE("reuse: no silent second try after a time-out") {
  Bench<> bench{{greets(1), greets(1)}};
  CHECK(bench.ask().text == "Hi!");
  CHECK(bench.ask().status.error == Error::first_byte_timeout);
  CHECK(bench.transport.opened() == 1);
  CHECK(bench.ask().text == "Hi!");
  CHECK(bench.transport.opened() == 2);
}

TEST_CASE("reuse: a server that sent what nobody asked for is left") {
  Bench<> bench{{greets(1), greets(1)}};
  bench.transport.script[0].answers.push_back(
      {"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n", Ending::close_notify, 0});
  CHECK(bench.ask().text == "Hi!");
  const Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.text == "Hi!");
  CHECK(bench.transport.opened() == 2);
  CHECK(bench.transport.sent[1].find("POST ") == 0);
}

TEST_CASE("reuse: a connection that is not fit for another answer is closed") {
  const std::string closing =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nConnection: Close\r\ntransfer-encoding: chunked\r\n\r\n";
  const std::string old = "HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ";
  const std::string with_length = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ";
  const std::string size = std::to_string(scripted::hello.size());
  const std::string shorter = std::to_string(scripted::hello.size() - 1);
  const std::string longer = std::to_string(scripted::hello.size() + 1);
  const std::string stream(scripted::hello);
  struct {
    std::string why;
    std::string answer;
  } const cases[] = {
      {"connection: close", closing + scripted::chunked(scripted::hello)},
      {"HTTP/1.0", old + size + "\r\n\r\n" + stream},
      {"no framing", scripted::unframed(scripted::hello)},
      {"a byte behind the last chunk", whole + "x"},
      {"a second answer nobody asked for", whole + whole},
      {"a bad chunk in the tail", whole.substr(0, whole.size() - 5) + "zz\r\n"},
      {"an incomplete trailer", whole.substr(0, whole.size() - 2) + "a"},
      {"a byte behind the length", with_length + size + "\r\n\r\n" + stream + "x"},
      {"a length that is not reached", with_length + longer + "\r\n\r\n" + stream},
      {"surplus events", scripted::unframed(scripted::hello) + stream},
  };
  for (const auto& one : cases) {
    CAPTURE(one.why);
    for (const std::size_t read_size : {scripted::all, std::size_t{1}}) {
      Bench<> bench{{scripted::answers({{one.answer}, scripted::greeting()}), greets(1)}};
      bench.transport.read_size = read_size;
      const Outcome first = bench.ask();
      CHECK(first.status.error == Error::none);
      CHECK(first.ends == 1);
      CHECK(first.text == "Hi!");
      CHECK(bench.ask().text == "Hi!");
      CHECK(bench.transport.opened() == 2);
    }
  }
  CAPTURE(shorter);
  Bench<> bench{{scripted::answers({{with_length + shorter + "\r\n\r\n" + stream}})}};
  CHECK(bench.ask().status.error == Error::truncated);
}

TEST_CASE("reuse: an error with a whole body keeps the connection") {
  for (const char* name :
      {"http/err_400_invalid_request.http", "http/err_404_not_found.http", "http/err_529_empty.http"}) {
    CAPTURE(name);
    Bench<> bench{{scripted::answers({{std::string(recordings::get(name).body)}, scripted::greeting()}), greets(1)}};
    bench.config.max_retries = 0;
    CHECK(bench.ask().status.error != Error::none);
    CHECK(bench.ask().text == "Hi!");
    CHECK(bench.transport.opened() == 1);
  }
}

TEST_CASE("reuse: an error whose body is not waited for costs the connection") {
  Bench<> bench{
      {scripted::answers({{std::string(recordings::get("http/err_502_html.http").body)}, scripted::greeting()}),
          greets(1)}};
  bench.config.max_retries = 0;
  CHECK(bench.ask().status.error == Error::api_error);
  CHECK(bench.ask().text == "Hi!");
  CHECK(bench.transport.opened() == 2);
}

TEST_CASE("reuse: the key never follows a changed base URL to the old connection") {
  const char* const urls[] = {"https://example.com", "https://api.anthropic.com:444", "https://api.anthropic.co",
      "https://xapi.anthropic.com", "https://[::1]"};
  for (const char* url : urls) {
    CAPTURE(url);
    Bench<> bench{{greets(2), greets(1)}};
    CHECK(bench.ask().text == "Hi!");
    bench.config.base_url = url;
    CHECK(bench.ask().text == "Hi!");
    CHECK(bench.transport.opened() == 2);
    CHECK(bench.transport.closes >= 1);
    CHECK(bench.transport.hosts[0] == "api.anthropic.com:443");
    CHECK(bench.transport.hosts[1] != "api.anthropic.com:443");
  }
  for (const char* url :
      {"https://API.Anthropic.com", "https://api.anthropic.com:443/gateway", "https://api.anthropic.com/"}) {
    CAPTURE(url);
    Bench<> bench{{greets(2)}};
    CHECK(bench.ask().text == "Hi!");
    bench.config.base_url = url;
    CHECK(bench.ask().text == "Hi!");
    CHECK(bench.transport.opened() == 1);
  }
}

TEST_CASE("reuse: a base URL that is refused leaves the connection closed or to its own server") {
  Bench<> bench{{greets(2), greets(1)}};
  CHECK(bench.ask().text == "Hi!");
  bench.config.base_url = "http://api.anthropic.com";
  CHECK(bench.ask().status.error == Error::plaintext_refused);
  CHECK(bench.transport.requests == 1);
  bench.config.base_url = "https://api.anthropic.com";
  CHECK(bench.ask().text == "Hi!");
}

TEST_CASE("reuse: an old answer's bytes never reach the next question") {
  // Two answers in one read: the second one nobody asked for.
  std::string other = whole;
  other.replace(other.find("Hi!"), 3, "NO!");
  Bench<> bench{{scripted::answers({{whole + other}}), greets(1)}};
  CHECK(bench.ask().text == "Hi!");
  CHECK(bench.ask().text == "Hi!");
}

TEST_SUITE_END();
