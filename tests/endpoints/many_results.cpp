// 100,000 lines of results, shuffled, of every type, made while they are read.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_BATCHES 1
#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "picoclaude.hpp"
#include "support/heap.hpp"

namespace {

namespace pc = picoclaude;

constexpr std::uint32_t count = 100'000;
constexpr std::uint32_t steps = 61'247;  // has no divisor in common with count, so that every number comes once

std::uint32_t shuffled(std::uint32_t line) {
  return static_cast<std::uint32_t>((std::uint64_t{line} * steps + 17) % count);
}

// A server that makes each line when it is read, in one chunk, and closes at a line of its choice.
struct Server {
  static constexpr bool tells_end = true;

  std::uint32_t cut_at = count;  // in the middle of this line the first connection is reset
  std::uint32_t cut_again = count;
  std::uint32_t now = 0;
  unsigned opened = 0;

  pc::Io open(const char*, std::uint16_t) {
    ++opened;
    line_ = 0;
    fill(std::snprintf(bytes_, sizeof bytes_,
        "HTTP/1.1 200 OK\r\ncontent-type: application/x-jsonl\r\ntransfer-encoding: chunked\r\n\r\n"));
    return pc::Io::ok();
  }
  pc::Io send(const char*, std::size_t size) { return pc::Io::moved(size); }
  pc::Io recv(char* out, std::size_t room) {
    if (at_ == size_ && !next_line()) return pc::Io::failed(pc::Error::connection_lost);
    const std::size_t some = size_ - at_ < room ? size_ - at_ : room;
    std::memcpy(out, bytes_ + at_, some);
    at_ += some;
    return pc::Io::moved(some);
  }
  void close() {}
  std::uint32_t now_ms() { return now; }
  bool wait(std::uint32_t ms) {
    now += ms;
    return true;
  }

 private:
  void fill(int size) {
    size_ = static_cast<std::size_t>(size);
    at_ = 0;
  }

  bool next_line() {
    if (line_ > count) return false;
    if (line_ == count) {
      ++line_;
      fill(std::snprintf(bytes_, sizeof bytes_, "0\r\n\r\n"));
      return true;
    }
    const unsigned request = shuffled(line_);
    char line[600];
    int size = 0;
    switch (request % 4) {
      case 0:
        size = std::snprintf(line, sizeof line,
            R"({"custom_id":"r-%u","result":{"type":"succeeded","message":{"content":[{"type":"text","text":"%u \u00e9"}],"stop_reason":"end_turn"}}})"
            "\n",
            request, request);
        break;
      case 1:
        size = std::snprintf(line, sizeof line,
            R"({"custom_id":"r-%u","result":{"type":"errored","error":{"type":"error","error":{"type":"api_error","message":"%u"}}}})"
            "\n",
            request, request);
        break;
      case 2:
        size = std::snprintf(line, sizeof line,
            R"({"custom_id":"r-%u","result":{"type":"canceled"}})"
            "\n",
            request);
        break;
      default:
        size = std::snprintf(line, sizeof line,
            R"({"custom_id":"r-%u","result":{"type":"expired"}})"
            "\n",
            request);
        break;
    }
    const bool cut = (opened == 1 && line_ == cut_at) || (opened == 2 && line_ == cut_again);
    fill(std::snprintf(bytes_, sizeof bytes_, "%x\r\n%s\r\n", static_cast<unsigned>(size), line));
    if (cut) size_ = 25;
    line_ = cut ? count + 1 : line_ + 1;
    return true;
  }

  char bytes_[700] = {};
  std::size_t size_ = 0;
  std::size_t at_ = 0;
  std::uint32_t line_ = 0;
};

struct Told {
  std::vector<unsigned char> times = std::vector<unsigned char>(count, 0);
  std::uint32_t types[6] = {};
  std::uint32_t wrong = 0;
  unsigned long heap_calls = 0;
  pc::Status status;
};

Told read(Server& server, const char* after = "") {
  Told told;
  std::string text;
  text.reserve(1000);
  pc::Workspace<1024> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<Server> claude{server, memory, config};
  pc::BatchResults results{"b"};
  results.after_custom_id = after;
  const unsigned long before = heap::calls();
  told.status = run(claude, results, [&](const pc::Event& event) {
    if (event.kind == pc::EventKind::retrying) text.clear();
    if (event.kind == pc::EventKind::text || event.kind == pc::EventKind::error_text) text += event.text;
    if (event.kind != pc::EventKind::item) return;
    const pc::BatchResult& item = results.item;
    const unsigned long request = std::strtoul(item.custom_id.c_str() + 2, nullptr, 10);
    char expected[80] = "";
    if (request % 4 == 0) std::snprintf(expected, sizeof expected, "%lu \u00e9", request);
    if (request % 4 == 1) std::snprintf(expected, sizeof expected, "%lu", request);
    if (request >= count || text != expected) ++told.wrong;
    if (request < count) ++told.times[request];
    ++told.types[static_cast<unsigned>(item.type)];
    text.clear();
  });
  told.heap_calls = heap::calls() - before;
  return told;
}

std::uint32_t not_once(const Told& told) {
  std::uint32_t wrong = 0;
  for (const unsigned char times : told.times) wrong += times != 1;
  return wrong;
}

}  // namespace

TEST_CASE("many results: every custom_id is seen once, with its own type and message, and nothing is allocated") {
  Server server;
  const Told told = read(server);
  CHECK(told.status);
  CHECK(told.wrong == 0);
  CHECK(not_once(told) == 0);
  CHECK(told.types[static_cast<unsigned>(pc::ResultType::succeeded)] == 25'000);
  CHECK(told.types[static_cast<unsigned>(pc::ResultType::errored)] == 25'000);
  CHECK(told.types[static_cast<unsigned>(pc::ResultType::canceled)] == 25'000);
  CHECK(told.types[static_cast<unsigned>(pc::ResultType::expired)] == 25'000);
  CHECK(told.heap_calls == 0);
}

TEST_CASE("many results: two cuts do not lose a result or tell one twice") {
  Server server;
  server.cut_at = 40'000;
  server.cut_again = 90'000;
  const Told told = read(server);
  CHECK(told.status);
  CHECK(server.opened == 3);
  CHECK(told.wrong == 0);
  CHECK(not_once(told) == 0);
}

TEST_CASE("many results: a later run goes on behind the last complete one of an earlier run") {
  const std::string last = "r-" + std::to_string(shuffled(69'999));
  Server server;
  const Told told = read(server, last.c_str());
  CHECK(told.status);
  CHECK(told.wrong == 0);
  for (std::uint32_t line = 0; line < count; ++line) {
    if (told.times[shuffled(line)] != (line < 70'000 ? 0 : 1)) {
      FAIL_CHECK(line);
      break;
    }
  }
}
