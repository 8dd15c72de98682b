// What a program has beside the library: a transport, a screen, and settings that the compiler must not see through.
#pragma once
#include <picoclaude.hpp>

struct Modem {
  picoclaude::Io open(const char* host, std::uint16_t port);
  picoclaude::Io send(const char* data, std::size_t size);
  picoclaude::Io recv(char* data, std::size_t room);
  void close();
  std::uint32_t now_ms();
  bool wait(std::uint32_t at_most_ms);
};

void show(picoclaude::string_view text);
void show(const picoclaude::Event& event);

// Every field may hold anything.
void fill(picoclaude::Config& config);
void fill(picoclaude::Request& request);
