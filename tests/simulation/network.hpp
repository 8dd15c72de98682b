// The simulated network with its server and clock, as a transport. It cuts, delays, blocks, breaks and corrupts as
// chance has it, keeps a ledger of every attempt, and complains when the client breaks a rule.
#pragma once
#include "simulation/answer.hpp"

namespace simulation {
inline namespace SIMULATION_ABI {

using picoclaude::Io;

// How a connection breaks.
enum class Break : std::uint8_t { none, close_notify, fin, reset, hang, impossible };

// One attempt of the client to have its request answered.
struct Attempt {
  Facts answer;
  bool is_reused = false;            // on a connection that served before
  bool is_open = false;              // the connection was made
  bool is_whole = false;             // the server got the whole request
  bool is_told = false;              // the program got a piece of the answer
  std::uint32_t handed = 0;          // bytes of the request that the transport took
  std::uint32_t read = 0;            // bytes of the answer that the client got
  std::uint32_t corrupt_at = never;  // the first byte that is not the server's
  bool is_letter = false;            // only one letter of the text is another
  bool is_closed = false;            // the last word was a close_notify
  bool is_broken = false;            // the last word was impossible
  Error end = Error::none;           // the last word of the network; none: it was silent
  std::uint32_t begun_ms = 0;
  std::uint32_t progress_ms = 0;  // when something moved last
};

// What the weather will be like for one attempt.
struct Weather {
  Error open_error = Error::none;
  Break open = Break::none;
  std::uint32_t open_delay_ms = 0;
  std::uint32_t send_break_at = never;
  Break send_break = Break::none;
  std::uint32_t read_break_at = never;
  Break read_break = Break::none;
  std::uint32_t early_at = never;  // the server answers when so much of the request came
  std::uint32_t first_delay_ms = 0;
  std::uint32_t gap_at = never;
  std::uint32_t gap_ms = 0;
  std::uint32_t flip_at = never;
  std::uint32_t garbage_at = never;
  std::uint32_t read_size = never;
  std::uint32_t send_size = never;
  Break behind = Break::none;  // behind a whole answer
  bool has_late_data = false;  // the server says more than was asked for
};

class Network {
 public:
  static constexpr unsigned max_attempts = 16;
  static constexpr std::uint32_t calls_a_step = 130;  // of the client before it looks at the clock again

  Network(Random& random, Trace& trace) : random_(random), trace_(trace) {}

  // What the session sets.
  std::uint32_t now = 0;
  std::uint32_t call_ms = 0;  // how long a call takes at most
  std::uint32_t first_byte_ms = 0;
  std::uint32_t idle_ms = 0;
  bool is_healthy = false;
  bool wants_message = false;
  std::string_view expected;  // the request
  std::uint32_t head_size = 0;

  // What happened in this exchange.
  Attempt attempts[max_attempts];
  unsigned count = 0;
  const char* complaint = nullptr;
  Script script;

  void begin_exchange() {
    if (open_ && is_sending_) leave_rest();
    count = 0;
    if (is_healthy && late_at_ != never) late_at_ = moment(now);
  }
  // The program has the word: what moved was told.
  void pause() { must_not_wait_ = false; }
  Attempt* last() { return count == 0 ? nullptr : &attempts[count - 1]; }
  void complain(const char* what) {
    if (complaint == nullptr) complaint = what;
  }

  Io open(const char* host, std::uint16_t port) {
    if (std::string_view(host) != "api.anthropic.com" || port != 443) complain("another host was called");
    if (open_) complain("open() on an open connection");
    if (!opening_) {
      opening_ = true;
      begin_attempt();
      due_ = now + weather_.open_delay_ms;
    }
    const Io io = opened();
    if (io.kind() != Io::Kind::wait) opening_ = false;
    if (io.kind() == Io::Kind::ok) {
      open_ = true;
      served_ = 0;
      ended_ = Break::none;
      late_at_ = never;
      is_spoilt_ = false;
      last()->is_open = true;
      progress();
    }
    return told("open", io);
  }

  Io send(const char* data, std::size_t size) {
    if (!open_ || size == 0) complain("send() without a connection, or of nothing");
    if (is_sending_ && last()->is_whole && last()->corrupt_at != never) leave_rest();
    if (!is_sending_) {
      if (is_spoilt_) complain("a connection was kept that said what nobody asked for");
      if (served_ == 0) complain("a request on a connection that did not serve");
      begin_attempt();
      last()->is_reused = last()->is_open = true;
      progress();
    }
    Attempt& attempt = *last();
    std::uint32_t most = part(size, weather_.send_size);
    if (ended_ != Break::none) return told("send", end());
    if (is_blocked()) return told("send", Io::wait());
    if (weather_.send_break_at <= attempt.handed) return told("send", broken(weather_.send_break, size));
    if (most > weather_.send_break_at - attempt.handed) most = weather_.send_break_at - attempt.handed;
    const bool fits = most <= expected.size() - attempt.handed;
    if (!fits || expected.substr(attempt.handed, most) != std::string_view(data, most)) {
      complain("another request was sent");
      return Io::failed(0);
    }
    attempt.handed += most;
    progress();
    if (attempt.handed == expected.size()) attempt.is_whole = true;
    if (due_answer_ == never && (attempt.is_whole || attempt.handed >= weather_.early_at)) answer();
    return told("send", Io::moved(most));
  }

  Io recv(char* data, std::size_t room) {
    if (!open_ || room == 0) complain("recv() without a connection, or into nothing");
    if (ended_ != Break::none) return told("recv", end());
    if (!is_sending_) return told("recv", idle(data, room));
    if (due_answer_ == never || is_blocked() || !is_over(due_answer_)) return told("recv", Io::wait());
    return told("recv", give(data, room));
  }

  void close() {
    trace_.add("close", 0);
    open_ = opening_ = is_sending_ = false;
    due_answer_ = late_at_ = never;
  }

  std::uint32_t now_ms() const { return now; }

 protected:
  // When something can happen, `at_most_ms` from now at the latest.
  std::uint32_t nearest(std::uint32_t at_most_ms) {
    if (must_not_wait_) complain("wait() although bytes moved");
    if (at_most_ms == 0) complain("wait() for no time");
    if (is_spurious_) return random_.below(2);
    const std::uint32_t due = opening_ ? due_ : due_answer_;
    if (due != never && !is_over(due) && due - now < at_most_ms) return due - now;
    return at_most_ms;
  }

  Random& random_;
  Trace& trace_;

 private:
  // A time that is not the one which stands for none.
  static std::uint32_t moment(std::uint32_t time) { return time == never ? 0 : time; }
  bool is_over(std::uint32_t due) const { return static_cast<std::int32_t>(now - due) >= 0; }

  // Bytes that one call moves.
  std::uint32_t part(std::size_t room, std::uint32_t most) {
    auto size = static_cast<std::uint32_t>(room);
    if (size > most) size = most;
    return is_healthy || size < 2 || most == 1 || random_.one_in(4) ? size : random_.between(1, size);
  }

  // Nothing now, for no reason.
  bool is_blocked() {
    is_spurious_ = !is_healthy && random_.one_in(10);
    return is_spurious_;
  }

  void progress() { last()->progress_ms = now; }

  // Time passes in calls too.
  Io told(const char* call, Io io) {
    must_not_wait_ = io.kind() == Io::Kind::moved || io.kind() == Io::Kind::ok;
    trace_.add(call, static_cast<std::uint32_t>(io.kind()), static_cast<std::uint32_t>(io.size()));
    if (call_ms != 0 && random_.one_in(4)) now += random_.between(1, call_ms);
    return io;
  }

  Io opened() {
    if (is_blocked() || weather_.open == Break::hang || !is_over(due_)) return Io::wait();
    Attempt& attempt = *last();
    attempt.end = weather_.open_error;
    if (weather_.open == Break::impossible) {
      attempt.is_broken = true;
      return Io::moved(1);
    }
    if (weather_.open_error == Error::connection_closed) return Io::closed();
    return weather_.open_error != Error::none ? Io::failed(weather_.open_error, 7) : Io::ok();
  }

  // The connection breaks now.
  Io broken(Break how, std::size_t size) {
    if (how == Break::impossible) {
      last()->is_broken = true;
      return random_.one_in(2) ? Io::moved(0) : random_.one_in(2) ? Io::moved(size + 1) : Io::ok();
    }
    ended_ = how;
    return end();
  }

  Io end() {
    Attempt nobodys;  // between two exchanges
    Attempt& attempt = count == 0 ? nobodys : *last();
    attempt.is_closed = ended_ == Break::close_notify;
    switch (ended_) {
      case Break::close_notify: attempt.end = Error::connection_closed; return Io::closed();
      case Break::fin: attempt.end = Error::connection_lost; return Io::failed(Error::connection_lost, 0);
      case Break::reset: attempt.end = Error::connection_lost; return Io::failed(Error::connection_lost, 104);
      default: is_spurious_ = false; return Io::wait();
    }
  }

  // Behind a whole answer, and before the next request.
  Io idle(char* data, std::size_t room) {
    if (late_at_ != never && is_over(late_at_)) {
      const std::uint32_t size = part(room, 40);
      for (std::uint32_t i = 0; i < size; ++i) data[i] = "HTTP/1.1 200 OK\r\n"[i % 17];
      late_at_ = never;
      if (script.until_close && count != 0) corrupt(script.size);
      return Io::moved(size);
    }
    if (weather_.behind == Break::none) return Io::wait();
    ended_ = weather_.behind;
    return end();
  }

  void begin_attempt() {
    if (count == max_attempts) std::abort();
    Attempt& attempt = attempts[count++];
    attempt = {};
    attempt.begun_ms = attempt.progress_ms = now;
    weather_ = {};
    is_sending_ = true;
    due_answer_ = never;
    at_ = 0;
    make_answer();
    if (!is_healthy) make_weather();
    if (open_ && late_at_ != never) weather_.garbage_at = 0;  // what nobody asked for comes first
    if (is_healthy && script.until_close) weather_.behind = Break::close_notify;
    attempt.answer = script;
    trace_.add("attempt", count, script.http);
  }

  void make_answer() {
    Writer writer(script, random_);
    const unsigned kind = is_healthy ? 0 : random_.below(10);
    if (kind < 6 && wants_message) {
      writer.message();
    } else if (kind < 6) {
      writer.stream(is_healthy);
    } else if (kind < 9) {
      writer.service_status();
    } else {
      writer.page();
    }
    writer.frame(!(is_healthy && wants_message));
  }

  std::uint32_t delay(std::uint32_t limit_ms) {
    switch (random_.below(4)) {
      case 0: return limit_ms == 0 ? 10 : limit_ms - random_.below(limit_ms < 3 ? limit_ms : 3);
      case 1: return limit_ms + random_.below(2);
      default: return random_.below(limit_ms == 0 ? 50 : limit_ms);
    }
  }

  void make_weather() {
    constexpr std::uint32_t sizes[] = {never, never, never, never, never, 1, 7, 100};
    weather_.read_size = random_.of(sizes);
    weather_.send_size = random_.of(sizes);
    const auto request = static_cast<std::uint32_t>(expected.size());
    switch (random_.below(24)) {
      case 0: {
        constexpr Error errors[] = {Error::name_not_found, Error::connect_failed, Error::connection_closed,
            Error::transport_failed, Error::tls_wrong_host, Error::tls_failed};
        weather_.open_error = random_.of(errors);
        break;
      }
      case 1: weather_.open = random_.one_in(8) ? Break::impossible : Break::hang; break;
      case 2: weather_.open_delay_ms = delay(200); break;
      case 3:
      case 4:
        weather_.send_break_at = random_.below(request);
        weather_.send_break = a_break();
        break;
      case 5: weather_.early_at = random_.below(request); break;
      case 6:
      case 7:
      case 8:
        weather_.read_break_at = random_.one_in(4) ? 0 : random_.below(script.size + 1);
        weather_.read_break = a_break();
        break;
      case 9: weather_.first_delay_ms = delay(first_byte_ms); break;
      case 10:
        weather_.gap_at = random_.below(script.size + 1);
        weather_.gap_ms = delay(idle_ms);
        break;
      case 11: weather_.flip_at = script.letter_at; break;
      case 12: weather_.flip_at = random_.below(script.size); break;
      case 13: weather_.garbage_at = random_.below(script.size + 1); break;
      default: break;
    }
    constexpr Break behind[] = {Break::none, Break::none, Break::none, Break::close_notify, Break::fin, Break::reset};
    weather_.behind = random_.of(behind);
    weather_.has_late_data = random_.one_in(20);
  }

  Break a_break() {
    constexpr Break breaks[] = {Break::close_notify, Break::fin, Break::reset, Break::reset, Break::hang};
    return random_.one_in(32) ? Break::impossible : random_.of(breaks);
  }

  // The server begins to answer.
  void answer() { due_answer_ = moment(now + weather_.first_delay_ms); }

  Io give(char* data, std::size_t room) {
    Attempt& attempt = *last();
    if (at_ >= weather_.read_break_at) return broken(weather_.read_break, room);
    if (at_ == weather_.garbage_at) return garbage(data, room);
    if (at_ == script.size) return behind();
    std::uint32_t size = part(room, weather_.read_size);
    for (const std::uint32_t stop : {script.size, weather_.read_break_at, weather_.gap_at, weather_.garbage_at}) {
      if (stop > at_ && size > stop - at_) size = stop - at_;
    }
    if (at_ == weather_.gap_at) {
      weather_.gap_at = never;
      due_answer_ = moment(now + weather_.gap_ms);
      return Io::wait();
    }
    std::memcpy(data, script.bytes.data() + at_, size);
    if (weather_.flip_at >= at_ && weather_.flip_at < at_ + size) flip(data);
    at_ += size;
    attempt.read += size;
    progress();
    attempt.end = Error::none;
    if (at_ == script.size && attempt.is_whole) {
      finish();
      if (late_at_ != never && size < room && random_.one_in(2)) {
        data[size++] = 'H';
        late_at_ = never;
        is_spoilt_ = true;
        if (script.until_close) corrupt(script.size);
      }
    }
    return Io::moved(size);
  }

  void flip(char* data) {
    Attempt& attempt = *last();
    char& c = data[weather_.flip_at - at_];
    const bool is_letter = weather_.flip_at == script.letter_at;
    c = static_cast<char>(is_letter ? 'A' + (c - 'a') : c ^ (1 << random_.below(8)));
    if (attempt.corrupt_at <= weather_.flip_at) return;  // there was garbage before
    attempt.is_letter = is_letter;
    attempt.corrupt_at = weather_.flip_at;
  }
  // From here on the bytes are not the server's.
  void corrupt(std::uint32_t at) {
    Attempt& attempt = *last();
    if (attempt.corrupt_at > at) attempt.corrupt_at = at;
    if (attempt.answer.decided_at > at) attempt.is_letter = false;
  }

  Io garbage(char* data, std::size_t room) {
    Attempt& attempt = *last();
    const std::uint32_t size = part(room, 30);
    for (std::uint32_t i = 0; i < size; ++i) data[i] = static_cast<char>(random_.below(256));
    corrupt(at_);
    weather_.garbage_at = never;
    attempt.end = Error::none;
    ++attempt.read;  // a byte of an answer came
    progress();
    return Io::moved(size);
  }

  // The client took corrupt bytes for a whole answer: what is left comes when nobody asked for it.
  void leave_rest() {
    if (last()->corrupt_at == never) complain("a connection was kept whose answer is not over");
    finish();
    late_at_ = moment(now);
  }
  // The whole answer was given, and the request was whole.
  void finish() {
    ++served_;
    is_sending_ = false;
    if (weather_.has_late_data) late_at_ = moment(now + random_.below(3));
  }
  Io behind() {
    if (weather_.behind == Break::none) return Io::wait();
    ended_ = weather_.behind;
    return end();
  }

  Weather weather_;
  bool open_ = false;
  bool opening_ = false;
  bool is_sending_ = false;  // a request is at work
  bool is_spurious_ = false;
  bool must_not_wait_ = false;
  Break ended_ = Break::none;
  bool is_spoilt_ = false;  // it gave more than the answers
  unsigned served_ = 0;     // answers on this connection
  std::uint32_t at_ = 0;
  std::uint32_t due_ = 0;
  std::uint32_t due_answer_ = never;
  std::uint32_t late_at_ = never;
};

// For programs that block. Its closed() is authenticated.
class Blocking : public Network {
 public:
  using Network::Network;
  static constexpr bool tells_end = true;
  static constexpr bool is_ticking = false;

  std::uint32_t longest_ms = 0;  // that a wait() may ask for
  std::uint32_t oversleep_ms = 0;

  bool wait(std::uint32_t at_most_ms) {
    if (at_most_ms > longest_ms) complain("wait() beyond every limit");
    std::uint32_t passed = nearest(at_most_ms);
    if (oversleep_ms != 0 && random_.one_in(8)) passed += random_.between(1, oversleep_ms);
    now += passed;
    trace_.add("wait", at_most_ms, passed);
    return is_healthy || !random_.one_in(16);  // false: control goes back to the program
  }
};

// For programs that tick. Its closed() proves nothing.
class Ticking : public Network {
 public:
  using Network::Network;
  static constexpr bool is_ticking = true;
};

}  // namespace SIMULATION_ABI
}  // namespace simulation
