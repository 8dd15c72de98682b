// A hundred characters in a game loop of 60 frames a second on one thread, over TLS to the stand-in server: what next()
// costs, and what becomes of the frames in bad weather. frames_test.py starts the server.
#define PICOCLAUDE_ENABLE_MBEDTLS 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_BUDGET 1
#include <picoclaude.hpp>

#include "../../examples/tavern/lines.hpp"
#include "support/heap.hpp"

#include <doctest/doctest.h>

#include <dirent.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

using namespace picoclaude;

namespace {

constexpr std::size_t character_count = 100;
constexpr std::uint64_t frame_ns = 16'666'667;

std::uint64_t time_ns(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(time.tv_nsec);
}

const char* setting(const char* name) {
  const char* const value = std::getenv(name);
  if (value != nullptr) return value;
  std::fprintf(stderr, "%s is not set: run frames_test.py\n", name);
  std::abort();
}

// Durations; its memory is taken before anything is measured.
class Durations {
 public:
  explicit Durations(std::size_t most) { values_.reserve(most); }
  void add(std::uint64_t duration_ns) {
    if (values_.size() < values_.capacity()) values_.push_back(duration_ns);
  }
  std::size_t count() const { return values_.size(); }
  // `permille` 1000 is the longest.
  double us(unsigned permille) {
    std::sort(values_.begin(), values_.end());
    const std::size_t at = values_.size() * permille / 1000;
    return static_cast<double>(values_[at < values_.size() ? at : values_.size() - 1]) / 1000;
  }
  void print(const char* what) {
    if (values_.empty()) return;
    std::printf("%-34s %7zu  p50 %8.1f  p99 %8.1f  p99.9 %8.1f  longest %8.1f us\n", what, count(), us(500), us(990),
        us(999), us(1000));
  }

 private:
  std::vector<std::uint64_t> values_;
};

// Waits for the next frame, and notes how far apart they began.
class Frames {
 public:
  explicit Frames(Durations& apart) : apart_(apart), due_(time_ns(CLOCK_MONOTONIC)), last_(due_) {}

  void wait() {
    due_ += frame_ns;
    const timespec due{static_cast<time_t>(due_ / 1'000'000'000u), static_cast<long>(due_ % 1'000'000'000u)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
    const std::uint64_t now = time_ns(CLOCK_MONOTONIC);
    apart_.add(now - last_);
    last_ = now;
    if (now > due_ + 10 * frame_ns) due_ = now;  // far behind: do not hurry to catch up
  }

 private:
  Durations& apart_;
  std::uint64_t due_;
  std::uint64_t last_;
};

struct Character {
  Metered<MbedtlsTransport<>> tls;
  Workspace<1024> memory;
  Client<Metered<MbedtlsTransport<>>> client;
  std::size_t heard = 0;  // bytes of text
  std::string line;       // what stands in the bubble in the end
  bool spoke = false;

  Character(const Roots& roots, const Config& config) : tls(roots), client(tls, memory, config) { tls.blocking(false); }

  void take(const Event& event) {
    if (event.kind != EventKind::text) return;
    heard += event.text.size();
    spoke = true;
  }
};

struct Crew {
  Config config;
  Request request;
  std::string wish;
  Header header{"x-standin", {}};
  std::vector<std::unique_ptr<Character>> characters;

  explicit Crew(const char* base_url, std::string what) : wish(std::move(what)) {
    config.api_key = "sk-test";
    config.base_url = base_url;
    request.model = "claude-haiku-4-5";
    request.max_tokens = 4000;
    request.prompt = "Tell me a long story.";
    header.value = wish;
    request.headers = header;
    const Roots roots = file_roots(setting("FRAMES_CA"));
    for (std::size_t i = 0; i < character_count; ++i) {
      characters.push_back(std::make_unique<Character>(roots, config));
    }
  }

  // A few characters a frame begin, as a game would let them in. True: all have.
  bool begin_some(std::size_t how_many) {
    for (; how_many > 0 && begun_ < character_count; --how_many) REQUIRE(characters[begun_++]->client.begin(request));
    return begun_ == character_count;
  }

  // A short answer for everybody, so that the connections are there.
  void warm_up() {
    header.value = "words=2,slow=0";
    Durations spare(400'000);
    Durations apart(4'000);
    Frames frames(apart);
    for (unsigned frame = 0; !(begin_some(2) && done() == character_count) && frame < 3600; ++frame) {
      tick(spare, spare);
      frames.wait();
    }
    header.value = wish;
    begun_ = 0;
    for (auto& one : characters) {
      REQUIRE(one->client.status());
      one->heard = 0;
    }
  }

  // One frame's work, each call of next() measured.
  void tick(Durations& calls, Durations& frames) {
    const std::uint64_t begun = time_ns(CLOCK_THREAD_CPUTIME_ID);
    for (auto& one : characters) {
      one->tls.allow(4096);
      for (bool more = true; more;) {
        const std::uint64_t before = time_ns(CLOCK_THREAD_CPUTIME_ID);
        const Event event = one->client.next();
        calls.add(time_ns(CLOCK_THREAD_CPUTIME_ID) - before);
        one->take(event);
        more = static_cast<bool>(event);
      }
    }
    frames.add(time_ns(CLOCK_THREAD_CPUTIME_ID) - begun);
  }

  template <class Is>
  std::size_t count(Is is) const {
    std::size_t number = 0;
    for (const auto& one : characters) number += is(*one) ? 1 : 0;
    return number;
  }
  std::size_t done() const {
    return count([](const Character& one) {
      return one.client.done();
    });
  }
  std::size_t spoke() const {
    return count([](const Character& one) {
      return one.spoke;
    });
  }

 private:
  std::size_t begun_ = 0;
};

std::size_t thread_count() {
  std::size_t count = 0;
  DIR* const folder = opendir("/proc/self/task");
  while (const dirent* entry = readdir(folder)) count += entry->d_name[0] == '.' ? 0 : 1;
  closedir(folder);
  return count;
}

}  // namespace

TEST_SUITE_BEGIN("frames");

TEST_CASE("frames: a hundred characters stream at once, 60 frames a second, on one thread, without an allocation") {
  Crew crew(setting("FRAMES_URL"), "words=2000,slow=40");
  Durations connecting(400'000);
  Durations connecting_frames(4'000);
  Durations calls(400'000);
  Durations work(600);
  Durations apart(600);
  Durations empty(600);
  Durations spare(4'000);

  // Handshakes: a few characters a frame, as a game would let them in.
  Frames joining(spare);
  for (unsigned frame = 0; crew.spoke() < character_count && frame < 3600; ++frame) {
    crew.begin_some(2);
    crew.tick(connecting, connecting_frames);
    joining.wait();
  }
  REQUIRE(crew.spoke() == character_count);

  Frames idle(empty);
  for (int frame = 0; frame < 300; ++frame) idle.wait();

  for (unsigned frame = 0; frame < 30; ++frame) crew.tick(connecting, connecting_frames);  // what gathered meanwhile
  std::vector<std::size_t> heard;
  for (const auto& one : crew.characters) heard.push_back(one->heard);
  const unsigned long before = heap::calls();
  Frames frames(apart);
  for (int frame = 0; frame < 480; ++frame) {
    crew.tick(calls, work);
    frames.wait();
  }
  const unsigned long allocations = heap::calls() - before;

  std::size_t streamed = 0;
  for (std::size_t i = 0; i < character_count; ++i) streamed += crew.characters[i]->heard > heard[i] ? 1 : 0;
  std::printf(
      "%zu characters streaming, 480 frames, %lu allocations, %zu thread\n", streamed, allocations, thread_count());
  connecting.print("next() while connecting (CPU)");
  calls.print("next() while streaming (CPU)");
  work.print("all of a frame's next() (CPU)");
  empty.print("frames apart, empty loop (wall)");
  apart.print("frames apart, streaming (wall)");
  CHECK(streamed == character_count);
  CHECK(crew.done() == 0);
  CHECK(calls.us(999) < 100);
  CHECK(thread_count() == 1);
  if (heap::counts_malloc()) CHECK(allocations == 0);
}

namespace {

// What the characters say when all is over, and how the frames went meanwhile.
void weather(const char* name, Crew& crew, const char* expected, void (*meanwhile)(Crew&)) {
  Durations calls(400'000);
  Durations work(4'000);
  Durations apart(4'000);
  Frames frames(apart);
  bool all = false;
  for (unsigned frame = 0; !(all && crew.done() == character_count) && frame < 1800; ++frame) {
    all = crew.begin_some(5);
    meanwhile(crew);
    crew.tick(calls, work);
    frames.wait();
  }
  std::size_t sensible = 0;
  for (auto& one : crew.characters) {
    if (!one->client.done()) continue;
    one->line = one->client.status() ? "(a story)" : std::string(tavern::excuse(one->client.status()));
    sensible += one->line == expected ? 1 : 0;
  }
  std::printf("%s: %zu of %zu say: %s\n", name, sensible, character_count, expected);
  work.print("  all of a frame's next() (CPU)");
  apart.print("  frames apart (wall)");
  CHECK(sensible == character_count);
  CHECK(work.us(950) < 16'667);  // of 40 frames two may have had all the handshakes
  CHECK(apart.us(500) < 20'000);
}

void nothing(Crew&) {}

}  // namespace

TEST_CASE("frames: cancelling everybody in mid-answer") {
  Crew crew(setting("FRAMES_URL"), "words=2000,slow=40");
  crew.warm_up();
  weather("cancelled", crew, "Never mind.", [](Crew& all) {
    for (auto& one : all.characters) {
      if (one->heard > 20) one->client.cancel();
    }
  });
}

TEST_CASE("frames: a storm of 529, retried and given up") {
  Crew crew(setting("FRAMES_URL"), "status=529,retry-after-ms=200");
  crew.warm_up();
  weather("529 storm", crew, "It is too loud in here. Ask me again in a while.", nothing);
  CHECK(crew.count([](const Character& one) {
    return one.client.retries() == 2;
  }) == character_count);
}

TEST_CASE("frames: the network breaks in mid-answer") {
  Crew crew(setting("FRAMES_URL"), "words=500,slow=5,cut=9000,cut-how=reset");
  crew.warm_up();
  weather("broken connections", crew, "I... no, I have lost the thread.", nothing);
}

TEST_CASE("frames: the network goes silent in mid-answer") {
  Crew crew(setting("FRAMES_URL"), "words=500,slow=5,stall=9000");
  crew.warm_up();
  crew.config.idle_ms = 1500;
  weather("silence", crew, "I... no, I have lost the thread.", nothing);
}

TEST_CASE("frames: nobody is there") {
  Crew crew("https://127.0.0.1:9", "");
  weather("no server", crew, "Hm? I cannot hear you over the storm.", nothing);
}

TEST_SUITE_END();
