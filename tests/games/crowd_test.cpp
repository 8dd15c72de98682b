// Many conversations over a few connections, and the allowance of bytes for a tick.
#include "picoclaude_for_games.hpp"

#include "support/heap.hpp"
#include "support/run.hpp"
#include "support/trace.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;

namespace {

std::string delta(const std::string& text) {
  return "event: content_block_delta\n"
         R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":")" +
      text + "\"}}\n\n";
}

// An answer of so many words, each an event.
std::string words(unsigned count) {
  const std::string whole(scripted::hello);
  const std::size_t at = whole.find("event: content_block_delta");
  const std::size_t behind = whole.find("event: content_block_stop");
  std::string text;
  for (unsigned i = 0; i < count; ++i) text += delta("w ");
  return whole.substr(0, at) + text + whole.substr(behind);
}

scripted::Answer answer(unsigned count) { return {scripted::streamed(words(count))}; }

struct Line {
  scripted::Ticking transport;
  Workspace<2048> memory;
  Config config = scripted::config();
  Client<scripted::Ticking> client{transport, memory, config};

  // One connection that answers each request, in order.
  explicit Line(std::vector<scripted::Answer> answers = {}) { transport.script = {{std::move(answers)}}; }
};

struct Speaker : Turn {
  Request request = scripted::question();
  std::string heard;
  unsigned overs = 0;
};

using Line_client = Client<scripted::Ticking>;

// One tick: what was said, in its order.
unsigned tick(Crowd<Line_client>& crowd, std::vector<Speaker*>* order = nullptr) {
  unsigned count = 0;
  while (const Said<Line_client> said = crowd.next()) {
    auto& speaker = static_cast<Speaker&>(*said.turn);
    if (said.event.kind == EventKind::text) speaker.heard += said.event.text;
    if (said.over) ++speaker.overs;
    if (said.over && order != nullptr) order->push_back(&speaker);
    ++count;
  }
  return count;
}

bool all_idle(const std::vector<Speaker*>& speakers) {
  for (const Speaker* speaker : speakers) {
    if (!speaker->idle()) return false;
  }
  return true;
}

}  // namespace

TEST_SUITE_BEGIN("crowd");

TEST_CASE("crowd: five conversations over two connections, answered in the order of asking") {
  Line one{{answer(3), answer(3), answer(3)}};
  Line two{{answer(3), answer(3), answer(3)}};
  Seat<Line_client> seats[] = {{one.client}, {two.client}};
  Crowd crowd{seats};
  Speaker speakers[5];
  for (Speaker& speaker : speakers) CHECK(crowd.ask(speaker, speaker.request));
  CHECK(speakers[4].waiting());
  std::vector<Speaker*> order;
  for (int i = 0; i < 100 && order.size() < 5; ++i) {
    tick(crowd, &order);
    CHECK(static_cast<int>(speakers[0].talking()) + speakers[1].talking() + speakers[2].talking() +
            speakers[3].talking() + speakers[4].talking() <=
        2);
  }
  REQUIRE(order.size() == 5);
  CHECK(order[4] == &speakers[4]);
  for (const Speaker& speaker : speakers) {
    CHECK(speaker.heard == "w w w ");
    CHECK(speaker.overs == 1);
    CHECK(speaker.idle());
    CHECK(speaker.status());
  }
  CHECK(one.transport.opened() == 1);
  CHECK(two.transport.opened() == 1);
  CHECK(one.transport.requests + two.transport.requests == 5);
}

TEST_CASE("crowd: whoever asks again goes behind those who wait") {
  std::vector<scripted::Answer> many(40, answer(1));
  Line one{many};
  Seat<Line_client> seats[] = {{one.client}};
  Crowd crowd{seats};
  Speaker speakers[4];
  unsigned turns[4] = {};
  for (Speaker& speaker : speakers) crowd.ask(speaker, speaker.request);
  for (int i = 0; i < 400; ++i) {
    while (const Said<Line_client> said = crowd.next()) {
      if (!said.over) continue;
      auto& speaker = static_cast<Speaker&>(*said.turn);
      ++turns[&speaker - speakers];
      CHECK(crowd.ask(speaker, speaker.request));  // at once: the greedy one does not get ahead
    }
    if (one.transport.requests == 36) break;
  }
  for (const unsigned count : turns) CHECK(count >= 8);
  for (const unsigned count : turns) CHECK(count <= 9);
}

TEST_CASE("crowd: who talks much does not hold up the others") {
  Line chatter{{answer(200)}};
  Line quiet{{answer(2)}};
  Seat<Line_client> seats[] = {{chatter.client}, {quiet.client}};
  Crowd crowd{seats};
  Speaker speakers[2];
  for (Speaker& speaker : speakers) crowd.ask(speaker, speaker.request);
  for (int i = 0; i < 3; ++i) CHECK(tick(crowd) <= 2 * Crowd<Line_client>::max_burst);
  CHECK(speakers[1].heard == "w w ");
  CHECK(speakers[1].overs == 1);
  CHECK(speakers[0].talking());
  for (int i = 0; i < 100 && !speakers[0].idle(); ++i) tick(crowd);
  CHECK(speakers[0].heard.size() == 400);
}

TEST_CASE("crowd: the player's conversation may go first") {
  Line one{{answer(1), answer(1), answer(1)}};
  Seat<Line_client> seats[] = {{one.client}};
  Crowd crowd{seats};
  Speaker speakers[3];
  crowd.ask(speakers[0], speakers[0].request);
  crowd.ask(speakers[1], speakers[1].request);
  crowd.ask_first(speakers[2], speakers[2].request);
  std::vector<Speaker*> order;
  for (int i = 0; i < 50 && order.size() < 3; ++i) tick(crowd, &order);
  CHECK(order == std::vector<Speaker*>{&speakers[2], &speakers[0], &speakers[1]});
}

TEST_CASE("crowd: a conversation asks one thing at a time") {
  Line one{{answer(1)}};
  Seat<Line_client> seats[] = {{one.client}};
  Crowd crowd{seats};
  Speaker speaker;
  CHECK(crowd.ask(speaker, speaker.request));
  CHECK(crowd.ask(speaker, speaker.request).error == Error::busy);
  CHECK(crowd.ask_first(speaker, speaker.request).error == Error::busy);
  for (int i = 0; i < 50 && !speaker.idle(); ++i) tick(crowd);
  CHECK(speaker.overs == 1);
  CHECK(speaker.status());
}

TEST_CASE("crowd: an answer that fails is over once, and the next one has the connection") {
  Line one;
  one.transport.script = {{{{"nonsense", scripted::Ending::reset}}}, {{answer(1)}}};
  Seat<Line_client> seats[] = {{one.client}};
  Crowd crowd{seats};
  Speaker speakers[3];
  speakers[1].request.model = {};  // refused before anything is sent
  for (Speaker& speaker : speakers) crowd.ask(speaker, speaker.request);
  for (int i = 0; i < 50 && !all_idle({&speakers[0], &speakers[1], &speakers[2]}); ++i) tick(crowd);
  CHECK(speakers[0].status().error == Error::bad_http);
  CHECK(speakers[1].status().error == Error::missing_model);
  CHECK(speakers[2].status().error == Error::none);
  CHECK(speakers[2].heard == "w ");
  for (const Speaker& speaker : speakers) CHECK(speaker.overs == 1);
}

TEST_CASE("crowd: cancelling one who talks and one who waits leaves the others alone") {
  Line one{{answer(50)}};
  one.transport.script.push_back({{answer(2)}});
  Seat<Line_client> seats[] = {{one.client}};
  Crowd crowd{seats};
  Speaker speakers[3];
  for (Speaker& speaker : speakers) crowd.ask(speaker, speaker.request);
  tick(crowd);
  REQUIRE(speakers[0].talking());
  crowd.cancel(speakers[1]);
  crowd.cancel(speakers[0]);
  crowd.cancel(speakers[0]);  // idle: nothing happens
  CHECK(speakers[0].status().error == Error::cancelled);
  CHECK(speakers[1].status().error == Error::cancelled);
  for (int i = 0; i < 50 && !speakers[2].idle(); ++i) tick(crowd);
  CHECK(speakers[2].heard == "w w ");
  CHECK(speakers[0].overs == 0);
  CHECK(speakers[1].overs == 0);
  CHECK(one.transport.opened() == 2);
}

TEST_CASE("crowd: nothing is allocated") {
  Line one{{answer(30), answer(30)}};
  one.transport.reserve(2, 4096);
  Seat<Line_client> seats[] = {{one.client}};
  Speaker speakers[2];
  for (Speaker& speaker : speakers) speaker.heard.reserve(100);
  const unsigned long before = heap::calls();
  Crowd crowd{seats};
  for (Speaker& speaker : speakers) crowd.ask(speaker, speaker.request);
  for (int i = 0; i < 200 && !(speakers[0].idle() && speakers[1].idle()); ++i) tick(crowd);
  CHECK(speakers[1].heard.size() == 60);
  CHECK(heap::calls() == before);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("metered");

TEST_CASE("metered: no more bytes move than were allowed, and the events are the same") {
  scripted::Blocking plain;
  plain.script = {{{answer(20)}}};
  const std::string expected = scripted::ask_once(plain, scripted::config()).text;
  for (const std::uint32_t allowed : {1u, 7u, 64u, 1000u}) {
    Metered<scripted::Ticking> metered;
    metered.script = {{{answer(20)}}};
    Workspace<512> memory;
    const Config config = scripted::config();
    Client client{metered, memory, config};
    const Request request = scripted::question();
    REQUIRE(client.begin(request));
    std::string text;
    std::size_t moved = 0;
    for (int i = 0; i < 20'000 && !client.done(); ++i) {
      metered.allow(allowed);
      while (const Event event = client.next()) {
        if (event.kind == EventKind::text) text += event.text;
      }
      const std::size_t now = metered.given + metered.request(0).size();
      CHECK(now - moved <= allowed);
      moved = now;
    }
    CHECK(client.done());
    CHECK(client.status());
    CHECK(text == expected);
  }
}

TEST_CASE("metered: a used up allowance gives a blocking program control back") {
  Metered<scripted::Blocking> metered;
  metered.script = {{{answer(20)}}};
  Workspace<512> memory;
  const Config config = scripted::config();
  Client client{metered, memory, config};
  const Request request = scripted::question();
  REQUIRE(client.begin(request));
  metered.allow(10);
  CHECK_FALSE(client.next());
  CHECK_FALSE(client.done());
  CHECK(metered.given + metered.request(0).size() == 10);
  metered.allow(1'000'000);
  CHECK(client.next().kind == EventKind::text);
}

TEST_SUITE_END();
