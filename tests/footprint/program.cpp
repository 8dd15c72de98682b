// The program whose image is measured: all of a text-only client, each entry in a function of its own, so that the
// worst stack of each can be told. Compiled with FOOTPRINT_NO_LIBRARY it is the same without the library.
#include "world.hpp"

#ifdef FOOTPRINT_NO_LIBRARY
#include "no_client.hpp"
using Client = NoClient<Modem>;
#else
using Client = picoclaude::Client<Modem>;
#endif

#define ENTRY extern "C" __attribute__((noinline))

ENTRY bool entry_begin(Client& client, const picoclaude::Request& request) {
  return static_cast<bool>(client.begin(request));
}

ENTRY bool entry_next(Client& client) {
  const picoclaude::Event event = client.next();
  show(event);
  return static_cast<bool>(event);
}

ENTRY bool entry_ask(Client& client, const picoclaude::Request& request) {
  return static_cast<bool>(client.ask(request, [](picoclaude::string_view text) {
    show(text);
  }));
}

ENTRY bool entry_ask_room(Client& client, const picoclaude::Request& request, char (&text)[64]) {
  return static_cast<bool>(client.ask(request, text));
}

#ifdef FOOTPRINT_TYPED_TOOL
// A tool of the README's kind, its calls, and their answers in the next request.
static constexpr auto set_light = picoclaude::tool("set_light", "Switch a lamp.",
    picoclaude::boolean("on", "true to light it"), picoclaude::integer("level", "brightness").range(0, 100));
static constexpr picoclaude::Tool tools[] = {set_light};

ENTRY void entry_take(picoclaude::ToolCalls& calls, const picoclaude::Event& event) { calls.take(event); }

ENTRY picoclaude::Block entry_run(const picoclaude::ToolCalls& calls, picoclaude::ToolResult<32>& result) {
  const picoclaude::ToolCall call = calls[0];
  picoclaude::run_tool(
      call, calls.room(), result.reply(), set_light.calls([](bool on, int level, picoclaude::ToolReply reply) {
        show(picoclaude::string_view(on ? "on" : "off", static_cast<std::size_t>(level)));
        reply.text("done");
      }));
  return result.block(call.id);
}
#endif

int main() {
  Modem modem;
  char bytes[64];
  picoclaude::Config config;
  fill(config);
  picoclaude::Request request;
  fill(request);
  char text[64];
  Client client{modem, picoclaude::Room{bytes}, config};
#ifdef FOOTPRINT_TYPED_TOOL
  request.tools = tools;
  char room[256];
  picoclaude::ToolCalls calls{picoclaude::Room{room}};
  entry_take(calls, client.next());
  picoclaude::ToolResult<32> result;
  const picoclaude::Block answer = calls.size() != 0 ? entry_run(calls, result) : picoclaude::Block{};
  const picoclaude::Message messages[] = {picoclaude::user(picoclaude::List<picoclaude::Block>(answer))};
  request.messages = messages;
#endif
  if (!entry_begin(client, request)) return 1;
  while (entry_next(client)) {}
  return entry_ask(client, request) && entry_ask_room(client, request, text) ? 0 : 1;
}

#ifndef FOOTPRINT_NO_LIBRARY
// Their sizes are read from the object file.
extern "C" {
extern char size_of_Client[sizeof(Client)], size_of_Exchange[sizeof(picoclaude::Exchange)];
extern char size_of_Request[sizeof(picoclaude::Request)], size_of_Config[sizeof(picoclaude::Config)];
char size_of_Client[sizeof(Client)], size_of_Exchange[sizeof(picoclaude::Exchange)];
char size_of_Request[sizeof(picoclaude::Request)], size_of_Config[sizeof(picoclaude::Config)];
}
#endif
