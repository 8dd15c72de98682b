// A transport whose other end is a script: which connections are answered with which bytes, in which pieces, when, and
// how they end. It keeps what was sent, has its own clock, and can misbehave at any call.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "picoclaude/io/transport.hpp"

// Sources with different switches have scripts of their own; the name is another one than the library's.
#define SCRIPTED_ABI PICOCLAUDE_CAT(with_, PICOCLAUDE_ABI)

namespace scripted {
inline namespace SCRIPTED_ABI {

using picoclaude::Error;
using picoclaude::Io;

inline constexpr std::size_t all = ~std::size_t{0};

// How a connection ends behind an answer's last byte.
enum class Ending {
  keep,          // not at all: silence
  close_notify,  // closed()
  fin,           // an end without close_notify: failed(connection_lost)
  reset,         // failed(connection_lost, 104)
};

struct Answer {
  std::string bytes;
  Ending ending = Ending::keep;
  std::size_t after = all;     // given once so many bytes of the request came; all: the whole request
  std::uint32_t delay_ms = 0;  // from there to the first byte
  std::uint32_t gap_ms = 0;    // between two reads
};

struct Connection {
  std::vector<Answer> answers;   // one for each request
  std::vector<Io> open = {};     // what open() answers before ok()
  Ending idle = Ending::keep;    // what happens behind the last answer's ending `keep`
  std::size_t send_limit = all;  // bytes that the server takes before it only answers wait
  Io refusal = Io::wait();       // what send() answers then
};

// What goes wrong at one call of the transport.
enum class Wrong { end, reset, silence, storm, one_byte, corrupt, impossible, late };
inline constexpr Wrong wrongs[] = {Wrong::end, Wrong::reset, Wrong::silence, Wrong::storm, Wrong::one_byte,
    Wrong::corrupt, Wrong::impossible, Wrong::late};

// A request that arrived whole.
struct Post {
  std::size_t connection = 0;
  unsigned nth = 0;       // on its connection, from 0
  std::size_t given = 0;  // bytes of its answer that were read
  std::string_view answer = {};
  bool ended = false;  // the server ended the connection before the client closed it
};

struct Fault {
  unsigned long at = 0;  // the number of the call of open, send or recv, from 1; 0: none
  Wrong wrong = Wrong::reset;
  bool persistent = false;  // from that call on
};

// Without wait(): for programs that tick.
class Ticking {
 public:
  static constexpr bool tells_end = true;

  std::vector<Connection> script;
  std::size_t read_size = all;  // bytes of one recv(); pieces come apart: behind each there is nothing for one call
  std::size_t send_size = all;  // bytes of one send()
  std::size_t cut = all;        // a recv() ends at this byte of the connection
  std::uint32_t now = 1000;
  std::uint32_t cost_ms = 0;  // how long each call takes
  Fault fault;

  // What happened.
  std::vector<std::string> sent;   // by connection
  std::vector<std::string> hosts;  // "host:port", by connection
  unsigned long calls = 0;         // of open, send and recv
  unsigned closes = 0;
  unsigned requests = 0;  // that arrived whole
  std::size_t given = 0;  // bytes received by the client, all connections
  std::vector<Post> posts;

  // The request of connection `at`, or nothing.
  std::string_view request(std::size_t at) const {
    return at < sent.size() ? std::string_view(sent[at]) : std::string_view();
  }
  std::size_t opened() const { return sent.size(); }
  bool is_open() const { return open_; }

  // Memory for what will be sent, so that nothing is allocated later.
  void reserve(std::size_t connections, std::size_t bytes) {
    spare_.clear();
    spare_hosts_.clear();
    sent.reserve(connections);
    posts.reserve(connections * 4);
    hosts.reserve(connections);
    for (std::size_t i = 0; i < connections; ++i) {
      spare_.emplace_back();
      spare_.back().reserve(bytes);
      spare_hosts_.emplace_back();
      spare_hosts_.back().reserve(280);
    }
  }

  // The script is played from its beginning.
  void forget() {
    next_ = opening_ = 0;
    sent.clear();
    hosts.clear();
    posts.clear();
    silent_ = false;
    due_ = due_send_ = {};
  }

  // ---- the transport ------------------------------------------------------------------------------------------------

  Io open(const char* host, std::uint16_t port) {
    tick();
    if (open_) fail("open() on an open connection");
    if (faulty()) {
      switch (fault.wrong) {
        case Wrong::end: return Io::closed();
        case Wrong::reset: return Io::failed(Error::connect_failed, 111);
        case Wrong::silence: silent_ = true; break;
        case Wrong::storm:
          if (storm()) return Io::wait();
          break;
        case Wrong::impossible: return Io::moved(1);
        case Wrong::late:
          if (delay(late_, due_)) return Io::wait();
          break;
        default: break;
      }
    }
    if (silent_ || now_before(due_)) return Io::wait();
    if (next_ >= script.size()) return Io::failed(Error::connect_failed, 111);
    if (opening_ < script[next_].open.size()) {
      const Io io = script[next_].open[opening_++];
      if (io.kind() != Io::Kind::ok && io.kind() != Io::Kind::wait) {
        ++next_;  // the next attempt is the next line of the script
        opening_ = 0;
      }
      if (io.kind() != Io::Kind::ok) return io;
    }
    opening_ = 0;
    current_ = next_++;
    open_ = true;
    apart_ = soon_ = false;
    answer_ = 0;
    begin_ = head_ = 0;
    at_ = 0;
    received_ = 0;
    due_ = due_send_ = {};
    whole_ = answering_ = false;
    take_spare(spare_, sent);
    take_spare(spare_hosts_, hosts);
    char number[280];
    std::snprintf(number, sizeof number, "%s:%u", host, static_cast<unsigned>(port));
    hosts.back() = number;
    return Io::ok();
  }

  Io send(const char* data, std::size_t size) {
    tick();
    if (!open_) fail("send() without a connection");
    if (size == 0) fail("send() of nothing");
    std::size_t most = send_size < size ? send_size : size;
    bool corrupt = false;
    if (faulty()) {
      switch (fault.wrong) {
        case Wrong::end: ended_ = Ending::close_notify; break;
        case Wrong::reset: ended_ = Ending::reset; break;
        case Wrong::silence: silent_ = true; break;
        case Wrong::storm:
          if (storm()) return Io::wait();
          break;
        case Wrong::one_byte: most = 1; break;
        case Wrong::corrupt: corrupt = true; break;
        case Wrong::impossible: return impossible(size);
        case Wrong::late:
          if (delay(late_send_, due_send_)) return Io::wait();
          break;
      }
    }
    if (ended_ != Ending::keep) return end();
    if (silent_ || now_before(due_send_)) return Io::wait();
    std::string& to = sent.back();
    const std::size_t limit = connection().send_limit;
    if (to.size() >= limit) return connection().refusal;
    if (most > limit - to.size()) most = limit - to.size();
    to.append(data, most);
    if (corrupt) to[to.size() - most] = static_cast<char>(to[to.size() - most] ^ 0x40);
    look_for_request();
    return Io::moved(most);
  }

  Io recv(char* data, std::size_t room) {
    tick();
    if (!open_) fail("recv() without a connection");
    if (room == 0) fail("recv() into nothing");
    std::size_t most = read_size < room ? read_size : room;
    bool corrupt = false;
    if (faulty()) {
      switch (fault.wrong) {
        case Wrong::end: ended_ = Ending::close_notify; break;
        case Wrong::reset: ended_ = Ending::reset; break;
        case Wrong::silence: silent_ = true; break;
        case Wrong::storm:
          if (storm()) return Io::wait();
          break;
        case Wrong::one_byte: most = 1; break;
        case Wrong::corrupt: corrupt = true; break;
        case Wrong::impossible: return impossible(room);
        case Wrong::late:
          if (delay(late_, due_)) return Io::wait();
          break;
      }
    }
    if (ended_ != Ending::keep) return end();
    if (silent_) return Io::wait();
    if (apart_) {
      apart_ = false;
      soon_ = true;
      return Io::wait();
    }
    return give(data, most, corrupt);
  }

  void close() {
    if (open_ && !posts.empty() && posts.back().connection + 1 == sent.size())
      posts.back().ended = ended_ != Ending::keep;
    open_ = false;
    ended_ = Ending::keep;
    if (!fault.persistent) silent_ = false;
    opening_ = 0;
    ++closes;
  }

  std::uint32_t now_ms() { return now; }

 protected:
  // When something will happen by itself, at most `at_most_ms` from now.
  std::uint32_t pause(std::uint32_t at_most_ms) const {
    if (storming_ != 0 && at_most_ms != 0) return 1;  // bytes may move, says the system, again and again
    for (const Moment due : {due_, due_send_}) {
      if (now_before(due) && due.at - now < at_most_ms) at_most_ms = due.at - now;
    }
    return at_most_ms;
  }

 private:
  [[noreturn]] static void fail(const char* why) {
    std::fprintf(stderr, "scripted: %s\n", why);
    std::abort();
  }

  void tick() {
    now += cost_ms;
    if (++calls > 50'000'000) fail("the client calls and calls");
  }

  bool faulty() const {
    return fault.at != 0 && (fault.persistent ? calls >= fault.at : calls == fault.at || storming_ != 0);
  }

  // Nothing for the next 40 calls. True: still nothing.
  bool storm() {
    if (fault.persistent) return true;
    if (storming_ == 0) storming_ = 40;
    return --storming_ != 0;
  }

  // A time to come, or none.
  struct Moment {
    bool is_set = false;
    std::uint32_t at = 0;
  };
  // This call's turn comes 1.5 s later. True: not yet.
  bool delay(bool& late, Moment& due) {
    if (now_before(due)) return true;
    if (late) {
      late = false;
      return false;
    }
    late = true;
    due = {true, now + 1500};
    return true;
  }

  Io impossible(std::size_t size) {
    switch (calls % 3) {
      case 0: return Io::moved(0);
      case 1: return Io::moved(size + 1);
      default: return Io::ok();
    }
  }

  bool now_before(Moment due) const { return due.is_set && static_cast<std::int32_t>(now - due.at) < 0; }

  const Connection& connection() const { return script[current_]; }

  Io end() const {
    switch (ended_) {
      case Ending::close_notify: return Io::closed();
      case Ending::fin: return Io::failed(Error::connection_lost, 0);
      case Ending::reset: return Io::failed(Error::connection_lost, 104);
      default: return Io::wait();
    }
  }

  // Did a whole request arrive, or enough of one?
  void look_for_request() {
    if (!whole_) {
      const std::string& bytes = sent.back();
      if (head_ == 0) {
        const std::size_t blank = bytes.find("\r\n\r\n", begin_);
        if (blank != std::string::npos) {
          head_ = blank + 4;
          chunked_ = bytes.find("transfer-encoding: chunked\r\n", begin_) < blank;
          const std::size_t length = bytes.find("content-length: ", begin_);
          end_ = head_;
          if (length < blank) end_ += std::strtoul(bytes.c_str() + length + 16, nullptr, 10);
        }
      }
      // Enough for these tests, whose bodies hold no such bytes elsewhere.
      if (chunked_ && head_ != 0 && bytes.compare(bytes.size() - 5, 5, "0\r\n\r\n") == 0) {
        chunked_ = false;
        end_ = bytes.size();
      }
      if (head_ != 0 && !chunked_ && bytes.size() >= end_) {
        whole_ = true;
        ++requests;
        posts.push_back({sent.size() - 1, static_cast<unsigned>(answer_), 0, {}, false});
      }
    }
    if (answer_ >= connection().answers.size()) return;
    const Answer& answer = connection().answers[answer_];
    if (!answering_ && (whole_ || sent.back().size() - begin_ >= answer.after)) {
      answering_ = true;
      due_ = {true, now + answer.delay_ms};
    }
  }

  Io give(char* data, std::size_t most, bool corrupt) {
    if (answer_ >= connection().answers.size()) {
      ended_ = connection().idle;
      return end();
    }
    const Answer& answer = connection().answers[answer_];
    if (!answering_ && answer.after == 0) answering_ = true;
    if (!answering_ || now_before(due_)) return Io::wait();
    const std::size_t left = answer.bytes.size() - at_;
    if (left == 0) {
      ended_ = answer.ending;
      return end();
    }
    if (most > left) most = left;
    if (received_ < cut && most > cut - received_) most = cut - received_;
    apart_ = most < left && (most == read_size || received_ + most == cut);
    std::memcpy(data, answer.bytes.data() + at_, most);
    if (corrupt) data[0] = static_cast<char>(data[0] ^ 0x40);
    at_ += most;
    received_ += most;
    if (whole_) {
      posts.back().given += most;
      posts.back().answer = answer.bytes;
    }
    given += most;
    if (answer.gap_ms != 0) due_ = {true, now + answer.gap_ms};
    if (at_ == answer.bytes.size() && answer.ending == Ending::keep && whole_) {
      ++answer_;
      at_ = 0;
      begin_ = end_;
      head_ = 0;
      whole_ = answering_ = false;
    }
    return Io::moved(most);
  }

  static void take_spare(std::vector<std::string>& spare, std::vector<std::string>& to) {
    if (spare.empty()) {
      to.emplace_back();
    } else {
      to.push_back(std::move(spare.back()));
      spare.pop_back();
    }
  }

  std::vector<std::string> spare_;
  std::vector<std::string> spare_hosts_;
  std::size_t answer_ = 0;    // of the connection's answers
  std::size_t at_ = 0;        // bytes of it that were given
  std::size_t received_ = 0;  // bytes of the connection that were given
  std::size_t current_ = 0;   // line of the script that plays
  std::size_t next_ = 0;      // line that the next connection plays
  std::size_t opening_ = 0;
  std::size_t begin_ = 0;  // of the request at work, in sent
  std::size_t head_ = 0;   // end of its head; 0: not seen yet
  std::size_t end_ = 0;    // of the request
  Moment due_;             // of the next read, or of the connection
  Moment due_send_;        // of the next write
  unsigned storming_ = 0;
  bool late_ = false;
  bool late_send_ = false;
  bool apart_ = false;  // the next piece is not there yet
  bool open_ = false;
  bool whole_ = false;
  bool chunked_ = false;  // the request at work, and it is not whole yet
  bool answering_ = false;
  bool silent_ = false;
  Ending ended_ = Ending::keep;

 protected:
  bool soon_ = false;  // it is there when somebody has waited for it
};

// With wait(): for programs that block. Time passes only here.
class Blocking : public Ticking {
 public:
  unsigned waits = 0;
  std::uint32_t waited_ms = 0;
  bool gives_up = false;  // wait() gives control back

  bool wait(std::uint32_t at_most_ms) {
    if (soon_) {
      soon_ = false;
      return true;
    }
    ++waits;
    if (gives_up) return false;
    if (waits > 5'000'000) std::abort();
    const std::uint32_t passed = pause(at_most_ms);
    waited_ms += passed;
    now += passed;
    return true;
  }
};

// Plain TCP below: the end of the connection proves nothing.
class Unproven : public Blocking {
 public:
  static constexpr bool tells_end = false;
};

// ---- answers --------------------------------------------------------------------------------------------------------

inline std::string hex(std::size_t size) {
  char digits[20];
  std::snprintf(digits, sizeof digits, "%zx", size);
  return digits;
}

// The body in chunks of `size` bytes.
inline std::string chunked(std::string_view body, std::size_t size = all) {
  std::string out;
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, size);
    out += hex(chunk.size()) + "\r\n" + std::string(chunk) + "\r\n";
    body.remove_prefix(chunk.size());
  }
  return out + "0\r\n\r\n";
}

// A whole answer: 200, an event stream in chunks.
inline std::string streamed(std::string_view body, std::size_t chunk = all) {
  return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n"
         "request-id: req_1\r\n\r\n" +
      chunked(body, chunk);
}

// A whole answer: 200, an event stream up to the end of the connection.
inline std::string unframed(std::string_view body) {
  return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + std::string(body);
}

// A whole answer with a body of a stated length.
inline std::string with_length(std::string_view first_line, std::string_view headers, std::string_view body) {
  return std::string(first_line) + "\r\n" + std::string(headers) + "content-length: " + std::to_string(body.size()) +
      "\r\n\r\n" + std::string(body);
}

// A short, complete answer: "Hi!".
inline constexpr std::string_view hello =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
    R"("model":"m","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":1}}})"
    "\n\n"
    "event: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
    "\n\n"
    "event: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi!"}})"
    "\n\n"
    "event: content_block_stop\n"
    R"(data: {"type":"content_block_stop","index":0})"
    "\n\n"
    "event: message_delta\n"
    R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":3}})"
    "\n\n"
    "event: message_stop\n"
    R"(data: {"type":"message_stop"})"
    "\n\n";

}  // namespace SCRIPTED_ABI
}  // namespace scripted
