// The README's game character, ticked 60 times a second against the stand-in server.
#include "toward_standin.hpp"
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

struct Npc {
  picoclaude::Client<picoclaude::MbedtlsTransport<>>& claude;
  std::string bubble;

  void tick();
};

#include "readme_part.hpp"

int main() {
  picoclaude::MbedtlsTransport tls{picoclaude::system_roots()};
  tls.blocking(false);
  picoclaude::Workspace<1024> memory;
  picoclaude::Config config;
  config.api_key = "any";
  picoclaude::Client claude{tls, memory, config};
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.prompt = "Hello!";

  Npc npc{claude, {}};
  if (!claude.begin(request)) return 1;
  int ticks = 0;
  for (; !claude.done() && ticks < 1000; ++ticks) {
    npc.tick();
    std::this_thread::sleep_for(std::chrono::milliseconds(16));
  }
  std::printf("%d ticks: %s\n", ticks, npc.bubble.c_str());
  return claude.status() && ticks > 1 && npc.bubble == "Hello! What shall we build today?" ? 0 : 1;
}
