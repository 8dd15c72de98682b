// Chance, text and traces that are the same on every machine: whole numbers of stated width, no pointers, nothing from
// a library whose answers its makers may choose. Never draw twice in one expression: its order is the compiler's.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace simulation {

// splitmix64
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint32_t next() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return static_cast<std::uint32_t>(z >> 32);
  }
  // Below `count`, which is not 0.
  std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>((std::uint64_t{next()} * count) >> 32); }
  std::uint32_t between(std::uint32_t low, std::uint32_t high) { return low + below(high - low + 1); }
  bool one_in(std::uint32_t count) { return below(count) == 0; }
  template <class T, std::size_t N>
  T of(const T (&list)[N]) {
    return list[below(static_cast<std::uint32_t>(N))];
  }

 private:
  std::uint64_t state_;
};

// What happened, as one number: FNV-1a over words of 32 bits. It can also be written down.
class Trace {
 public:
  bool is_shown = false;

  void add(const char* what, std::uint32_t a, std::uint32_t b = 0) {
    put(a);
    put(b);
    if (is_shown) std::printf("%s %lu %lu\n", what, static_cast<unsigned long>(a), static_cast<unsigned long>(b));
  }
  void add(const char* what, std::string_view text) {
    for (const char c : text) put(static_cast<unsigned char>(c));
    if (is_shown) std::printf("%s \"%.*s\"\n", what, static_cast<int>(text.size()), text.data());
  }
  std::uint64_t hash() const { return hash_; }

 private:
  void put(std::uint32_t word) { hash_ = (hash_ ^ word) * 0x100000001B3u; }

  std::uint64_t hash_ = 0xCBF29CE484222325u;
};

// Text that grows up to its room, and stops the program beyond.
template <std::size_t Room>
class Bytes {
 public:
  Bytes() {}  // without touching the bytes
  void clear() { size_ = 0; }
  std::uint32_t size() const { return size_; }
  char* data() { return bytes_; }
  std::string_view view() const { return {bytes_, size_}; }

  Bytes& operator<<(std::string_view text) {
    if (text.size() > Room - size_) std::abort();
    std::memcpy(bytes_ + size_, text.data(), text.size());
    size_ += static_cast<std::uint32_t>(text.size());
    return *this;
  }
  Bytes& operator<<(char c) { return *this << std::string_view(&c, 1); }
  Bytes& number(std::uint32_t value, unsigned base = 10) {
    char digits[12];
    unsigned at = sizeof digits;
    do {
      digits[--at] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    return *this << std::string_view(digits + at, sizeof digits - at);
  }

 private:
  std::uint32_t size_ = 0;
  char bytes_[Room];
};

}  // namespace simulation
