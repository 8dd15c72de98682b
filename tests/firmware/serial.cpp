// The serial line of the boards that the tests run on, polled.
#include "board.hpp"

namespace {

volatile std::uint32_t& at(std::uint32_t offset) {
  return *reinterpret_cast<volatile std::uint32_t*>(BOARD_SERIAL + offset);
}

}  // namespace

namespace board {

#if defined(BOARD_STM32)
Serial::Serial() { at(0x0C) = 1u << 13 | 1u << 3 | 1u << 2; }  // CR1: on, transmit, receive
int Serial::get() { return (at(0x00) & 0x20) != 0 ? static_cast<int>(at(0x04) & 0xFF) : -1; }
bool Serial::put(char c) {
  if ((at(0x00) & 0x80) == 0) return false;
  at(0x04) = static_cast<unsigned char>(c);
  return true;
}
#elif defined(BOARD_CMSDK)
Serial::Serial() {
  at(0x10) = 16;
  at(0x08) = 3;
}
int Serial::get() { return (at(0x04) & 2) != 0 ? static_cast<int>(at(0x00) & 0xFF) : -1; }
bool Serial::put(char c) {
  if ((at(0x04) & 1) != 0) return false;
  at(0x00) = static_cast<unsigned char>(c);
  return true;
}
#elif defined(BOARD_NRF51)
Serial::Serial() {
  at(0x500) = 4;
  at(0x008) = 1;  // start receiving
  at(0x000) = 1;
}
int Serial::get() {
  if (at(0x108) == 0) return -1;
  at(0x108) = 0;
  return static_cast<int>(at(0x518) & 0xFF);
}
bool Serial::put(char c) {
  at(0x11C) = 0;
  at(0x008) = 1;
  at(0x51C) = static_cast<unsigned char>(c);
  while (at(0x11C) == 0) {}
  return true;
}
#elif defined(BOARD_RP2040)  // PL011
Serial::Serial() {
  at(0x2C) = 0x70;
  at(0x30) = 0x301;
}
int Serial::get() { return (at(0x18) & 0x10) != 0 ? -1 : static_cast<int>(at(0x00) & 0xFF); }
bool Serial::put(char c) {
  if ((at(0x18) & 0x20) != 0) return false;
  at(0x00) = static_cast<unsigned char>(c);
  return true;
}
#endif

// A board would sleep until the line's interrupt; the emulator has no flag for "soon", so the tests poll.
bool Serial::wait(std::uint32_t at_most_ms) { return at_most_ms != 0; }

}  // namespace board
