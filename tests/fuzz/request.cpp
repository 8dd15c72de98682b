// A request of any strings: refused, or valid JSON that says what the request says, the same through every window.
#include "fuzz.hpp"
#include "support/json_value.hpp"

namespace {

std::string render(const picoclaude::Request& request, std::size_t room) {
  std::string all;
  char window[256];
  picoclaude::Cursor cursor;
  for (;;) {
    picoclaude::Window part(window, room, cursor);
    picoclaude::detail::render(part, request);
    PROMISE(part.error() == picoclaude::Error::none);
    PROMISE(part.size() <= room);
    all.append(window, part.size());
    if (part.finished()) return all;
    PROMISE(part.size() != 0);
    cursor = part.cursor();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  const std::size_t room = 1u + choices.byte();
  const unsigned shape = choices.byte();
  const std::string all = choices.rest();
  const picoclaude::string_view text = all;
  const picoclaude::string_view half = picoclaude::slice(text, 0, text.size() / 2);

  picoclaude::Request request;
  request.model = "m";
  request.max_tokens = shape;
  const picoclaude::Block blocks[] = {picoclaude::Block(text), picoclaude::Block(half)};
  const picoclaude::Message messages[] = {
      picoclaude::user(text), picoclaude::assistant(half), picoclaude::user(blocks)};
  const picoclaude::string_view stops[] = {text, half};
  if ((shape & 1) != 0) request.prompt = text;
  if ((shape & 2) != 0) request.messages = messages;
  if ((shape & 4) != 0) request.system = text;
  if ((shape & 8) != 0) request.system = blocks;
  if ((shape & 16) != 0) request.stop_sequences = stops;
  if ((shape & 32) != 0) request.user_id = half;

  picoclaude::Window measure;
  picoclaude::detail::render(measure, request);
  if (measure.error() != picoclaude::Error::none) {
    PROMISE(measure.error() == picoclaude::Error::bad_text);
    return 0;
  }
  const std::string whole = render(request, 256);
  PROMISE(whole.size() == measure.size());
  PROMISE(whole == render(request, room < 256 ? room : 256));
  PROMISE(whole == render(request, 1));
  const json::Value value = json::parse(whole);
  PROMISE(value.kind == '{');
  if ((shape & 32) != 0 && !half.empty()) PROMISE(value["metadata"]["user_id"].text == half);
  if ((shape & 12) == 4 && !text.empty()) PROMISE(value["system"].text == text);
  return 0;
}
