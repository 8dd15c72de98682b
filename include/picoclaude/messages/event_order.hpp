// In which order the events of an answer may come (API.md, section 6.2).
//
//   stream = *other message_start body 1*message_delta message_stop
//   body   = *( content_block_start(i) *( content_block_delta(i) / other ) content_block_stop(i) )
//
// Blocks start in the order 0, 1, 2 ... and may overlap; message_delta closes what is still open. This machine knows
// nothing of bytes: one call an event.
#pragma once
#include "../base/error.hpp"

PICOCLAUDE_BEGIN

// What a content block is, as far as this library treats it differently. `server_tool_use` is any call that the service
// answers itself, so that its input comes in fragments as well.
enum class BlockKind : std::uint8_t { other, text, thinking, redacted_thinking, tool_use, server_tool_use };

template <unsigned MaxOpen>
class BasicEventOrder {
 public:
  enum class Phase : std::uint8_t { before, started, ending, stopped };

  struct Block {
    std::uint16_t index = 0;
    BlockKind kind = BlockKind::other;
  };

  constexpr Phase phase() const { return phase_; }
  constexpr std::uint16_t block_count() const { return count_; }
  constexpr unsigned open_count() const { return open_count_; }
  // The only open block, when open_count() is 1.
  constexpr const Block& only() const { return open_[0]; }

  // The open block with this index, or null.
  constexpr const Block* find(std::uint16_t index) const {
    for (unsigned at = 0; at < open_count_; ++at) {
      if (open_[at].index == index) return &open_[at];
    }
    return nullptr;
  }

  constexpr Error message_start() {
    if (phase_ != Phase::before) return Error::bad_event_order;
    phase_ = Phase::started;
    return Error::none;
  }

  constexpr Error block_start(std::uint16_t index, BlockKind kind) {
    if (phase_ != Phase::started || index != count_) return Error::bad_event_order;
    if (open_count_ == MaxOpen || count_ == 0xFFFF) return Error::too_many_blocks;
    open_[open_count_++] = {index, kind};
    ++count_;
    return Error::none;
  }

  constexpr Error block_delta(std::uint16_t index) const {
    return find(index) == nullptr ? Error::bad_event_order : Error::none;
  }

  constexpr Error block_stop(std::uint16_t index) {
    const Block* const block = find(index);
    if (block == nullptr) return Error::bad_event_order;
    for (auto at = static_cast<unsigned>(block - open_); at + 1 < open_count_; ++at) open_[at] = open_[at + 1];
    open_[--open_count_] = {};  // dead entries are cleared, so that equal states have equal bytes
    return Error::none;
  }

  constexpr Error message_delta() {
    if (phase_ != Phase::started && phase_ != Phase::ending) return Error::bad_event_order;
    phase_ = Phase::ending;
    while (open_count_ != 0) open_[--open_count_] = {};
    return Error::none;
  }

  // An answer without a stop reason is not complete.
  constexpr Error message_stop(bool has_stop_reason) {
    if (phase_ != Phase::ending || !has_stop_reason) return Error::bad_event_order;
    phase_ = Phase::stopped;
    return Error::none;
  }

 private:
  Phase phase_ = Phase::before;
  std::uint8_t open_count_ = 0;
  std::uint16_t count_ = 0;
  Block open_[MaxOpen] = {};
};

using EventOrder = BasicEventOrder<PICOCLAUDE_MAX_OPEN_BLOCKS>;

PICOCLAUDE_END
