// The other end, as the stubs of all systems see it: what it says, piece by piece, and what it heard.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace peer {

enum class End { silence, close, reset };

struct State {
  std::vector<std::string> pieces;  // an empty one: nothing can be read at this moment
  End end = End::silence;           // behind the last piece
  std::string heard;
  bool deaf = false;       // takes nothing
  bool knows_name = true;  // does the name have an address?
  bool listens = true;     // does it answer a connect?
  unsigned patience = 2;   // calls until a connect has come to an end
  unsigned opened = 0;
  unsigned closed = 0;
  std::uint32_t now_ms = 0;
};
inline State state;

inline void is(std::vector<std::string> pieces, End end) {
  state = {};
  state.pieces = std::move(pieces);
  state.end = end;
}

// > 0: bytes. 0: it closed. -1: nothing now. -2: reset.
inline int read(char* to, std::size_t room) {
  if (state.pieces.empty()) return state.end == End::silence ? -1 : state.end == End::close ? 0 : -2;
  std::string& piece = state.pieces.front();
  const std::size_t size = piece.size() < room ? piece.size() : room;
  std::memcpy(to, piece.data(), size);
  piece.erase(0, size);
  if (piece.empty()) state.pieces.erase(state.pieces.begin());
  return size == 0 ? -1 : static_cast<int>(size);
}

// Takes 100 bytes in every second call, none in the others.
inline int write(const char* from, std::size_t size) {
  static bool busy = false;
  busy = !busy;
  if (busy || state.deaf) return 0;
  const std::size_t some = size < 100 ? size : 100;
  state.heard.append(from, some);
  return static_cast<int>(some);
}

// 1: connected. 0: not yet. -1: refused.
inline int connect() {
  if (state.patience != 0) return --state.patience, 0;
  if (!state.listens) return -1;
  ++state.opened;
  return 1;
}

}  // namespace peer
