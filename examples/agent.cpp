// An agent that keeps a house warm, with brakes: it looks around, decides, acts, and is stopped when it does not come to
// an end by itself. The settings are those of quickstart.cpp.
//
//   agent [TASK]
//
// Each brake ends the run with an exit code of its own: 2 rounds, 3 calls, 4 tokens, 5 time, 6 money; 1 is any failure.
// To see one, pull it: AGENT_ROUNDS, AGENT_CALLS, AGENT_TOKENS, AGENT_MS, AGENT_MICRODOLLARS.
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#define PICOCLAUDE_ENABLE_BUDGET 1
#include <picoclaude.hpp>
#include <cstdio>
#include <cstdlib>

namespace {

using picoclaude::string_view;
using picoclaude::ToolReply;

// ---- the house -------------------------------------------------------------------------------------------------------

struct Radiator {
  const char* room;
  int tenths_of_a_degree;
  int valve;  // percent
};

Radiator house[] = {{"kitchen", 181, 0}, {"bath", 204, 10}, {"study", 172, 0}};

enum class Room { kitchen, bath, study };

constexpr auto read_temperature =
    picoclaude::tool("read_temperature", "The temperature of one room in degrees Celsius.",
        picoclaude::enumeration("room", "which room", "kitchen", "bath", "study"));

constexpr auto open_valve = picoclaude::tool("open_valve", "Opens the radiator's valve of one room.",
    picoclaude::enumeration("room", "which room", "kitchen", "bath", "study"),
    picoclaude::integer("percent", "0 is closed").range(0, 100),
    picoclaude::string("reason", "for the log").max_size(80).optional());

// A tool may also be described by a schema as text; its input then arrives as text.
constexpr picoclaude::RawTool forecast = picoclaude::raw_tool(
    {"forecast", "Tomorrow's weather outside.", R"({"type":"object","properties":{},"additionalProperties":false})"});

void tell_temperature(Room room, ToolReply reply) {
  const Radiator& radiator = house[static_cast<int>(room)];
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%d.%d, valve at %d percent", radiator.tenths_of_a_degree / 10,
      radiator.tenths_of_a_degree % 10, radiator.valve);
  std::printf("\n[%s: %s]\n", radiator.room, text);
  reply.text({text, static_cast<std::size_t>(size)});
}

void set_valve(Room room, int percent, picoclaude::Optional<string_view> reason, ToolReply reply) {
  Radiator& radiator = house[static_cast<int>(room)];
  if (percent - radiator.valve > 50) {
    reply.error("at most 50 percent at once");
    return;
  }
  radiator.valve = percent;
  const string_view why = reason.value_or("the model said so");
  std::printf(
      "\n[%s: valve to %d %% because %.*s]\n", radiator.room, percent, static_cast<int>(why.size()), why.data());
  reply.text("done");
}

// ---- the run ---------------------------------------------------------------------------------------------------------

int exit_code(picoclaude::Error error) {
  switch (error) {
    case picoclaude::Error::none: return 0;
    case picoclaude::Error::out_of_rounds: return 2;
    case picoclaude::Error::out_of_calls: return 3;
    case picoclaude::Error::out_of_tokens: return 4;
    case picoclaude::Error::out_of_time: return 5;
    case picoclaude::Error::spent: return 6;
    default: return 1;
  }
}

const char* setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

template <class Number>
Number limit(const char* name, Number otherwise) {
  const char* value = setting(name, nullptr);
  return value != nullptr ? static_cast<Number>(std::strtoul(value, nullptr, 10)) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  const char* ca = setting("PICOCLAUDE_CA", nullptr);
  picoclaude::MbedtlsTransport tls{ca != nullptr ? picoclaude::file_roots(ca) : picoclaude::system_roots()};
  picoclaude::Workspace<2048> memory;
  picoclaude::Budget budget{limit("AGENT_MICRODOLLARS", picoclaude::dollars(0, 10)), picoclaude::prices_2026_11};
  picoclaude::Config config;
  config.api_key = setting("ANTHROPIC_API_KEY", "");
  config.base_url = setting("PICOCLAUDE_BASE_URL", "https://api.anthropic.com");
  config.budget = &budget;  // for all that this client does
  picoclaude::Client claude{tls, memory, config};

  picoclaude::Request request;
  request.model = setting("PICOCLAUDE_MODEL", "claude-haiku-5-5");
  request.max_tokens = 500;
  request.system = "You look after the heating. Act with the tools, then report in one sentence.";

  picoclaude::Brakes brakes;
  brakes.max_rounds = limit("AGENT_ROUNDS", std::uint16_t{6});
  brakes.max_calls = limit("AGENT_CALLS", std::uint16_t{10});
  brakes.max_tokens = limit("AGENT_TOKENS", std::uint32_t{20'000});
  brakes.max_ms = limit("AGENT_MS", std::uint32_t{60'000});

  static char pages[8192];
  picoclaude::Transcript talk{picoclaude::Room{pages}};
  talk.user(argc > 1 ? argv[1] : "The study should be a little warmer in an hour.");

  const auto show = [](const picoclaude::Event& event) {
    if (event.kind == picoclaude::EventKind::text) std::fwrite(event.text.data(), 1, event.text.size(), stdout);
    if (event.kind == picoclaude::EventKind::retrying) std::puts("(trying again)");
  };
  const auto run = picoclaude::run_tools(claude, request, talk, brakes, show, read_temperature.calls(tell_temperature),
      open_valve.calls(set_valve), forecast.calls([](string_view, ToolReply reply) {
        reply.text("frost at night");
      }));
  std::printf("\n(%u calls in %u rounds, %u tokens, %u micro-dollars)\n", unsigned{run.calls}, unsigned{run.rounds},
      static_cast<unsigned>(run.tokens), static_cast<unsigned>(budget.spent_microdollars()));
  if (!run) std::printf("stopped: %s (HTTP status %u)\n", name(run.status.error).data(), unsigned{run.status.http});
  return exit_code(run.status.error);
}
