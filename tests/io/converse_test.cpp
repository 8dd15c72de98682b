#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/fed.hpp"
#include "support/run.hpp"

using namespace picoclaude;
using namespace support;

namespace {

std::string answer(std::string_view text) {
  return message_start() + block_start(0, R"({"type":"text","text":""})") + text_delta(0, text) + block_stop(0) +
      message_end("end_turn");
}

}  // namespace

TEST_CASE("converse: what was said before is sent again, and the answer is added") {
  scripted::Bench<> bench(
      {scripted::answers({{scripted::streamed(answer("Four."))}, {scripted::streamed(answer("Six."))}})});
  bench.request.prompt = {};
  char pages[512];
  Transcript talk(pages);
  std::string text;
  const auto take = [&](string_view part) {
    text += part;
  };
  talk.user("Two and two?");
  CHECK(converse(bench.client, bench.request, talk, take));
  talk.user("Plus two?");
  const Reply reply = converse(bench.client, bench.request, talk, take);
  CHECK(reply);
  CHECK(reply.stop_reason == StopReason::end_turn);
  CHECK(reply.size == 4);
  CHECK(text == "Four.Six.");
  CHECK(talk.json() ==
      R"({"role":"user","content":"Two and two?"},{"role":"assistant","content":[{"type":"text","text":"Four."}]},)"
      R"({"role":"user","content":"Plus two?"},{"role":"assistant","content":[{"type":"text","text":"Six."}]})");
  CHECK(bench.transport.request(0).find(
            R"("messages":[{"role":"user","content":"Two and two?"},{"role":"assistant","content":)"
            R"([{"type":"text","text":"Four."}]},{"role":"user","content":"Plus two?"}])") != std::string_view::npos);
}

TEST_CASE("converse: an answer that does not fit is heard, but not kept") {
  scripted::Bench<> bench({scripted::answers({{scripted::streamed(answer("Four, I should think."))}})});
  bench.request.prompt = {};
  char pages[90];
  Transcript talk(pages);
  std::string text;
  talk.user("Two and two?");
  const std::string before(talk.json());
  const Reply reply = converse(bench.client, bench.request, talk, [&](string_view part) {
    text += part;
  });
  CHECK(reply.status.error == Error::out_of_room);
  CHECK(text == "Four, I should think.");
  CHECK(talk.json() == before);
}

TEST_CASE("converse: nothing to say is refused before anything is sent") {
  scripted::Bench<> bench;
  bench.request.prompt = {};
  char pages[90];
  Transcript talk(pages);
  CHECK(converse(bench.client, bench.request, talk, [](string_view) {}).status.error == Error::missing_messages);
  CHECK(bench.transport.opened() == 0);
}

TEST_CASE("client: a text that was too long stays so, although a block without a word comes behind it") {
  scripted::Bench<> bench({scripted::answers({{scripted::streamed(message_start() +
      block_start(0, R"({"type":"text","text":""})") + text_delta(0, "Four.") + block_stop(0) +
      block_start(1, R"({"type":"text","text":""})") + block_stop(1) + message_end("end_turn"))}})});
  char text[4];
  const Reply reply = bench.client.ask(bench.request, text);
  CHECK(reply.status.error == Error::out_of_room);
  CHECK(reply.size == 5);
  CHECK(std::string(text) == "Fou");
}
