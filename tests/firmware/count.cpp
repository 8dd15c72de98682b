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

class Replay {
 public:
  std::size_t read_size = 1;

  Io open(const char*, std::uint16_t) {
    next_ = stream_begin;
    return Io::ok();
  }
  Io send(const char*, std::size_t size) { return Io::moved(size); }
  Io recv(char* to, std::size_t room) {
    auto size = static_cast<std::size_t>(stream_end - next_);
    if (size > read_size) size = read_size;
    if (size > room) size = room;
    if (size == 0) return Io::closed();
    if (size == 1) {
      *to = *next_;
    } else {
      std::memcpy(to, next_, size);
    }
    next_ += size;
    return Io::moved(size);
  }
  void close() {}
  std::uint32_t now_ms() { return 0; }

 private:
  const char* next_ = nullptr;
};

picoclaude::Workspace<1536> memory;
std::uint32_t text_size;

// Ticks for one whole answer; what it costs to ask is in them.
std::uint32_t answer(std::size_t read_size) {
  Replay replay;
  replay.read_size = read_size;
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

}  // namespace

int firmware() {
  board::print("calibration 1000000: ");
  board::print(calibration(1'000'000));
  for (const std::size_t read_size : {1460u, 1u}) {
    const std::uint32_t took = answer(read_size);
    if (took == 0) return 1;
    board::print("\nread ");
    board::print(read_size);
    board::print(": ");
    board::print(took);
    board::print(" ticks, bytes ");
    board::print(static_cast<std::uint32_t>(stream_end - stream_begin));
    board::print(", text ");
    board::print(text_size);
  }
  board::print("\n");
  return 0;
}
