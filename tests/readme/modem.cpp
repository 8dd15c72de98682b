// The README's transport, carried by the default one, against the stand-in server.
#include "toward_standin.hpp"
#include <cstdio>
#include <cstring>

#include "readme_part.hpp"

namespace {

picoclaude::MbedtlsTransport<> tls{picoclaude::system_roots()};

}  // namespace

picoclaude::Io Modem::open(const char* host, std::uint16_t port) { return tls.open(host, port); }
picoclaude::Io Modem::send(const char* data, std::size_t size) { return tls.send(data, size); }
picoclaude::Io Modem::recv(char* data, std::size_t room) { return tls.recv(data, room); }
void Modem::close() { tls.close(); }
std::uint32_t Modem::now_ms() { return tls.now_ms(); }
bool Modem::wait(std::uint32_t at_most_ms) { return tls.wait(at_most_ms); }

int main() {
  Modem modem;
  picoclaude::Workspace<1024> memory;
  picoclaude::Config config;
  config.api_key = "any";
  picoclaude::Client claude{modem, memory, config};
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.prompt = "Hello!";
  char answer[64];
  const auto reply = claude.ask(request, answer);
  std::puts(answer);
  return reply && std::strcmp(answer, "Hello! What shall we build today?") == 0 ? 0 : 1;
}
