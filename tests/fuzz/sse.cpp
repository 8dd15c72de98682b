// An event stream cut anywhere tells the same as the stream in one piece.
#include "fuzz.hpp"

namespace {

struct Outcome {
  std::string told;
  bool complete = false;
  picoclaude::Error error = picoclaude::Error::none;
  picoclaude::StopReason stop_reason = picoclaude::StopReason::none;
  unsigned long usage = 0;

  bool operator==(const Outcome& other) const {
    return told == other.told && complete == other.complete && error == other.error &&
        stop_reason == other.stop_reason && usage == other.usage;
  }
};

Outcome read(const std::string& text, std::size_t first, std::size_t then) {
  picoclaude::EventReader reader;
  fuzz::Told told;
  unsigned ends = 0;
  fuzz::feed(
      text, first, then,
      [&](char* next, char* end) {
        while (const picoclaude::Event event = reader.read(next, end)) {
          told.add(event);
          if (event.kind == picoclaude::EventKind::end) ++ends;
        }
        PROMISE(next == end || reader.complete() || reader.error() != picoclaude::Error::none);
        return !reader.complete() && reader.error() == picoclaude::Error::none;
      },
      [&] {
        return reader.held();
      },
      [&](char* to) {
        reader.held_moved(to);
      });
  PROMISE(ends == (reader.complete() ? 1u : 0u));
  PROMISE(!reader.complete() || reader.stop_reason() != picoclaude::StopReason::none);
  const picoclaude::Usage& usage = reader.usage();
  return {told.all, reader.complete(), reader.error(), reader.stop_reason(),
      usage.input_tokens + 3ul * usage.output_tokens};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  const std::size_t first = choices.byte();
  const std::size_t then = choices.byte() % 64u;
  const std::string text = choices.rest();
  const Outcome whole = read(text, 1 << 16, 1 << 16);
  PROMISE(whole == read(text, first, then));
  PROMISE(whole == read(text, 1, 1));
  return 0;
}
