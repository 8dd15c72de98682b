// 5,000 devices live through an outage of five minutes, each with the library's own client: how many attempts a request
// costs the service, and how hard they come back.
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include "picoclaude.hpp"
#include "simulation/random.hpp"

using namespace picoclaude;
using simulation::Random;

namespace {

constexpr std::uint32_t second = 1000;
constexpr std::uint32_t day_ms = 15 * 60 * second;  // that is simulated
constexpr std::uint32_t down_ms = 5 * 60 * second;  // the outage begins
constexpr std::uint32_t up_ms = 10 * 60 * second;   // and ends
constexpr unsigned devices = 5000;

constexpr std::string_view good =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    "e2\r\n"
    "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":7}}}\n\n"
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\n"
    "data: {\"type\":\"message_stop\"}\n\n"
    "       "
    "\r\n0\r\n\r\n";
constexpr std::string_view bad =
    "HTTP/1.1 529 Overloaded\r\ncontent-type: application/json\r\ncontent-length: 56\r\n\r\n"
    R"({"type":"error","error":{"type":"overloaded_error" }   })";

// What the service saw, by second.
struct Service {
  std::vector<unsigned> attempts = std::vector<unsigned>(day_ms / second + 60);
  bool refuses = false;  // in the outage connections are refused, else answered with 529
};

// The device's network: a round trip takes 100 ms.
class Wire {
 public:
  static constexpr bool tells_end = true;
  std::uint32_t now = 0;
  Service* service = nullptr;

  Io open(const char*, std::uint16_t) {
    if (is_down() && service->refuses) {
      ++service->attempts[now / second];
      return Io::failed(Error::connect_failed, 111);
    }
    return Io::ok();
  }
  Io send(const char* data, std::size_t size) {
    const std::string_view bytes(data, size);
    if (bytes.substr(0, 5) == "POST ") {
      ++service->attempts[now / second];
      answer_ = is_down() ? bad : good;
      due_ = now + 100;
    }
    return Io::moved(size);
  }
  Io recv(char* data, std::size_t room) {
    if (answer_.empty() || now < due_) return Io::wait();
    const std::size_t size = room < answer_.size() ? room : answer_.size();
    std::memcpy(data, answer_.data(), size);
    answer_.remove_prefix(size);
    return Io::moved(size);
  }
  void close() { answer_ = {}; }
  std::uint32_t now_ms() const { return now; }
  bool wait(std::uint32_t at_most_ms) {
    now = !answer_.empty() && due_ > now && due_ - now < at_most_ms ? due_ : now + at_most_ms;
    return true;
  }

 private:
  bool is_down() const { return now >= down_ms && now < up_ms; }

  std::string_view answer_;
  std::uint32_t due_ = 0;
};

struct Figures {
  unsigned long requests_down = 0;
  unsigned long requests = 0;
  unsigned long failures = 0;
};

// One device asks every so often, from a moment of its own on.
void live(unsigned serial, std::uint32_t period_ms, Service& service, Figures& figures) {
  Wire wire;
  wire.service = &service;
  Config config;
  config.api_key = "sk-simulated";
  config.seed = serial;
  Workspace<1024> memory;
  Client<Wire> client{wire, memory, config};
  Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.prompt = "Hello?";
  Random random(serial);
  for (std::uint32_t due = random.below(period_ms); due < day_ms; due += period_ms) {
    if (wire.now < due) wire.now = due;
    if (wire.now >= day_ms) break;
    ++figures.requests;
    if (wire.now >= down_ms && wire.now < up_ms) ++figures.requests_down;
    const Reply reply = client.ask(request, [](string_view) {});
    if (!reply) ++figures.failures;
  }
}

unsigned long sum(const Service& service, std::uint32_t from_ms, std::uint32_t to_ms) {
  unsigned long count = 0;
  for (std::uint32_t at = from_ms / second; at < to_ms / second; ++at) count += service.attempts[at];
  return count;
}

// True: at most 1.3 attempts a request within the outage, and nobody is hit by a storm behind it.
bool lives_through(std::uint32_t period_ms, bool refuses, bool must_hold) {
  Service service;
  service.refuses = refuses;
  Figures figures;
  for (unsigned serial = 0; serial < devices; ++serial) live(serial, period_ms, service, figures);
  const unsigned long within = sum(service, down_ms, up_ms);
  const unsigned long whole = sum(service, 0, day_ms + 60 * second);
  unsigned peak = 0;
  for (std::uint32_t at = up_ms / second; at < up_ms / second + 60; ++at)
    peak = service.attempts[at] > peak ? service.attempts[at] : peak;
  const unsigned usual = devices * second / period_ms;
  const double a_request = static_cast<double>(within) / static_cast<double>(figures.requests_down);
  const double over_all = static_cast<double>(whole) / static_cast<double>(figures.requests);
  std::printf(
      "fleet: %u devices that ask every %lu s, %s for 5 of 15 minutes: %.3f attempts a request within, %.3f over"
      " all; %u a second is usual, %u the worst after it; %lu of %lu requests failed\n",
      devices, static_cast<unsigned long>(period_ms / second), refuses ? "connections refused" : "529", a_request,
      over_all, usual, peak, figures.failures, figures.requests);
  // Nothing is measured where nothing failed, or where the devices gave up at once.
  const bool is_outage = figures.failures > figures.requests / 4 && within > figures.requests_down;
  return is_outage && over_all <= 1.3 && peak < 2 * usual && (!must_hold || a_request <= 1.3);
}

}  // namespace

int main() {
  bool is_good = true;
  for (const bool refuses : {false, true}) {
    is_good = lives_through(10 * second, refuses, true) && is_good;
    is_good = lives_through(20 * second, refuses, true) && is_good;
    is_good = lives_through(60 * second, refuses, false) && is_good;
  }
  std::puts(is_good ? "fleet: at most 1.3" : "fleet: FAILED");
  return is_good ? 0 : 1;
}
