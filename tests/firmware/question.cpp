// A Claude client in 8 KB of RAM: the board's serial line goes to a modem, and the modem speaks TLS.
#include <picoclaude.hpp>

#include "../../examples/transports/at_modem.hpp"
#include "board.hpp"

int firmware() {
  board::Serial serial;
  AtModem<board::Serial> modem{serial};
  picoclaude::Workspace<512> memory;
  picoclaude::Config config;
  config.api_key = "sk-ant-firmware";
#ifdef QUESTION_RETRIES
  config.max_retries = QUESTION_RETRIES;
#endif
  picoclaude::Client claude{modem, memory, config};

  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 300;
  request.prompt = "Name three moons of Jupiter.";
  const auto reply = claude.ask(request, [](picoclaude::string_view text) {
    board::print(text);
  });
  board::print("\n[error ");
  board::print(static_cast<std::uint32_t>(reply.status.error));
  board::print(", http ");
  board::print(reply.status.http);
  board::print("]\n");
  return reply ? 0 : 1;
}
