// A closed set of known words, looked up by exact comparison.
#pragma once
#include "text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// An entry of a list is its size and its bytes; an empty one ends the list.
constexpr bool is_entry(const char* entry, string_view wanted) {
  return static_cast<unsigned char>(*entry) == wanted.size() && equal({entry + 1, wanted.size()}, wanted);
}

// The place of a word in a list, from 1; 0: it is not there. One function for all lists.
constexpr std::uint8_t find_entry(const char* list, string_view wanted) {
  std::uint8_t number = 0;
  for (const char* entry = list; *entry != '\0'; entry += *entry + 1) {
    ++number;
    if (is_entry(entry, wanted)) return number;
  }
  return 0;
}

// Built at compile time from words separated by single spaces. Numbered from 1, in their order. At most 255 words, each of
// at most 127 bytes. A small machine walks the list; a wide one has an index of hashes and usually compares once.
template <std::size_t Size>
class WordTable {
 public:
  static constexpr std::uint8_t unknown = 0;

  constexpr explicit WordTable(const char (&words)[Size]) {
    std::size_t start = 0;
    std::uint8_t number = 0;
    for (std::size_t at = 0; at < Size; ++at) {
      list_[at + 1] = words[at];
      if (words[at] != ' ' && words[at] != '\0') continue;
      list_[start] = static_cast<char>(at - start);
#if PICOCLAUDE_WIDE
      std::size_t slot = hash({words + start, at - start});
      while (slots_[slot].number != 0) slot = (slot + 1) % slot_count;
      slots_[slot] = {static_cast<std::uint16_t>(start), ++number};
#else
      ++number;
#endif
      start = at + 1;
    }
    list_[Size] = '\0';
    count_ = number;
  }

  constexpr std::uint8_t count() const { return count_; }

  // The word's number, or `unknown`.
  constexpr std::uint8_t find(string_view wanted) const {
#if PICOCLAUDE_WIDE
    if (wanted.empty()) return unknown;
    for (std::size_t slot = hash(wanted); slots_[slot].number != 0; slot = (slot + 1) % slot_count) {
      if (is_entry(list_ + slots_[slot].start, wanted)) return slots_[slot].number;
    }
    return unknown;
#else
    return find_entry(list_, wanted);
#endif
  }

 private:
  char list_[Size + 1] = {};
  std::uint8_t count_ = 0;

#if PICOCLAUDE_WIDE
  struct Slot {
    std::uint16_t start;
    std::uint8_t number;
  };
  static constexpr std::size_t slot_count = Size > 512 ? 512 : 64;

  static constexpr std::size_t hash(string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    const auto middle = static_cast<unsigned char>(text[text.size() / 2]);
    const auto last = static_cast<unsigned char>(text[text.size() - 1]);
    return (text.size() * 7 + first * 3u + middle * 5u + last * 11u) % slot_count;
  }

  Slot slots_[slot_count] = {};
#endif
};

}  // namespace detail
PICOCLAUDE_END
