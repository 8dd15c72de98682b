// A whole client over a network that does what the fuzzer wants: it always ends, never claims what did not come, and the
// next question on the same client is answered.
#include "fuzz.hpp"

namespace {

using picoclaude::Io;

constexpr char good_head[] = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ";
constexpr char good_body[] =
    "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n"
    "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}\n\n"
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
    "data: {\"type\":\"message_stop\"}\n\n";

class Network {
 public:
  static constexpr bool tells_end = true;

  Network(fuzz::Choices choices, const std::string& bytes) : choices_(choices), bytes_(bytes) {}

  // From now on all goes well.
  void heal() {
    well_ = true;
    bytes_ = good_head + std::to_string(sizeof good_body - 1) + "\r\n\r\n" + good_body;
    at_ = 0;
  }

  Io open(const char* host, std::uint16_t) {
    PROMISE(std::strcmp(host, "api.anthropic.com") == 0);
    asked_ = false;
    if (well_) at_ = 0;
    return well_ ? Io::ok() : answer(1, 1);
  }
  Io send(const char*, std::size_t size) {
    asked_ = true;
    return well_ ? Io::moved(size) : answer(2, size);
  }
  Io recv(char* data, std::size_t room) {
    if (well_ && !asked_) return Io::wait();
    std::size_t size = bytes_.size() - at_;
    if (!well_) {
      const Io io = answer(3, room);
      if (io.kind() != Io::Kind::moved || io.size() > room) return io;
      if (size > io.size()) size = io.size();
    }
    if (size > room) size = room;
    if (size == 0) return well_ ? Io::wait() : Io::closed();
    std::memcpy(data, bytes_.data() + at_, size);
    at_ += size;
    return Io::moved(size);
  }
  void close() {}
  std::uint32_t now_ms() { return now_ += 7; }
  bool wait(std::uint32_t at_most_ms) {
    now_ += at_most_ms < 1 ? 1 : at_most_ms;
    return true;
  }

 private:
  Io answer(unsigned call, std::size_t size) {
    switch (choices_.below(16)) {
      case 0: return Io::wait();
      case 1: return Io::closed();
      case 2: return Io::failed(-1);
      case 3: return Io::failed(picoclaude::Error::connection_lost, 104);
      case 4: return Io::moved(0);
      case 5: return Io::moved(size + 1);
      case 6: return call == 1 ? Io::wait() : Io::ok();
      case 7: return Io::moved(1);
      default: return call == 1 ? Io::ok() : Io::moved(size);
    }
  }

  fuzz::Choices choices_;
  std::string bytes_;
  std::size_t at_ = 0;
  std::uint32_t now_ = 0xFFFF0000u;
  bool well_ = false;
  bool asked_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The last 64 bytes are what the network does, the others what the server says.
  const std::size_t acts = size < 64 ? size / 2 : 64;
  const std::string bytes(reinterpret_cast<const char*>(data), size - acts);
  fuzz::Choices choices(data + size - acts, acts);
  static picoclaude::Workspace<512> memory;
  picoclaude::Config config;
  config.api_key = "key";
  config.retry_unanswered = choices.below(2) == 1;
  picoclaude::Request request;
  request.model = "m";
  request.max_tokens = 1;
  request.prompt = "p";
  Network network(choices, bytes);
  picoclaude::Client<Network> claude(network, memory, config);
  PROMISE(claude.begin(request));
  bool ended = false;
  for (unsigned long events = 0; !claude.done(); ++events) {
    PROMISE(events < 10000000);
    const picoclaude::Event event = claude.next();
    if (event.kind == picoclaude::EventKind::end) ended = true;
  }
  PROMISE(ended == static_cast<bool>(claude.status()));
  PROMISE(!ended || bytes.find("message_stop") != std::string::npos || bytes.find('\\') != std::string::npos);

  network.heal();
  std::string text;
  const picoclaude::Reply reply = claude.ask(request, [&](picoclaude::string_view part) {
    text.append(part);
  });
  PROMISE(reply && text == "hi");
  return 0;
}
