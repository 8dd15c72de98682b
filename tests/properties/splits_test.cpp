// However the network cuts an answer, the reader comes to the same state and tells the same.
#include "reader_state.hpp"

#include <doctest/doctest.h>

#include "support/deep.hpp"
#include "support/recordings.hpp"

using namespace picoclaude;

namespace {

// What was told, in a number that does not depend on how text was cut into fragments.
struct Told {
  std::uint64_t hash = 1469598103934665603u;

  void byte(std::uint64_t value) { hash = (hash ^ value) * 1099511628211u; }
  void take(const Event& event) {
    const std::uint64_t kind =
        static_cast<std::uint64_t>(event.kind) << 8 | static_cast<std::uint64_t>(event.index) << 16;
    if (event.kind == EventKind::block_end || event.kind == EventKind::end) byte(kind);
    for (const char c : event.text) byte(kind | static_cast<unsigned char>(c));
  }
};

struct Run {
  EventReader reader;
  Told told;

  void feed(std::string_view bytes, char* room) {
    std::memcpy(room, bytes.data(), bytes.size());
    char* next = room;
    while (const Event event = reader.read(next, room + bytes.size())) told.take(event);
  }
};

constexpr std::size_t largest = 2048;

}  // namespace

TEST_SUITE_BEGIN("splits");

TEST_CASE("splits: feed(a) and feed(b) leave what feed(ab) leaves, for every a and b of 51 recordings") {
  static char room[largest];
  unsigned count = 0;
  unsigned long pairs = 0;
  unsigned long wrong = 0;
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    const std::string_view body = recording->body;
    if (body.size() > largest) continue;
    std::vector<Run> runs(body.size() + 1);
    std::vector<reader_state::Numbers> states(body.size() + 1);
    for (std::size_t b = 0; b <= body.size(); ++b) {
      runs[b].feed(body.substr(0, b), room);
      states[b] = reader_state::of(runs[b].reader);
    }
    for (std::size_t a = 0; a <= body.size(); ++a) {
      for (std::size_t b = a; b <= body.size(); ++b) {
        // Everyday: all short pieces, all that go to the end, and one in sixteen of the others.
        if (b - a > 80 && b != body.size() && (a * 31 + b) % 16 != 0 && !is_deep()) continue;
        Run run = runs[a];
        run.feed(body.substr(a, b - a), room);
        ++pairs;
        if (run.told.hash == runs[b].told.hash && reader_state::of(run.reader) == states[b]) continue;
        if (++wrong > 5) continue;
        CAPTURE(std::string(recording->name));
        CAPTURE(a);
        CAPTURE(b);
        CHECK((reader_state::of(run.reader) == states[b]));
        CHECK(run.told.hash == runs[b].told.hash);
      }
    }
    ++count;
  }
  CHECK(wrong == 0);
  CHECK(count == 51);
  MESSAGE(count << " recordings, " << pairs << " pairs");
}

TEST_CASE("splits: byte by byte leaves what one piece leaves, for all recordings") {
  static char room[2'000'000];
  unsigned long bytes = 0;
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    CAPTURE(std::string(recording->name));
    Run whole;
    whole.feed(recording->body, room);
    Run pieces;
    for (std::size_t at = 0; at < recording->body.size(); ++at) {
      // Behind an error or message_stop nothing is read.
      if (pieces.reader.error() == Error::none && !pieces.reader.complete())
        pieces.feed(recording->body.substr(at, 1), room);
    }
    CHECK(pieces.told.hash == whole.told.hash);
    CHECK((reader_state::of(pieces.reader) == reader_state::of(whole.reader)));
    bytes += recording->body.size();
  }
  MESSAGE(bytes << " bytes");
}

TEST_SUITE_END();
