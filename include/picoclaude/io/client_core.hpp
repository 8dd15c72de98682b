// All of a Client that does not depend on its transport: what it tells, its deadlines, its memory, its retries.
#pragma once
#include "../base/wipe.hpp"
#include "../session/exchange.hpp"
#include "../session/retry.hpp"

PICOCLAUDE_BEGIN
namespace detail {

class ClientCore {
 public:
  ClientCore(const ClientCore&) = delete;
  ClientCore& operator=(const ClientCore&) = delete;

  // Nothing runs: begin() may be called, status() is final.
  bool done() const { return phase_ == Phase::idle; }
  // Of the exchange that ended last.
  Status status() const { return status_; }

  // Valid as soon as the wire has told them; until the next begin().
  const Usage& usage() const { return exchange_.reader().usage(); }
  StopReason stop_reason() const { return exchange_.reader().stop_reason(); }
  Refusal refusal() const { return exchange_.reader().refusal(); }
  string_view request_id() const { return exchange_.answer().request_id(); }
  // What the service asked for, uncapped; 0: nothing.
  std::uint32_t retry_after_ms() const { return exchange_.answer().retry_after_ms; }
  // What the answer's head told; valid until the next begin().
  template <bool On = PICOCLAUDE_ENABLE_RATE_LIMITS != 0>
  decltype(auto) rate_limits() const {
    static_assert(On, "PICOCLAUDE_ENABLE_RATE_LIMITS is 0: set it to 1 to use rate_limits()");
    return exchange_.answer().rate_limits();
  }
  // The answer ended at max_tokens before it said anything: everything went into thinking.
  template <bool On = PICOCLAUDE_ENABLE_THINKING != 0>
  bool only_thought() const {
    static_assert(On, "PICOCLAUDE_ENABLE_THINKING is 0: set it to 1 to use only_thought()");
    return exchange_.reader().only_thought();
  }
  // Of the citation that ended last.
  template <bool On = PICOCLAUDE_CITATIONS != 0>
  decltype(auto) citation() const {
    static_assert(On, "PICOCLAUDE_ENABLE_DOCUMENTS is 0: set it to 1 to use citation()");
    return exchange_.reader().citation();
  }
  // For Request::previous_message_id. Lifetime: until the next begin().
  template <bool On = PICOCLAUDE_ENABLE_CACHING != 0>
  string_view message_id() const {
    static_assert(On, "PICOCLAUDE_ENABLE_CACHING is 0: set it to 1 to use message_id()");
    return exchange_.reader().cache_report().message_id.text();
  }
  // With Request::diagnose_cache: what differed from the message before, in the API's words, and how many tokens were
  // missed by it; empty: nothing, or not known yet.
  template <bool On = PICOCLAUDE_ENABLE_CACHING != 0>
  string_view cache_miss_reason() const {
    static_assert(On, "PICOCLAUDE_ENABLE_CACHING is 0: set it to 1 to use cache_miss_reason()");
    return exchange_.reader().cache_report().miss_reason.text();
  }
  template <bool On = PICOCLAUDE_ENABLE_CACHING != 0>
  std::uint32_t cache_missed_input_tokens() const {
    static_assert(On, "PICOCLAUDE_ENABLE_CACHING is 0: set it to 1 to use cache_missed_input_tokens()");
    return exchange_.reader().cache_report().missed_input_tokens;
  }
  // Attempts beyond the first one.
  unsigned retries() const { return retry_.retries(); }

 protected:
  // resting: a call goes on with another exchange, after a pause
  enum class Phase : std::uint8_t { idle, pausing, connecting, probing, sending, receiving, resting };

  ClientCore(Room memory, const Config& config)
      : config_(config),
        memory_(memory),
        in_(memory.data),
        in_end_(memory.data),
        out_(memory.data),
        out_end_(memory.data) {}

  // Everything that can be refused is refused here, before a byte is sent.
  Error start(const Endpoint& endpoint, const void* subject, bool plaintext_transport) {
    const Origin& origin = config_.base_url;
    if (!origin) return Error::bad_base_url;
    const bool tls_only = PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT == 0 || !is_loopback(origin.host);
    if (origin.tls ? plaintext_transport : tls_only) return Error::plaintext_refused;
    if (origin.host.size() >= memory_.size) return Error::workspace_too_small;
    const unsigned credentials = (config_.api_key.empty() ? 0u : 1u) + (config_.auth_token.empty() ? 0u : 1u) +
        (config_.key_source == nullptr ? 0u : 1u);
    if (credentials != 1) return credentials == 0 ? Error::missing_key : Error::bad_request;
    origin_ = hash(origin);
    return exchange_.begin(config_, endpoint, subject);
  }

  // Which server a connection belongs to: the key must never follow a changed base URL to an old connection.
  static std::uint32_t hash(const Origin& origin) {
    std::uint32_t hash = 2166136261u ^ origin.port ^ (origin.tls ? 0x10000u : 0u);
    for (const char c : origin.host) hash = (hash ^ static_cast<unsigned char>(to_lower(c))) * 16777619u;
    return hash == 0 ? 1 : hash;
  }

  void enter(Phase phase, std::uint32_t now) {
    phase_ = phase;
    since_ms_ = now;
  }

  // How long the phase may last without progress; 0: without end.
  std::uint32_t limit_ms() const {
    if (exchange_.complete()) return config_.tail_ms;
    switch (phase_) {
#if PICOCLAUDE_CALLS
      case Phase::resting:
#endif
      case Phase::pausing: return pause_ms_;
      case Phase::connecting: return config_.connect_ms;
      case Phase::sending: return config_.idle_ms;
      default: break;
    }
    return exchange_.answered() ? config_.idle_ms : config_.first_byte_ms;
  }

  Error timeout() const {
    if (phase_ == Phase::connecting) return Error::connect_timeout;
    return phase_ == Phase::receiving && !exchange_.answered() ? Error::first_byte_timeout : Error::idle_timeout;
  }

  // Milliseconds to the nearest deadline, capped to what a signed difference can hold; 0: it is over.
  std::uint32_t time_left(std::uint32_t now) const {
    const std::uint32_t phase = left_of(limit_ms(), now - since_ms_);
    const std::uint32_t total = left_of(config_.total_ms, now - begun_ms_);
    if (is_pausing() && pause_ms_ == 0) return 0;
#if PICOCLAUDE_CALLS
    if (phase_ == Phase::resting) return phase;  // each exchange of a call has the whole total time
#endif
    return phase < total ? phase : total;
  }
  PICOCLAUDE_NOINLINE static std::uint32_t left_of(std::uint32_t limit, std::uint32_t passed) {
    return limit == 0 ? 0x7FFFFFFFu : passed < limit ? limit - passed : 0;
  }
  bool is_pausing() const { return phase_ == Phase::pausing || (PICOCLAUDE_CALLS != 0 && phase_ == Phase::resting); }
  bool total_is_over(std::uint32_t now) const { return left_of(config_.total_ms, now - begun_ms_) == 0; }

  // Bytes may be received here. While sending, the first half of the memory holds what is being sent.
  Room room() {
    char* base = memory_.data + (phase_ == Phase::sending ? memory_.size / 2 : 0);
    const Room held = exchange_.reader().held();
    if (held.size != 0) {
      std::memmove(base, held.data, held.size);
      exchange_.held_moved(base);
      base += held.size;
    }
    base += EventReader::margin;
    char* const end = memory_.data + memory_.size;
    in_ = in_end_ = base;
    return base < end ? Room{base, static_cast<std::size_t>(end - base)} : Room{};
  }

  // The next bytes to send stand in [out_, out_end_). False: there are none left.
  PICOCLAUDE_INLINE bool has_output() {
    if (out_ == out_end_) {
      out_ = memory_.data;
      out_end_ = out_ + exchange_.render(memory_.data, memory_.size / 2);
    }
    return out_ != out_end_;
  }

  // The key went by here.
  void wipe_output() { wipe({memory_.data, memory_.size / 2}); }

  // The failed attempt is over. True: there will be another one, after a pause.
  bool retries_after(const Failure& failure, std::uint32_t now) {
#if PICOCLAUDE_CALLS
    if (!may_retry(failure)) return false;
#else
    if (exchange_.told() || !is_worth_retrying(failure, config_.retry_unanswered)) return false;
#endif
    pause_ms_ = exchange_.answer().retry_after_ms;
    if (pause_ms_ == 0) pause_ms_ = retry_.pause_ms(now ^ config_.seed);
    if (pause_ms_ > config_.max_retry_after_ms) pause_ms_ = config_.max_retry_after_ms;
    // A pause that outlasts the total time-out helps nobody.
    return pause_ms_ < left_of(config_.total_ms, now - begun_ms_) && retry_.take(config_.max_retries);
  }

#if PICOCLAUDE_CALLS
  // What is the same twice as once may be sent again whatever became of it; what is read once only never.
  bool may_retry(Failure failure) {
    const AnswerBody* const answer = exchange_.answer_body();
    const Repeat repeat = answer == nullptr ? Repeat::unsure : answer->repeat(exchange_.call());
    if (repeat == Repeat::never && exchange_.body_begun()) return false;  // it was read, even if it never left
    const bool resumes = answer != nullptr && answer->resumes != nullptr && answer->resumes(exchange_.call());
    if (exchange_.told() && !resumes) return false;
    if (repeat == Repeat::safe && failure.http < 300) {
      failure.http = 0;
      failure.body_sent = failure.answered = false;
    }
    return is_worth_retrying(failure, config_.retry_unanswered);
  }

  // Does the call go on with another exchange, for example the next page?
  bool goes_on(Error error, std::uint32_t now) {
    const AnswerBody* const answer = exchange_.answer_body();
    if (answer == nullptr || answer->more_ms == nullptr) return false;
    pause_ms_ = answer->more_ms(exchange_.call(), error);
    if (pause_ms_ == AnswerBody::no_more) return false;
    if (error == Error::none) retry_.succeeded();
#if PICOCLAUDE_ENABLE_BATCHES
    if (error != Error::none) {
      std::uint32_t asked_ms = exchange_.answer().retry_after_ms;
      if (asked_ms > config_.max_retry_after_ms) asked_ms = config_.max_retry_after_ms;
      if (pause_ms_ < asked_ms) pause_ms_ = asked_ms;
    }
#endif
    retry_.begin();
    enter(Phase::resting, now);
    return true;
  }
#endif

  void settle(Error error) {
    status_.error = error;
    status_.http = exchange_.answer().status;
    if (error == Error::none) {
      status_.native = 0;  // how the connection ended behind the answer is nobody's matter
      retry_.succeeded();
    }
#if PICOCLAUDE_ENABLE_BUDGET
    // What failed or was cancelled is paid for as far as it came.
    const auto* const request = static_cast<const Request*>(exchange_.subject(messages_endpoint));
    if (config_.budget != nullptr && request != nullptr) config_.budget->add(request->model, usage());
#endif
    phase_ = Phase::idle;
  }

  // Small members first: a small machine reaches the first 32 bytes of an object with its shortest instructions.
  Phase phase_ = Phase::idle;
  bool reused_ = false;  // this attempt runs on a connection that served before
  Retry retry_;
  Status status_;
  const Config& config_;
  Room memory_;
  char* in_;  // received, not read yet: [in_, in_end_)
  char* in_end_;
  char* out_;  // rendered, not sent yet: [out_, out_end_)
  char* out_end_;
  std::uint32_t begun_ms_ = 0;
  std::uint32_t since_ms_ = 0;
  std::uint32_t checked_ms_ = 0;  // when the deadlines were looked at last
  std::uint32_t pause_ms_ = 0;
  std::uint32_t origin_ = 0;     // of the request
  std::uint32_t connected_ = 0;  // origin of the open connection; 0: none
  Exchange exchange_;
};

}  // namespace detail
PICOCLAUDE_END
