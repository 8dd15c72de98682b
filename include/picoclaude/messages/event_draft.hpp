// What an event has told so far of itself, while its JSON is read.
#pragma once
#include "block_route.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// The first group of Word, in its order.
enum class EventType : std::uint8_t {
  none,
  ping,
  error,
  message_start,
  content_block_start,
  content_block_delta,
  content_block_stop,
  message_delta,
  message_stop,
  other
};

// The second and third group of Word, in their order.
enum class DeltaPayload : std::uint8_t { none, text, thinking, signature, partial_json, other };

enum class EventPlace : std::uint8_t {
  elsewhere,
  root,
  delta,
  block,
  message,
  usage,
  error,
  details,
  stop_details,
  content,
  cache_miss_reason,
  citation,
  citations,
  container
};

// What the event at work has told so far. All of it starts as zero, so that clearing it is cheap.
struct EventDraft {
  // The root object is at depth 1, message.usage at depth 3, message.usage.cache_creation at depth 4.
  // A citation stands at depth 3, in a message that came whole at depth 5.
  static constexpr unsigned max_places = PICOCLAUDE_MESSAGES && PICOCLAUDE_CITATIONS ? 6
      : PICOCLAUDE_ENABLE_CACHING                                                    ? 5
                                                                                     : 4;

  EventType type = EventType::none;
  EventType assumed = EventType::none;  // a member acted before `type`
  EventType skipped = EventType::none;  // a member did not act, for the event's name promised another type
  BlockKind kind = BlockKind::other;
  DeltaPayload told = DeltaPayload::none;     // by delta.type; of a block: other, once its type is known
  DeltaPayload payload = DeltaPayload::none;  // by the member's name
  Word key = Word::unknown;
  EventKind route = EventKind::none;  // as what the string at work is delivered
  StopReason stop_reason = StopReason::none;
  bool has_data = false;
  bool has_index = false;
  bool has_owner = false;  // the payload went to block `owner`
  bool holding = false;
#if PICOCLAUDE_BLOCK_STARTS
  bool in_input = false;    // inside an input that comes with its block's start
  bool telling = false;     // what was held of a block is told now
  std::uint8_t member = 0;  // which comes next
  std::uint32_t held = 0;   // where the value that is being held begins
#endif
#if PICOCLAUDE_CITATIONS
  bool cites = false;  // inside a citation of block `owner`
  bool keeps = false;  // inside a citation whose block is not known yet: it is held
  bool kept = false;   // there was one
#endif
  std::uint8_t name_size = 0;
  std::uint16_t index = 0;
  std::uint16_t owner = 0;
  EventPlace path[max_places] = {};
};

template <class Enum>
constexpr Enum pick(Word word, Word first) {
  return static_cast<Enum>(1 + place_in(word, first, static_cast<std::uint8_t>(Enum::other) - 1));
}

constexpr Word member_of(DeltaPayload payload) {
  return static_cast<Word>(static_cast<unsigned>(Word::text) + static_cast<unsigned>(payload) - 1);
}

}  // namespace detail
PICOCLAUDE_END
