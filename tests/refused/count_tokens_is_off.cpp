// refused: PICOCLAUDE_ENABLE_COUNT_TOKENS is 0
#include <picoclaude.hpp>

struct Modem {
  picoclaude::Io open(const char*, std::uint16_t);
  picoclaude::Io send(const char*, std::size_t);
  picoclaude::Io recv(char*, std::size_t);
  void close();
  std::uint32_t now_ms();
  bool wait(std::uint32_t);
};

bool ask(picoclaude::Client<Modem>& claude, const picoclaude::Request& request) {
  return static_cast<bool>(count_tokens(claude, request));
}
