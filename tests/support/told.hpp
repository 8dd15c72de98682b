// What a reader of answers tells of some bytes that come in pieces of any size.
#pragma once
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "picoclaude.hpp"

// Sources with different switches have readers of their own.
namespace support {
inline namespace PICOCLAUDE_ABI {

// Fragments of one kind and block that stood next to each other.
struct Piece {
  picoclaude::EventKind kind = picoclaude::EventKind::none;
  unsigned index = 0;
  std::string text;

  bool operator==(const Piece& other) const { return kind == other.kind && index == other.index && text == other.text; }
};

struct Told {
  picoclaude::EventReader reader;
  std::vector<Piece> pieces;

  std::string joined(picoclaude::EventKind kind) const {
    std::string all;
    for (const Piece& piece : pieces) {
      if (piece.kind == kind) all += piece.text;
    }
    return all;
  }
  unsigned count(picoclaude::EventKind kind) const {
    unsigned number = 0;
    for (const Piece& piece : pieces) number += piece.kind == kind ? 1 : 0;
    return number;
  }
};

// Each piece comes in memory of its own, behind what is held, and the memory of the piece before it is overwritten.
// `see(reader, event)` looks at every event as it comes.
template <class See>
Told read(std::string_view body, std::size_t piece_size, See see) {
  using picoclaude::EventReader;
  Told told;
  std::string memory;
  for (std::size_t at = 0; at < body.size() && told.reader.error() == picoclaude::Error::none; at += piece_size) {
    const std::string_view piece = body.substr(at, piece_size);
    const picoclaude::Room held = told.reader.held();
    std::string next(held.size + EventReader::margin + piece.size(), '~');
    if (held.size != 0) std::memcpy(&next[0], held.data, held.size);
    std::memcpy(&next[held.size + EventReader::margin], piece.data(), piece.size());
    for (char& c : memory) c = '!';
    memory.swap(next);
    if (held.size != 0) told.reader.held_moved(&memory[0]);
    char* begin = &memory[held.size + EventReader::margin];
    char* const end = &memory[0] + memory.size();
    while (const picoclaude::Event event = told.reader.read(begin, end)) {
      see(told.reader, event);
      const bool joins = !event.text.empty() && !told.pieces.empty() && told.pieces.back().kind == event.kind &&
          told.pieces.back().index == event.index;
      if (joins) {
        told.pieces.back().text += event.text;
      } else {
        told.pieces.push_back({event.kind, event.index, std::string(event.text)});
      }
    }
  }
  return told;
}

inline Told read(std::string_view body, std::size_t piece_size = ~std::size_t{0}) {
  return read(body, piece_size, [](const picoclaude::EventReader&, const picoclaude::Event&) {});
}

}  // namespace PICOCLAUDE_ABI
}  // namespace support
