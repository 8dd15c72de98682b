// refused: PICOCLAUDE_ENABLE_RATE_LIMITS is 0
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#include <picoclaude.hpp>

template <class Transport>
std::uint32_t left(const picoclaude::Client<Transport>& claude) {
  return claude.rate_limits().requests.remaining;
}

struct Modem {
  picoclaude::Io open(const char*, std::uint16_t) { return picoclaude::Io::wait(); }
  picoclaude::Io send(const char*, std::size_t) { return picoclaude::Io::wait(); }
  picoclaude::Io recv(char*, std::size_t) { return picoclaude::Io::wait(); }
  void close() {}
  std::uint32_t now_ms() { return 0; }
};

std::uint32_t ask(const picoclaude::Client<Modem>& claude) { return left(claude); }
