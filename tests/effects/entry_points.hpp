// Everything that a program calls while a frame or an interrupt waits, called from functions that promise not to
// allocate, lock, throw or wait. clang (20 or later) with -Werror=function-effects follows every call below them, to the
// last one, and refuses what it cannot prove. The transport keeps the same promise: it is the program's own.
#include "played.hpp"

#define NONBLOCKING [[clang::nonblocking]]

namespace pc = picoclaude;
using effects::Played;
using effects::Waiting;

void live(Played& transport, pc::Workspace<512>& memory, const pc::Config& config) NONBLOCKING {
  pc::Client<Played> claude{transport, memory, config};
  claude.disconnect();
}
pc::Status begin(pc::Client<Played>& claude, const pc::Request& request) NONBLOCKING { return claude.begin(request); }
pc::Event next(pc::Client<Played>& claude) NONBLOCKING { return claude.next(); }
void cancel(pc::Client<Played>& claude) NONBLOCKING { claude.cancel(); }

std::uint32_t tell(const pc::Client<Played>& claude) NONBLOCKING {
  return (claude.done() ? 1u : 0u) + claude.status().http + claude.usage().output_tokens +
      static_cast<unsigned>(claude.stop_reason()) + static_cast<unsigned>(claude.refusal()) +
      static_cast<unsigned>(claude.request_id().size()) + claude.retry_after_ms() + claude.retries() +
      static_cast<unsigned>(pc::name(claude.status().error).size());
}

// With a transport that waits without a lock, whole conversations are nonblocking too.
pc::Reply ask(pc::Client<Waiting>& claude, const pc::Request& request, char (&answer)[100]) NONBLOCKING {
  return claude.ask(request, answer);
}
pc::Reply ask(pc::Client<Waiting>& claude, const pc::Request& request) NONBLOCKING {
  std::size_t size = 0;
  return claude.ask(request, [&size](pc::string_view text) {
    size += text.size();
  });
}

// Many conversations, and a metered transport: what a game's tick calls.
using Metered = pc::Metered<Played>;
pc::Event tick(
    pc::Crowd<pc::Client<Metered>>& crowd, pc::Turn& turn, Metered& transport, const pc::Request& request) NONBLOCKING {
  transport.allow(100);
  crowd.ask(turn, request);
  while (const auto said = crowd.next()) {
    if (said.event) return said.event;
  }
  crowd.cancel(turn);
  return {};
}

// The engine without a Client, for programs that own their loop.
std::size_t render(const pc::Request& request, char* out, std::size_t room) NONBLOCKING {
  pc::Window window{out, room, {}};
  pc::detail::render(window, request);
  return window.size();
}
bool exchange(
    pc::Exchange& exchange, const pc::Config& config, const pc::Request& request, char* in, char* end) NONBLOCKING {
  if (exchange.begin(config, pc::detail::messages_endpoint, &request) != pc::Error::none) return false;
  while (exchange.render(in, static_cast<std::size_t>(end - in)) != 0) {}
  while (exchange.read(in, end)) {}
  exchange.ended(true, pc::Error::connection_closed);
  return exchange.complete();
}
pc::Event read(pc::EventReader& reader, char* next, char* end) NONBLOCKING { return reader.read(next, end); }

#if PICOCLAUDE_ENABLE_HTTP_TRANSPORT
// A host that owns HTTP and waits for nothing.
struct Hosted {
  static constexpr bool follows_redirects = false;

  pc::Io start(const char*, const char*) { return pc::Io::ok(); }
  pc::Io header(const char*, const char*) { return pc::Io::ok(); }
  pc::Io begin_body(std::uint32_t) { return pc::Io::ok(); }
  pc::Io send(const char*, std::size_t size) { return pc::Io::moved(size); }
  pc::Io status(std::uint16_t& code) { return code = 200, pc::Io::ok(); }
  pc::Io next_header(pc::string_view&, pc::string_view&) { return pc::Io::ok(); }
  pc::Io recv(char*, std::size_t) { return pc::Io::closed(); }
  void close() {}
  std::uint32_t now_ms() { return 0; }
};
pc::Event next(pc::Client<Hosted>& claude, const pc::Request& request) NONBLOCKING {
  claude.begin(request);
  return claude.next();
}
#endif
#if PICOCLAUDE_ENABLE_CHECK
pc::Rule check(const pc::Request& request) NONBLOCKING { return pc::check(request); }
#endif
#if PICOCLAUDE_CALLS
pc::Status begin(pc::Client<Played>& claude, pc::detail::Call& call) NONBLOCKING { return claude.begin(call); }
#endif
#if PICOCLAUDE_ENABLE_TOOLS
constexpr auto set_light = pc::tool("set_light", "Switch a lamp.", pc::boolean("on", ""), pc::string("note", ""),
    pc::array("levels", "", pc::integer()));
constexpr pc::RawTool anything = pc::raw_tool({"anything", "Takes anything."});

std::uint32_t run(pc::ToolCalls& calls, const pc::Event& event) NONBLOCKING {
  std::uint32_t sum = 0;
  calls.take(event);
  for (std::size_t at = 0; at < calls.size(); ++at) {
    pc::ToolResult<100> result;
    pc::run_tool(calls[at], calls.room(), result.reply(),
        set_light.calls([&sum](bool on, pc::string_view, pc::Items<int> levels, pc::ToolReply reply) {
          for (std::size_t i = 0; on && i < levels.size(); ++i) sum += static_cast<unsigned>(levels[i]);
          reply.text("done");
        }),
        anything.calls([](pc::string_view input, pc::ToolReply reply) {
          reply.error(input);
        }));
    sum += static_cast<unsigned>(result.block(calls[at].id).content.text.size());
  }
  return sum;
}
#endif
#if PICOCLAUDE_ENABLE_TRANSCRIPT
bool record(pc::Transcript& talk, const pc::Event& event) NONBLOCKING {
  talk.user("It is getting dark.");
  return talk.take(event) == pc::Error::none && talk.make_room(100);
}
pc::Reply converse(pc::Client<Waiting>& claude, const pc::Request& request, pc::Transcript& talk) NONBLOCKING {
  std::size_t size = 0;
  return pc::converse(claude, request, talk, [&size](pc::string_view text) {
    size += text.size();
  });
}
#if PICOCLAUDE_ENABLE_TOOLS
pc::ToolRun work(pc::Client<Waiting>& claude, const pc::Request& request, pc::Transcript& talk,
    const pc::Brakes& brakes) NONBLOCKING {
  return pc::run_tools(
      claude, request, talk, brakes, set_light.calls([](bool, pc::string_view, pc::Items<int>, pc::ToolReply reply) {
        reply.text("done");
      }));
}
#endif
#endif
#if PICOCLAUDE_ENABLE_COUNT_TOKENS
pc::TokenCount count(pc::Client<Waiting>& claude, const pc::Request& request) NONBLOCKING {
  return pc::count_tokens(claude, request);
}
#endif
#if PICOCLAUDE_ENABLE_MODELS
pc::Status call(pc::Client<Waiting>& claude, pc::ListModels& list, pc::GetModel& get) NONBLOCKING {
  const pc::Status listed = pc::each(claude, list, [](const pc::Model&) {});
  return listed ? pc::run(claude, get) : listed;
}
#endif
#if PICOCLAUDE_ENABLE_BATCHES
pc::Status call(pc::Client<Waiting>& claude, pc::CreateBatch& create, pc::ListBatches& list, pc::AwaitBatch& await,
    pc::CancelBatch& cancel, pc::DeleteBatch& remove) NONBLOCKING {
  pc::each(claude, list, [](const pc::Batch&) {});
  pc::run(claude, create);
  pc::run(claude, await);
  pc::run(claude, cancel);
  return pc::run(claude, remove);
}
#endif
#if PICOCLAUDE_ENABLE_FILES
pc::Status call(pc::Client<Waiting>& claude, pc::ListFiles& list, pc::UploadFile& upload, pc::DownloadFile& download,
    pc::DeleteFile& remove) NONBLOCKING {
  pc::each(claude, list, [](const pc::File&) {});
  pc::run(claude, upload);
  pc::run(claude, download);
  return pc::run(claude, remove);
}
#endif
#if PICOCLAUDE_ENABLE_RAW
pc::Status call(pc::Client<Waiting>& claude, pc::RawCall& raw) NONBLOCKING { return pc::run(claude, raw); }
#endif
#if PICOCLAUDE_ENABLE_BUDGET
bool spend(pc::Budget& budget, const pc::Usage& usage) NONBLOCKING {
  return budget.add("claude-haiku-5-5", usage) == pc::Error::none && !budget.is_spent();
}
#endif
#if PICOCLAUDE_ENABLE_RATE_LIMITS
std::uint32_t remaining(const pc::Client<Played>& claude) NONBLOCKING {
  return claude.rate_limits().requests.remaining;
}
#endif
