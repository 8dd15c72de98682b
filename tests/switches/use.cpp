// Uses what is switched on, so that every template of it is instantiated. Only compiled.
#include <picoclaude.hpp>

using namespace picoclaude;

struct Modem {
  Io open(const char*, std::uint16_t) { return Io::ok(); }
  Io send(const char*, std::size_t size) { return Io::moved(size); }
  Io recv(char*, std::size_t) { return Io::wait(); }
  void close() {}
  std::uint32_t now_ms() { return 0; }
  bool wait(std::uint32_t) { return true; }
};

std::size_t ask(Client<Modem>& claude, Request& request) {
  Block blocks[4];
#if PICOCLAUDE_ENABLE_VISION
  blocks[0] = image("image/png", "...");
#endif
#if PICOCLAUDE_ENABLE_DOCUMENTS
  blocks[1] = document_text("The grass is green.");
#endif
#if PICOCLAUDE_ENABLE_THINKING
  request.thinking = Thinking::adaptive();
#endif
#if PICOCLAUDE_ENABLE_CACHING
  blocks[2] = cached("Long prompt");
  if (cache_miss(request, claude.usage(), claude.cache_miss_reason()) != CacheMiss::none) return 0;
#endif
#if PICOCLAUDE_ENABLE_OUTPUT
  static constexpr auto form = structure(integer("n"));
  request.output_schema = form.schema();
  char room[64];
  OutputReader reader{form, Room{room}};
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
  static constexpr ServerTool search[] = {web_search()};
  request.server_tools = search;
  ServiceBlock block;
#endif
#if PICOCLAUDE_ENABLE_TOOLS
  static constexpr auto set_light = tool("set_light", "Switch a lamp.", boolean("on", "true to light it"));
  static constexpr Tool tools[] = {set_light};
  request.tools = tools;
#endif
#if PICOCLAUDE_ENABLE_CHECK
  if (check(request) != Rule::none) return 0;
#endif
  const Message messages[] = {user(blocks)};
  request.messages = messages;
  claude.begin(request);
  std::size_t size = 0;
  while (const Event event = claude.next()) {
    size += event.text.size();
#if PICOCLAUDE_ENABLE_OUTPUT
    reader.take(event);
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
    block.take(event);
#endif
  }
#if PICOCLAUDE_ENABLE_RATE_LIMITS
  size += claude.rate_limits().requests.remaining;
#endif
#if PICOCLAUDE_ENABLE_COUNT_TOKENS
  CountTokens count{request};
  claude.begin(count);
#endif
  char text[64];
  return size + claude.ask(request, text).size;
}

#if PICOCLAUDE_ENABLE_TRANSCRIPT
Error keep(Transcript& talk, const Event& event) { return talk.take(event); }
#endif
#if PICOCLAUDE_ENABLE_BUDGET
Error spend(Budget& budget, const Usage& usage) { return budget.add("m", usage); }
#endif
