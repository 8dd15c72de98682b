// All that reading on depends on, of the readers of an event stream, as numbers: equal for equal states.
// What is left out was told already, or is about to be overwritten: see each line.
#pragma once
// Opens the readers. The standard's headers come before, and what is opened is only read.
#include <array>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wkeyword-macro"
#endif
#define private public
#include "picoclaude/messages/event_reader.hpp"
#undef private
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

namespace reader_state {

struct Numbers {
  std::uint32_t values[160] = {};
  unsigned size = 0;

  bool operator==(const Numbers& other) const {
    return size == other.size && std::memcmp(values, other.values, size * sizeof *values) == 0;
  }
};

template <class T>
void add(Numbers& out, const T& value) {
  out.values[out.size++] = static_cast<std::uint32_t>(value);
}

template <unsigned Depth>
void add(Numbers& out, const picoclaude::BasicJsonReader<Depth>& json) {
  using State = typename picoclaude::BasicJsonReader<Depth>::State;
  add(out, json.state_);
  add(out, json.depth_);
  for (const std::uint8_t bits : json.nesting_) add(out, bits);
  add(out, json.error_);
  if (json.state_ == State::literal) add(out, json.literal_);
  if (json.state_ >= State::minus && json.state_ < State::in_string) {
    add(out, json.exact_);
    if (json.exact_) add(out, json.number_);
  }
  if (json.state_ < State::in_string) return;
  add(out, json.is_key_);
  add(out, json.strings_);
  if (json.strings_ == picoclaude::BasicJsonReader<Depth>::Strings::collect) {
    add(out, json.collected_);
    for (unsigned i = 0; i < json.collected_ && i < json.max_name; ++i)
      add(out, static_cast<unsigned char>(json.name_[i]));
  }
  add(out, json.unit_size_);
  add(out, json.code_);
  add(out, json.high_);
  if (json.state_ == State::code_point) {
    for (unsigned i = 0; i < json.unit_size_; ++i) add(out, static_cast<unsigned char>(json.unit_[i]));
  }
}

inline void add(Numbers& out, const picoclaude::SseReader& sse) {
  add(out, sse.state_);
  add(out, sse.field_);
  add(out, sse.place_);
  add(out, sse.after_cr_);
}

inline void add(Numbers& out, const picoclaude::EventOrder& order) {
  add(out, order.phase_);
  add(out, order.open_count_);
  add(out, order.count_);
  for (const auto& block : order.open_) {
    add(out, block.index);
    add(out, block.kind);
  }
}

inline Numbers of(const picoclaude::EventReader& reader) {
  const auto& members = reader.members_;
  Numbers out;
  add(out, reader.body_);
  add(out, reader.sse_);
  add(out, members.error_);
  if (members.error_ != picoclaude::Error::none || members.complete()) return out;  // for good
  add(out, members.service_error_);
  add(out, members.stop_reason_);
  add(out, members.refusal_);
  add(out, members.usage_.input_tokens);
  add(out, members.usage_.output_tokens);
  add(out, members.usage_.cache_creation_input_tokens);
  add(out, members.usage_.cache_read_input_tokens);
  add(out, members.held_.size);
  const auto& draft = members.draft_;
  add(out, draft.type);
  add(out, draft.assumed);
  add(out, draft.skipped);
  add(out, draft.kind);
  add(out, draft.told);
  add(out, draft.payload);
  add(out, draft.key);
  add(out, draft.route);
  add(out, draft.stop_reason);
  add(out, draft.has_data);
  add(out, draft.has_index);
  add(out, draft.has_owner);
  add(out, draft.holding);
  add(out, draft.name_size);
  add(out, draft.index);
  add(out, draft.owner);
  for (const auto place : draft.path) add(out, place);
  for (unsigned i = 0; i < draft.name_size; ++i) add(out, static_cast<unsigned char>(members.name_[i]));
  add(out, members.json_);
  add(out, members.order_);
  return out;
}

}  // namespace reader_state
