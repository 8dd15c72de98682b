// A lamp that Claude may switch, in 8 KB of RAM: asks with a tool, streams the reply, runs the tool, sends its result,
// and prints the answer. The board's serial line goes to a modem, and the modem speaks TLS.
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>

#include "../../examples/transports/at_modem.hpp"
#include "board.hpp"

namespace {

constexpr auto set_lamp = picoclaude::tool("set_lamp", "Switches the lamp on the desk.",
    picoclaude::boolean("on", "true to light it"), picoclaude::integer("level", "in percent").range(20, 100));

picoclaude::Workspace<512> memory;
char pages[1024];  // the conversation

void lamp(bool on, int level, picoclaude::ToolReply reply) {
  board::print(on ? "\n[lamp on, " : "\n[lamp off, ");
  board::print(static_cast<std::uint32_t>(level));
  board::print(" %]\n");
  reply.text("The lamp is lit.");
}

}  // namespace

int firmware() {
  board::Serial serial;
  AtModem<board::Serial> modem{serial};
  picoclaude::Config config;
  config.api_key = "sk-ant-firmware";
  picoclaude::Client claude{modem, memory, config};

  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 300;
  picoclaude::Transcript talk{picoclaude::Room{pages}};
  talk.user("It is getting dark.");

  std::uint32_t fragments = 0;
  const auto show = [&fragments](const picoclaude::Event& event) {
    if (event.kind != picoclaude::EventKind::text) return;
    board::print(event.text);
    ++fragments;
  };
  const auto run = picoclaude::run_tools(claude, request, talk, {}, show, set_lamp.calls(lamp));
  board::print("\n[error ");
  board::print(static_cast<std::uint32_t>(run.status.error));
  board::print(", http ");
  board::print(run.status.http);
  board::print(", rounds ");
  board::print(run.rounds);
  board::print(", calls ");
  board::print(run.calls);
  board::print(", fragments ");
  board::print(fragments);
  board::print(", transcript ");
  board::print(static_cast<std::uint32_t>(talk.json().size()));
  board::print("]\n");
  return run ? 0 : 1;
}
