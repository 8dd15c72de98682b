// Lets the model think before it answers, and shows both. The settings are those of quickstart.cpp.
//
//   thinking [QUESTION]
#define PICOCLAUDE_ENABLE_THINKING 1
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

  // claude-haiku-4-5 thinks within a budget; newer models decide themselves, and show a summary only when asked to.
  const char* const model = setting("PICOCLAUDE_MODEL", nullptr);
  picoclaude::Request request;
  request.model = model != nullptr ? model : "claude-haiku-4-5";
  request.max_tokens = 2000;
  request.thinking = model == nullptr ? picoclaude::Thinking::enabled(1024)
                                      : picoclaude::Thinking::adaptive(picoclaude::ThinkingDisplay::summarized);
  request.prompt = argc > 1 ? argv[1] : "What is the greatest common divisor of 1071 and 462?";

  std::printf("> %s\n", request.prompt.data());
  picoclaude::EventKind shown = picoclaude::EventKind::none;
  claude.begin(request);
  while (const auto event = claude.next()) {
    if (event.kind != picoclaude::EventKind::thinking && event.kind != picoclaude::EventKind::text) continue;
    if (event.kind != shown) std::fputs(event.kind == picoclaude::EventKind::thinking ? "(thinking: " : ")\n", stdout);
    shown = event.kind;
    std::fwrite(event.text.data(), 1, event.text.size(), stdout);
    std::fflush(stdout);
  }
  std::puts("");
  if (claude.only_thought()) std::puts("It spent all its tokens on thinking: give it more of them.");
  if (claude.status()) return 0;
  return std::printf("failed: %s\n", name(claude.status().error).data()), 1;
}
