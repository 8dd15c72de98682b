// 5,000 devices live through an outage of five minutes, each with the library's own client: how many attempts a request
// costs the service, and how hard they come back.
//
// A device has three retries for the whole outage and two for a request, so of n requests each is tried at most
// 1 + min(3 / n, 2) times. From ten requests on, one every 30 s, that is 1.3 within the outage itself. Slower devices
// come to 1.3 over their day: a device that asks once in five minutes could only hold 1.3 within them by giving up at the
// first 529 seven times out of ten.
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
constexpr std::uint32_t down_ms = 5 * 60 * second;  // the outage begins
constexpr std::uint32_t up_ms = 10 * 60 * second;   // and ends
constexpr unsigned devices = 5000;
constexpr double budget = 3;   // retries that a device has before it needs successes
constexpr double retries = 2;  // of a request, by default

// A kind of device: it asks every so often, for so long.
struct Kind {
  std::uint32_t period_ms;
  std::uint32_t day_ms;

  unsigned requests_down() const { return (up_ms - down_ms) / period_ms; }
  double most_within() const {
    const double of_each = budget / requests_down();
    return 1 + (of_each < retries ? of_each : retries);
  }
};

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
  explicit Service(const Kind& kind, bool refusing) : attempts(kind.day_ms / second + 60), refuses(refusing) {}

  std::vector<unsigned> attempts;
  bool refuses;  // in the outage connections are refused, else answered with 529
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
void live(unsigned serial, const Kind& kind, Service& service, Figures& figures) {
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
  for (std::uint32_t due = random.below(kind.period_ms); due < kind.day_ms; due += kind.period_ms) {
    if (wire.now < due) wire.now = due;
    if (wire.now >= kind.day_ms) break;
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

// True: no more attempts a request than the budget allows within the outage, at most 1.3 over the day, and nobody is hit
// by a storm behind it.
bool lives_through(const Kind& kind, bool refuses) {
  Service service(kind, refuses);
  Figures figures;
  for (unsigned serial = 0; serial < devices; ++serial) live(serial, kind, service, figures);
  const unsigned long within = sum(service, down_ms, up_ms);
  const unsigned long whole = sum(service, 0, kind.day_ms + 60 * second);
  unsigned peak = 0;
  for (std::uint32_t at = up_ms / second; at < up_ms / second + 60; ++at)
    peak = service.attempts[at] > peak ? service.attempts[at] : peak;
  const double usual = static_cast<double>(devices) * second / kind.period_ms;
  const double a_request = static_cast<double>(within) / static_cast<double>(figures.requests_down);
  const double over_all = static_cast<double>(whole) / static_cast<double>(figures.requests);
  std::printf(
      "fleet: %u devices that ask every %lu s, %s for 5 of %lu minutes: %.3f attempts a request within (at most %.2f),"
      " %.3f over all; %.0f a second is usual, %u the worst after it; %lu of %lu requests failed\n",
      devices, static_cast<unsigned long>(kind.period_ms / second), refuses ? "connections refused" : "529",
      static_cast<unsigned long>(kind.day_ms / second / 60), a_request, kind.most_within(), over_all, usual, peak,
      figures.failures, figures.requests);
  // Nothing is measured where nothing failed, or where the devices gave up at once.
  const bool is_outage = figures.failures * 10 > figures.requests_down * 9 && within > figures.requests_down;
  return is_outage && a_request <= kind.most_within() + 0.0005 && over_all <= 1.3 && peak < 2 * usual + 20;
}

}  // namespace

int main() {
  constexpr std::uint32_t minute = 60 * second;
  constexpr Kind kinds[] = {{10 * second, 15 * minute}, {20 * second, 15 * minute}, {30 * second, 15 * minute},
      {minute, 15 * minute}, {5 * minute, 120 * minute}};
  bool is_good = true;
  for (const bool refuses : {false, true}) {
    for (const Kind& kind : kinds) is_good = lives_through(kind, refuses) && is_good;
  }
  std::puts(is_good ? "fleet: at most 1.3 within for devices that ask every 30 s or oftener, and for all over their day"
                    : "fleet: FAILED");
  return is_good ? 0 : 1;
}
