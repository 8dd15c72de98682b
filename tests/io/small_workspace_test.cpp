// What is held of calls and thoughts, in workspaces that may be too small for it.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_THINKING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/recordings.hpp"
#include "support/run.hpp"

using namespace picoclaude;

namespace {

struct Told {
  std::string events;  // fragments of one kind and block joined
  Error error = Error::none;
};

Told ask(std::string_view stream, std::size_t room, std::size_t read_size) {
  scripted::Blocking transport;
  scripted::Connection connection;
  connection.answers.push_back({scripted::streamed(std::string(stream))});
  transport.script = {connection};
  transport.read_size = read_size;
  const Config config = scripted::config();
  std::vector<char> memory(room);
  Client<scripted::Blocking> client{transport, Room{memory.data(), memory.size()}, config};
  Request request;
  request.model = "m";
  request.max_tokens = 9;
  request.prompt = "x";
  client.begin(request);
  Told told;
  std::string last;
  while (!client.done()) {
    const Event event = client.next();
    if (!event) continue;
    const std::string head = "\n" + std::to_string(static_cast<int>(event.kind)) + " " + std::to_string(event.index) +
        " " + std::string(event.id) + " ";
    if (head != last || event.text.empty()) told.events += head;
    last = head;
    told.events += event.text;
  }
  told.error = client.status().error;
  return told;
}

}  // namespace

TEST_CASE("client: every recorded stream tells the same in any workspace, or is out of room in a small one") {
  unsigned whole = 0;
  unsigned full = 0;
  for (const recordings::Recording* const recording : recordings::in("streams/")) {
    if (recording->body.size() > 6000) continue;
    CAPTURE(recording->name);
    const Told expected = ask(recording->body, 100'000, scripted::all);
    for (const std::size_t room : {40u, 64u, 90u, 128u, 200u, 512u}) {
      CAPTURE(room);
      for (const std::size_t size : {std::size_t{1}, std::size_t{7}, scripted::all}) {
        const Told told = ask(recording->body, room, size);
        if (told.error == Error::out_of_room && expected.error == Error::none) {
          CHECK(room < 200);
          ++full;
        } else {
          CHECK(told.error == expected.error);
          CHECK(told.events == expected.events);
          ++whole;
        }
      }
    }
  }
  CHECK(full > 0);
  CHECK(whole > 900);
}

TEST_CASE("client: what is held leaves the bytes in front of the workspace alone") {
  const std::string start = "data: {\"type\":\"message_start\"}\n\n";
  const auto block = [](unsigned index) {
    return "data: {\"type\":\"content_block_start\",\"index\":" + std::to_string(index) +
        ",\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
  };
  const std::string held =
      R"(data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"held text"},"index":1})"
      "\n\n";
  const std::string end = R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}})"
                          "\n\ndata: {\"type\":\"message_stop\"}\n\n";
  char memory[520];
  for (char& c : memory) c = '~';
  scripted::Blocking transport;
  transport.script = {{{{scripted::streamed(start + block(0) + block(1) + held + end)}}}};
  transport.read_size = 1;
  const Config config = scripted::config();
  Client<scripted::Blocking> client{transport, Room{memory + 8, 512}, config};
  const Request request = scripted::question();
  const scripted::Outcome outcome = scripted::ask(client, request);
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.text == "held text");
  for (unsigned at = 0; at < 8; ++at) CHECK(memory[at] == '~');
}
