// What the fuzz targets share: the bytes of a case are cut into choices and a text, and a broken promise is a crash.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <picoclaude.hpp>

#define PROMISE(condition)                                                                 \
  do {                                                                                     \
    if (!(condition)) {                                                                    \
      std::fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                        \
    }                                                                                      \
  } while (false)

namespace fuzz {

// Choices are taken from the end, so that the start can be a recording as it is.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::uint8_t byte() { return size_ == 0 ? 0 : data_[--size_]; }
  unsigned below(unsigned bound) { return byte() % bound; }
  std::string rest() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

// What a reader told: kinds, blocks and text, with neighbouring fragments of one kind and block joined.
struct Told {
  std::string all;

  void add(const picoclaude::Event& event) {
    const auto kind = static_cast<char>('a' + static_cast<int>(event.kind));
    if (kind != kind_ || event.index != index_ || event.text.empty()) {
      all += '\n';
      all += kind;
      all += std::to_string(event.index) + ':';
    }
    kind_ = event.text.empty() ? '\0' : kind;
    index_ = event.index;
    all.append(event.text);
  }

 private:
  char kind_ = '\0';
  std::uint16_t index_ = 0;
};

// Feeds `text` to a reader in pieces of the given sizes, again and again, as a client does: what is held moves to the
// front, and the margin before what is read is free.
template <class Read, class Held, class Moved>
void feed(const std::string& text, std::size_t first, std::size_t then, Read read, Held held, Moved moved) {
  static char memory[1 << 17];
  std::size_t at = 0;
  for (std::size_t size = first; at < text.size(); size = then) {
    if (size == 0) size = 1;
    char* base = memory;
    const picoclaude::Room kept = held();
    if (kept.size != 0) {
      if (kept.size > sizeof memory / 2) return;
      std::memmove(base, kept.data, kept.size);
      moved(base);
      base += kept.size;
    }
    base += picoclaude::EventReader::margin;
    const auto room = static_cast<std::size_t>(memory + sizeof memory - base);
    if (size > text.size() - at) size = text.size() - at;
    if (size > room) size = room;
    std::memcpy(base, text.data() + at, size);
    at += size;
    if (!read(base, base + size)) return;
  }
}

}  // namespace fuzz
