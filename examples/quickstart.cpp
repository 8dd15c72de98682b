// The first program with a choice of server: from the environment, so that nothing has to be edited.
//
//   ANTHROPIC_API_KEY      the key
//   PICOCLAUDE_BASE_URL    where to ask instead of https://api.anthropic.com
//   PICOCLAUDE_CA          a file with the certificates to trust (PEM) instead of the system's
//   PICOCLAUDE_MODEL       which model to ask instead of claude-haiku-4-5
//
//   quickstart [QUESTION]
#include <picoclaude.hpp>
#include <cstdio>
#include <cstdlib>

namespace {

const char* setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  const char* ca = setting("PICOCLAUDE_CA", nullptr);
  picoclaude::MbedtlsTransport tls{ca != nullptr ? picoclaude::file_roots(ca) : picoclaude::system_roots()};
  picoclaude::Workspace<2048> memory;
  picoclaude::Config config;
  config.api_key = setting("ANTHROPIC_API_KEY", "");
  config.base_url = setting("PICOCLAUDE_BASE_URL", "https://api.anthropic.com");
  picoclaude::Client claude{tls, memory, config};

  picoclaude::Request request;
  request.model = setting("PICOCLAUDE_MODEL", "claude-haiku-4-5");
  request.max_tokens = 300;
  request.prompt = argc > 1 ? argv[1] : "Name three moons of Jupiter.";

  std::printf("> %s\n", request.prompt.data());
  const auto reply = claude.ask(request, [](picoclaude::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  });
  if (!reply) {
    std::printf("\nfailed: %s (HTTP status %u, native code %d)\n", name(reply.status.error).data(),
        unsigned{reply.status.http}, static_cast<int>(reply.status.native));
    return 1;
  }
  std::printf("\n(%u tokens in, %u out)\n", static_cast<unsigned>(claude.usage().input_tokens),
      static_cast<unsigned>(claude.usage().output_tokens));
  return 0;
}
