// Many streams on one thread: over scripted transports, and over loopback sockets. What they need of memory and time.
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#include <picoclaude.hpp>
#include <picoclaude/io/socket.hpp>
#include <sys/resource.h>

#include "contest.hpp"
#include "little_server.hpp"

namespace {

using picoclaude::Io;

// Gives a piece of the answer every few calls, as a network would.
class Script {
 public:
  static constexpr bool is_plaintext = true;

  void play(const std::vector<std::string>& pieces, unsigned patience) {
    pieces_ = &pieces;
    patience_ = patience;
  }
  Io open(const char*, std::uint16_t) { return Io::ok(); }
  Io send(const char*, std::size_t size) { return Io::moved(size); }
  Io recv(char* to, std::size_t room) {
    if (++calls_ % patience_ != 0 || next_ == pieces_->size()) return Io::wait();
    const std::string& piece = (*pieces_)[next_];
    const std::size_t size = room < piece.size() - at_ ? room : piece.size() - at_;
    std::memcpy(to, piece.data() + at_, size);
    at_ += size;
    if (at_ == piece.size()) {
      ++next_;
      at_ = 0;
    }
    return Io::moved(size);
  }
  void close() {}
  std::uint32_t now_ms() { return 0; }

 private:
  const std::vector<std::string>* pieces_ = nullptr;
  std::uint32_t patience_ = 1;
  std::uint32_t calls_ = 0;
  std::size_t next_ = 0;
  std::size_t at_ = 0;
};

template <class Transport>
struct Stream {
  Transport transport;
  picoclaude::Workspace<512> memory;
  std::size_t text = 0;
  picoclaude::Client<Transport> client;

  explicit Stream(const picoclaude::Config& config) : client(transport, memory, config) {}
};

template <class Transport>
using Crowd = std::vector<std::unique_ptr<Stream<Transport>>>;

// One tick of every stream, as a game would do it. False: all are done.
template <class Transport>
bool tick(Crowd<Transport>& crowd) {
  bool busy = false;
  for (auto& one : crowd) {
    while (const picoclaude::Event event = one->client.next()) one->text += event.text.size();
    busy = busy || !one->client.done();
  }
  return busy;
}

template <class Transport>
std::size_t whole_answers(const Crowd<Transport>& crowd, std::size_t text) {
  std::size_t count = 0;
  for (const auto& one : crowd) count += one->client.status() && one->text == text ? 1 : 0;
  return count;
}

picoclaude::Request question() {
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 300;
  request.prompt = "Name three moons of Jupiter.";
  return request;
}

bool scripted(unsigned count, unsigned deltas) {
  picoclaude::Config config;
  config.api_key = "sk-test";
  config.base_url = "http://127.0.0.1:1";
  const picoclaude::Request request = question();
  const std::vector<std::string> pieces = bench::little_answer(deltas);
  Crowd<Script> crowd;
  for (unsigned i = 0; i < count; ++i) {
    crowd.push_back(std::make_unique<Stream<Script>>(config));
    crowd.back()->transport.play(pieces, 1 + i % 7);
    if (!crowd.back()->client.begin(request)) return false;
  }
  const std::uint64_t before = bench::allocations;
  const double begun = bench::seconds();
  while (tick(crowd)) {}
  const double took = bench::seconds() - begun;
  const std::size_t whole = whole_answers(crowd, deltas * bench::little_text);
  std::printf("%5u streams at once, scripted: %zu whole answers of %u deltas in %.0f ms, %llu allocations\n", count,
      whole, deltas, took * 1e3, static_cast<unsigned long long>(bench::allocations - before));
  return whole == count && bench::allocations == before;
}

// What a stream costs that waits for the service: its ticks do nothing.
bool waiting(unsigned count) {
  picoclaude::Config config;
  config.api_key = "sk-test";
  config.base_url = "http://127.0.0.1:1";
  const picoclaude::Request request = question();
  const std::vector<std::string> nothing;
  Crowd<Script> crowd;
  for (unsigned i = 0; i < count; ++i) {
    crowd.push_back(std::make_unique<Stream<Script>>(config));
    crowd.back()->transport.play(nothing, 1);
    if (!crowd.back()->client.begin(request)) return false;
  }
  tick(crowd);
  constexpr int ticks = 1000;
  const double begun = bench::seconds();
  for (int i = 0; i < ticks; ++i) tick(crowd);
  const double took = bench::seconds() - begun;
  std::printf("waiting: %.0f ns a tick and stream; at 60 Hz %.6f %% of this processor\n", took / ticks / count * 1e9,
      took / ticks / count * 60 * 100);
  return true;
}

bool sockets(unsigned count, unsigned deltas) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < 2 * count + 20) {
    std::printf("%5u streams over loopback: not run, only %lu files may be open\n", count, limit.rlim_cur);
    return true;
  }
  bench::LittleServer server(bench::little_answer(deltas));
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
  picoclaude::Config config;
  config.api_key = "sk-test";
  config.base_url = url;
  const picoclaude::Request request = question();
  Crowd<picoclaude::Socket> crowd;
  for (unsigned i = 0; i < count; ++i) {
    crowd.push_back(std::make_unique<Stream<picoclaude::Socket>>(config));
    crowd.back()->transport.blocking(false);
    if (!crowd.back()->client.begin(request)) return false;
  }
  const double begun = bench::seconds();
  while (tick(crowd)) poll(nullptr, 0, 1);
  const double took = bench::seconds() - begun;
  const std::size_t whole = whole_answers(crowd, deltas * bench::little_text);
  std::printf("%5u streams at once, loopback sockets: %zu whole answers of %u deltas, %.0f ms of this thread\n", count,
      whole, deltas, took * 1e3);
  return whole == count;
}

}  // namespace

int main() {
  constexpr std::size_t state = sizeof(picoclaude::HttpHeadReader) + sizeof(picoclaude::HttpBodyReader) +
      sizeof(picoclaude::SseReader) + sizeof(picoclaude::JsonReader);
  std::printf("one stream: Client %zu B, %zu B of it the state of HTTP, SSE and JSON; and a workspace of 512 B\n",
      sizeof(picoclaude::Client<Script>), state);
  const bool good = scripted(1000, 50) && scripted(10000, 50) && waiting(1000) && sockets(500, 50);
  return good ? 0 : 1;
}
