// Instructions per byte of a stream: under -icount shift=0 an instruction is a nanosecond, and SysTick counts them.
#include <picoclaude.hpp>

#include "board.hpp"

// COUNT_STREAM: an HTTP answer.
asm(R"(
  .section .rodata
  .global stream_begin, stream_end
stream_begin:
  .incbin ")" COUNT_STREAM R"("
stream_end:
  .text
)");
extern "C" const char stream_begin[], stream_end[];

namespace {

using picoclaude::Io;

// A socket, or for reads of 1 byte a UART's register: what recv() itself costs is in the figure.
template <std::size_t ReadSize>
class Replay {
 public:
  Io open(const char*, std::uint16_t) {
    next_ = stream_begin;
    return Io::ok();
  }
  Io send(const char*, std::size_t size) { return Io::moved(size); }
  Io recv(char* to, std::size_t room) {
    auto size = static_cast<std::size_t>(stream_end - next_);
    if (size == 0) return Io::closed();
    if constexpr (ReadSize == 1) {
      *to = *next_++;
      return Io::moved(1);
    } else {
      if (size > ReadSize) size = ReadSize;
      if (size > room) size = room;
      std::memcpy(to, next_, size);
      next_ += size;
      return Io::moved(size);
    }
  }
  void close() {}
  std::uint32_t now_ms() { return 0; }

 private:
  const char* next_ = nullptr;
};

picoclaude::Workspace<1536> memory;
std::uint32_t text_size;

// Ticks for one whole answer; what it costs to ask is in them.
template <std::size_t ReadSize>
std::uint32_t answer() {
  Replay<ReadSize> replay;
  picoclaude::Config config;
  config.api_key = "sk-ant-firmware";
  picoclaude::Client claude{replay, memory, config};
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 300;
  request.prompt = "Name three moons of Jupiter.";
  text_size = 0;
  const std::uint32_t begun = board::ticks();
  if (!claude.begin(request)) return 0;
  while (const auto event = claude.next()) text_size += static_cast<std::uint32_t>(event.text.size());
  const std::uint32_t took = board::ticks() - begun;
  return claude.status() ? took : 0;
}

// Two instructions a round: what a tick is worth.
std::uint32_t calibration(std::uint32_t rounds) {
  const std::uint32_t begun = board::ticks();
  asm volatile(".syntax unified\n1: subs %0, %0, #1\n bne 1b" : "+l"(rounds) : : "cc");
  return board::ticks() - begun;
}

bool tell(std::uint32_t read_size, std::uint32_t took) {
  board::print("\nread ");
  board::print(read_size);
  board::print(": ");
  board::print(took);
  board::print(" ticks, bytes ");
  board::print(static_cast<std::uint32_t>(stream_end - stream_begin));
  board::print(", text ");
  board::print(text_size);
  board::print("\n");
  return took != 0;
}

}  // namespace

int firmware() {
  board::print("calibration 1000000: ");
  board::print(calibration(1'000'000));
  return tell(1460, answer<1460>()) && tell(1, answer<1>()) ? 0 : 1;
}
