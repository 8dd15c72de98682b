// The calls besides Messages over a network and a server that do what the fuzzer wants. No call succeeds unless a naive
// reading of the bytes that came says that its answer is whole and what the call told of it; and the next question on the
// same client is answered.
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 1
#define PICOCLAUDE_ENABLE_MODELS 1
#define PICOCLAUDE_ENABLE_BATCHES 1
#define PICOCLAUDE_ENABLE_FILES 1
#define PICOCLAUDE_ENABLE_RAW 1
#include <vector>

#include "fuzz.hpp"
#include "oracle/naive_answer.hpp"
#include "support/json_value.hpp"

namespace {

using namespace picoclaude;

constexpr char good_head[] = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ";
constexpr char good_body[] =
    "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n"
    "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}\n\n"
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
    "data: {\"type\":\"message_stop\"}\n\n";

// What a server says to one request, as the fuzzer wrote it.
struct Script {
  std::string bytes;
  unsigned ending = 0;  // nothing, a proper end, an improper one, a reset
};

// What the client got for one request.
struct Got {
  std::string bytes;
  bool closed = false;  // by a proper end
};

class Network {
 public:
  static constexpr bool tells_end = true;

  Network(fuzz::Choices acts, std::vector<Script> scripts) : acts_(acts), scripts_(std::move(scripts)) {}

  // From now on all goes well.
  void heal() { well_ = true; }
  const Got& last() const { return last_; }
  unsigned requests() const { return requests_; }

  Io open(const char* host, std::uint16_t) {
    PROMISE(std::strcmp(host, "api.anthropic.com") == 0);
    const Io io = well_ ? Io::ok() : act(Io::ok(), 0);
    if (io.kind() == Io::Kind::ok) script_ = {};
    at_ = 0;
    return io;
  }
  Io send(const char* data, std::size_t size) {
    const Io io = well_ ? Io::moved(size) : act(Io::moved(size), size);
    if (io.kind() != Io::Kind::moved || io.size() == 0 || io.size() > size) return io;
    for (const char* const method : {"GET /", "POST /", "DELETE /"}) {
      if (size > 8 && std::memcmp(data, method, std::strlen(method)) == 0) begin_request();
    }
    return io;
  }
  Io recv(char* data, std::size_t room) {
    std::size_t size = script_.bytes.size() - at_;
    if (size == 0) return end();
    if (!well_) {
      const Io io = act(Io::moved(room), room);
      if (io.kind() == Io::Kind::closed) last_.closed = true;
      if (io.kind() != Io::Kind::moved || io.size() == 0 || io.size() > room) return io;
      if (size > io.size()) size = io.size();
    }
    if (size > room) size = room;
    std::memcpy(data, script_.bytes.data() + at_, size);
    last_.bytes.append(data, size);
    at_ += size;
    return Io::moved(size);
  }
  void close() { script_ = {}; }
  std::uint32_t now_ms() { return now_ += 7; }
  // Now and then control goes back to the program: for ever behind so many pauses.
  bool wait(std::uint32_t at_most_ms) {
    now_ += at_most_ms < 1 ? 1 : at_most_ms;
    return well_ || ++waits_ < 500;
  }

 private:
  void begin_request() {
    script_ = {};
    if (well_) {
      script_.bytes = good_head + std::to_string(sizeof good_body - 1) + "\r\n\r\n" + good_body;
    } else if (requests_ < scripts_.size()) {
      script_ = scripts_[requests_];
    } else {
      script_.ending = 1;
    }
    ++requests_;
    at_ = 0;
    last_ = {};
  }

  Io end() {
    switch (script_.ending) {
      case 1: last_.closed = true; return Io::closed();
      case 2: return Io::failed(Error::connection_lost, 0);
      case 3: return Io::failed(Error::connection_lost, 104);
      default: return Io::wait();
    }
  }

  // What becomes of a call that would have been `good`.
  Io act(Io good, std::size_t size) {
    switch (acts_.byte() & 15) {
      case 8: return Io::moved(size + 1);
      case 9: return Io::wait();
      case 10: return Io::moved(size < 5 ? size : 5);
      case 11: return size == 0 ? Io::wait() : Io::moved(1);
      case 12: return Io::closed();
      case 13: return Io::failed(Error::connection_lost, 104);
      case 14: return Io::failed(-1);
      case 15: return Io::moved(0);
      default: return good;
    }
  }

  fuzz::Choices acts_;
  std::vector<Script> scripts_;
  Script script_;
  Got last_;
  std::size_t at_ = 0;
  unsigned requests_ = 0;
  unsigned waits_ = 0;
  std::uint32_t now_ = 0xFFFF0000u;
  bool well_ = false;
};

// `body` as the body of an answer, or as an answer with its head.
std::string framed(const std::string& body, unsigned framing, bool json) {
  if (framing == 0) return body;
  std::string head = "HTTP/1.1 200 OK\r\ncontent-type: application/";
  head += json ? "json\r\n" : "x-jsonl\r\n";
  if (framing == 1) return head + "\r\n" + body;
  if (framing == 2) {
    head += "transfer-encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 9) {
      const std::string chunk = body.substr(at, 9);
      head += std::to_string(chunk.size()) + "\r\n" + chunk + "\r\n";
    }
    return head + "0\r\n\r\n";
  }
  const std::size_t size = framing == 3 ? body.size() : framing == 4 ? body.size() + 5 : body.size() / 2;
  return head + "content-length: " + std::to_string(size) + "\r\n\r\n" + body;
}

// What a call told of the answer that came last.
struct Told {
  unsigned requests = 0;
  unsigned items = 0;
  std::string data;
};

using Claude = Client<Network>;

// Makes the call, and breaks it off at the event `most`. True: it succeeded, and `told` is what its last answer brought.
bool play(Claude& claude, Network& network, picoclaude::detail::Call& call, unsigned most, Told& told) {
  if (!claude.begin(call)) return false;
  for (unsigned events = 0; !claude.done(); ++events) {
    PROMISE(events < 100000);
    const Event event = claude.next();
    if (told.requests != network.requests()) told = {network.requests(), 0, {}};
    if (event.kind == EventKind::item) ++told.items;
    if (event.kind == EventKind::data) told.data.append(event.text);
    if (claude.done()) break;
    if (!event || events == most) {
      claude.cancel();
      PROMISE(claude.status().error == Error::cancelled);
    }
  }
  return static_cast<bool>(claude.status());
}

json::Value parsed(const std::string& body) {
  std::string trace;
  PROMISE(naive::Json::read(body, PICOCLAUDE_MAX_JSON_DEPTH, trace));
  return json::parse(body);  // ? where a name comes twice
}

void check_id(const std::string& body, string_view id) {
  const json::Value value = parsed(body);
  PROMISE(!id.empty());
  if (value.kind == '?') return;
  PROMISE(value.kind == '{' && value["id"].kind == '"');
  PROMISE(value["id"].text.compare(0, id.size(), std::string(id)) == 0);
}

void check_page(const std::string& body, const Told& told) {
  const json::Value value = parsed(body);
  if (value.kind == '?') return;
  PROMISE(value.kind == '{');
  unsigned items = 0;
  for (const json::Value& item : value["data"].items) items += item.kind == '{' ? 1 : 0;
  if (value["data"].kind != '{') PROMISE(told.items == items);
}

void check_results(const std::string& body, const BatchResults& results) {
  unsigned lines = 0;
  std::string line;
  for (const char c : body + "\n") {
    if (c != '\n' && c != '\r') {
      line += c;
      continue;
    }
    if (line.find_first_not_of(" \t") != std::string::npos) {
      ++lines;
      const json::Value value = parsed(line);
      PROMISE(value.kind == '{' || value.kind == '?');
      if (value.kind == '{') PROMISE(value["custom_id"].kind == '"' && value["result"]["type"].kind == '"');
      const json::Value& message = value["result"]["message"];
      if (message.kind == '{' && !results.as_json) PROMISE(message["stop_reason"].kind == '"');
    }
    line.clear();
  }
  PROMISE(results.count == lines);
}

enum Kind { count, get, list, results, download, upload, remove_, wait_, raw, tokens, kinds };

void ask(Claude& claude, Network& network, Kind kind, bool flag, unsigned most) {
  Request request;
  request.model = "m";
  request.prompt = "p";
  Told told;
  // Of an answer that is said to be whole, the body.
  const auto body = [&](bool any_type = false) {
    std::string out;
    PROMISE(naive::read_answer(network.last().bytes, network.last().closed, PICOCLAUDE_MAX_CHUNK_LINE, any_type, out));
    return out;
  };
  switch (kind) {
    case count: {
      CountTokens call(request);
      if (!play(claude, network, call, most, told)) return;
      const json::Value value = parsed(body());
      if (value.kind == '?') return;
      PROMISE(value.kind == '{' && value["input_tokens"].kind == '0');
      PROMISE(value["input_tokens"].text == std::to_string(call.input_tokens) || call.input_tokens == 0xFFFFFFFF);
      return;
    }
    case get: {
      GetModel call("m");
      if (play(claude, network, call, most, told)) check_id(body(), call.item.id.view());
      return;
    }
    case list: {
      ListModels models;
      ListFiles files;
      const bool good = flag ? play(claude, network, models, most, told) : play(claude, network, files, most, told);
      if (good) check_page(body(), told);
      return;
    }
    case results: {
      BatchResults call("b");
      call.as_json = flag;
      if (play(claude, network, call, most, told)) check_results(body(true), call);
      return;
    }
    case download: {
      DownloadFile call("f");
      if (play(claude, network, call, most, told)) PROMISE(body(true) == told.data && told.data.size() == call.size);
      return;
    }
    case upload: {
      UploadFile call("name", "text/plain", string_view("content"));
      call.is_read_once = flag;
      if (play(claude, network, call, most, told)) check_id(body(), call.item.id.view());
      return;
    }
    case remove_: {
      DeleteBatch call("b");
      if (play(claude, network, call, most, told)) check_id(body(), call.item.id.view());
      return;
    }
    case wait_: {
      AwaitBatch call("b");
      if (!play(claude, network, call, most, told)) return;
      check_id(body(), call.item.id.view());
      const json::Value value = json::parse(body());
      if (value.kind == '{') PROMISE(value["processing_status"].text == "ended");
      return;
    }
    default: {
      RawCall call(flag ? "GET" : "POST", "/v1/x");
      call.tells_tokens = kind == tokens;
      if (!play(claude, network, call, most, told)) return;
      if (kind == tokens) {
        parsed(body(true));
      } else {
        PROMISE(body(true) == told.data);
      }
      return;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The last 32 bytes are choices, the others what the server says: an answer to each request, with \x1E between them.
  const std::size_t chosen = size < 32 ? size / 2 : 32;
  const std::string bytes(reinterpret_cast<const char*>(data), size - chosen);
  fuzz::Choices choices(data + size - chosen, chosen);
  const auto kind = static_cast<Kind>(choices.below(kinds));
  const unsigned framing = choices.below(6);
  const bool flag = choices.below(2) == 1;
  const unsigned most = choices.byte() - 1u;  // 0: never
  Config config;
  config.api_key = "key";
  config.retry_unanswered = choices.below(2) == 1;
  std::vector<Script> scripts;
  for (std::size_t begin = 0; begin <= bytes.size();) {
    std::size_t end = bytes.find('\x1E', begin);
    if (end == std::string::npos) end = bytes.size();
    const bool json = kind != results && kind != download;
    scripts.push_back({framed(bytes.substr(begin, end - begin), framing, json), choices.below(4)});
    begin = end + 1;
  }
  Network network(choices, std::move(scripts));
  static Workspace<512> memory;
  Claude claude(network, memory, config);
  ask(claude, network, kind, flag, most);

  network.heal();
  Request request;
  request.model = "m";
  request.max_tokens = 1;
  request.prompt = "p";
  std::string text;
  const Reply reply = claude.ask(request, [&](string_view part) {
    text.append(part);
  });
  PROMISE(reply && text == "hi");
  return 0;
}
