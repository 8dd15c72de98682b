// Asks about a picture. Its bytes go from the file to the network in small pieces: a photo of any size needs no more
// memory than the 2 KB below. The settings are those of quickstart.cpp.
//
//   vision PICTURE [QUESTION]
#define PICOCLAUDE_ENABLE_VISION 1
#include <picoclaude.hpp>
#include <cstdio>
#include <cstdlib>

namespace {

const char* setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// What a picture's first bytes say of it.
const char* media_type(std::FILE* file) {
  unsigned char start[4] = {};
  if (std::fread(start, 1, sizeof start, file) != sizeof start) return nullptr;
  if (start[0] == 0xFF && start[1] == 0xD8) return "image/jpeg";
  if (start[0] == 0x89 && start[1] == 'P') return "image/png";
  if (start[0] == 'G' && start[1] == 'I') return "image/gif";
  return start[0] == 'R' && start[1] == 'I' ? "image/webp" : nullptr;
}

// Any place can be asked for again: the request is sent anew when it is retried.
std::size_t read_file(void* file, std::uint32_t offset, char* out, std::size_t size) {
  if (std::fseek(static_cast<std::FILE*>(file), static_cast<long>(offset), SEEK_SET) != 0) return 0;
  return std::fread(out, 1, size, static_cast<std::FILE*>(file));
}

}  // namespace

int main(int argc, char** argv) {
  std::FILE* const file = argc > 1 ? std::fopen(argv[1], "rb") : nullptr;
  const char* const type = file != nullptr ? media_type(file) : nullptr;
  if (type == nullptr || std::fseek(file, 0, SEEK_END) != 0) {
    return std::puts("vision PICTURE [QUESTION]: the picture is a file with a JPEG, PNG, GIF or WebP in it"), 2;
  }
  const picoclaude::Source source{read_file, file, static_cast<std::uint32_t>(std::ftell(file))};

  const char* ca = setting("PICOCLAUDE_CA", nullptr);
  picoclaude::MbedtlsTransport tls{ca != nullptr ? picoclaude::file_roots(ca) : picoclaude::system_roots()};
  picoclaude::Workspace<2048> memory;
  picoclaude::Config config;
  config.api_key = setting("ANTHROPIC_API_KEY", "");
  config.base_url = setting("PICOCLAUDE_BASE_URL", "https://api.anthropic.com");
  picoclaude::Client claude{tls, memory, config};

  const picoclaude::Block blocks[] = {picoclaude::image(type, source), argc > 2 ? argv[2] : "What is this?"};
  const picoclaude::Message messages[] = {picoclaude::user(blocks)};
  picoclaude::Request request;
  request.model = setting("PICOCLAUDE_MODEL", "claude-haiku-4-5");
  request.max_tokens = 300;
  request.messages = messages;

  const auto reply = claude.ask(request, [](picoclaude::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
  });
  std::puts("");
  if (!reply)
    std::printf("failed: %s (HTTP status %u)\n", name(reply.status.error).data(), unsigned{reply.status.http});
  std::fclose(file);
  return reply ? 0 : 1;
}
