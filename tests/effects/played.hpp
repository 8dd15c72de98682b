// A transport without a heap, a lock or a wait: it plays one answer from memory, in pieces, and forgets what it is sent.
#pragma once
#include <picoclaude.hpp>

#include <cstring>

namespace effects {

struct Played {
  static constexpr bool tells_end = true;

  picoclaude::string_view answer;
  std::size_t read_size = 1;
  std::size_t at = 0;
  unsigned calls = 0;

  picoclaude::Io open(const char*, std::uint16_t) { return pauses() ? picoclaude::Io::wait() : picoclaude::Io::ok(); }
  picoclaude::Io send(const char*, std::size_t size) { return picoclaude::Io::moved((size + 1) / 2); }
  picoclaude::Io recv(char* data, std::size_t room) {
    if (pauses()) return picoclaude::Io::wait();
    std::size_t size = answer.size() - at;
    if (size == 0) return picoclaude::Io::closed();
    if (size > room) size = room;
    if (size > read_size) size = read_size;
    std::memcpy(data, answer.data() + at, size);
    at += size;
    return picoclaude::Io::moved(size);
  }
  void close() {}
  std::uint32_t now_ms() { return calls; }

 private:
  bool pauses() { return ++calls % 3 == 0; }
};

// The same for programs that wait.
struct Waiting : Played {
  bool wait(std::uint32_t) { return true; }
};

}  // namespace effects
