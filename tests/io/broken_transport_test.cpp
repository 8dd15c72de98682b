// Transports that break their contract, and answers that fit no workspace.
#include "support/heap.hpp"
#include "support/recordings.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Bench;
using scripted::Blocking;
using scripted::Ending;
using scripted::Outcome;

namespace {

enum class Call { open, send, recv };

// Answers one call with what it may not.
struct Broken : Blocking {
  Call call = Call::open;
  bool zero = false;   // moved(0), else moved(more than asked)
  bool is_ok = false;  // ok() or moved(1), where the other one is meant

  Io wrong(std::size_t size) const { return is_ok ? Io::ok() : Io::moved(zero ? 0 : size + 1); }
  Io open(const char* host, std::uint16_t port) {
    return call == Call::open ? Io::moved(zero ? 0 : 1) : Blocking::open(host, port);
  }
  Io send(const char* data, std::size_t size) { return call == Call::send ? wrong(size) : Blocking::send(data, size); }
  Io recv(char* data, std::size_t room) { return call == Call::recv ? wrong(room) : Blocking::recv(data, room); }
};

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE("broken transport: moved(0), moved(too much) and the wrong kind are transport_broken, at every call") {
  for (const Call call : {Call::open, Call::send, Call::recv}) {
    for (const int how : {0, 1, 2}) {
      Bench<Broken> bench{{scripted::answers({scripted::greeting()})}};
      bench.transport.call = call;
      bench.transport.zero = how == 0;
      bench.transport.is_ok = how == 2;
      const Outcome outcome = bench.ask();
      CAPTURE(static_cast<int>(call));
      CAPTURE(how);
      CHECK(outcome.status.error == Error::transport_broken);
      CHECK(outcome.status.native == 0);
      CHECK(outcome.retrying == 0);
      CHECK_FALSE(bench.transport.is_open());
      CHECK(bench.transport.waits == 0);
    }
  }
}

TEST_CASE("broken transport: one whose recv() breaks behind the answer leaves the success") {
  struct Late : Blocking {
    unsigned reads = 0;
    Io recv(char* data, std::size_t room) { return ++reads > 1 ? Io::moved(0) : Blocking::recv(data, room); }
  };
  const std::string whole = scripted::streamed(scripted::hello);
  Bench<Late> bench{{scripted::answers({{whole.substr(0, whole.size() - 5)}})}};
  CHECK(bench.ask().status.error == Error::none);
  CHECK_FALSE(bench.transport.is_open());
}

TEST_CASE("workspace: a workspace of 64 bytes takes every recording's text") {
  // Nothing is buffered: a fragment is as short as the room makes it.
  for (const char* name : {"streams/01_text_basic.sse", "streams/03_unicode_raw_utf8.sse",
           "streams/04_unicode_escaped.sse", "streams/05_escapes_heavy.sse"}) {
    Bench<Blocking, 64> bench{{scripted::answers({{scripted::streamed(recordings::get(name).body)}})}};
    const Outcome outcome = bench.ask();
    CHECK(outcome.status.error == Error::none);
    CHECK(outcome.text == recordings::get(name).joined("text"));
    CHECK_FALSE(outcome.cut_code_point);
  }
}

TEST_CASE("workspace: a payload that must be held and does not fit is out_of_room, never somebody else's") {
  // Two open blocks, and the delta's index behind its text.
  const auto stream = [](std::size_t size) {
    return std::string(
               "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n"
               "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
               "data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
               "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"") +
        std::string(size, 'x') +
        "\"},\"index\":1}\n\n"
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\n"
        "data: {\"type\":\"message_stop\"}\n\n";
  };
  std::size_t largest = 0;
  for (std::size_t size = 0; size < 600; ++size) {
    for (const std::size_t read_size : {scripted::all, std::size_t{1}, std::size_t{7}}) {
      Bench<Blocking, 512> bench{{scripted::answers({{scripted::streamed(stream(size))}})}};
      bench.transport.read_size = read_size;
      const Outcome outcome = bench.ask();
      CAPTURE(size);
      if (outcome) {
        CHECK(outcome.text == std::string(size, 'x'));
        largest = size;
      } else {
        CHECK(outcome.status.error == Error::out_of_room);
        CHECK(outcome.text == "");
        CHECK(size > 480);
      }
    }
  }
  CHECK(largest > 480);
  CHECK(largest < 512);
}

TEST_CASE("heap: a whole exchange takes nothing from it") {
  for (const char* name : {"streams/01_text_basic.sse", "streams/13_parallel_tools.sse", "streams/60_many_blocks.sse",
           "streams/29_web_fetch_large.sse"}) {
    CAPTURE(std::string(name));
    Bench<> bench{{scripted::answers({{"HTTP/1.1 529 \r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n"},
        {scripted::streamed(recordings::get(name).body)}, {"H", Ending::reset}})}};
    bench.transport.reserve(4, 4'096);
    const unsigned long before = heap::calls();
    REQUIRE(bench.client.begin(bench.request));
    while (bench.client.next()) {}
    const Status answered = bench.client.status();
    REQUIRE(bench.client.begin(bench.request));
    while (bench.client.next()) {}
    const unsigned long after = heap::calls();
    CHECK(after == before);
    CHECK(answered.error == Error::none);
    CHECK(bench.client.status().error == Error::truncated);
  }
  // The counter counts.
  const unsigned long before = heap::calls();
  int* volatile number = new int;
  delete number;
  CHECK(heap::calls() == before + 1);
  const std::string counted = heap::counts_malloc() ? "malloc and operator new" : "operator new";
  MESSAGE(counted << " counted");
}

TEST_SUITE_END();
