// Large batches and files against the stand-in server, one run a process, so that its peak memory can be told.
//
//   large create PORT COUNT       a batch of COUNT generated requests of about 500 bytes
//   large await PORT 0 ID         until it has ended
//   large results PORT COUNT ID   its results: every custom_id once
//   large files PORT SIZE         a file of SIZE bytes up (its size known, and in chunks) and down again
//
// The last line is a line of NAME=VALUE. What it checks itself ends it with 1 and the reason.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#define PICOCLAUDE_ENABLE_BATCHES 1
#define PICOCLAUDE_ENABLE_FILES 1
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "picoclaude.hpp"
#include "picoclaude/io/socket.hpp"
#include "support/heap.hpp"
#include "support/sha256.hpp"

namespace {

namespace pc = picoclaude;

[[noreturn]] void fail(const char* what, const pc::Status& status = {}) {
  const pc::string_view error = name(status.error);
  std::printf("large: %s: %.*s %u %d\n", what, static_cast<int>(error.size()), error.data(), status.http,
      static_cast<int>(status.native));
  std::exit(1);
}

// The text is the same whenever request `at` is asked for.
struct Maker {
  char custom_id[24] = {};
  char prompt[400] = {};
  pc::Request request;
  unsigned long asked = 0;

  static pc::BatchItem give(void* context, std::uint32_t at) {
    Maker& maker = *static_cast<Maker*>(context);
    ++maker.asked;
    const int size = std::snprintf(maker.custom_id, sizeof maker.custom_id, "req-%u", static_cast<unsigned>(at));
    std::memset(maker.prompt, 'a' + static_cast<int>(at % 26), sizeof maker.prompt);
    std::memcpy(maker.prompt, "Say \"this\"\n", 11);
    maker.request.model = "claude-haiku-4-5";
    maker.request.max_tokens = 16;
    maker.request.prompt = {maker.prompt, sizeof maker.prompt};
    return {{maker.custom_id, static_cast<std::size_t>(size)}, &maker.request};
  }
};

struct Bench {
  pc::Socket socket;
  pc::Workspace<2048> memory;  // windows of 1 KB
  pc::Config config;
  char url[40] = {};
  pc::Client<pc::Socket> claude{socket, memory, config};

  explicit Bench(const char* port) {
    std::snprintf(url, sizeof url, "http://127.0.0.1:%s", port);
    config.base_url = url;
    config.api_key = "sk-test";
    config.max_retries = 0;
  }
};

void tell_costs(unsigned long heap_calls) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(" rss_kb=%ld heap_calls=%lu user_ms=%ld system_ms=%ld\n", usage.ru_maxrss, heap_calls,
      usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000,
      usage.ru_stime.tv_sec * 1000 + usage.ru_stime.tv_usec / 1000);
}

void create(Bench& bench, std::uint32_t count) {
  static Maker maker;
  pc::CreateBatch batch{{Maker::give, &maker, count}};
  const unsigned long before = heap::calls();
  const pc::Status status = run(bench.claude, batch);
  const unsigned long heap_calls = heap::calls() - before;
  if (!status) fail("create", status);
  std::printf("id=%s asked=%lu", batch.item.id.c_str(), maker.asked);
  tell_costs(heap_calls);
}

void await(Bench& bench, const char* id) {
  pc::AwaitBatch wait{id};
  wait.shortest_ms = 10;
  const unsigned long before = heap::calls();
  const pc::Status status = run(bench.claude, wait);
  const unsigned long heap_calls = heap::calls() - before;
  if (!status) fail("await", status);
  std::printf("succeeded=%lu", static_cast<unsigned long>(wait.item.counts.succeeded));
  tell_costs(heap_calls);
}

void results(Bench& bench, std::uint32_t count, const char* id) {
  static bool seen[pc::CreateBatch::max_count];
  pc::BatchResults read{id};
  unsigned twice = 0;
  unsigned long bytes = 0;
  const unsigned long before = heap::calls();
  const pc::Status status = run(bench.claude, read, [&](const pc::Event& event) {
    bytes += event.text.size();
    if (event.kind != pc::EventKind::item) return;
    const unsigned long at = std::strtoul(read.item.custom_id.c_str() + 4, nullptr, 10);
    if (at >= count || seen[at] || read.item.type != pc::ResultType::succeeded) ++twice;
    if (at < count) seen[at] = true;
  });
  const unsigned long heap_calls = heap::calls() - before;
  if (!status) fail("results", status);
  if (twice != 0 || read.count != count) fail("a custom_id is not there once");
  std::printf("count=%lu message_bytes=%lu", static_cast<unsigned long>(read.count), bytes);
  tell_costs(heap_calls);
}

// Bytes that are not in memory: each follows from its place.
struct Card {
  std::uint32_t size = 0;
  Sha256 sha;

  static unsigned char at(std::uint32_t offset) {
    std::uint32_t mixed = offset * 2654435761u;
    mixed ^= mixed >> 15;
    return static_cast<unsigned char>(mixed * 2246822519u >> 24);
  }
  static std::size_t read(void* context, std::uint32_t offset, char* out, std::size_t room) {
    Card& card = *static_cast<Card*>(context);
    const std::size_t left = card.size - offset;
    const std::size_t some = left < room ? left : room;
    for (std::size_t i = 0; i < some; ++i) out[i] = static_cast<char>(at(offset + static_cast<std::uint32_t>(i)));
    card.sha.add(out, some);
    return some;
  }
};

void files(Bench& bench, std::uint32_t size) {
  char sent[65];
  char got[65];
  char told[2][65];
  const unsigned long before = heap::calls();
  for (const bool known : {true, false}) {
    Card card;
    card.size = size;
    pc::UploadFile upload{
        "large.bin", "application/octet-stream", {Card::read, &card, known ? size : pc::Source::unknown_size}};
    pc::Status status = run(bench.claude, upload);
    if (!status) fail("upload", status);
    if (upload.item.size_bytes != size) fail("the service counts other bytes");
    card.sha.finish(sent);
    Sha256 sha;
    pc::DownloadFile download{upload.item.id};
    status = fetch(bench.claude, download, [&](pc::string_view bytes) {
      sha.add(bytes.data(), bytes.size());
    });
    if (!status) fail("download", status);
    if (download.size != size) fail("the download has another size");
    sha.finish(got);
    if (std::strcmp(sent, got) != 0) fail("the bytes that came back are others");
    std::memcpy(told[known ? 0 : 1], got, sizeof got);
  }
  const unsigned long heap_calls = heap::calls() - before;
  if (std::strcmp(told[0], told[1]) != 0) fail("in chunks the bytes are others");
  std::printf("size=%lu sha256=%s", static_cast<unsigned long>(size), got);
  tell_costs(heap_calls);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) return 2;
  static Bench bench{arguments[2]};
  const auto number = static_cast<std::uint32_t>(std::strtoul(arguments[3], nullptr, 10));
  if (!heap::counts_malloc()) std::puts("large: malloc is not counted here");
  if (std::strcmp(arguments[1], "create") == 0) create(bench, number);
  if (std::strcmp(arguments[1], "await") == 0 && count == 5) await(bench, arguments[4]);
  if (std::strcmp(arguments[1], "results") == 0 && count == 5) results(bench, number, arguments[4]);
  if (std::strcmp(arguments[1], "files") == 0) files(bench, number);
}
