// Plays recordings through fetch, one after the other, and keeps what the client told; browser_test.py reads it.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_THINKING 1
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#include <picoclaude.hpp>

#include "../../examples/transports/fetch.hpp"
#include "support/trace.hpp"

#include <string>

namespace {

using namespace picoclaude;

std::string base_url;
std::string wish;
std::string told;
trace::Trace trace_now;
bool running = false;

FetchTransport http;
Workspace<2048> memory;
Config config;
Header header{"x-standin", {}};
Request request;

Client<FetchTransport>& client() {
  static Client<FetchTransport> one{http, memory, config};
  return one;
}

void tick() {
  if (!running) return;
  while (const Event event = client().next()) trace_now.take(event);
  if (!client().done()) return;
  told = trace_now.finish(client());
  running = false;
}

}  // namespace

extern "C" {

// Begins one request with what the stand-in shall do; `direct`: with the header that pages need.
EMSCRIPTEN_KEEPALIVE void ask(const char* url, const char* what, int direct, int first_byte_ms) {
  base_url = url;
  wish = what;
  told.clear();
  trace_now = {};
  config.api_key = "sk-test";
  config.base_url = base_url;
  config.max_retries = 0;
  config.first_byte_ms = static_cast<std::uint32_t>(first_byte_ms);
  header.value = wish;
  request.headers = wish.empty() ? List<Header>{} : List<Header>{header};
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.prompt = "Hello?";
  http.allow_direct_browser_access(direct != 0);
  const Status status = client().begin(request);
  running = static_cast<bool>(status);
  if (!running) told = "refused: " + std::string(name(status.error));
}

// What it told; empty as long as it runs.
EMSCRIPTEN_KEEPALIVE const char* answer() { return told.c_str(); }
EMSCRIPTEN_KEEPALIVE void cancel() { client().cancel(); }
}

int main() { emscripten_set_main_loop(tick, 0, 0); }
