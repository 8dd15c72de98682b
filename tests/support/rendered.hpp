// The bytes that a request or a block becomes, at compile time as well.
#pragma once
#include <string>
#include <string_view>

#include "picoclaude.hpp"

namespace support {

template <std::size_t N>
struct Rendered {
  char bytes[N] = {};
  std::size_t size = 0;
  bool whole = false;

  constexpr std::string_view text() const { return whole ? std::string_view{bytes, size} : std::string_view{}; }
};

// Through one window that holds it all; empty when N is too small.
template <std::size_t N, class T>
constexpr Rendered<N> rendered(const T& subject) {
  Rendered<N> out;
  picoclaude::Window window(out.bytes, N, {});
  picoclaude::detail::render(window, subject);
  out.size = window.size();
  out.whole = window.finished() && window.error() == picoclaude::Error::none;
  return out;
}

// Through windows of `room` bytes, one behind the other; what measuring said stands in front of nothing else.
template <class T>
std::string rendered_through(const T& subject, std::size_t room) {
  picoclaude::Window measure;
  picoclaude::detail::render(measure, subject);
  std::string all;
  std::string part(room, '\0');
  picoclaude::Cursor cursor;
  while (all.size() <= measure.size()) {
    picoclaude::Window window(&part[0], room, cursor);
    picoclaude::detail::render(window, subject);
    if (window.error() != picoclaude::Error::none || window.size() == 0) return {};
    all.append(part, 0, window.size());
    cursor = window.cursor();
    if (window.finished()) return all.size() == measure.size() ? all : std::string{};
  }
  return {};
}

// Why a request is refused before anything is sent.
constexpr picoclaude::Error refusal(const picoclaude::Request& request) {
  const picoclaude::Error refused = picoclaude::detail::refusal_of(request);
  if (refused != picoclaude::Error::none) return refused;
  picoclaude::Window measure;
  picoclaude::detail::render(measure, request);
  return measure.error();
}

}  // namespace support
