// An event stream, read as a client would read it: in pieces, with what is held moved in front of the next one.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "picoclaude.hpp"

namespace support {

// What the reader said at the end.
struct Fed {
  picoclaude::Error error = picoclaude::Error::none;
  bool complete = false;
  picoclaude::StopReason stop_reason = picoclaude::StopReason::none;
};

// Hands the events of what comes in pieces of `size` bytes to `take`.
template <class Take>
void feed_to(picoclaude::EventReader& reader, std::string_view stream, std::size_t size, Take&& take) {
  std::vector<char> memory(stream.size() + size + 64);
  while (!stream.empty() && reader.error() == picoclaude::Error::none && !reader.complete()) {
    const picoclaude::Room held = reader.held();
    if (held.size != 0) std::memmove(memory.data(), held.data, held.size);
    reader.held_moved(memory.data());
    char* next = memory.data() + held.size + picoclaude::EventReader::margin;
    const std::string_view piece = stream.substr(0, size);
    stream.remove_prefix(piece.size());
    std::memcpy(next, piece.data(), piece.size());
    char* const end = next + piece.size();
    while (const picoclaude::Event event = reader.read(next, end)) take(event);
  }
}

template <class Take>
Fed feed(std::string_view stream, std::size_t size, Take&& take) {
  picoclaude::EventReader reader;
  feed_to(reader, stream, size, take);
  return {reader.error(), reader.complete(), reader.stop_reason()};
}

#if PICOCLAUDE_ENABLE_MESSAGE_READER
// The same for the body of an answer that was not streamed.
template <class Take>
Fed feed_message(std::string_view body, std::size_t size, Take&& take) {
  picoclaude::EventReader reader;
  reader.expect_message();
  feed_to(reader, body, size, take);
  if (reader.end_message()) take(reader.event());
  return {reader.error(), reader.complete(), reader.stop_reason()};
}
#endif

// ---- streams made for a test ----------------------------------------------------------------------------------------

inline std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      const char* const digits = "0123456789abcdef";
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

inline std::string event(std::string_view type, const std::string& members) {
  return "event: " + std::string(type) + "\ndata: {\"type\":\"" + std::string(type) + "\"" + members + "}\n\n";
}
inline std::string message_start() { return event("message_start", R"(,"message":{"usage":{"input_tokens":1}})"); }
inline std::string message_end(std::string_view stop_reason) {
  return event("message_delta", R"(,"delta":{"stop_reason":")" + std::string(stop_reason) + "\"}") +
      event("message_stop", "");
}
inline std::string block_start(unsigned index, const std::string& block) {
  return event("content_block_start", ",\"index\":" + std::to_string(index) + ",\"content_block\":" + block);
}
inline std::string tool_start(unsigned index, std::string_view id, std::string_view name) {
  return block_start(
      index, R"({"type":"tool_use","id":)" + quoted(id) + ",\"name\":" + quoted(name) + ",\"input\":{}}");
}
inline std::string tool_input(unsigned index, std::string_view part) {
  return event("content_block_delta",
      ",\"index\":" + std::to_string(index) + R"(,"delta":{"type":"input_json_delta","partial_json":)" + quoted(part) +
          "}");
}
inline std::string text_delta(unsigned index, std::string_view part) {
  return event("content_block_delta",
      ",\"index\":" + std::to_string(index) + R"(,"delta":{"type":"text_delta","text":)" + quoted(part) + "}");
}
inline std::string block_stop(unsigned index) {
  return event("content_block_stop", ",\"index\":" + std::to_string(index));
}

}  // namespace support
