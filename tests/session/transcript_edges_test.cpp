// What becomes of a turn that is broken off, of room that is lent, and of messages that others wrote.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

Event end_of(StopReason reason) {
  Event end(EventKind::end, 0, {});
  end.stop_reason = reason;
  return end;
}

Error record_text(Transcript& talk, string_view text) {
  talk.take({EventKind::text, 0, text});
  return talk.take(end_of(StopReason::end_turn));
}

void record_call(Transcript& talk, string_view id) {
  const std::string block = R"({"type":"tool_use","id":")" + std::string(id) + R"(","name":"n","input":{}})";
  talk.take({EventKind::block, 0, block});
  talk.take(end_of(StopReason::tool_use));
}

constexpr char hello[] = R"({"role":"user","content":"Hello"})";
constexpr char yes[] = R"({"role":"assistant","content":[{"type":"text","text":"yes"}]})";
constexpr char called[] = R"({"role":"assistant","content":[{"type":"tool_use","id":"i","name":"n","input":{}}]})";

}  // namespace

TEST_CASE("transcript: half of the free room is lent, and comes back") {
  char pages[133];
  Transcript talk(pages);
  talk.user("Hello");
  REQUIRE(talk.room() == 100);
  const Room lent = talk.lend();
  CHECK(lent.data == pages + 83);
  CHECK(lent.size == 50);
  CHECK(talk.room() == 50);
  const Room again = talk.lend();
  CHECK(again.data == pages + 83);
  CHECK(again.size == 50);
  talk.take_back();
  CHECK(talk.room() == 100);
}

TEST_CASE("transcript: a turn that was broken off is forgotten by whatever comes next") {
  char pages[512];
  for (int way = 0; way < 4; ++way) {
    CAPTURE(way);
    Transcript talk(pages);
    talk.user("Hello");
    talk.take({EventKind::text, 0, "half an ans"});
    switch (way) {
      case 0: CHECK(talk.add(user("Hello")) == Error::none); break;
      case 1: CHECK_FALSE(talk.forget_oldest()); break;
      case 2: talk.clear(); break;
      default: CHECK(talk.restore(hello) == Error::none); break;
    }
    const std::string before(talk.json());
    CHECK(record_text(talk, "yes") == Error::none);
    CHECK(talk.json() == before + (before.empty() ? "" : ",") + yes);
  }
}

TEST_CASE("transcript: after one that did not fit, a shorter turn is recorded") {
  char pages[120];
  Transcript talk(pages);
  talk.user("Hello");
  CHECK(record_text(talk, "an answer that is longer than what is left of the room") == Error::out_of_room);
  CHECK(talk.json() == hello);
  CHECK(talk.take({EventKind::text, 0, "yes"}) == Error::out_of_room);  // of the same answer
  talk.drop_turn();
  CHECK(record_text(talk, "yes") == Error::none);
  CHECK(talk.json() == std::string(hello) + "," + yes);
}

TEST_CASE("transcript: a turn that did not fit leaves the one before it, and brings its calls not back") {
  char pages[160];
  Transcript talk(pages);
  talk.user("Hello");
  record_call(talk, "i");
  const std::string before = std::string(hello) + "," + called;
  CHECK(talk.json() == before);
  CHECK(record_text(talk, "a text that is longer than what is left") == Error::out_of_room);
  CHECK(talk.json() == before);
  ToolCall call;
  CHECK_FALSE(talk.call(0, call));
}

TEST_CASE("transcript: where there is no room for a turn, neither its end nor a retry changes anything") {
  char pages[160];
  Transcript talk(pages);
  record_text(talk, "yes");
  talk.user("a message that leaves no room for a turn behind it");
  const std::string before(talk.json());
  CHECK(talk.room() < 30);
  CHECK(talk.take({EventKind::retrying, 0, {}}) == Error::none);
  CHECK(talk.take(end_of(StopReason::end_turn)) == Error::out_of_room);
  CHECK(talk.json() == before);
}

TEST_CASE("transcript: calls of a turn that was cleared or restored are not asked for again") {
  char pages[512];
  Transcript talk(pages);
  talk.user("Hello");
  record_call(talk, "i");
  ToolCall call;
  CHECK(talk.call(0, call));
  const std::string saved(talk.json());
  CHECK(talk.restore(saved) == Error::none);
  CHECK_FALSE(talk.call(0, call));
}

TEST_CASE("transcript: each call is answered once, wherever its answer stands") {
  char pages[1024];
  Transcript talk(pages);
  const std::string answered = R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":"0"},)"
                               R"({"type":"tool_result","tool_use_id":"i","content":"1"}]})";
  const std::string brief = R"({"role":"system","content":"Be brief."})";
  const std::string again = R"({"role":"user","content":"Again"})";
  for (const std::string& between : {std::string(), brief + ",", brief + "," + brief + ","}) {
    const std::string saved = std::string(hello) + "," + called + "," + between + answered;
    REQUIRE(talk.restore(saved) == Error::none);
    CHECK(talk.user("Again") == Error::none);
    CHECK(talk.json() == saved + "," + again);
  }
  const std::string saved = std::string(hello) + "," + called + "," + brief;
  REQUIRE(talk.restore(saved) == Error::none);
  CHECK(talk.user("Again") == Error::none);
  CHECK(talk.json() ==
      saved + R"(,{"role":"user","content":[{"type":"tool_result","tool_use_id":"i","content":"Error: not run",)" +
          R"("is_error":true}]},)" + again);
}

TEST_CASE("transcript: messages are separated by commas, and may be the system's behind the first one") {
  char pages[256];
  Transcript talk(pages);
  const std::string two = std::string(hello) + R"(,{"role":"system","content":"Be brief."})";
  CHECK(talk.restore(two) == Error::none);
  CHECK(talk.json() == two);
  CHECK(talk.restore(std::string(hello) + ";" + hello) == Error::bad_json);
  CHECK(talk.empty());
}

TEST_CASE("transcript: a message is forgotten whole, whatever its content looks like") {
  char pages[256];
  Transcript talk(pages);
  REQUIRE(talk.restore(R"({"role":"user","content":{"role":"user","content":"inside"}},)" + std::string(hello)) ==
      Error::none);
  CHECK(talk.forget_oldest());
  CHECK(talk.json() == hello);
}

TEST_CASE("transcript: a message fits to the last byte, and is refused with one byte less") {
  const std::string two = std::string(hello) + "," + hello;
  for (const std::size_t room : {two.size() - 2, two.size() - 1, two.size()}) {
    char pages[80];
    for (char& c : pages) c = '~';
    Transcript talk({pages, room});
    CHECK(talk.user("Hello") == Error::none);
    CHECK(talk.user("Hello") == (room == two.size() ? Error::none : Error::out_of_room));
    CHECK(talk.json() == (room == two.size() ? two : std::string(hello)));
    CHECK(pages[room] == '~');
  }
}
