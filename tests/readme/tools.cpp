// The README's tool, called by the stand-in server's model.
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include "toward_standin.hpp"
#include <cstdio>
#include <cstring>

namespace {

int lamp_calls = 0;

void lamp(bool on, int level) {
  std::printf("lamp %s at %d\n", on ? "on" : "off", level);
  ++lamp_calls;
}

}  // namespace

int main() {
  picoclaude::MbedtlsTransport tls{picoclaude::system_roots()};
  picoclaude::Workspace<1024> memory;
  picoclaude::Config config;
  config.api_key = "any";
  picoclaude::Client claude{tls, memory, config};
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
#include "readme_part.hpp"
  const picoclaude::string_view said = talk.json();
  std::printf("%.*s\n", static_cast<int>(said.size()), said.data());
  return run && run.calls == 1 && lamp_calls == 1 && run.stop_reason == picoclaude::StopReason::end_turn ? 0 : 1;
}
