// What comes next when the model may call tools (API.md, section 5.4), and the brakes that end it. Without I/O.
//
//   ask -> tool_use: run the calls in block order, answer them in one message, ask again
//       -> pause_turn, compaction: ask again, nothing added
//       -> anything else: done
#pragma once
#include "tool_call.hpp"
#include "transcript.hpp"

#if PICOCLAUDE_ENABLE_TOOLS && PICOCLAUDE_ENABLE_TRANSCRIPT
PICOCLAUDE_BEGIN

// Limits of one run of the loop. Each ends it with a status of its own; 0: no limit. Money is Config::budget's.
struct Brakes {
  std::uint16_t max_rounds = 16;  // requests; beyond: out_of_rounds
  std::uint16_t max_calls = 64;   // calls of tools; beyond: out_of_calls
  std::uint32_t max_tokens = 0;   // input, output and cache, of all requests; beyond: out_of_tokens
  std::uint32_t max_ms = 0;       // looked at between events; beyond: out_of_time, also in the middle of an answer
};

namespace detail {

class ToolLoopState {
 public:
  enum class Step : std::uint8_t { ask, read, call, done };

  explicit ToolLoopState(const Brakes& brakes) : brakes_(brakes) {}

  Step step() const { return step_; }
  Status status() const { return status_; }
  unsigned rounds() const { return rounds_; }
  unsigned calls() const { return calls_; }
  std::uint32_t tokens() const { return tokens_; }
  // The number of the call at work, in its turn.
  unsigned number() const { return number_; }

  void finish(Status status) {
    status_ = status;
    step_ = Step::done;
  }
  void finish(Error error) { finish(Status{error, 0, 0}); }

  // May another request be sent?
  bool may_ask(std::uint32_t passed_ms) {
    if (brakes_.max_rounds != 0 && rounds_ >= brakes_.max_rounds) {
      finish(Error::out_of_rounds);
    } else if (brakes_.max_tokens != 0 && tokens_ >= brakes_.max_tokens) {
      finish(Error::out_of_tokens);
    } else if (is_late(passed_ms)) {
      finish(Error::out_of_time);
    } else {
      ++rounds_;
      step_ = Step::read;
      return true;
    }
    return false;
  }

  bool is_late(std::uint32_t passed_ms) const { return brakes_.max_ms != 0 && passed_ms >= brakes_.max_ms; }

  // An answer is complete.
  void answered(StopReason reason, const Usage& usage) {
    for (const std::uint32_t tokens :
        {usage.input_tokens, usage.output_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens}) {
      tokens_ = tokens_ + tokens < tokens_ ? 0xFFFFFFFF : tokens_ + tokens;
    }
    number_ = 0;
    step_ = reason == StopReason::tool_use                                     ? Step::call
        : reason == StopReason::pause_turn || reason == StopReason::compaction ? Step::ask
                                                                               : Step::done;
  }

  // May another call be run?
  bool may_call() {
    if (brakes_.max_calls != 0 && calls_ >= brakes_.max_calls) {
      finish(Error::out_of_calls);
      return false;
    }
    ++calls_;
    return true;
  }

  // The call was answered; without an error the next one is due.
  void called(Error error) {
    ++number_;
    if (error != Error::none) finish(error);
  }

  // There are no more calls in this turn. Without any it was none.
  void end_calls() { step_ = number_ == 0 ? Step::done : Step::ask; }

 private:
  Brakes brakes_;
  Status status_;
  Step step_ = Step::ask;
  std::uint16_t rounds_ = 0;
  std::uint16_t calls_ = 0;
  std::uint16_t number_ = 0;
  std::uint32_t tokens_ = 0;
};

// Answers one call in a transcript. What the tool says first counts; one that says nothing answers with nothing.
class CallAnswer {
 public:
  CallAnswer(Transcript& talk, string_view id) : talk_(talk), id_(id) {}

  ToolReply reply() { return {take, this}; }
  Error finish() {
    if (!taken_) reply().content({});
    talk_.take_back();
    return error_;
  }

 private:
  static bool take(void* context, const Content& content, bool is_error) PICOCLAUDE_NONBLOCKING {
    auto& self = *static_cast<CallAnswer*>(context);
    if (self.taken_) return false;
    self.taken_ = true;
    self.error_ = self.talk_.tool_result(self.id_, content, is_error);
    return self.error_ == Error::none;
  }

  Transcript& talk_;
  string_view id_;
  bool taken_ = false;
  Error error_ = Error::none;
};

}  // namespace detail
PICOCLAUDE_END
#endif
