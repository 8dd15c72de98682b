// Without transcripts: says so when one is made.
#pragma once
#include "../base/off.hpp"

PICOCLAUDE_BEGIN

template <class Unused = void>
class BasicTranscript {
  static_assert(detail::off<Unused>, "PICOCLAUDE_ENABLE_TRANSCRIPT is 0: set it to 1 to use Transcript");

 public:
  template <class Pages>
  explicit BasicTranscript(const Pages&) {}
};
using Transcript = BasicTranscript<>;

PICOCLAUDE_END
