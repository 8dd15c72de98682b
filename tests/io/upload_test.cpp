// Sending: windows of any size, an answer in mid-upload, a request that changed.
#include "support/recordings.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Bench;
using scripted::Blocking;
using scripted::Ending;
using scripted::Outcome;

namespace {

const std::string long_text(100'000, 'a');

std::string recorded(std::string_view name) { return std::string(recordings::get(name).body); }

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE("upload: the same bytes leave through every workspace and every size of send()") {
  Bench<> one{{scripted::answers({scripted::greeting()})}};
  one.request.prompt = "\"\\\n\x01 \xC3\xA4\xE2\x82\xAC\xF0\x9F\x9A\x80 and so on";
  CHECK(one.ask().status.error == Error::none);
  const std::string expected(one.transport.request(0));
  CHECK(expected.find(R"("content":"\"\\\n\u0001 )") != std::string::npos);
  for (std::size_t room = 64; room <= 700; ++room) {
    CAPTURE(room);
    Blocking transport;
    transport.script = {scripted::answers({scripted::greeting()})};
    transport.send_size = room % 7 + 1;
    std::vector<char> memory(room);
    Client<Blocking> client{transport, Room{memory.data(), room}, one.config};
    CHECK(scripted::ask(client, one.request).status.error == Error::none);
    CHECK(transport.request(0) == expected);
  }
}

TEST_CASE("upload: an error that comes in mid-upload is reported, and the upload stops") {
  struct {
    std::string answer;
    Error error;
    std::uint16_t status;
  } const answers[] = {
      {recorded("http/err_413_too_large.http"), Error::request_too_large, 413},
      {recorded("http/err_413_cloudflare_html.http"), Error::request_too_large, 413},
      {recorded("http/err_401_authentication.http"), Error::authentication, 401},
  };
  // The server stops reading at 8,000 bytes: it answers wait, closes, or resets.
  for (const auto& one : answers) {
    for (const Io refusal : {Io::wait(), Io::closed(), Io::failed(Error::connection_lost, 104)}) {
      for (const std::size_t read_size : {scripted::all, std::size_t{1}}) {
        CAPTURE(one.status);
        Bench<> bench{{{{{one.answer, Ending::keep, 4'000}}, {}, Ending::keep, 8'000, refusal},
            scripted::answers({scripted::greeting()})}};
        bench.transport.read_size = read_size;
        bench.request.prompt = long_text;
        const Outcome outcome = bench.ask();
        CHECK(outcome.status.error == one.error);
        CHECK(outcome.status.http == one.status);
        CHECK(outcome.retrying == 0);
        CHECK(bench.transport.sent[0].size() <= 8'000);
        CHECK_FALSE(bench.transport.is_open());
        bench.request.prompt = "short";
        CHECK(bench.ask().text == "Hi!");
        CHECK(bench.transport.opened() == 2);
      }
    }
  }
}

TEST_CASE("upload: a 529 in mid-upload is retried with the whole request") {
  Bench<> bench{
      {{{{recorded("http/err_529_overloaded.http"), Ending::keep, 4'000}}, {}, Ending::keep, 8'000, Io::wait()},
          scripted::answers({scripted::greeting()})}};
  bench.request.prompt = long_text;
  const Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.retrying == 1);
  CHECK(bench.transport.opened() == 2);
  CHECK(bench.transport.sent[1].size() > 100'000);
}

TEST_CASE("upload: an error behind a whole upload is read although the server closed for writing") {
  Bench<> bench{{{{{recorded("http/err_413_too_large.http"), Ending::close_notify}}}}};
  bench.request.prompt = long_text;
  CHECK(bench.ask().status.error == Error::request_too_large);
}

TEST_CASE("upload: a server that stops reading and says nothing ends at the idle time-out") {
  Bench<> bench{{{{}, {}, Ending::keep, 8'000, Io::wait()}}};
  bench.request.prompt = long_text;
  CHECK(bench.ask().status.error == Error::idle_timeout);
  CHECK(bench.transport.waited_ms == 60'000);
}

TEST_CASE("upload: one that was cut is an error of the network") {
  for (const bool reset : {false, true}) {
    Bench<> bench{{{{}, {}, Ending::keep, 8'000, reset ? Io::failed(Error::connection_lost, 104) : Io::closed()}}};
    bench.request.prompt = long_text;
    const Outcome outcome = bench.ask();
    CHECK(outcome.status.error == (reset ? Error::connection_lost : Error::connection_closed));
    CHECK(outcome.status.native == (reset ? 104 : 0));
    CHECK(outcome.status.http == 0);
  }
}

TEST_CASE("upload: a whole answer in mid-upload is a success, and costs the connection") {
  Bench<> bench{{{{{scripted::streamed(scripted::hello), Ending::keep, 4'000}}, {}, Ending::keep, 8'000, Io::wait()},
      scripted::answers({scripted::greeting()})}};
  bench.request.prompt = long_text;
  const Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.text == "Hi!");
  CHECK_FALSE(bench.transport.is_open());
}

TEST_CASE("upload: behind a whole answer in mid-upload there is only tail_ms to wait") {
  const std::string whole = scripted::streamed(scripted::hello);
  Bench<> bench{{{{{whole.substr(0, whole.size() - 5), Ending::keep, 4'000}}, {}, Ending::keep, 8'000, Io::wait()}}};
  bench.request.prompt = long_text;
  CHECK(bench.ask().status.error == Error::none);
  CHECK(bench.transport.waited_ms == 500);
}

TEST_CASE("upload: a request that changed since it was measured is refused, and the connection closed") {
  const char* const prompts[] = {
      "shorter", "", "much, much longer than it was when it was measured", "Hell\"?", "Hell\x01?"};
  for (const char* prompt : prompts) {
    CAPTURE(std::string(prompt));
    Bench<scripted::Ticking> bench{{{{scripted::greeting()}, {Io::wait()}}, scripted::answers({scripted::greeting()})}};
    REQUIRE(bench.client.begin(bench.request));
    CHECK(!bench.client.next());  // measured; connecting
    bench.request.prompt = prompt;
    while (bench.client.next()) {}
    CHECK(bench.client.done());
    CHECK(bench.client.status().error == Error::request_changed);
    CHECK_FALSE(bench.transport.is_open());
    CHECK(bench.transport.requests == 0);
    bench.request.prompt = "Hello?";
    REQUIRE(bench.client.begin(bench.request));
    CHECK(bench.client.next().text == "Hi!");
  }
}

TEST_CASE("upload: a request may change while a retry waits: it is measured again") {
  Bench<scripted::Ticking> bench{
      {scripted::answers({{recorded("http/err_529_overloaded.http")}, scripted::greeting()})}};
  REQUIRE(bench.client.begin(bench.request));
  while (bench.client.next()) {}
  bench.request.prompt = "Another question.";
  bench.transport.now += 1'000;
  CHECK(bench.client.next().text == "Hi!");
  CHECK(bench.transport.request(0).find("Another question.") != std::string_view::npos);
}

TEST_CASE("upload: a request that is wrong when a retry measures it is request_changed") {
  Bench<scripted::Ticking> bench{
      {scripted::answers({{recorded("http/err_529_overloaded.http")}, scripted::greeting()})}};
  REQUIRE(bench.client.begin(bench.request));
  while (bench.client.next()) {}
  bench.request.prompt = "\xFF";
  bench.transport.now += 1'000;
  CHECK(!bench.client.next());
  CHECK(bench.client.done());
  CHECK(bench.client.status().error == Error::request_changed);
}

TEST_SUITE_END();
