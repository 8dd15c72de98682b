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

// ---- the same with 5 bits a letter ----------------------------------------------------------------------------------

inline constexpr unsigned no_letter = 31;

// _ - a to z / 1 5, or no_letter.
constexpr unsigned letter_code(char c) {
  const unsigned place = static_cast<unsigned char>(c) - unsigned{'_'};
  if (place < 28 && place != 1) return place;
  return c == '-' ? 1 : c == '1' ? 28 : c == '5' ? 29 : c == '/' ? 30 : no_letter;
}

constexpr std::size_t packed_size(std::size_t letters) { return 1 + (letters * 5 + 7) / 8; }

constexpr bool is_packed_entry(const char* entry, string_view wanted) {
  if (static_cast<unsigned char>(*entry) != wanted.size()) return false;
  unsigned bits = 0;
  unsigned left = 0;
  for (const char c : wanted) {
    if (left < 5) {
      bits |= static_cast<unsigned char>(*++entry) * 1u << left;
      left += 8;
    }
    if ((bits & 31) != letter_code(c)) return false;
    bits >>= 5;
    left -= 5;
  }
  return true;
}

constexpr std::uint8_t find_packed_entry(const char* list, string_view wanted) {
  std::uint8_t number = 0;
  for (const char* entry = list; *entry != '\0'; entry += packed_size(static_cast<unsigned char>(*entry))) {
    ++number;
    if (is_packed_entry(entry, wanted)) return number;
  }
  return 0;
}

// `words` as a WordTable takes them, with the NUL: does 5 bits know each of their letters?
constexpr bool can_pack(string_view words) {
  for (const char c : words) {
    if (c != ' ' && c != '\0' && letter_code(c) == no_letter) return false;
  }
  return true;
}

constexpr std::size_t list_size(string_view words, bool packed) {
  std::size_t size = 1;
  std::size_t word = 0;
  for (const char c : words) {
    const bool ends = c == ' ' || c == '\0';
    if (ends) size += packed ? packed_size(word) : word + 1;
    word = ends ? 0 : word + 1;
  }
  return size;
}

// Built at compile time from words separated by single spaces. Numbered from 1, in their order. At most 255 words, each of
// at most 127 bytes. A small machine walks the list; a wide one has an index of hashes and usually compares once.
template <const auto& Words>
class WordTable {
  static constexpr std::size_t letters = sizeof Words;  // with the spaces and the NUL
  static constexpr bool packed = !PICOCLAUDE_WIDE && can_pack({Words, letters});

 public:
  static constexpr std::uint8_t unknown = 0;

  constexpr WordTable() {
    std::size_t start = 0;
    std::size_t entry = 0;
    for (std::size_t at = 0; at < letters; ++at) {
      if (Words[at] != ' ' && Words[at] != '\0') continue;
      const string_view word{Words + start, at - start};
#if PICOCLAUDE_WIDE
      std::size_t slot = hash(word);
      while (slots_[slot].number != 0) slot = (slot + 1) % slot_count;
      slots_[slot] = {static_cast<std::uint16_t>(entry), static_cast<std::uint8_t>(count_ + 1)};
#endif
      ++count_;
      entry = add(entry, word);
      start = at + 1;
    }
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
    return packed ? find_packed_entry(list_, wanted) : find_entry(list_, wanted);
#endif
  }

 private:
  // Puts a word at `entry`, and answers where the next one goes.
  constexpr std::size_t add(std::size_t entry, string_view word) {
    list_[entry] = static_cast<char>(word.size());
    for (std::size_t at = 0; at < word.size(); ++at) {
      if (!packed) {
        list_[entry + 1 + at] = word[at];
        continue;
      }
      for (unsigned bit = 0; bit < 5; ++bit) {
        const std::size_t place = at * 5 + bit;
        const unsigned byte = static_cast<unsigned char>(list_[entry + 1 + place / 8]);
        list_[entry + 1 + place / 8] = static_cast<char>(byte | (letter_code(word[at]) >> bit & 1u) << place % 8);
      }
    }
    return entry + (packed ? packed_size(word.size()) : word.size() + 1);
  }

  char list_[list_size({Words, letters}, packed)] = {};
  std::uint8_t count_ = 0;

#if PICOCLAUDE_WIDE
  struct Slot {
    std::uint16_t start;
    std::uint8_t number;
  };
  static constexpr std::size_t slot_count = letters > 512 ? 512 : 64;

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
