// One exchange of a Client with a scripted server, and what came of it.
#pragma once
#include <cstdint>
#include <string>

#include "picoclaude.hpp"
#include "support/scripted.hpp"

namespace scripted {
inline namespace SCRIPTED_ABI {

struct Outcome {
  picoclaude::Status status;
  picoclaude::StopReason stop_reason = picoclaude::StopReason::none;
  picoclaude::Refusal refusal = picoclaude::Refusal::none;
  picoclaude::Usage usage;
  std::string text;
  std::string stop_sequence;
  std::string explanation;
  std::string error_text;
  std::string request_id;
  unsigned ends = 0;
  unsigned retrying = 0;
  unsigned events = 0;
  bool cut_code_point = false;  // a fragment did not end at a code point

  explicit operator bool() const { return static_cast<bool>(status); }
};

// The API's own name as this library's value.
inline picoclaude::StopReason stop_reason_named(std::string_view name) {
  constexpr std::string_view names[] = {"", "end_turn", "max_tokens", "stop_sequence", "pause_turn", "refusal",
      "model_context_window_exceeded", "compaction", "tool_use"};
  for (std::size_t i = 0; i < 9; ++i) {
    if (names[i] == name) return static_cast<picoclaude::StopReason>(i);
  }
  return picoclaude::StopReason::other;
}

inline picoclaude::Config config() {
  picoclaude::Config config;
  config.api_key = "sk-test";
  return config;
}

inline picoclaude::Request question() {
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.prompt = "Hello?";
  return request;
}

inline void take(Outcome& outcome, const picoclaude::Event& event) {
  using picoclaude::EventKind;
  ++outcome.events;
  const std::string_view text = event.text;
  std::size_t at = 0;
  while (at < text.size()) {
    const unsigned size = picoclaude::utf8_size(text[at]);
    at += size == 0 ? text.size() + 1 : size;
  }
  if (at != text.size()) outcome.cut_code_point = true;
  switch (event.kind) {
    case EventKind::text: outcome.text += text; break;
    case EventKind::stop_sequence: outcome.stop_sequence += text; break;
    case EventKind::explanation: outcome.explanation += text; break;
    case EventKind::error_text: outcome.error_text += text; break;
    case EventKind::end: ++outcome.ends; break;
    case EventKind::retrying: ++outcome.retrying; break;
    default: break;
  }
}

// After begin(): all events up to the end. For a transport that waits.
template <class Client>
Outcome finish(Client& client) {
  Outcome outcome;
  while (const picoclaude::Event event = client.next()) take(outcome, event);
  outcome.status = client.status();
  outcome.stop_reason = client.stop_reason();
  outcome.refusal = client.refusal();
  outcome.usage = client.usage();
  outcome.request_id = client.request_id();
  return outcome;
}

template <class Client>
Outcome ask(Client& client, const picoclaude::Request& request) {
  const picoclaude::Status refused = client.begin(request);
  Outcome outcome = finish(client);
  if (!refused) outcome.status = refused;
  return outcome;
}

// A client of its own, asked once.
template <class Transport, std::size_t Room = 2048>
Outcome ask_once(Transport& transport, const picoclaude::Config& config) {
  picoclaude::Workspace<Room> memory;
  picoclaude::Client<Transport> client{transport, memory, config};
  const picoclaude::Request request = question();
  return ask(client, request);
}

// All that a test of the client needs.
template <class Transport = Blocking, std::size_t Room = 2048>
struct Bench {
  Transport transport;
  picoclaude::Config config = scripted::config();
  picoclaude::Request request = question();
  picoclaude::Workspace<Room> memory;
  picoclaude::Client<Transport> client{transport, memory, config};

  Bench() = default;
  explicit Bench(std::vector<Connection> script) { transport.script = std::move(script); }

  Outcome ask() { return scripted::ask(client, request); }
};

// A connection with these answers.
inline Connection answers(std::vector<Answer> list, Ending idle = Ending::keep) { return {std::move(list), {}, idle}; }
inline Answer greeting() { return {streamed(hello)}; }

// A connection that is never made.
inline Connection unreachable(Error error = Error::connect_failed) { return {{}, {Io::failed(error, 111)}}; }

}  // namespace SCRIPTED_ABI
}  // namespace scripted
