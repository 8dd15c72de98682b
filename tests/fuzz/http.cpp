// A whole HTTP answer, cut anywhere and ended anyhow, tells the same; nothing but message_stop makes it complete.
#include "fuzz.hpp"

namespace {

struct Outcome {
  std::string told;
  picoclaude::Error error = picoclaude::Error::none;
  bool done = false;
  unsigned status = 0;

  bool operator==(const Outcome& other) const {
    return told == other.told && error == other.error && done == other.done && status == other.status;
  }
};

Outcome read(const std::string& text, std::size_t first, std::size_t then, bool proper) {
  picoclaude::Config config;
  config.api_key = "key";
  picoclaude::Request request;
  request.model = "m";
  request.max_tokens = 1;
  request.prompt = "p";
  picoclaude::Exchange exchange;
  PROMISE(exchange.begin(config, picoclaude::detail::messages_endpoint, &request) == picoclaude::Error::none);
  fuzz::Told told;
  bool ended = false;
  fuzz::feed(
      text, first, then,
      [&](char* next, char* end) {
        while (const picoclaude::Event event = exchange.read(next, end)) {
          told.add(event);
          if (event.kind == picoclaude::EventKind::end) ended = true;
        }
        return !exchange.done();
      },
      [&] {
        return exchange.reader().held();
      },
      [&](char* to) {
        exchange.held_moved(to);
      });
  if (!exchange.done()) exchange.ended(proper, picoclaude::Error::connection_lost);
  PROMISE(exchange.done());
  PROMISE((exchange.error() == picoclaude::Error::none) == ended);
  return {told.all, exchange.error(), exchange.done(), exchange.answer().status};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  const bool proper = choices.below(2) == 1;
  const std::size_t first = choices.byte();
  const std::size_t then = choices.byte() % 64u;
  const std::string text = choices.rest();
  const Outcome whole = read(text, 1 << 16, 1 << 16, proper);
  PROMISE(whole == read(text, first, then, proper));
  PROMISE(whole == read(text, 1, 1, proper));
  return 0;
}
