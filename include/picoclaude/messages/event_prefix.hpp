// The remembered prefix: consecutive deltas differ in little but their text, so the bytes in front of the text are
// compared with those of the delta before, and where they agree the reader's state is set instead of computed.
//
// It can only be faster, never different: the state is that of the ordinary reader behind these very bytes, it is used
// only at the start of an event and while no block has started or stopped since, and where the bytes differ the ordinary
// reader takes over from the first of them.
#pragma once
#include <cstring>

#include "../base/text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// The place of the first difference in the first `size` bytes, or `size`.
inline std::size_t same_bytes(const char* a, const char* b, std::size_t size) {
#if PICOCLAUDE_WIDE
  if (size >= 8 && std::memcmp(a, b, size) == 0) return size;
#endif
  std::size_t at = 0;
  for (; size - at >= 4; at += 4) {
    if (a[at] != b[at] || a[at + 1] != b[at + 1] || a[at + 2] != b[at + 2] || a[at + 3] != b[at + 3]) break;
  }
  while (at != size && a[at] == b[at]) ++at;
  return at;
}

template <class State>
class EventPrefix {
 public:
  static constexpr std::size_t max_size = 160;  // the longest of the API's deltas has 121 bytes in front of its payload

  // An event begins: its bytes are compared, or recorded when there is nothing to compare them with.
  void begin_event() {
    mode_ = size_ != 0 ? Mode::comparing : Mode::recording;
    at_ = 0;
    copied_ = 0;
  }
  // The blocks have changed: the same bytes may mean something else.
  void forget() { size_ = 0; }

  bool comparing() const { return mode_ == Mode::comparing; }
  bool untouched() const { return at_ == 0; }
  bool recording() const { return mode_ == Mode::recording; }

  // Compares what came. True: all of the prefix was there, take state(). The second event in a row that differs ends it.
  bool compare(char*& next, const char* end) {
    const auto came = static_cast<std::size_t>(end - next);
    const std::size_t wanted = size_ - at_;
    const std::size_t size = came < wanted ? came : wanted;
    const std::size_t same = same_bytes(next, bytes_ + at_, size);
    next += same;
    at_ = static_cast<std::uint8_t>(at_ + same);
    const bool whole = at_ == size_;
    if (same == size && !whole) return false;
    if (!whole && differed_) size_ = 0;
    differed_ = !whole;
    mode_ = Mode::idle;
    return whole;
  }
  // The bytes that agreed before the first difference. The ordinary reader reads them; it changes nothing in them.
  Room compared() { return {bytes_, at_}; }
  const State& state() const { return state_; }

  // The bytes that are read next, before the reader may change them.
  void record(const char* next, const char* end) {
    if (at_ < copied_) return;
    const auto came = static_cast<std::size_t>(end - next);
    const std::size_t room = max_size - at_;
    const std::size_t size = came < room ? came : room;
    std::memcpy(bytes_ + at_, next, size);
    copied_ = static_cast<std::uint8_t>(at_ + size);
  }
  // So many of them were read.
  void recorded(std::size_t size) {
    if (size > max_size - at_) {
      mode_ = Mode::idle;
    } else {
      at_ = static_cast<std::uint8_t>(at_ + size);
    }
  }
  // The payload begins: this is the prefix, and behind it the reader stands so. Bytes with an escape in them are not
  // worth it: the reader decodes in place.
  // Lifetime of the state to fill in: the prefix's.
  State& remember() {
    mode_ = Mode::idle;
    size_ = find({bytes_, at_}, '\\') == at_ ? at_ : static_cast<std::uint8_t>(0);
    return state_;
  }

 private:
  enum class Mode : std::uint8_t { recording, comparing, idle };

  Mode mode_ = Mode::recording;
  std::uint8_t at_ = 0;
  std::uint8_t size_ = 0;    // of the remembered prefix; 0: none
  std::uint8_t copied_ = 0;  // bytes of the event that are in bytes_; at_ of them were read
  bool differed_ = false;    // the last event that was compared
  char bytes_[max_size] = {};
  State state_;
};

}  // namespace detail
PICOCLAUDE_END
