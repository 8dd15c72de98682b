// JSON: read() tells what step() tells, and a whole value is accepted if and only if a naive reader accepts it.
#include "fuzz.hpp"
#include "oracle/naive_json.hpp"

namespace {

using picoclaude::Json;

struct Outcome {
  std::string told;
  bool finished = false;
  picoclaude::Error error = picoclaude::Error::none;

  bool operator==(const Outcome& other) const {
    return told == other.told && finished == other.finished && error == other.error;
  }
};

void tell(picoclaude::JsonReader& reader, Json token, unsigned mode, std::string& told) {
  if (token == Json::begin_string && mode == 1) reader.deliver();
  if (token == Json::begin_string && mode == 2) reader.collect();
  if (token == Json::text) {
    told.append(reader.text());
    return;
  }
  told += static_cast<char>('A' + static_cast<int>(token));
  if (token == Json::key || token == Json::end_string) told.append(reader.text());
  std::uint32_t value = 0;
  if (token == Json::number && reader.integer(value)) told += std::to_string(value);
  PROMISE(reader.depth() <= PICOCLAUDE_MAX_JSON_DEPTH);
}

Outcome read(std::string text, unsigned mode) {
  picoclaude::JsonReader reader;
  std::string told;
  char* next = text.data();
  char* const end = next + text.size();
  while (next != end) {
    const Json token = reader.read(next, end);
    if (token == Json::more) continue;
    if (token == Json::line_end) {
      reader.blank();
      ++next;
      continue;
    }
    tell(reader, token, mode, told);
    if (token == Json::failed) break;
  }
  return {told, reader.finished(), reader.error()};
}

Outcome step(const std::string& text, unsigned mode) {
  picoclaude::JsonReader reader;
  std::string told;
  for (std::size_t at = 0; at < text.size();) {
    const Json token = reader.step(text[at]);
    if (token == Json::line_end) reader.blank();
    if (token != Json::number) ++at;
    if (token == Json::more || token == Json::line_end) continue;
    tell(reader, token, mode, told);
    if (token == Json::failed) break;
  }
  return {told, reader.finished(), reader.error()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  const unsigned mode = choices.below(3);
  const std::string text = choices.rest();
  const Outcome outcome = read(text, mode);
  PROMISE(outcome == step(text, mode));
  std::string naive;
  const bool valid = naive::Json::read(text, PICOCLAUDE_MAX_JSON_DEPTH, naive);
  PROMISE(outcome.finished == valid);
  PROMISE(!valid || outcome.error == picoclaude::Error::none);
  return 0;
}
