// What an EventReader of one build of the library tells of a stream that is cut so. Each build has a source of its own.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace reader_trace {

struct Trace {
  std::string events;  // all of them
  std::string text;    // only text, by block
  std::string end;     // error, completeness, stop reason, usage
};

Trace plain(std::string_view stream, const std::vector<std::size_t>& cuts);
Trace prefixed(std::string_view stream, const std::vector<std::size_t>& cuts);  // with the remembered prefix
Trace full(std::string_view stream, const std::vector<std::size_t>& cuts);      // with every part of the API
Trace full_prefixed(std::string_view stream, const std::vector<std::size_t>& cuts);

#ifdef READER_TRACE
Trace READER_TRACE(std::string_view stream, const std::vector<std::size_t>& cuts) {
  using namespace picoclaude;
  static std::vector<char> room;
  room.resize(stream.size() * 2 + 64);
  EventReader reader;
  Trace trace;
  std::string raw;
  int last = -1;
  std::size_t at = 0;
  for (std::size_t cut = 0; at < stream.size() && reader.error() == Error::none && !reader.complete(); ++cut) {
    const std::size_t size = (cut < cuts.size() ? cuts[cut] : stream.size()) - at;
    char* base = room.data();
    const Room held = reader.held();
    if (held.size != 0) {
      std::memmove(base, held.data, held.size);
      reader.held_moved(base);
      base += held.size;
    }
    base += EventReader::margin;
    stream.copy(base, size, at);
    at += size;
    char* next = base;
    while (const Event event = reader.read(next, base + size)) {
      const int now = static_cast<int>(event.kind) * 65536 + event.index;
      if (event.kind == EventKind::block || event.kind == EventKind::block_delta) {
        raw += event.text;  // comes beside what is decoded of it, piece by piece
        continue;
      }
      if (now != last || event.text.empty()) trace.events += "\n" + std::to_string(now) + " ";
      trace.events += event.text;
      if (event.kind == EventKind::text && !event.text.empty())
        trace.text += std::to_string(event.index) + std::string(event.text);
      last = now;
    }
  }
  trace.events += "\n" + raw;
  trace.end = std::to_string(static_cast<int>(reader.error())) + (reader.complete() ? " complete " : " ") +
      std::to_string(static_cast<int>(reader.stop_reason())) + " " + std::to_string(reader.usage().input_tokens) + " " +
      std::to_string(reader.usage().output_tokens);
  return trace;
}
#endif

}  // namespace reader_trace
