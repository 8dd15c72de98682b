// One simulated session: a client of any settings asks a few questions in bad weather, and a last one in good weather.
#pragma once
#include <new>

#include "simulation/judge.hpp"
#include "simulation/tally.hpp"

namespace simulation {
inline namespace SIMULATION_ABI {

// The request as a server must see it, written by hand.
class Question {
 public:
  explicit Question(Random& random, bool streams) {
    prompt_.clear();
    bytes_.clear();
    Bytes<8 * 1024>& body = body_;
    body.clear();
    body << R"({"model":"claude-haiku-4-5","max_tokens":100,"messages":[{"role":"user","content":")";
    constexpr std::uint32_t sizes[] = {1, 10, 10, 10, 60, 60, 60, 60, 300, 1500};
    for (std::uint32_t left = random.between(1, random.of(sizes)); left != 0; --left) {
      const char letter = random.one_in(30) ? '"' : static_cast<char>('a' + random.below(26));
      prompt_ << letter;
      if (letter == '"') body << '\\';
      body << letter;
    }
    body << (streams ? R"("}],"stream":true})" : R"("}]})");
    bytes_ << "POST /v1/messages HTTP/1.1\r\nhost: api.anthropic.com\r\nuser-agent: simulation/1\r\n"
           << "anthropic-version: 2026-10-21\r\nx-api-key: sk-simulated\r\ncontent-type: application/json\r\n"
           << "content-length: ";
    bytes_.number(body.size()) << "\r\n\r\n" << body.view();
    request.model = "claude-haiku-4-5";
    request.max_tokens = 100;
    request.prompt = prompt_.view();
    request.stream = streams;
  }

  std::string_view bytes() const { return bytes_.view(); }
  picoclaude::Request request;

 private:
  Bytes<4 * 1024> prompt_;
  Bytes<8 * 1024> body_;
  Bytes<16 * 1024> bytes_;
};

template <class Transport>
class Session {
 public:
  Session(std::uint32_t seed, Trace& trace, Tally& tally)
      : random_((std::uint64_t{seed} << 32) + seed), trace_(trace), tally_(tally), network_(random_, trace) {
    settle_config();
    constexpr std::uint32_t sizes[] = {64, 100, 300, 1000, 2048};
    room_ = random_.of(sizes);
    std::memset(memory_, guard, sizeof memory_);
  }

  // The rule that was broken, or null.
  const char* run() {
    picoclaude::Client<Transport> client{network_, picoclaude::Room{memory_ + guards, room_}, config_};
    const std::uint32_t questions = random_.between(1, 2);
    for (std::uint32_t left = questions; left-- != 0;) {
      if (const char* const wrong = ask(client, false)) return wrong;
      if (random_.one_in(8)) client.disconnect();
      network_.now += random_.below(3000);
    }
    if (const char* const wrong = ask(client, true)) return wrong;
    if (!seen_.status) return "a question in good weather failed";
    ++tally_.sessions;
    for (unsigned i = 0; i < guards; ++i) {
      if (memory_[i] != guard || memory_[guards + room_ + i] != guard) return "bytes beside the workspace changed";
    }
    return nullptr;
  }

 private:
  using Client = picoclaude::Client<Transport>;
  static constexpr unsigned guards = 32;
  static constexpr char guard = 0x5A;

  void settle_config() {
    config_.api_key = "sk-simulated";
    config_.user_agent = "simulation/1";
    constexpr std::uint32_t short_ms[] = {0, 50, 1000, 1000};
    constexpr std::uint32_t total_ms[] = {200, 3000, 20'000, 600'000, 600'000};
    config_.connect_ms = random_.between(20, 1000);
    config_.first_byte_ms = random_.between(20, 3000);
    config_.idle_ms = random_.between(20, 3000);
    config_.tail_ms = random_.between(1, 500);
    config_.total_ms = random_.of(total_ms);
    config_.max_retries = static_cast<std::uint8_t>(random_.below(4));
    config_.max_retry_after_ms = random_.of(short_ms) * 10;
    config_.retry_unanswered = random_.one_in(4);
    config_.seed = random_.next();
    network_.now = random_.one_in(8) ? 0xFFFFFF00 + random_.below(256) : random_.next();
    network_.call_ms = random_.one_in(4) ? 1 : 0;
    network_.first_byte_ms = config_.first_byte_ms;
    network_.idle_ms = config_.idle_ms;
    if constexpr (Client::can_wait) {
      network_.oversleep_ms = random_.one_in(4) ? 5 : 0;
      network_.longest_ms = 600'000;
    } else {
      constexpr std::uint32_t ticks[] = {1, 16, 16, 100, 900};
      tick_ms_ = random_.of(ticks);
    }
    step_ms_ = tick_ms_ + 8 + network_.calls_a_step * network_.call_ms;
  }

  const char* ask(Client& client, bool is_healthy) {
    network_.is_healthy = is_healthy;
    if (is_healthy) network_.call_ms = 0;
    network_.wants_message = PICOCLAUDE_ENABLE_MESSAGE_READER != 0 && random_.one_in(2);
    Question question(random_, !network_.wants_message);
    network_.expected = question.bytes();
    network_.begin_exchange();
    seen_ = {};
    text_.clear();
    seen_.begun_ms = network_.now;
    const std::uint32_t cancel_after = !is_healthy && random_.one_in(12) ? random_.below(40) : never;
    if (!client.begin(question.request)) return "begin() refused a good request";
    if (const char* const wrong = listen(client, question.request, cancel_after)) return wrong;
    seen_.done_ms = network_.now;
    seen_.status = client.status();
    seen_.text = text_.view();
    seen_.stop_reason = client.stop_reason();
    seen_.input_tokens = client.usage().input_tokens;
    seen_.output_tokens = client.usage().output_tokens;
    return judge(client);
  }

  // Hears the whole answer.
  const char* listen(Client& client, const picoclaude::Request& request, std::uint32_t cancel_after) {
    for (std::uint32_t step = 0; !client.done(); ++step) {
      if (step == cancel_after) {
        client.cancel();
        seen_.is_cancelled = true;
        return client.done() ? nullptr : "cancel() did not end it";
      }
      if (step > 2'000'000) return "it never ends";
      const picoclaude::Event event = client.next();
      if (event) {
        if (const char* const wrong = hear(event)) return wrong;
        continue;
      }
      if (client.done()) break;
      if (random_.one_in(64) && client.begin(request).error != Error::busy) return "begin() is not busy";
      if (random_.one_in(64)) client.disconnect();
      const bool is_soon = is_healthy() || Client::can_wait;
      network_.now += is_soon ? 1 : random_.between(1, tick_ms_);
    }
    return nullptr;
  }
  bool is_healthy() const { return network_.is_healthy; }

  const char* hear(const picoclaude::Event& event) {
    using picoclaude::EventKind;
    trace_.add("event", static_cast<std::uint32_t>(event.kind), event.index);
    trace_.add("text", event.text);
    if (seen_.ends != 0) return "an event behind the end";
    switch (event.kind) {
      case EventKind::text: text_ << event.text; break;
      case EventKind::end: ++seen_.ends; break;
      case EventKind::retrying:
        if (text_.size() != 0) return "a retry behind a piece of the answer";
        seen_.retried_ms[seen_.retries++] = network_.now;
        network_.pause();
        return nullptr;
      case EventKind::error_text:
      case EventKind::explanation:
      case EventKind::stop_sequence:
      case EventKind::block_end: break;
      default: return "an event of a part that is off";
    }
    Attempt* const attempt = network_.last();
    if (attempt != nullptr && attempt->answer.http < 300) attempt->is_told = true;
    return nullptr;
  }

  const char* judge(Client& client) {
    trace_.add("status", static_cast<std::uint32_t>(seen_.status.error), seen_.status.http);
    trace_.add("took", seen_.took(), client.retries());
    for (unsigned at = 0; trace_.is_shown && at < network_.count; ++at) show(network_.attempts[at]);
    Judge judge(config_, network_, seen_, !Transport::is_ticking, step_ms_, budget_);
    if (const char* const wrong = judge.complaint()) return wrong;
    if (client.retries() != seen_.retries) return "retries() counts other retries";
    for (int again = 0; again < 2; ++again) {
      if (client.next() || !client.done()) return "an event behind the end";
      if (again == 1) client.cancel();
    }
    const picoclaude::Status status = client.status();
    if (status.error != seen_.status.error || status.http != seen_.status.http) return "the status did not stay";
    budget_ -= 10 * seen_.retries;
    if (seen_.status && budget_ < 30) ++budget_;
    ++tally_.exchanges;
    tally_.add(seen_.status.error, network_.count, judge.silent(), seen_.retries);
    return nullptr;
  }

  static void show(const Attempt& attempt) {
    const Facts& answer = attempt.answer;
    std::printf("# answer: %u, error %u, head %d, decided %d, size %d%s%s%s\n", static_cast<unsigned>(answer.http),
        static_cast<unsigned>(answer.error), static_cast<int>(answer.head_end), static_cast<int>(answer.decided_at),
        static_cast<int>(answer.size), answer.until_close ? ", until close" : "", answer.should_retry ? ", retry" : "",
        answer.should_not ? ", no retry" : "");
    std::printf("# attempt:%s%s%s%s%s%s, sent %d, read %d, corrupt %d, end %u\n", attempt.is_reused ? " reused" : "",
        attempt.is_open ? " open" : "", attempt.is_whole ? " whole" : "", attempt.is_told ? " told" : "",
        attempt.is_closed ? " closed" : "", attempt.is_broken ? " broken" : "", static_cast<int>(attempt.handed),
        static_cast<int>(attempt.read), static_cast<int>(attempt.corrupt_at), static_cast<unsigned>(attempt.end));
  }

  Random random_;
  Trace& trace_;
  Tally& tally_;
  picoclaude::Config config_;
  Transport network_;
  Seen seen_;
  Bytes<16 * 1024> text_;
  std::uint32_t room_ = 0;
  std::uint32_t tick_ms_ = 0;
  std::uint32_t step_ms_ = 0;
  unsigned budget_ = 30;  // retries, times ten
  char memory_[guards + 2048 + guards];
};

inline const char* run(std::uint32_t seed, Trace& trace, Tally& tally) {
  // Too large for the stack of some systems, and made anew each time.
  static union Place {
    Place() {}
    ~Place() {}
    Session<Blocking> blocking;
    Session<Ticking> ticking;
  } place;
  const bool is_ticking = seed % 2 != 0;
  if (is_ticking) {
    auto* const session = ::new (static_cast<void*>(&place)) Session<Ticking>(seed, trace, tally);
    const char* const wrong = session->run();
    session->~Session<Ticking>();
    return wrong;
  }
  auto* const session = ::new (static_cast<void*>(&place)) Session<Blocking>(seed, trace, tally);
  const char* const wrong = session->run();
  session->~Session<Blocking>();
  return wrong;
}

}  // namespace SIMULATION_ABI
}  // namespace simulation
