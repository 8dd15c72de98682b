// refused: an HTTP transport needs: static constexpr bool follows_redirects = false
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#include <picoclaude.hpp>

using picoclaude::Io;

struct Host {
  Io start(const char* method, const char* url);
  Io header(const char* name, const char* value);
  Io begin_body(std::uint32_t size);
  Io send(const char* data, std::size_t size);
  Io status(std::uint16_t& code);
  Io next_header(picoclaude::string_view& name, picoclaude::string_view& value);
  Io recv(char* data, std::size_t room);
  void close();
  std::uint32_t now_ms();
};

void make(Host& host, picoclaude::Workspace<512>& memory, const picoclaude::Config& config) {
  picoclaude::Client<Host> client{host, memory, config};
}
