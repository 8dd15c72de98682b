// Asks two questions about the same manual. The mark behind the manual makes the service keep it: the second question
// reads it from the cache, for a tenth of the price. The settings are those of quickstart.cpp.
#define PICOCLAUDE_ENABLE_CACHING 1
#include <picoclaude.hpp>
#include <cstdio>
#include <cstdlib>

namespace {

const char* setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// A manual that is long enough to be worth keeping: most models keep nothing below 1,024 tokens, some below 4,096.
picoclaude::string_view write_manual(char (&out)[32768]) {
  std::size_t size = 0;
  for (unsigned part = 1; part <= 400; ++part) {
    size += static_cast<std::size_t>(std::snprintf(out + size, sizeof out - size,
        "Part %u: order number %u, torque %u Nm, check it every %u hours.\n", part, 4000 + part * 7, 5 + part % 40,
        100 + part * 25));
  }
  return {out, size};
}

}  // namespace

int main() {
  const char* ca = setting("PICOCLAUDE_CA", nullptr);
  picoclaude::MbedtlsTransport tls{ca != nullptr ? picoclaude::file_roots(ca) : picoclaude::system_roots()};
  picoclaude::Workspace<2048> memory;
  picoclaude::Config config;
  config.api_key = setting("ANTHROPIC_API_KEY", "");
  config.base_url = setting("PICOCLAUDE_BASE_URL", "https://api.anthropic.com");
  picoclaude::Client claude{tls, memory, config};

  static char manual[32768];
  const picoclaude::Block system[] = {
      "You know this machine.", picoclaude::cached(write_manual(manual), picoclaude::CacheControl::ephemeral_5m)};
  picoclaude::Request request;
  request.model = setting("PICOCLAUDE_MODEL", "claude-haiku-4-5");
  request.max_tokens = 100;
  request.system = system;

  for (const char* question : {"What is the order number of part 17?", "How often is part 230 checked?"}) {
    request.prompt = question;
    std::printf("> %s\n", question);
    const auto reply = claude.ask(request, [](picoclaude::string_view text) {
      std::fwrite(text.data(), 1, text.size(), stdout);
    });
    if (!reply) return std::printf("failed: %s\n", name(reply.status.error).data()), 1;
    const picoclaude::Usage& usage = claude.usage();
    std::printf("\n(%u tokens read from the cache, %u written for 5 minutes, %u neither)\n",
        static_cast<unsigned>(usage.cache_read_input_tokens), static_cast<unsigned>(usage.ephemeral_5m_input_tokens),
        static_cast<unsigned>(usage.input_tokens));
    if (cache_miss(request, usage) == picoclaude::CacheMiss::too_short) {
      std::printf("(too short for the cache: this model keeps nothing below %u tokens)\n",
          static_cast<unsigned>(picoclaude::min_cached_tokens(request.model)));
    }
  }
  return 0;
}
