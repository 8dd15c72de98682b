// What must hold after every exchange. It knows what the server said and what the network did, never what the client
// thought of it.
#pragma once
#include "simulation/network.hpp"

namespace simulation {
inline namespace SIMULATION_ABI {

// What the program saw of one exchange.
struct Seen {
  std::string_view text;
  unsigned ends = 0;
  unsigned retries = 0;
  bool is_cancelled = false;
  std::uint32_t begun_ms = 0;
  std::uint32_t done_ms = 0;
  picoclaude::Status status;
  StopReason stop_reason = StopReason::none;
  std::uint32_t input_tokens = 0;
  std::uint32_t output_tokens = 0;
  std::uint32_t retried_ms[Network::max_attempts] = {};

  std::uint32_t took() const { return done_ms - begun_ms; }
};

class Judge {
 public:
  // `step_ms`: how long the program may be away. `budget`: retries that may be made, times ten.
  Judge(const picoclaude::Config& config, const Network& network, const Seen& seen, bool proves_end,
      std::uint32_t step_ms, unsigned budget)
      : config_(config),
        network_(network),
        seen_(seen),
        proves_end_(proves_end),
        step_ms_(step_ms),
        budget_(budget),
        last_(network.count == 0 ? nullptr : &network.attempts[network.count - 1]) {}

  // The rule that was broken, or null.
  const char* complaint() {
    if (network_.complaint != nullptr) return network_.complaint;
    if (config_.total_ms != 0 && seen_.took() > config_.total_ms + step_ms_) return "longer than the total time-out";
    if (const char* const wrong = of_attempts()) return wrong;
    if (seen_.ends != (seen_.status ? 1u : 0u)) return "success and the end event do not agree";
    if (last_ == nullptr) return of_nothing();
    return is_certain() ? of_certain() : of_corrupt();
  }

  // Requests that were sent again because a kept connection had died.
  unsigned silent() const {
    unsigned count = 0;
    for (unsigned at = 0; at + 1 < network_.count; ++at) count += is_stale(network_.attempts[at]) ? 1 : 0;
    return count;
  }

 private:
  using Status = picoclaude::Status;

  // ---- the end of the last attempt ----------------------------------------------------------------------------------

  // What was wrong came after all that counts, or is one letter of the text.
  bool is_certain() const {
    const Attempt& last = *last_;
    return last.corrupt_at == never || last.is_letter || last.corrupt_at >= last.answer.decided_at;
  }
  bool is_decided() const {
    const Attempt& last = *last_;
    if (last.answer.decided_at != never) return last.read >= last.answer.decided_at;
    return last.read == last.answer.size && last.is_closed && proves_end_ && last.answer.http < 300;
  }

  const char* of_nothing() const {
    const Error error = seen_.status.error;
    if (error == Error::cancelled && seen_.is_cancelled) return nullptr;
    if (error == Error::total_timeout && config_.total_ms != 0 && seen_.took() >= config_.total_ms) return nullptr;
    return "nothing was tried";
  }

  const char* of_corrupt() const {
    if (!seen_.status) return nullptr;
    // Nothing that is not the server's can make an answer shorter.
    const std::uint32_t least = last_->answer.decided_at == never ? last_->answer.size : last_->answer.decided_at;
    if (last_->answer.http != 200 || last_->answer.error != Error::none) return "garbage was taken for an answer";
    return last_->read + 4 < least ? "success before the end" : nullptr;
  }

  const char* of_certain() {
    const Error error = seen_.status.error;
    const Facts& answer = last_->answer;
    const bool is_next = seen_.status.http == 0 && (is_over() || error == Error::cancelled);  // before it was sent
    if (last_->read >= answer.head_end && seen_.status.http != answer.http && !is_next) return "another HTTP status";
    if (is_decided() && answer.error == Error::none) return of_success();
    if (seen_.status) return "success without a whole answer";
    if (error == Error::cancelled) return seen_.is_cancelled ? nullptr : "cancelled by nobody";
    if (is_over()) return nullptr;  // perhaps in a pause
    if (is_decided()) {
      return error == answer.error ? of_retry() : "another error than the server's";
    }
    if (const char* const wrong = of_time()) return wrong;
    if (const char* const wrong = of_end()) return wrong;
    return of_retry();
  }

  const char* of_success() const {
    const Facts& answer = last_->answer;
    // The program may cancel before it was told all that has come.
    if (seen_.status.error == Error::cancelled && seen_.is_cancelled) return nullptr;
    // The total time may be over before the client comes to the close that it has received behind the answer.
    if (answer.decided_at == never && is_over()) return nullptr;
    if (!seen_.status) return "a whole answer was not a success";
    if (seen_.stop_reason != answer.stop_reason) return "another stop reason";
    if (seen_.input_tokens != answer.input_tokens || seen_.output_tokens != answer.output_tokens)
      return "another usage";
    const std::string_view wanted = network_.script.text.view();
    const std::string_view text = seen_.text;
    if (text.size() != wanted.size()) return "text was lost or added";
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      const bool is_other = last_->is_letter && i == answer.letter_in_text;
      const char letter = is_other ? static_cast<char>('A' + (wanted[i] - 'a')) : wanted[i];
      if (text[i] != letter) return "another text";
    }
    return nullptr;
  }

  bool is_over() const {
    return seen_.status.error == Error::total_timeout && config_.total_ms != 0 && seen_.took() >= config_.total_ms;
  }

  // A time-out comes in its time and only where nothing else happened.
  const char* of_time() const {
    const Error error = seen_.status.error;
    if (error == Error::total_timeout) return "the total time-out came early";
    const bool is_opening = error == Error::connect_timeout;
    if (!is_opening && error != Error::first_byte_timeout && error != Error::idle_timeout) return nullptr;
    const std::uint32_t limit = is_opening   ? config_.connect_ms
        : error == Error::first_byte_timeout ? config_.first_byte_ms
                                             : config_.idle_ms;
    const std::uint32_t silence = seen_.done_ms - last_->progress_ms;
    if (limit == 0 || silence + network_.calls_a_step * network_.call_ms < limit) return "a time-out came early";
    if (silence > limit + step_ms_) return "a time-out came late";
    if (is_opening == last_->is_open) return "another phase's time-out";
    if ((error == Error::first_byte_timeout) != (last_->is_whole && last_->read == 0) && !is_opening)
      return "another phase's time-out";
    return last_->end == Error::none ? nullptr : "a time-out instead of an error";
  }

  // The network had the last word.
  const char* of_end() const {
    const Error error = seen_.status.error;
    const Attempt& last = *last_;
    if (last.is_broken) return error == Error::transport_broken ? nullptr : "an impossible answer was accepted";
    if (last.end == Error::none) return blame(error) == picoclaude::Blame::network ? nullptr : "an error from nowhere";
    if (last.read == 0) return error == last.end ? nullptr : "another error than the network's";
    if (last.read < last.answer.head_end || last.answer.http < 300)
      return error == Error::truncated ? nullptr : "a cut answer is not truncated";
    const bool is_service = error == last.answer.error || error == by_status(last.answer.http);
    return is_service ? nullptr : "another error than the service's";
  }

  // ---- from one attempt to the next ---------------------------------------------------------------------------------

  bool knows_status(const Attempt& attempt) const {
    return attempt.read >= attempt.answer.head_end && attempt.corrupt_at >= attempt.answer.head_end;
  }

  // Does the status say that nothing was done, or the service that it wants to be asked again?
  static bool is_refused_for_now(const Facts& answer) {
    if (answer.should_retry || answer.should_not) return answer.should_retry;
    if (answer.error == Error::spend_limit) return false;
    return answer.http == 408 || answer.http == 409 || answer.http == 429 || answer.http >= 500;
  }

  // A connection that served before died without a byte: the request goes out once more, silently.
  static bool is_stale(const Attempt& attempt) {
    return attempt.is_reused && attempt.read == 0 && !attempt.is_broken &&
        (attempt.end == Error::connection_closed || attempt.end == Error::connection_lost);
  }

  // The server may have begun to work and to bill.
  bool may_be_billed(const Attempt& attempt) const {
    if (attempt.corrupt_at < attempt.answer.head_end) return false;  // nobody knows what was read
    if (attempt.is_told) return true;
    if (knows_status(attempt)) {
      // A spend cap is told in the body, which may not have come, or not as it was.
      const bool is_cap = attempt.answer.error == Error::spend_limit &&
          (attempt.read < attempt.answer.decided_at || attempt.corrupt_at != never);
      return !is_refused_for_now(attempt.answer) && !is_cap;
    }
    return attempt.read != 0 || (attempt.is_whole && !config_.retry_unanswered);
  }

  const char* of_attempts() const {
    unsigned retried = 0;
    for (unsigned at = 0; at + 1 < network_.count; ++at) {
      const Attempt& attempt = network_.attempts[at];
      if (is_stale(attempt)) continue;
      if (may_be_billed(attempt)) return "a request that may be billed was sent twice";
      if (const char* const wrong = of_pause(attempt, network_.attempts[at + 1], retried)) return wrong;
      ++retried;
    }
    if (seen_.retries > config_.max_retries) return "too many retries";
    if (seen_.retries * 10 > budget_) return "retries beyond the budget";
    // In the pause before the last attempt the total time may be over, or the program cancel.
    const Error error = seen_.status.error;
    const bool in_pause = error == Error::cancelled || error == Error::total_timeout;
    if (retried > seen_.retries) return "sent again without a word";
    return seen_.retries > retried + (in_pause ? 1 : 0) ? "a retry that was none" : nullptr;
  }

  const char* of_pause(const Attempt& attempt, const Attempt& next, unsigned retried) const {
    if (retried >= seen_.retries) return nullptr;
    std::uint32_t least = knows_status(attempt) ? attempt.answer.retry_after_ms : 0;
    if (least > config_.max_retry_after_ms) least = config_.max_retry_after_ms;
    std::uint32_t most = least == 0 ? 500u << retried : least;
    if (most > config_.max_retry_after_ms) most = config_.max_retry_after_ms;
    if (attempt.corrupt_at < attempt.answer.head_end) {
      least = 0;
      most = config_.max_retry_after_ms;
    }
    const std::uint32_t pause = next.begun_ms - seen_.retried_ms[retried];
    if (pause < least) return "the service asked for a longer pause";
    return pause > most + step_ms_ ? "a pause was too long" : nullptr;
  }

  // What could have been tried again was.
  const char* of_retry() const {
    const Attempt& last = *last_;
    const bool is_refused =
        knows_status(last) && is_refused_for_now(last.answer) && !last.is_told && last.answer.http >= 300;
    const Error error = last.end;
    const bool is_unreached = !last.is_open && (error == Error::name_not_found || error == Error::connect_failed);
    if (!is_refused && !is_unreached) return nullptr;
    if (seen_.retries >= config_.max_retries || (seen_.retries + 1) * 10 > budget_) return nullptr;
    if (config_.total_ms != 0 && seen_.took() >= config_.total_ms) return nullptr;
    const std::uint32_t left = config_.total_ms == 0 ? 0x7FFFFFFF : config_.total_ms - seen_.took();
    std::uint32_t pause = knows_status(last) && last.answer.retry_after_ms != 0 ? last.answer.retry_after_ms : 8000;
    if (pause > config_.max_retry_after_ms) pause = config_.max_retry_after_ms;
    return pause < left ? "a retry was lost" : nullptr;
  }

  const picoclaude::Config& config_;
  const Network& network_;
  const Seen& seen_;
  bool proves_end_;
  std::uint32_t step_ms_;
  unsigned budget_;
  const Attempt* last_;
};

}  // namespace SIMULATION_ABI
}  // namespace simulation
