// What a program has beside the library: a transport, a screen, and settings that the compiler must not see through.
#pragma once
#include <picoclaude.hpp>

#if PICOCLAUDE_ENABLE_HTTP_TRANSPORT
// With that switch it is the other kind of transport.
struct Modem {
  static constexpr bool follows_redirects = false;

  picoclaude::Io start(const char* method, const char* url);
  picoclaude::Io header(const char* name, const char* value);
  picoclaude::Io begin_body(std::uint32_t size);
  picoclaude::Io send(const char* data, std::size_t size);
  picoclaude::Io status(std::uint16_t& code);
  picoclaude::Io next_header(picoclaude::string_view& name, picoclaude::string_view& value);
  picoclaude::Io recv(char* data, std::size_t room);
  void close();
  std::uint32_t now_ms();
  bool wait(std::uint32_t at_most_ms);
};
#else
struct Modem {
  picoclaude::Io open(const char* host, std::uint16_t port);
  picoclaude::Io send(const char* data, std::size_t size);
  picoclaude::Io recv(char* data, std::size_t room);
  void close();
  std::uint32_t now_ms();
  bool wait(std::uint32_t at_most_ms);
};
#endif

void show(picoclaude::string_view text);
void show(const picoclaude::Event& event);

// Every field may hold anything.
void fill(picoclaude::Config& config);
void fill(picoclaude::Request& request);
