// A lamp that the model may switch: one declaration is the schema it sees, the check of what it wrote, and the values
// that reach the program. The settings are those of quickstart.cpp.
//
//   tools [WISH]
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>
#include <cstdio>
#include <cstdlib>

namespace {

enum class Color { warm, neutral, cold };

constexpr auto set_lamp = picoclaude::tool("set_lamp", "Switches the lamp in the living room.",
    picoclaude::boolean("on", "true to light it"), picoclaude::integer("level", "brightness in percent").range(0, 100),
    picoclaude::enumeration("color", "of the light", "warm", "neutral", "cold").optional());

void lamp(bool on, int level, picoclaude::Optional<Color> color, picoclaude::ToolReply reply) {
  const char* const names[] = {"warm", "neutral", "cold"};
  std::printf(
      "\n[lamp: %s, %d %%, %s]\n", on ? "on" : "off", level, names[static_cast<int>(color.value_or(Color::warm))]);
  reply.text("done");
}

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
  request.max_tokens = 500;

  static char pages[4096];
  picoclaude::Transcript talk{picoclaude::Room{pages}};
  talk.user(argc > 1 ? argv[1] : "It is getting dark, and I want to read.");

  const auto show = [](const picoclaude::Event& event) {
    if (event.kind == picoclaude::EventKind::text) std::fwrite(event.text.data(), 1, event.text.size(), stdout);
  };
  const auto run = picoclaude::run_tools(claude, request, talk, {}, show, set_lamp.calls(lamp));
  std::printf("\n(%u calls in %u rounds)\n", unsigned{run.calls}, unsigned{run.rounds});
  if (!run) std::printf("stopped: %s (HTTP status %u)\n", name(run.status.error).data(), unsigned{run.status.http});
  return run ? 0 : 1;
}
