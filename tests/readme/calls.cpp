// The README's other calls, against the stand-in server.
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 1
#define PICOCLAUDE_ENABLE_MODELS 1
#include "toward_standin.hpp"
#include <cstdio>

int main() {
  picoclaude::MbedtlsTransport tls{picoclaude::system_roots()};
  picoclaude::Workspace<1024> memory;
  picoclaude::Config config;
  config.api_key = "any";
  picoclaude::Client claude{tls, memory, config};
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.prompt = "Hello!";
#include "readme_part.hpp"
  return count && listed && count.input_tokens > 3 && !list.item.id.view().empty() ? 0 : 1;
}
