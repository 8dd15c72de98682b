#include <picoclaude.hpp>
#include <cstdio>
#include <cstdlib>

int main() {
  const char* key = std::getenv("ANTHROPIC_API_KEY");
  if (!key) return std::puts("set ANTHROPIC_API_KEY"), 2;

  picoclaude::MbedtlsTransport tls{picoclaude::system_roots()};
  picoclaude::Workspace<2048> memory;  // every byte picoclaude will use (mbedTLS keeps its own heap)
  picoclaude::Config config;
  config.api_key = key;
  picoclaude::Client claude{tls, memory, config};

  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 300;
  request.prompt = "Name three moons of Jupiter.";

  const auto reply = claude.ask(request, [](picoclaude::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
  });
  std::puts(reply ? "" : name(reply.status.error).data());  // what went wrong, if anything
  return reply ? 0 : 1;
}
