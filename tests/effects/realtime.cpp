// Plays every recording in reads of 1, 7, 64 and all bytes, as the answer to each call of the API and to a conversation
// with tools that is recorded, and lets nothing near the heap. Built with
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

// Behind the answer comes another one, for a second request.
struct TwoAnswers : Played {
  pc::string_view behind;

  pc::Io open(const char* host, std::uint16_t port) {
    const pc::Io io = Played::open(host, port);
    if (io.kind() == pc::Io::Kind::ok && at == answer.size() && !behind.empty()) {
      answer = behind;
      behind = {};
      at = 0;
    }
    return io;
  }
};

#ifdef PLANTED
struct Transport : TwoAnswers {
  pc::Io recv(char* data, std::size_t room) {
    void* volatile taken = std::malloc(1);
    std::free(taken);
    return Played::recv(data, room);
  }
};
#else
using Transport = TwoAnswers;
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

#if PICOCLAUDE_ENABLE_TOOLS && PICOCLAUDE_ENABLE_TRANSCRIPT
constexpr auto set_light = pc::tool("set_light", "Switch a lamp.", pc::boolean("on", ""),
    pc::string("note", "").optional(), pc::array("levels", "", pc::integer()).optional());
constexpr pc::RawTool get_weather = pc::raw_tool({"get_weather", "Tells the weather."});

// Two lamps, the second one with an input that does not fit; then a call of a tool that nobody has.
constexpr char lamps[] =
    "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n"
    "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t1\","
    "\"name\":\"set_light\",\"input\":{}}}\n\n"
    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
    "\"partial_json\":\"{\\\"on\\\":true,\\\"note\\\":\\\"n\\\",\\\"levels\\\":[1,2]}\"}}\n\n"
    "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    "data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t2\","
    "\"name\":\"set_light\",\"input\":{\"on\":1}}}\n\n"
    "data: {\"type\":\"content_block_stop\",\"index\":1}\n\n"
    "data: {\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t3\","
    "\"name\":\"nobody\",\"input\":{}}}\n\n"
    "data: {\"type\":\"content_block_stop\",\"index\":2}\n\n"
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}\n\n"
    "data: {\"type\":\"message_stop\"}\n\n";
constexpr char good_bye[] =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
    "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n"
    "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"Bye.\"}}\n\n"
    "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
    "data: {\"type\":\"message_stop\"}\n\n";

char pages[16384];

// A conversation with tools, recorded; all of it counts. Gives the number of calls that were answered.
unsigned converse(Transport& transport, const pc::Config& config, const pc::Request& request) NONBLOCKING {
  pc::Client<Transport> claude{transport, memory, config};
  pc::Transcript talk{pages};
  talk.user("Light, please.");
  unsigned calls = 0;
  const auto light = [&calls](bool, pc::string_view, pc::Items<int>, pc::ToolReply reply) {
    ++calls;
    reply.text("done");
  };
  const auto weather = [&calls](pc::string_view input, pc::ToolReply reply) {
    ++calls;
    reply.text(input);
  };
  auto lamp = set_light.calls(light);
  auto sky = get_weather.calls(weather);
  pc::ToolLoop loop{claude, request, talk, pc::Brakes{}, lamp, sky};
  while (!loop.done()) loop.next();
  talk.user("And now?");
  return calls;
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
  unsigned answered = 0;  // calls of tools
  std::vector<recordings::Recording> played = recordings::all();
#if PICOCLAUDE_ENABLE_TOOLS && PICOCLAUDE_ENABLE_TRANSCRIPT
  const pc::Request tooled = request;
  played.push_back({"streams/lamps", lamps});
#endif
  for (const recordings::Recording& recording : played) {
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
#if PICOCLAUDE_ENABLE_BATCHES
      transport.at = 0;
      pc::BatchResults results{"b"};
      events += play(transport, config, results);
      transport.at = 0;
      pc::CreateBatch create{{[](void* context, std::uint32_t) PICOCLAUDE_NONBLOCKING -> pc::BatchItem {
                                return {"a", static_cast<const pc::Request*>(context)};
                              },
          &request, 3}};
      events += play(transport, config, create);
      sessions += 2;
#endif
#if PICOCLAUDE_ENABLE_FILES
      transport.at = 0;
      pc::ListFiles files;
      events += play(transport, config, files);
      transport.at = 0;
      pc::UploadFile upload{"name", "text/plain", pc::string_view("content")};
      events += play(transport, config, upload);
      transport.at = 0;
      pc::DownloadFile download{"f"};
      events += play(transport, config, download);
      sessions += 3;
#endif
#if PICOCLAUDE_ENABLE_RAW
      transport.at = 0;
      pc::RawCall raw{"GET", "/v1/x"};
      raw.tells_tokens = read_size == 7;
      events += play(transport, config, raw);
      ++sessions;
#endif
#if PICOCLAUDE_ENABLE_TOOLS && PICOCLAUDE_ENABLE_TRANSCRIPT
      transport.at = 0;
      transport.behind = good_bye;
      answered += converse(transport, config, tooled);
      ++sessions;
#endif
#ifndef REALTIME
      taken += heap::calls() - before;
#endif
    }
  }
  std::printf("%u sessions, %lu events, %u calls of tools, %lu calls of the heap\n", sessions, events, answered, taken);
  const bool has_tools = PICOCLAUDE_ENABLE_TOOLS != 0 && PICOCLAUDE_ENABLE_TRANSCRIPT != 0;
  return taken == 0 && events > 1000 && (answered > 20) == has_tools ? 0 : 1;
}
