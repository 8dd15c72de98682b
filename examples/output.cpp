// Asks for an answer of a declared form, and has its values while the text still streams. The settings are those of
// quickstart.cpp.
//
//   output [PLANET]
#define PICOCLAUDE_ENABLE_OUTPUT 1
#include <picoclaude.hpp>
#include <cstdio>
#include <cstdlib>

namespace {

// The same declaration is what the service is told, and the check of what comes.
constexpr auto moon = picoclaude::structure(picoclaude::string("name", "the moon's usual name"),
    picoclaude::integer("radius_km", "its mean radius in km, at least 1").range(1, 100'000),
    picoclaude::boolean("round", "whether its own gravity makes it round"));
constexpr auto form = moon.without_limits();  // the service takes no limits in it; they are checked here

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

  char question[100];
  std::snprintf(question, sizeof question, "Describe the largest moon of %.50s.", argc > 1 ? argv[1] : "Jupiter");
  picoclaude::Request request;
  request.model = setting("PICOCLAUDE_MODEL", "claude-haiku-4-5");
  request.max_tokens = 200;
  request.prompt = question;
  request.output_schema = form.schema();

  char strings[64];
  picoclaude::OutputReader reader{moon, picoclaude::Room{strings}};
  std::printf("> %s\n", question);
  claude.begin(request);
  while (const auto event = claude.next()) reader.take(event);
  if (!claude.status()) return std::printf("failed: %s\n", name(claude.status().error).data()), 1;
  const auto fault = reader.finish([](picoclaude::string_view name, int radius_km, bool round) {
    std::printf(
        "%.*s: %d km, %s\n", static_cast<int>(name.size()), name.data(), radius_km, round ? "round" : "not round");
  });
  if (fault != picoclaude::InputFault::none) std::puts("The answer has another form.");
  return fault == picoclaude::InputFault::none ? 0 : 1;
}
