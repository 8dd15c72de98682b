// A bare Cortex-M: vectors, start-up, a painted stack, SysTick for time, and semihosting for what a test wants to know.
#include <cstring>

#include "board.hpp"

extern "C" {
extern std::uint32_t image_data_source, image_data_begin, image_data_end, image_bss_begin, image_bss_end;
extern std::uint32_t image_flash_begin, image_stack_top, image_stack_limit;
[[noreturn]] void reset();
[[noreturn]] void fault();
void tick();
}

namespace {

constexpr std::uint32_t paint = 0xA5A5A5A5;
volatile std::uint32_t milliseconds;

volatile std::uint32_t& at(std::uint32_t address) { return *reinterpret_cast<volatile std::uint32_t*>(address); }

std::uint32_t bytes(const std::uint32_t& begin, const std::uint32_t& end) {
  return static_cast<std::uint32_t>(reinterpret_cast<const char*>(&end) - reinterpret_cast<const char*>(&begin));
}

void semihost(std::uint32_t operation, const void* argument) {
  register std::uint32_t r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

}  // namespace

namespace board {

void print(std::string_view text) {
  char piece[33];
  while (!text.empty()) {
    const std::size_t size = text.size() < 32 ? text.size() : 32;
    std::memcpy(piece, text.data(), size);
    piece[size] = '\0';
    semihost(0x04, piece);  // SYS_WRITE0
    text.remove_prefix(size);
  }
}

void print(std::uint32_t number) {
  char digits[10];
  std::size_t from = sizeof digits;
  do {
    digits[--from] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  print(std::string_view(digits + from, sizeof digits - from));
}

void leave(int code) {
  const std::uint32_t reason[] = {0x20026, static_cast<std::uint32_t>(code)};  // ADP_Stopped_ApplicationExit
  semihost(0x20, reason);                                                      // SYS_EXIT_EXTENDED
  for (;;) {}
}

std::uint32_t now_ms() { return milliseconds; }

std::uint32_t ticks() {
  constexpr std::uint32_t each = BOARD_CLOCK_HZ / 1000;
  std::uint32_t before = 0;
  std::uint32_t left = 0;
  do {  // until no interrupt came between the two
    before = milliseconds;
    left = at(0xE000E018);
  } while (before != milliseconds);
  return before * each + (each - 1 - left);
}

std::uint32_t stack_used() {
  const std::uint32_t* lowest = &image_stack_limit;
  while (lowest != &image_stack_top && *lowest == paint) ++lowest;
  return bytes(*lowest, image_stack_top);
}

std::uint32_t static_ram() { return bytes(image_data_begin, image_bss_end); }

}  // namespace board

// noinline: its own frame is above what it paints.
__attribute__((noinline)) static void start() {
  for (std::uint32_t* word = &image_stack_limit; word < static_cast<std::uint32_t*>(__builtin_frame_address(0)) - 16;) {
    *word++ = paint;
  }
  at(0xE000E014) = BOARD_CLOCK_HZ / 1000 - 1;  // SysTick: an interrupt each millisecond
  at(0xE000E018) = 0;
  at(0xE000E010) = 7;
  const int code = firmware();
  board::print("[flash ");
  board::print(bytes(image_flash_begin, image_data_source) + bytes(image_data_begin, image_data_end));
  board::print(", static RAM ");
  board::print(board::static_ram());
  board::print(", stack ");
  board::print(board::stack_used());
  board::print("]\n");
  board::leave(code);
}

void reset() {
  const std::uint32_t* from = &image_data_source;
  for (std::uint32_t* to = &image_data_begin; to != &image_data_end; ++to) *to = *from++;
  for (std::uint32_t* to = &image_bss_begin; to != &image_bss_end; ++to) *to = 0;
  start();
  for (;;) {}
}

void fault() {
  board::print("[fault]\n");
  board::leave(99);
}

void tick() { milliseconds = milliseconds + 1; }

extern "C" {
using Vector = void (*)();
__attribute__((section(".vectors"), used)) const Vector image_vectors[] = {
    reinterpret_cast<Vector>(&image_stack_top),
    reset,
    fault,
    fault,
    fault,
    fault,
    fault,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    fault,
    fault,
    nullptr,
    fault,
    tick,
};
}
