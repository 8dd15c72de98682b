#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/fed.hpp"
#include "support/recordings.hpp"
#include "support/run.hpp"

using namespace picoclaude;
using namespace support;

namespace {

std::string container_of(std::string_view stream, std::size_t size) {
  Container container;
  EventReader reader;
  feed_to(reader, stream, size, [&](const Event& event) {
    container.take(event);
  });
  CHECK(reader.error() == Error::none);
  return std::string(container.id());
}

std::string told(const std::string& id, const char* reason) {
  return "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"container\":{\"skills\":[{\"id\":\"no\"}],"
         "\"id\":\"" +
      id + "\"},\"stop_reason\":\"" + reason +
      "\"},\"usage\":{\"output_tokens\":1}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
}

// The bodies of the requests after which these answers came.
std::vector<std::string> requests(Request& request, const std::vector<std::string>& answers) {
  scripted::Blocking transport;
  scripted::Connection connection;
  for (const std::string& answer : answers) connection.answers.push_back({scripted::streamed(answer)});
  transport.script = {connection};
  const Config config = scripted::config();
  Workspace<1024> memory;
  Client<scripted::Blocking> client{transport, memory, config};
  char pages[4096];
  Transcript talk{Room{pages}};
  talk.user("Count.");
  request.model = "claude-opus-5-5";
  request.max_tokens = 100;
  CHECK(run_tools(client, request, talk, {}));
  std::vector<std::string> bodies;
  std::string_view sent = transport.request(0);
  for (std::size_t at = sent.find("\r\n\r\n"); at != std::string_view::npos; at = sent.find("\r\n\r\n")) {
    sent = sent.substr(at + 4);
    bodies.emplace_back(sent.substr(0, sent.find("POST ")));
  }
  return bodies;
}

bool has(const std::string& body, const char* text) { return body.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("container: its id is told at the end of a stream, or at its start") {
  for (const std::size_t size :
      {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{100}, std::size_t{1} << 16}) {
    CHECK(container_of(recordings::get("streams/30_code_execution_container.sse").body, size) == "container_01Fx");
    CHECK(container_of(recordings::get("streams/31_programmatic_caller.sse").body, size) == "container_01Fx");
    CHECK(container_of(recordings::get("streams/44_usage_full.sse").body, size).empty());
    const std::string start =
        "data: {\"type\":\"message_start\",\"message\":{\"container\":{\"id\":\"container_\\u0031\"}}}\n\n";
    CHECK(container_of(start, size) == "container_1");
    CHECK(container_of(start + told("container_2", "end_turn"), size) == "container_2");
    CHECK(container_of(start + told(std::string(63, 'c'), "end_turn"), size) == std::string(63, 'c'));
    CHECK(container_of(start + told(std::string(64, 'c'), "end_turn"), size).empty());
  }
}

TEST_CASE("container: of an event that has none nothing is told") {
  const std::string other =
      R"("message":{"container":{"id":"container_01"}},"delta":{"container":{"id":"container_01"}}})";
  CHECK(container_of(message_start() + "data: {\"type\":\"ping\"," + other + "\n\n", 7) == "");
  CHECK(container_of(
            message_start() + "event: ping\ndata: {" + other.substr(0, other.size() - 1) + ",\"type\":\"ping\"}\n\n",
            7) == "");
}

TEST_CASE("container: an id of 63 bytes is kept, a longer one is none") {
  Container container;
  const std::string id(300, 'c');
  const auto kept = [&](std::size_t size) {
    container.take({EventKind::container, 0, {id.data(), size}});
    container.take({EventKind::text, 0, "another"});
    const std::string known(container.id());
    container.take({EventKind::container, 0, {}});
    return known;
  };
  CHECK(kept(63) == std::string(63, 'c'));
  CHECK(kept(64) == "");
  CHECK(kept(65) == "");
  CHECK(kept(300) == "");
  CHECK(kept(1) == "c");
}

TEST_CASE("container: the next request of run_tools goes on in it") {
  const std::vector<std::string> answers = {message_start() + told("container_1", "pause_turn"),
      message_start() + message_end("pause_turn"), message_start() + told("container_2", "pause_turn"),
      message_start() + message_end("end_turn")};
  Request request;
  const std::vector<std::string> bodies = requests(request, answers);
  REQUIRE(bodies.size() == 4);
  CHECK(!has(bodies[0], "\"container\""));
  CHECK(has(bodies[1], R"("container":"container_1")"));
  CHECK(has(bodies[2], R"("container":"container_1")"));
  CHECK(has(bodies[3], R"("container":"container_2")"));
}

TEST_CASE("container: one that the request names stays, and skills go along") {
  const std::vector<std::string> answers = {
      message_start() + told("container_1", "pause_turn"), message_start() + message_end("end_turn")};
  Request request;
  request.container = "container_own";
  std::vector<std::string> bodies = requests(request, answers);
  REQUIRE(bodies.size() == 2);
  CHECK(has(bodies[1], R"("container":"container_own")"));
  Skill skill;
  skill.skill_id = "pptx";
  request.container = {};
  request.skills = skill;
  bodies = requests(request, answers);
  REQUIRE(bodies.size() == 2);
  CHECK(has(bodies[1], R"("container":{"id":"container_1","skills":[)"));
}
