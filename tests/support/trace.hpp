// What a client told about one answer, as text that does not depend on where the network cut it: fragments of one kind
// and block that follow each other are one line. The same answer gives the same text through every transport.
#pragma once
#include <cstdio>
#include <string>

#include "picoclaude.hpp"

namespace trace {

inline const char* name(picoclaude::EventKind kind) {
  using picoclaude::EventKind;
  switch (kind) {
    case EventKind::none: return "none";
    case EventKind::text: return "text";
    case EventKind::thinking: return "thinking";
    case EventKind::signature: return "signature";
    case EventKind::redacted_thinking: return "redacted_thinking";
    case EventKind::citation: return "citation";
    case EventKind::citation_title: return "citation_title";
    case EventKind::citation_source: return "citation_source";
    case EventKind::citation_end: return "citation_end";
    case EventKind::tool_start: return "tool_start";
    case EventKind::tool_input: return "tool_input";
    case EventKind::block: return "block";
    case EventKind::block_delta: return "block_delta";
    case EventKind::block_end: return "block_end";
    case EventKind::container: return "container";
    case EventKind::stop_sequence: return "stop_sequence";
    case EventKind::explanation: return "explanation";
    case EventKind::error_text: return "error_text";
    case EventKind::retrying: return "retrying";
    case EventKind::end: return "end";
    case EventKind::item: return "item";
    case EventKind::data: return "data";
    case EventKind::token: return "token";
  }
  return "?";
}

// Comes in fragments; an empty one begins another of its kind.
inline bool is_fragment(const picoclaude::Event& event) {
  using picoclaude::EventKind;
  switch (event.kind) {
    case EventKind::text:
    case EventKind::thinking:
    case EventKind::signature:
    case EventKind::redacted_thinking:
    case EventKind::citation:
    case EventKind::citation_title:
    case EventKind::citation_source:
    case EventKind::tool_input:
    case EventKind::block:
    case EventKind::block_delta:
    case EventKind::container:
    case EventKind::stop_sequence:
    case EventKind::explanation:
    case EventKind::error_text:
    case EventKind::data: return !event.text.empty();
    default: return false;
  }
}

class Trace {
 public:
  void take(const picoclaude::Event& event) {
    const bool goes_on = event.kind == kind_ && event.index == index_ && is_fragment(event);
    if (!goes_on) {
      end_line();
      kind_ = event.kind;
      index_ = event.index;
      lines_ += name(kind_);
      lines_ += " " + std::to_string(index_) + " ";
#if PICOCLAUDE_ENABLE_TOOLS
      if (kind_ == picoclaude::EventKind::tool_start) lines_ += std::string(event.id) + " ";
#endif
    }
    for (const char c : event.text) put(c);
  }

  // The whole text; `client` is done.
  template <class Client>
  std::string finish(const Client& client) {
    end_line();
    const picoclaude::Status status = client.status();
    const picoclaude::Usage& usage = client.usage();
    char line[200];
    std::snprintf(line, sizeof line, "%s http %u stop_reason %u refusal %u usage %lu %lu %lu %lu\n",
        picoclaude::name(status.error).data(), unsigned{status.http}, static_cast<unsigned>(client.stop_reason()),
        static_cast<unsigned>(client.refusal()), static_cast<unsigned long>(usage.input_tokens),
        static_cast<unsigned long>(usage.output_tokens), static_cast<unsigned long>(usage.cache_creation_input_tokens),
        static_cast<unsigned long>(usage.cache_read_input_tokens));
    return lines_ + line;
  }

 private:
  void end_line() {
    if (kind_ != picoclaude::EventKind::none) lines_ += '\n';
    kind_ = picoclaude::EventKind::none;
  }

  void put(char c) {
    if (c != '\\' && static_cast<unsigned char>(c) >= 0x20) {
      lines_ += c;
      return;
    }
    char code[8];
    std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    lines_ += code;
  }

  std::string lines_;
  picoclaude::EventKind kind_ = picoclaude::EventKind::none;
  unsigned index_ = 0;
};

}  // namespace trace
