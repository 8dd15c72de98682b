// A short text that is kept, in a place of fixed size.
#pragma once
#include <cstring>

#include "text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// How much of a SmallText is used. Apart, so that its writers need not know its size.
struct SmallTextUse {
  std::uint16_t size = 0;
  bool cut = false;

  // What does not fit is cut off at a code point.
  void append(char* bytes, std::size_t room, string_view more) {
    if (cut) return;
    const std::size_t fits = utf8_cut(more, room - size);
    if (fits != 0) std::memcpy(bytes + size, more.data(), fits);
    size = static_cast<std::uint16_t>(size + fits);
    bytes[size] = '\0';
    cut = fits != more.size();
  }
};

}  // namespace detail

// At most N bytes and a NUL behind them.
template <std::size_t N>
class SmallText {
  static_assert(N > 0 && N < 65535, "a SmallText has 1 to 65534 bytes");

 public:
  static constexpr std::size_t max_size = N;

  constexpr SmallText() = default;

  constexpr string_view view() const { return {bytes_, use_.size}; }
  constexpr operator string_view() const { return view(); }
  constexpr const char* c_str() const { return bytes_; }
  constexpr std::size_t size() const { return use_.size; }
  constexpr bool empty() const { return use_.size == 0; }
  // There was more than fits.
  constexpr bool is_cut() const { return use_.cut; }

  void append(string_view more) { use_.append(bytes_, N, more); }
  constexpr void clear() {
    use_ = {};
    bytes_[0] = '\0';
  }
  void assign(string_view text) {
    clear();
    append(text);
  }

  // For writers that do not know N.
  constexpr char* data() { return bytes_; }
  constexpr detail::SmallTextUse& use() { return use_; }

 private:
  detail::SmallTextUse use_;
  char bytes_[N + 1] = {};
};

PICOCLAUDE_END
