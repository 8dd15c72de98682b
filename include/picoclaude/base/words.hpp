// A closed set of known words, looked up by exact comparison: one hash, then usually one compare.
#pragma once
#include "text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// Built at compile time from words separated by single spaces. Their order is their number. At most 254 words.
template <std::size_t Size, std::size_t Slots>
class WordTable {
  static_assert((Slots & (Slots - 1)) == 0, "the slots are a power of two");

 public:
  static constexpr std::uint8_t unknown = 255;

  constexpr explicit WordTable(const char (&words)[Size]) {
    std::uint8_t count = 0;
    for (std::size_t at = 0; at < Size; ++at) {
      text_[at] = words[at];
      if (words[at] != ' ' && words[at] != '\0') continue;
      start_[count + 1] = static_cast<std::uint16_t>(at + 1);
      std::size_t slot = hash(word(count));
      while (slots_[slot] != 0) slot = (slot + 1) % Slots;
      slots_[slot] = ++count;
    }
    count_ = count;
  }

  constexpr std::uint8_t count() const { return count_; }

  constexpr string_view word(std::uint8_t number) const {
    return {text_ + start_[number], static_cast<std::size_t>(start_[number + 1] - start_[number] - 1)};
  }

  // The word's number, or `unknown`.
  constexpr std::uint8_t find(string_view wanted) const {
    if (wanted.empty()) return unknown;
    for (std::size_t slot = hash(wanted); slots_[slot] != 0; slot = (slot + 1) % Slots) {
      const auto number = static_cast<std::uint8_t>(slots_[slot] - 1);
      if (equal(word(number), wanted)) return number;
    }
    return unknown;
  }

 private:
  static constexpr std::size_t hash(string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    const auto middle = static_cast<unsigned char>(text[text.size() / 2]);
    const auto last = static_cast<unsigned char>(text[text.size() - 1]);
    return (text.size() * 7 + first * 3u + middle * 5u + last * 11u) % Slots;
  }

  char text_[Size] = {};
  std::uint16_t start_[Slots / 2 + 2] = {};
  std::uint8_t slots_[Slots] = {};
  std::uint8_t count_ = 0;
};

}  // namespace detail
PICOCLAUDE_END
