// Moves the bytes of an exchange through a transport and keeps time. Nothing else: what the bytes mean is Exchange's.
//
// next() makes progress and gives one event, or none. With a transport that waits, none means: done. Without, it means:
// nothing now, call again. One Client belongs to one thread at a time.
#pragma once
#include "../messages/check.hpp"
#include "client_core.hpp"
#if PICOCLAUDE_ENABLE_HTTP_TRANSPORT
#include "http_bytes.hpp"
#endif
#include "transport.hpp"

PICOCLAUDE_BEGIN

// What ask() gives back. True: the whole answer is there.
struct Reply {
  Status status;
  StopReason stop_reason = StopReason::none;
  std::size_t size = 0;  // bytes of text there were, also when they did not all fit

  constexpr explicit operator bool() const { return static_cast<bool>(status); }
};

template <class Transport>
class Client : public detail::ClientCore {
  using Seam = detail::Seam<Transport>;
  using Bytes = std::remove_reference_t<typename Seam::Face>;

 public:
  // The transport, the memory, the config and all they point to must outlive the client.
  template <std::size_t N>
  Client(Transport& transport, Workspace<N>& memory, const Config& config)
      : Client(transport, Room{memory.bytes}, config) {}
  Client(Transport& transport, Room memory, const Config& config)
      : ClientCore(Seam::rest(memory), config), transport_(Seam::face(transport, memory, config)) {}
  template <std::size_t N>
  Client(Transport& transport, Workspace<N>& memory, const Config&& config) = delete;
  ~Client() { close(); }

  // Starts an exchange. The request and all that its views point to stay unchanged until done().
  // Errors: what is wrong with the request or the config, before anything is sent; busy leaves all as it was.
  Status begin(const Request& request) {
    Error refusal = detail::refusal_of(request);
#if PICOCLAUDE_ENABLE_BUDGET
    if (refusal == Error::none && config_.budget != nullptr) refusal = config_.budget->refusal(request.model);
#endif
#if PICOCLAUDE_ENABLE_CHECK
    const Rule rule = refusal == Error::none ? check(request) : Rule::none;
    if (rule != Rule::none) {
      const Status refused = begin(Error::bad_request, detail::messages_endpoint, &request);
      if (refused.error != Error::busy) status_.native = static_cast<std::int32_t>(rule);
      return refused.error != Error::busy ? status_ : refused;
    }
#endif
    return begin(refusal, detail::messages_endpoint, &request);
  }
  Status begin(const Request&& request) = delete;

#if PICOCLAUDE_CALLS
  // Starts any other call: CountTokens, ListModels, CreateBatch ... It and all that its views point to stay until done().
  Status begin(detail::Call& call) {
    if (phase_ != Phase::idle) return {Error::busy, 0, 0};
    return begin(call.endpoint().answer->start(&call), call.endpoint(), &call);
  }
#endif

  // Makes progress; gives the next event, or none.
  Event next() {
    while (phase_ != Phase::idle) {
      if (in_ != in_end_) {
        Event event;
        if (exchange_.advance(in_, in_end_, event)) return event;
        in_ = in_end_;
      }
      if (exchange_.done() && !is_pausing()) {
#if PICOCLAUDE_ENABLE_MESSAGE_READER
        Event last;
        if (exchange_.take_last(last)) return last;
#endif
        if (conclude()) return {EventKind::retrying, 0, {}};
        continue;
      }
      const std::uint32_t now = transport_.now_ms();
      // Bytes that are here go before a phase's time-out (a program may tick rarely), never before the total one.
      if (now != checked_ms_ && !is_pausing() && total_is_over(now)) {
        expire(now);
        continue;
      }
      checked_ms_ = now;
      if (advance(now)) continue;
      const std::uint32_t left = time_left(now);
      if (left == 0) {
        expire(now);
      } else if (!wait(left)) {
        break;
      }
    }
    return {};
  }

  // Ends the exchange at once: cancelled, unless the answer was complete already. Without one: nothing happens.
  void cancel() {
    if (phase_ == Phase::idle) return;
    exchange_.finish(Error::cancelled);
    close();
    settle(exchange_.error());
  }

  // Closes an idle connection that waits for the next request.
  void disconnect() {
    if (phase_ == Phase::idle) close();
  }

  // Asks, and hands the answer's text to `take(string_view)` as it comes. Needs a transport that waits.
  template <class Take>
  auto ask(const Request& request, Take&& take) -> decltype(take(string_view{}), Reply{}) {
    Reply reply;
    reply.status = ask_each(request, [&](string_view text) {
      reply.size += text.size();
      take(text);
    });
    reply.stop_reason = stop_reason();
    return reply;
  }

  // Asks, and collects the answer's text, terminated by a NUL. Too small a room: out_of_room, the code points that fit,
  // and the size there was.
  template <std::size_t N>
  Reply ask(const Request& request, char (&text)[N]) {
    Reply reply;
    std::size_t used = 0;
    bool full = false;
    reply.status = ask_each(request, [&](string_view part) {
      reply.size += part.size();
      const std::size_t fits = full ? 0 : utf8_cut(part, N - 1 - used);
      put(text + used, {part.data(), fits});
      used += fits;
      full = full || fits != part.size();
    });
    text[used] = '\0';
    reply.stop_reason = stop_reason();
    if (reply.status && full) reply.status.error = Error::out_of_room;
    return reply;
  }

  // The transport's clock.
  std::uint32_t now_ms() { return transport_.now_ms(); }
  static constexpr bool can_wait = detail::HasWait<Bytes>::value;

 private:
  Status begin(Error refusal, const detail::Endpoint& endpoint, const void* subject) {
    if (phase_ != Phase::idle) return {Error::busy, 0, 0};
    status_ = {};
    retry_.begin();
    in_ = in_end_ = memory_.data;
    if (refusal == Error::none) refusal = start(endpoint, subject, detail::IsPlaintext<Bytes>::value);
    if (refusal != Error::none) {
      detail::clear(exchange_);  // what the last one told is not this one's
      status_.error = refusal;
      return status_;
    }
    begun_ms_ = transport_.now_ms();
    attempt(begun_ms_);
    return status_;
  }

  template <class Take>
  Status ask_each(const Request& request, Take take) {
    static_assert(can_wait, "ask() needs a transport that waits: bool wait(std::uint32_t at_most_ms)");
    const Status refused = begin(request);
    if (!refused) return refused;
    while (!done()) {
      const Event event = next();
      if (event.kind == EventKind::text) take(event.text);
      if (!event && !done()) cancel();  // the transport gave control back: a one-shot call cannot wait on
    }
    return status();
  }

  bool wait(std::uint32_t at_most_ms) {
    if constexpr (can_wait) {
      return transport_.wait(at_most_ms);
    } else {
      static_cast<void>(at_most_ms);
      return false;
    }
  }

  void close() {
    if (connected_ != 0 || phase_ == Phase::connecting) transport_.close();
    if (phase_ == Phase::sending) wipe_output();
    connected_ = 0;
    late_ = Io::wait();
  }

  // Begins an attempt: on the open connection if there is one to the same server.
  void attempt(std::uint32_t now) {
    reused_ = connected_ == origin_;
    if (reused_) return enter(Phase::probing, now);
    close();
    connect(now);
  }

  void connect(std::uint32_t now) {
    const string_view host = config_.base_url.host;
    std::memcpy(memory_.data, host.data(), host.size());
    memory_.data[host.size()] = '\0';
    out_ = out_end_ = memory_.data;  // what an earlier attempt did not get rid of is void
    enter(Phase::connecting, now);
  }

  // One call of the transport. False: nothing can be done now.
  bool advance(std::uint32_t now) {
    switch (phase_) {
      case Phase::connecting: return open(now);
      case Phase::probing: return probe(now);
      case Phase::sending: return send(now);
      case Phase::receiving: return receive(now);
      default: return false;
    }
  }

  bool open(std::uint32_t now) {
    const Io io = transport_.open(memory_.data, config_.base_url.port);
    if (io == Io::wait()) return false;
    if (io != Io::ok()) return lose(io, false);
    connected_ = origin_;
    enter(Phase::sending, now);
    return true;
  }

  // Did the server close the connection meanwhile, or send what nobody asked for?
  bool probe(std::uint32_t now) {
    if (transport_.recv(memory_.data, 1) == Io::wait()) {
      enter(Phase::sending, now);
    } else {
      reused_ = false;
      close();
      connect(now);
    }
    return true;
  }

  bool send(std::uint32_t now) {
    if (!has_output()) {
      wipe_output();
      if (!exchange_.done()) enter(Phase::receiving, now);
      return true;
    }
    const auto size = static_cast<std::size_t>(out_end_ - out_);
    const Io io = transport_.send(out_, size);
    if (io.moved_within(size)) {
      out_ += io.size();
      since_ms_ = now;
      return true;
    }
    // The service may have answered already, for example 413: that says more than a failed send.
    if (io.kind() >= Io::Kind::wait && receive(now)) return true;
    return io == Io::wait() ? false : lose(io, false);
  }

  bool receive(std::uint32_t now) {
    const Room into = room();
    if (into.size == 0) {
      exchange_.finish(Error::out_of_room);
      return true;
    }
    // What comes in small pieces is gathered: reading it at once costs much less than piece by piece.
    Bytes& transport = transport_;
    char* to = into.data;
    char* const end = to + into.size;
    const char* const most = into.size < enough ? end : to + enough;
    if (late_ == Io::wait()) {
      do {
        const auto left = static_cast<std::size_t>(end - to);
        const Io io = transport.recv(to, left);
        if (!io.moved_within(left)) {
          late_ = io;
          break;
        }
        to += io.size();
      } while (to < most);
    }
    if (to == into.data) return late_ == Io::wait() ? false : lose(late_, detail::TellsEnd<Bytes>::value);
    in_end_ = to;
    if (!exchange_.complete()) since_ms_ = now;  // tail_ms are for all of the tail
    return true;
  }

  // The connection is gone; what is no answer to the call at all is broken. `proper`: its close is an authenticated end.
  bool lose(Io io, bool proper) {
    const bool closed = io == Io::closed();
    Error error = closed ? Error::connection_closed : Error::transport_broken;
    status_.native = 0;
    if (io.kind() == Io::Kind::failed) {
      error = io.error();
      status_.native = io.native();
    }
    if (error == Error::transport_broken) exchange_.finish(error);  // wherever it was: the program can mend it
    exchange_.ended(closed && proper, error);
    close();
    return true;
  }

  void expire(std::uint32_t now) {
    if (is_pausing()) {
#if PICOCLAUDE_CALLS
      if (phase_ == Phase::resting) begun_ms_ = now;
#endif
      status_ = {};
      if (total_is_over(now)) return settle(Error::total_timeout);
      if (exchange_.restart() != Error::none) return settle(Error::request_changed);
      return attempt(now);
    }
    exchange_.finish(total_is_over(now) ? Error::total_timeout : timeout());
  }

  // The attempt is over: success, another attempt, or failure. True: it will be retried.
  bool conclude() {
    const std::uint32_t now = transport_.now_ms();
    const Error error = exchange_.error();
    const bool silent =
        reused_ && !exchange_.answered() && error >= Error::connection_closed && error <= Error::connection_lost;
    if (!exchange_.reusable() || phase_ == Phase::sending || late_ != Io::wait()) close();
    if (error == Error::none) {
#if PICOCLAUDE_CALLS
      if (goes_on(error, now)) return false;
#endif
      settle(Error::none);
      return false;
    }
    if (silent && may_resend()) {
      reused_ = false;
      if (exchange_.restart() != Error::none) {
        settle(Error::request_changed);
      } else {
        status_ = {};
        connect(now);
      }
      return false;
    }
    Failure failure;
    failure.error = error;
    failure.http = exchange_.answer().status;
    failure.body_sent = exchange_.body_begun() && !Seam::unsent(error);
    failure.answered = exchange_.answered();
    failure.should_retry = exchange_.answer().should_retry;
    failure.should_not = exchange_.answer().should_not;
    if (retries_after(failure, now)) {
      enter(Phase::pausing, now);
      return true;
    }
#if PICOCLAUDE_CALLS
    if (goes_on(error, now)) return true;
#endif
    settle(error);
    return false;
  }

  // Can the whole request be had once more?
  bool may_resend() {
#if PICOCLAUDE_CALLS
    const detail::AnswerBody* const answer = exchange_.answer_body();
    if (answer != nullptr && exchange_.body_begun()) return answer->repeat(exchange_.call()) != detail::Repeat::never;
#endif
    return true;
  }

  static constexpr std::size_t enough = 4096;  // bytes that are read without asking for more

  Io late_ = Io::wait();  // else how the connection ended, behind bytes that are not read yet
  typename Seam::Face transport_;
};

template <class Transport, std::size_t N>
Client(Transport&, Workspace<N>&, const Config&) -> Client<Transport>;

PICOCLAUDE_END
