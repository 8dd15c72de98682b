// Plays every recording through a Client in reads of 1, 7, 64 and all bytes, and lets nothing near the heap. Built with
// -fsanitize=realtime, the first call of malloc, a lock or the system inside play() ends the program; built without,
// malloc is counted. With PLANTED, the transport allocates: both must notice.
#include "played.hpp"

#include <cstdio>
#include <cstdlib>

#include "support/recordings.hpp"
#ifndef REALTIME
#include "support/heap.hpp"
#endif

#if defined(REALTIME)
#define NONBLOCKING [[clang::nonblocking]]
#else
#define NONBLOCKING
#endif

namespace pc = picoclaude;
using effects::Played;

namespace {

pc::Workspace<4096> memory;

std::string_view folder_of(std::string_view name) { return name.substr(0, name.find('/') + 1); }

#ifdef PLANTED
struct Transport : Played {
  pc::Io recv(char* data, std::size_t room) {
    void* volatile taken = std::malloc(1);
    std::free(taken);
    return Played::recv(data, room);
  }
};
#else
using Transport = Played;
#endif

// One session up to its end. Gives the number of its events.
unsigned play(Transport& transport, const pc::Config& config, const pc::Request& request) NONBLOCKING {
  pc::Client<Transport> claude{transport, memory, config};
  unsigned events = 0;
  if (!claude.begin(request)) return 0;
  while (!claude.done()) events += claude.next() ? 1 : 0;
  return events;
}

#if PICOCLAUDE_CALLS
unsigned play(Transport& transport, const pc::Config& config, pc::detail::Call& call) NONBLOCKING {
  pc::Client<Transport> claude{transport, memory, config};
  unsigned events = 0;
  if (!claude.begin(call)) return 0;
  while (!claude.done()) events += claude.next() ? 1 : 0;
  return events;
}
#endif

std::string answer_of(const recordings::Recording& recording) {
  if (folder_of(recording.name) == "http/") return std::string(recording.body);
  const bool is_stream = folder_of(recording.name) == "streams/";
  const bool is_error = folder_of(recording.name) == "errors/";
  return std::string(is_error ? "HTTP/1.1 400 Bad Request" : "HTTP/1.1 200 OK") +
      "\r\ncontent-type: " + (is_stream ? "text/event-stream" : "application/json") +
      "\r\ncontent-length: " + std::to_string(recording.body.size()) + "\r\n\r\n" + std::string(recording.body);
}

}  // namespace

int main() {
  pc::Config config;
  config.api_key = "sk-test";
  config.max_retries = 0;
  config.total_ms = config.idle_ms = config.first_byte_ms = 0;  // its clock only counts
  pc::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.prompt = "Say \"hello\".\n";
  unsigned sessions = 0;
  unsigned long events = 0;
  unsigned long taken = 0;
  for (const recordings::Recording& recording : recordings::all()) {
    if (recording.body.size() > 500'000) continue;
    const std::string answer = answer_of(recording);
    for (const std::size_t read_size : {std::size_t{1}, std::size_t{7}, std::size_t{64}, ~std::size_t{0}}) {
      Transport transport{};
      transport.answer = answer;
      transport.read_size = read_size;
#ifndef REALTIME
      const unsigned long before = heap::calls();
#endif
      events += play(transport, config, request);
      ++sessions;
#if PICOCLAUDE_ENABLE_COUNT_TOKENS
      transport.at = 0;
      pc::CountTokens count{request};
      events += play(transport, config, count);
      ++sessions;
#endif
#if PICOCLAUDE_ENABLE_MODELS
      transport.at = 0;
      pc::ListModels models;
      events += play(transport, config, models);
      ++sessions;
#endif
#if PICOCLAUDE_ENABLE_BATCHES
      transport.at = 0;
      pc::ListBatches batches;
      events += play(transport, config, batches);
      ++sessions;
#endif
#ifndef REALTIME
      taken += heap::calls() - before;
#endif
    }
  }
  std::printf("%u sessions, %lu events, %lu calls of the heap\n", sessions, events, taken);
  return taken == 0 && events > 1000 ? 0 : 1;
}
