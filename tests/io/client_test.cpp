#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Bench;
using scripted::Blocking;
using scripted::Ending;
using scripted::Outcome;
using scripted::Ticking;

TEST_SUITE_BEGIN("client");

TEST_CASE("client: one question is one connection, one request, one answer") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  const Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.status.http == 200);
  CHECK(outcome.status.native == 0);
  CHECK(outcome.text == "Hi!");
  CHECK(outcome.ends == 1);
  CHECK(outcome.stop_reason == StopReason::end_turn);
  CHECK(outcome.usage.input_tokens == 7);
  CHECK(outcome.usage.output_tokens == 3);
  CHECK(outcome.request_id == "req_1");
  CHECK(bench.transport.hosts == std::vector<std::string>{"api.anthropic.com:443"});
  CHECK(bench.transport.requests == 1);
  CHECK(bench.client.retries() == 0);
}

TEST_CASE("client: the request is what the API wants") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.config.user_agent = "test/1";
  bench.ask();
  CHECK(bench.transport.request(0) ==
      "POST /v1/messages HTTP/1.1\r\n"
      "host: api.anthropic.com\r\n"
      "user-agent: test/1\r\n"
      "anthropic-version: 2026-10-21\r\n"
      "x-api-key: sk-test\r\n"
      "content-type: application/json\r\n"
      "content-length: 107\r\n"
      "\r\n"
      R"({"model":"claude-haiku-4-5","max_tokens":100,"messages":[{"role":"user","content":"Hello?"}],"stream":true})");
}

TEST_CASE("client: before the first question it is done, without an error") {
  Bench<> bench;
  CHECK(bench.client.done());
  CHECK(bench.client.status().error == Error::none);
  CHECK(!bench.client.next());
  CHECK(bench.transport.calls == 0);
  CHECK(bench.client.request_id() == "");
  CHECK(bench.client.stop_reason() == StopReason::none);
}

TEST_CASE("client: next() after done repeats none and the status stays") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.ask();
  const unsigned long calls = bench.transport.calls;
  for (int i = 0; i < 3; ++i) CHECK(!bench.client.next());
  CHECK(bench.client.done());
  CHECK(bench.client.status().error == Error::none);
  CHECK(bench.transport.calls == calls);
}

TEST_CASE("client: begin() while it runs is busy, and changes nothing") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  REQUIRE(bench.client.begin(bench.request));
  Request other = scripted::question();
  other.model = "";
  CHECK(bench.client.begin(other).error == Error::busy);
  CHECK_FALSE(bench.client.done());
  CHECK(bench.client.status().error == Error::none);
  const Outcome outcome = scripted::finish(bench.client);
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.text == "Hi!");
  CHECK(bench.transport.requests == 1);
}

TEST_CASE("client: begin() and ask() from a callback are busy, and the answer goes on") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  Error begun = Error::none;
  Error asked = Error::none;
  std::string text;
  const Reply reply = bench.client.ask(bench.request, [&](string_view part) {
    text += part;
    begun = bench.client.begin(bench.request).error;
    char other[16];
    asked = bench.client.ask(bench.request, other).status.error;
  });
  CHECK(begun == Error::busy);
  CHECK(asked == Error::busy);
  CHECK(reply.status.error == Error::none);
  CHECK(text == "Hi!");
  CHECK(bench.transport.requests == 1);
}

TEST_CASE("client: a transport without wait() ticks: none, until bytes move") {
  Bench<Ticking> bench{{{{{scripted::streamed(scripted::hello), Ending::keep, scripted::all, 250}}}}};
  REQUIRE(bench.client.begin(bench.request));
  Outcome outcome;
  unsigned frames = 0;
  while (!bench.client.done() && frames < 1000) {
    while (const Event event = bench.client.next()) take(outcome, event);
    bench.transport.now += 16;
    ++frames;
  }
  CHECK(bench.client.status().error == Error::none);
  CHECK(outcome.text == "Hi!");
  CHECK(frames == 17);  // 250 ms at 16 ms a frame
}

TEST_CASE("client: a waiting transport that gives control back ticks too") {
  Bench<> bench{{{{{scripted::streamed(scripted::hello), Ending::keep, scripted::all, 250}}}}};
  bench.transport.gives_up = true;
  REQUIRE(bench.client.begin(bench.request));
  CHECK(!bench.client.next());
  CHECK_FALSE(bench.client.done());
  bench.transport.now += 250;
  CHECK(bench.client.next().text == "Hi!");
}

TEST_CASE("client: a one-shot call whose wait() gives control back is cancelled") {
  Bench<> bench{{{{{scripted::streamed(scripted::hello), Ending::keep, scripted::all, 250}}}}};
  bench.transport.gives_up = true;
  const Reply reply = bench.client.ask(bench.request, [](string_view) {});
  CHECK(reply.status.error == Error::cancelled);
  CHECK(bench.client.done());
  CHECK_FALSE(bench.transport.is_open());
}

TEST_CASE("client: ask() with a callable hands over every fragment and adds them up") {
  Bench<> bench{{scripted::answers({{scripted::streamed(scripted::hello, 5)}})}};
  std::string text;
  const Reply reply = bench.client.ask(bench.request, [&](string_view part) {
    text += part;
  });
  CHECK(reply);
  CHECK(text == "Hi!");
  CHECK(reply.size == 3);
  CHECK(reply.stop_reason == StopReason::end_turn);
}

TEST_CASE("client: ask() into a room ends it with a NUL") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  char text[4] = {'x', 'x', 'x', 'x'};
  const Reply reply = bench.client.ask(bench.request, text);
  CHECK(reply);
  CHECK(reply.size == 3);
  CHECK(std::string_view(text) == "Hi!");
}

TEST_CASE("client: ask() into too small a room keeps the code points that fit and tells the size there was") {
  const std::string stream = std::string(scripted::hello);
  std::string longer = stream;
  longer.replace(longer.find("Hi!"), 3, "a\xC3\xA4\xE2\x82\xAC!");  // 1 + 2 + 3 + 1 bytes
  struct {
    std::size_t room;
    const char* text;
  } const cases[] = {{1, ""}, {2, "a"}, {3, "a"}, {4, "a\xC3\xA4"}, {6, "a\xC3\xA4"}, {7, "a\xC3\xA4\xE2\x82\xAC"}};
  for (const std::size_t chunk : {scripted::all, std::size_t{1}}) {
    for (const auto& one : cases) {
      CAPTURE(one.room);
      Bench<> bench{{scripted::answers({{scripted::streamed(longer, chunk)}})}};
      Reply reply;
      char text1[1], text2[2], text3[3], text4[4], text6[6], text7[7];
      const char* text = nullptr;
      switch (one.room) {
        case 1: reply = bench.client.ask(bench.request, text1), text = text1; break;
        case 2: reply = bench.client.ask(bench.request, text2), text = text2; break;
        case 3: reply = bench.client.ask(bench.request, text3), text = text3; break;
        case 4: reply = bench.client.ask(bench.request, text4), text = text4; break;
        case 6: reply = bench.client.ask(bench.request, text6), text = text6; break;
        default: reply = bench.client.ask(bench.request, text7), text = text7; break;
      }
      CHECK(reply.status.error == Error::out_of_room);
      CHECK(reply.size == 7);
      CHECK(std::string_view(text) == one.text);
      CHECK(reply.stop_reason == StopReason::end_turn);
    }
  }
}

TEST_CASE("client: ask() reports what begin() refuses") {
  Bench<> bench;
  bench.request.model = "";
  char text[8] = "before";
  CHECK(bench.client.ask(bench.request, text).status.error == Error::missing_model);
  CHECK(std::string_view(text) == "");
  CHECK(bench.transport.calls == 0);
}

TEST_CASE("client: cancel() ends the exchange and the connection at once, and the next question works") {
  Bench<> bench{{scripted::answers({{std::string(scripted::streamed(scripted::hello).substr(0, 700))}}),
      scripted::answers({scripted::greeting()})}};
  REQUIRE(bench.client.begin(bench.request));
  CHECK(bench.client.next().text == "Hi!");
  bench.client.cancel();
  CHECK(bench.client.done());
  CHECK(bench.client.status().error == Error::cancelled);
  CHECK_FALSE(bench.transport.is_open());
  CHECK(!bench.client.next());
  CHECK(bench.ask().status.error == Error::none);
  CHECK(bench.transport.opened() == 2);
}

TEST_CASE("client: cancel() works in every phase, and the next question works") {
  // Each script stands still in another phase; one tick takes the client there.
  const std::string half = scripted::streamed(scripted::hello).substr(0, 30);
  const std::string whole =
      scripted::streamed(scripted::hello).substr(0, scripted::streamed(scripted::hello).size() - 5);
  const scripted::Connection scripts[] = {
      {{}, std::vector<Io>(1000, Io::wait())},                               // connecting
      {{}, {}, Ending::keep, 20, Io::wait()},                                // sending
      {},                                                                    // waiting for the first byte
      {{{half}}},                                                            // in the head
      {{{whole}}},                                                           // in the tail
      {{{"HTTP/1.1 529 \r\ncontent-length: 0\r\nretry-after: 5\r\n\r\n"}}},  // pausing
  };
  for (const scripted::Connection& script : scripts) {
    Bench<Ticking> bench{{script, scripted::answers({scripted::greeting()})}};
    REQUIRE(bench.client.begin(bench.request));
    while (bench.client.next()) {}
    const bool was_done = bench.client.done();
    CHECK_FALSE(was_done);
    bench.client.cancel();
    CHECK(bench.client.done());
    // A complete answer stays one.
    CHECK(bench.client.status().error == (&script == &scripts[4] ? Error::none : Error::cancelled));
    CHECK_FALSE(bench.transport.is_open());
    if (bench.transport.opened() == 0) bench.transport.script.erase(bench.transport.script.begin());
    REQUIRE(bench.client.begin(bench.request));
    Outcome outcome;
    while (const Event event = bench.client.next()) take(outcome, event);
    CHECK(bench.client.status().error == Error::none);
    CHECK(outcome.text == "Hi!");
  }
}

TEST_CASE("client: cancel() behind the end leaves the success, wherever the framing is") {
  const std::string whole = scripted::streamed(scripted::hello);
  for (const std::size_t missing : {std::size_t{0}, std::size_t{3}, std::size_t{5}}) {
    CAPTURE(missing);
    Bench<> bench{{scripted::answers({{whole.substr(0, whole.size() - missing)}})}};
    REQUIRE(bench.client.begin(bench.request));
    while (bench.client.next().kind != EventKind::end) REQUIRE_FALSE(bench.client.done());
    bench.client.cancel();
    CHECK(bench.client.done());
    CHECK(bench.client.status().error == Error::none);
  }
}

TEST_CASE("client: cancel() without an exchange changes nothing") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.client.cancel();
  CHECK(bench.client.status().error == Error::none);
  bench.ask();
  bench.client.cancel();
  CHECK(bench.client.status().error == Error::none);
  CHECK(bench.transport.is_open());
}

TEST_CASE("client: disconnect() closes the idle connection, and nothing while an exchange runs") {
  Bench<> bench{{scripted::answers({scripted::greeting()}), scripted::answers({scripted::greeting()})}};
  REQUIRE(bench.client.begin(bench.request));
  CHECK(bench.client.next().text == "Hi!");
  bench.client.disconnect();
  CHECK(bench.transport.is_open());
  CHECK(scripted::finish(bench.client).status.error == Error::none);
  bench.client.disconnect();
  CHECK_FALSE(bench.transport.is_open());
  CHECK(bench.ask().status.error == Error::none);
  CHECK(bench.transport.opened() == 2);
}

TEST_CASE("client: its end closes the connection") {
  Blocking transport;
  transport.script = {scripted::answers({scripted::greeting()})};
  {
    const Config config = scripted::config();
    CHECK(scripted::ask_once(transport, config).status.error == Error::none);
  }
  CHECK_FALSE(transport.is_open());
}

TEST_CASE("client: a fresh question clears what the last one told") {
  Bench<> bench{{scripted::answers({scripted::greeting()}), scripted::answers({{"garbage"}})}};
  bench.ask();
  bench.client.disconnect();
  REQUIRE(bench.client.begin(bench.request));
  CHECK(bench.client.status().error == Error::none);
  CHECK(bench.client.stop_reason() == StopReason::none);
  CHECK(bench.client.usage().input_tokens == 0);
  CHECK(bench.client.request_id() == "");
  const Outcome outcome = scripted::finish(bench.client);
  CHECK(outcome.status.error == Error::bad_http);
  CHECK(outcome.status.http == 0);
}

TEST_CASE("client: a question that is refused clears what the last one told, too") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  for (const bool in_request : {true, false}) {
    bench.config = scripted::config();
    bench.request = scripted::question();
    bench.client.disconnect();
    bench.transport.forget();
    REQUIRE(bench.ask().status.error == Error::none);
    if (in_request) bench.request.model = "";
    if (!in_request) bench.config.api_key = {};
    const Reply reply = bench.client.ask(bench.request, [](string_view) {});
    CHECK(reply.status.error == (in_request ? Error::missing_model : Error::missing_key));
    CHECK(reply.stop_reason == StopReason::none);
    CHECK(bench.client.usage().output_tokens == 0);
    CHECK(bench.client.request_id() == "");
    CHECK(bench.client.done());
  }
}

TEST_CASE("client: what the wire has told is there before the end") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  REQUIRE(bench.client.begin(bench.request));
  CHECK(bench.client.next().text == "Hi!");
  CHECK(bench.client.request_id() == "req_1");
  CHECK(bench.client.usage().input_tokens == 7);
  CHECK(bench.client.stop_reason() == StopReason::none);
  while (bench.client.next().kind != EventKind::end) {}
  CHECK_FALSE(bench.client.done());  // the tail is still to be read
  CHECK(bench.client.stop_reason() == StopReason::end_turn);
}

TEST_CASE("client: the smallest workspace still asks and answers") {
  Bench<Blocking, 64> bench{{scripted::answers({scripted::greeting()})}};
  const Outcome outcome = bench.ask();
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.text == "Hi!");
}

TEST_SUITE_END();
