// picoclaude's own begin() and next(), over a transport that reads from the corpus: one client, one connection.
#include <picoclaude.hpp>

#include "contest.hpp"

namespace {

using picoclaude::EventKind;
using picoclaude::Io;

// The other end of a connection that stays open. While a request is sent nothing is asked for, so that a byte that was
// sent is enough for an answer.
class Replay {
 public:
  void begin_answer(bench::Source& source) {
    source_ = &source;
    answering_ = false;
  }

  Io open(const char*, std::uint16_t) { return Io::ok(); }
  Io send(const char*, std::size_t size) {
    answering_ = true;
    return Io::moved(size);
  }
  Io recv(char* to, std::size_t room) {
    if (!answering_) return Io::wait();
    const std::size_t size = source_->read(to, room);
    return size == 0 ? Io::wait() : Io::moved(size);
  }
  void close() {}
  std::uint32_t now_ms() { return 0; }

 private:
  bench::Source* source_ = nullptr;
  bool answering_ = false;
};

class Contender {
 public:
  static constexpr unsigned kinds = bench::text |
      (PICOCLAUDE_ENABLE_THINKING ? bench::thinking | bench::signature : 0) |
      (PICOCLAUDE_ENABLE_TOOLS ? bench::tool_input : 0);

  Contender() {
    config_.api_key = "sk-test";
    request_.model = "claude-sonnet-5";
    request_.max_tokens = 1000;
    request_.prompt = "Tell me something.";
  }

  bool answer(bench::Source& source, bench::Sink& sink) {
    transport_.begin_answer(source);
    if (!client_.begin(request_)) return false;
    while (const picoclaude::Event event = client_.next()) {
      switch (event.kind) {
        case EventKind::text: sink.take(bench::text, event.index, event.text.data(), event.text.size()); break;
        case EventKind::thinking: sink.take(bench::thinking, event.index, event.text.data(), event.text.size()); break;
        case EventKind::signature:
          sink.take(bench::signature, event.index, event.text.data(), event.text.size());
          break;
        case EventKind::tool_input:
          sink.take(bench::tool_input, event.index, event.text.data(), event.text.size());
          break;
        default: break;
      }
    }
    return client_.done() && client_.status();
  }

 private:
  Replay transport_;
  picoclaude::Workspace<bench::largest_read + bench::padding> memory_;
  picoclaude::Config config_;
  picoclaude::Request request_;
  picoclaude::Client<Replay> client_{transport_, memory_, config_};
};

}  // namespace

int main(int count, char** words) { return bench::contest<Contender>(count, words); }
