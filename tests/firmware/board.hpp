// What a firmware's tests need of a board: a console, an exit code, milliseconds, and a serial line.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace board {

void print(std::string_view text);
void print(std::uint32_t number);

// Ends the emulation.
[[noreturn]] void leave(int code);

std::uint32_t now_ms();
// Of the processor's clock, BOARD_CLOCK_HZ a second; wraps.
std::uint32_t ticks();

// Bytes of the stack that were ever used, and of .data and .bss.
std::uint32_t stack_used();
std::uint32_t static_ram();

// The serial line, as examples/transports/at_modem.hpp wants it. There is one.
class Serial {
 public:
  Serial();
  int get();
  bool put(char c);
  std::uint32_t now_ms() { return board::now_ms(); }
  bool wait(std::uint32_t at_most_ms);
};

}  // namespace board

// The firmware itself; its value is the exit code.
int firmware();
