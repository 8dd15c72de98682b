// One request and its answer as bytes, without any I/O.
//
// Out: render() gives the request in pieces of any size. In: read() takes what came and gives events. ended() tells how
// the connection ended. The exchange is over when done(); success is complete(): the blank line that ends message_stop,
// nothing earlier.
#pragma once
#include "../messages/event_reader.hpp"
#include "../wire/http_chunk.hpp"
#include "../wire/http_head.hpp"
#include "answer.hpp"
#include "call.hpp"

PICOCLAUDE_BEGIN

class Exchange {
 public:
  Exchange() {
    detail::clear(*this);  // smaller than the stores that it makes superfluous
    phase_ = Phase::done;
  }

  // Checks and measures. What is refused here was not sent.
  Error begin(const Config& config, const detail::Endpoint& endpoint, const void* subject) {
    detail::clear(*this);
    config_ = &config;
    endpoint_ = &endpoint;
    subject_ = subject;
    Error refused = measure_body();
    const std::uint32_t body_size = left_;
    const Error refused_head = measure_head();
    if (refused_head != Error::none) refused = refused_head;
    if (left_ < body_size) refused = Error::request_too_long;
    return refused;
  }

  // Ready for another attempt with the same request. It is measured again.
  Error restart() { return begin(*config_, *endpoint_, subject_); }

  // ---- out ----------------------------------------------------------------------------------------------------------

  // Writes the next bytes of the request; 0: all of it was written, or error().
  std::size_t render(char* out, std::size_t room) {
    if (left_ == 0) return 0;
#if PICOCLAUDE_ENDLESS
    if (body_size_ == detail::in_chunks) return render_in_chunks(out, room);
#endif
    Window window(out, room, cursor_);
    detail::render_head(window, *config_, *endpoint_, subject_, body_size_);
    if (endpoint_->body != nullptr) endpoint_->body(window, subject_);
    const bool wrong = window.error() != Error::none || window.size() > left_ || window.size() == 0 ||
        window.finished() != (window.size() == left_);
    if (wrong) {
      // A source that ended early, or views that changed since they were measured.
      finish(Error::request_changed);
      return 0;
    }
    cursor_ = window.cursor();
    left_ -= window.size();
    return window.size();
  }
  constexpr bool rendered() const { return left_ == 0; }
  // Bytes of the body were handed out; of a call without one, all there is.
  constexpr bool body_begun() const {
#if PICOCLAUDE_ENDLESS
    if (body_size_ == detail::in_chunks) return stage_ == Stage::body;
#endif
#if PICOCLAUDE_ENABLE_RAW
    if (left_ == 0) return true;  // the other calls without a body are the same twice as once
#endif
    return left_ < body_size_;
  }

  // ---- in -----------------------------------------------------------------------------------------------------------

  // Takes received bytes up to the next event and moves `next`. No event: all bytes were taken, or the exchange is done.
  // The EventReader::margin bytes in front of `next` must be free.
  Event read(char*& next, char* end) PICOCLAUDE_NONBLOCKING {
    Event event;
    return advance(next, end, event) ? event : Event{};
  }

  // The same. True: `event` was set.
  bool advance(char*& next, char* end, Event& event) PICOCLAUDE_NONBLOCKING {
    while (next != end && phase_ != Phase::done) {
      answered_ = true;
      if (phase_ == Phase::head) {
#if PICOCLAUDE_SHORTCUTS
        if (end - next > 1) next += head_.skip_text(next, end);
        if (next == end) break;
#endif
        read_head(*next++);
        continue;
      }
      const std::size_t size = body_.data(static_cast<std::size_t>(end - next));
      bool told = false;
      if (size != 0) {
        told = read_data(next, size, event);
#if PICOCLAUDE_SHORTCUTS
      } else if (const char* const behind = body_.skip_size_line(next, end); behind != next) {
        next += behind - next;
#endif
      } else if (!body_.step(*next++)) {
        end_body(Error::bad_chunk);
      }
      if (body_.complete()) end_body(Error::none);
      if (told) return true;
    }
    if (next != end) reusable_ = false;  // bytes that nobody asked for: they must not answer the next request
    return false;
  }

  // The connection ended; `proper`: by an authenticated end.
  void ended(bool proper, Error error) {
    if (phase_ == Phase::head) {
      finish(answered_ ? Error::truncated : error);
    } else if (phase_ != Phase::done) {
      const bool whole = proper && body_.ends_with_connection();
      end_body(whole ? Error::none : Error::truncated);
      reusable_ = false;
    }
  }

  // Ends the exchange from outside, for example at a time-out. A complete answer stays one.
  void finish(Error error) {
    if (!is_whole()) error_ = error;
    phase_ = Phase::done;
    reusable_ = false;
  }

  constexpr bool done() const { return phase_ == Phase::done; }
  // The answer is complete; what comes now only decides whether the connection can be used again.
  constexpr bool complete() const { return phase_ == Phase::tail; }
  constexpr Error error() const { return error_; }
  // The next request may use the same connection.
  constexpr bool reusable() const { return reusable_ && left_ == 0; }
  // A byte of the answer came; an event of the answer was given.
  constexpr bool answered() const { return answered_; }
  constexpr bool told() const { return told_; }

#if PICOCLAUDE_ENABLE_MESSAGE_READER
  // A message that was not streamed is complete where its body ends: the last event is told when the exchange is done.
  // True: `event` was set.
  bool take_last(Event& event) {
    if (!ends_with_event_) return false;
    ends_with_event_ = false;
    event = reader_.event();
    return true;
  }
#endif

#if PICOCLAUDE_CALLS
  // How the answer of this call is read; null: as an event stream.
  constexpr const detail::AnswerBody* answer_body() const { return endpoint_->answer; }
  // The call itself. Endpoints that have an answer body are begun with a call that is not const.
  void* call() const { return const_cast<void*>(subject_); }
#endif

  // What was begun with this endpoint, else null.
  constexpr const void* subject(const detail::Endpoint& endpoint) const {
    return endpoint_ == &endpoint ? subject_ : nullptr;
  }
  constexpr const Answer& answer() const { return answer_; }
  constexpr const EventReader& reader() const { return reader_; }
  void held_moved(char* to) { reader_.held_moved(to); }

 private:
  // One after the other, so that their windows never share the stack. left_ is the sum of what they measure.
  Error measure_body() {
    Window window;
    if (endpoint_->body != nullptr) endpoint_->body(window, subject_);
    body_size_ = left_ = window.size();
#if PICOCLAUDE_ENDLESS
    if (window.is_endless()) body_size_ = detail::in_chunks;
    stage_ = Stage::head;
#endif
    return window.error();
  }

  Error measure_head() {
    Window window;
    detail::render_head(window, *config_, *endpoint_, subject_, body_size_);
    left_ += window.size();
    return window.error();
  }

  enum class Phase : std::uint8_t { head, body, tail, done };

#if PICOCLAUDE_ENDLESS
  enum class Stage : std::uint8_t { head, body };

  // The head as it is, then a chunk for each window.
  std::size_t render_in_chunks(char* out, std::size_t room) {
    const bool head = stage_ == Stage::head;
    const std::size_t frame = head ? 0 : detail::chunk_before + detail::chunk_behind;
    if (room > detail::max_chunk) room = detail::max_chunk;
    Window window(head ? out : out + detail::chunk_before, room > frame ? room - frame : 0, cursor_);
    if (head) {
      detail::render_head(window, *config_, *endpoint_, subject_, body_size_);
    } else {
      endpoint_->body(window, subject_);
    }
    cursor_ = window.cursor();
    const bool whole = window.finished();
    if (window.error() != Error::none || (window.size() == 0 && !whole)) {
      finish(Error::request_changed);
      return 0;
    }
    if (!head) {
      if (whole) left_ = 0;
      return detail::write_chunk(out, window.size(), whole);
    }
    if (whole) {
      stage_ = Stage::body;
      cursor_ = {};
    }
    return window.size();
  }
#endif

  void read_head(char c) {
    const HttpHeadPart part = head_.step(c);
    if (part == HttpHeadPart::header) {
      const Error error = answer_.take(head_.name(), head_.value());
      if (error != Error::none) finish(error);
    } else if (part == HttpHeadPart::end) {
      end_head();
    } else if (part == HttpHeadPart::failed) {
      finish(head_.error());
    }
  }

  PICOCLAUDE_INLINE void end_head() {
    const unsigned status = head_.status();
    if (status < 200) {  // interim: the real head follows
      if (status == 101) return finish(Error::bad_http);
      detail::clear(answer_);
      return head_.next_head();
    }
    answer_.status = static_cast<std::uint16_t>(status);
    if (head_.http_1_0()) answer_.closes = true;
    const Error error = answer_.framing(body_);
    if (error != Error::none) return finish(error);
    phase_ = Phase::body;
    if (status < 300) {
      if (answer_.encoded) return finish(Error::content_encoded);
      if (!begin_success()) return finish(Error::wrong_content_type);
    } else {
      // A body that is not JSON tells nothing; it is not waited for.
      if (status < 400 || answer_.type != Answer::Type::json || answer_.encoded) {
        return finish(detail::error_of_status(status));
      }
      reader_.expect_error();
    }
    if (body_.complete()) end_body(Error::none);
  }

  bool begin_success() {
#if PICOCLAUDE_CALLS
    if (answer_body() != nullptr) {
      if (answer_.type != Answer::Type::json && !answer_body()->any_type) return false;
      answer_body()->begin(call(), reader_, answer_.date());
      return true;
    }
#endif
#if PICOCLAUDE_ENABLE_MESSAGE_READER
    if (answer_.type == Answer::Type::json) {
      reader_.expect_message();
      return true;
    }
#endif
    return answer_.type == Answer::Type::event_stream;
  }

  bool read_data(char*& next, std::size_t size, Event& event) {
    char* const begin = next;
    bool told = false;
    if (phase_ == Phase::tail) {
      next += size;
#if PICOCLAUDE_CALLS
    } else if (answer_body() != nullptr && answer_.status < 300) {
      Error error = Error::none;
      event = answer_body()->read(call(), next, next + size, error);
      told = static_cast<bool>(event);
      if (told) told_ = true;
      if (error != Error::none) finish(error);
#endif
    } else {
      told = reader_.advance(next, next + size);
      if (told) event = reader_.event();
      if (answer_.status < 300) {
        if (told) told_ = true;
        if (reader_.complete()) phase_ = Phase::tail;
        if (reader_.error() != Error::none) finish(reader_.error());
      } else if (reader_.error() != Error::none) {
        finish(service_error());
      }
    }
    body_.took(static_cast<std::size_t>(next - begin));
    return told;
  }

  Error service_error() const {
    const Error error = reader_.service_error();
    return error == Error::none || error == Error::unknown_error ? detail::error_of_status(answer_.status) : error;
  }

  // Was all of it told? What a call has read a message with (one of many, perhaps) says nothing of its own answer.
  bool is_whole() const {
#if PICOCLAUDE_CALLS
    if (answer_body() != nullptr) return false;
#endif
#if PICOCLAUDE_ENABLE_MESSAGE_READER
    if (ends_with_event_) return false;
#endif
    return reader_.complete();
  }

  // The body is over, or cannot be read on.
  void end_body(Error error) {
    if (phase_ == Phase::done) return;
    reusable_ = error == Error::none && !answer_.closes && !body_.ends_with_connection();
    if (phase_ == Phase::body)
      error_ = answer_.status >= 300 ? service_error() : error == Error::none ? end_success() : error;
    phase_ = Phase::done;
  }

  // The end of the framing completes a body, but not an event stream.
  Error end_success() {
#if PICOCLAUDE_CALLS
    if (answer_body() != nullptr) return answer_body()->end(call());
#endif
#if PICOCLAUDE_ENABLE_MESSAGE_READER
    if (reader_.expects_message()) {
      ends_with_event_ = reader_.end_message();
      return reader_.error();
    }
#endif
    return Error::truncated;
  }

  Phase phase_ = Phase::done;
  Error error_ = Error::none;
  bool reusable_ = false;
  bool answered_ = false;
  bool told_ = false;
#if PICOCLAUDE_ENABLE_MESSAGE_READER
  bool ends_with_event_ = false;
#endif
  HttpBodyReader body_;
  const Config* config_ = nullptr;
  const detail::Endpoint* endpoint_ = nullptr;
  const void* subject_ = nullptr;
  std::uint32_t body_size_ = 0;
  std::uint32_t left_ = 0;  // bytes of the request that were not rendered yet
#if PICOCLAUDE_ENDLESS
  Stage stage_ = Stage::head;
#endif
  Cursor cursor_;
  Answer answer_;
  HttpHeadReader head_;
  EventReader reader_;
};

PICOCLAUDE_END
