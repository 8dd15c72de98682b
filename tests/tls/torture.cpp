// Torture over real TLS: every call of the socket that moves bytes goes wrong in every way, in both directions. The
// status is the one of the table, the same client asks again and is answered, and the server sees no request twice.
#include "../support/run.hpp"
#include "../support/tls_client.hpp"

using namespace test;
using picoclaude::Client;
using picoclaude::Config;
using picoclaude::MbedtlsTransport;
using picoclaude::name;
using scripted::Fault;
using scripted::Outcome;
using scripted::Wrong;

namespace {

const char* const host = "api.example.test";
const std::string whole = scripted::streamed(scripted::hello);

// Where a call stands in a session.
enum class Stage { open, handshake, send, first, answer, tail };

// The socket, with a fault at the call that is the n-th to move bytes. What was silent passes in no time.
class Faulty {
 public:
  picoclaude::Socket socket;
  Fault fault;
  unsigned long calls = 0;
  Stage stage = Stage::open;
  bool is_hit = false;
  Stage hit = Stage::open;

  Faulty() { socket.resolve_with(at_loopback); }

  Io open(const char* where, std::uint16_t port) {
    stage = Stage::open;
    if (is_over()) return ended_;
    if (!is_open_) {
      const Io io = socket.open(where, port);
      if (io.kind() != Io::Kind::ok) return io;
      is_open_ = true;
    }
    if (!is_due() || fault.wrong == Wrong::one_byte || fault.wrong == Wrong::corrupt) return Io::ok();
    const Io wrong = go_wrong(1);
    return fault.wrong == Wrong::reset ? Io::failed(Error::connect_failed, 111) : wrong;
  }

  Io send(const char* data, std::size_t size) {
    if (stage == Stage::open) stage = Stage::handshake;
    if (is_over()) return ended_;
    if (!is_due()) return socket.send(data, size);
    if (fault.wrong == Wrong::one_byte) return socket.send(data, 1);
    if (fault.wrong != Wrong::corrupt) return go_wrong(size);
    std::string bytes(data, size);
    bytes[size / 2] = static_cast<char>(bytes[size / 2] ^ 0x10);
    return socket.send(bytes.data(), size);
  }

  Io recv(char* data, std::size_t room) {
    if (stage == Stage::open) stage = Stage::handshake;
    if (is_over()) return ended_;
    if (held_.empty()) {
      std::string bytes(room, '\0');
      const Io io = socket.recv(bytes.data(), room);
      if (io.kind() != Io::Kind::moved) return io;
      held_ = bytes.substr(0, io.size());
    }
    std::size_t most = room < held_.size() ? room : held_.size();
    if (is_due()) {
      if (fault.wrong != Wrong::one_byte && fault.wrong != Wrong::corrupt) return go_wrong(room);
      if (fault.wrong == Wrong::one_byte) most = 1;
      if (fault.wrong == Wrong::corrupt) held_[most / 2] = static_cast<char>(held_[most / 2] ^ 0x10);
    }
    std::memcpy(data, held_.data(), most);
    held_.erase(0, most);
    return Io::moved(most);
  }

  void close() {
    socket.close();
    held_.clear();
    ended_ = Io::wait();
    storming_ = 0;
    is_open_ = is_silent_ = is_late_ = is_passed_ = false;
  }
  std::uint32_t now_ms() { return socket.now_ms() + skipped_ms_; }

  bool wait(std::uint32_t at_most_ms) {
    if (is_passed_) return true;  // what was blocked no longer is
    if (is_silent_ || is_late_ || storming_ != 0 || !held_.empty()) {
      skipped_ms_ += storming_ != 0                      ? 1
          : is_late_ && late_ms_ - now_ms() < at_most_ms ? late_ms_ - now_ms()
                                                         : at_most_ms;
      return true;
    }
    if (!is_hit || fault.wrong != Wrong::corrupt) return socket.wait(at_most_ms);
    // A corrupt length may leave both ends waiting.
    const std::uint32_t before = socket.now_ms();
    socket.wait(at_most_ms < 50 ? at_most_ms : 50);
    if (socket.now_ms() - before >= 50 && at_most_ms > 50) skipped_ms_ += at_most_ms - 50;
    return true;
  }

 private:
  // Is this the call?
  bool is_due() {
    if (is_passed_) return is_passed_ = false;
    ++calls;
    const bool due = fault.at != 0 && (fault.persistent ? calls >= fault.at : calls == fault.at);
    if (due && !is_hit) {
      is_hit = true;
      hit = stage;
    }
    return due;
  }
  // Nothing moves, or never again.
  bool is_over() {
    if (is_late_ && static_cast<std::int32_t>(now_ms() - late_ms_) >= 0) {
      is_late_ = false;
      is_passed_ = true;
    }
    if (storming_ != 0) {
      if (--storming_ != 0) return true;
      is_passed_ = true;
    }
    return is_silent_ || is_late_ || ended_.kind() != Io::Kind::wait;
  }

  Io go_wrong(std::size_t size) {
    switch (fault.wrong) {
      case Wrong::end: return ended_ = Io::closed();
      case Wrong::reset: return ended_ = Io::failed(Error::connection_lost, 104);
      case Wrong::impossible: return calls % 2 == 0 ? Io::moved(0) : Io::moved(size + 1);
      case Wrong::late:
        is_late_ = true;
        late_ms_ = now_ms() + 1500;
        break;
      case Wrong::storm:
        storming_ = fault.persistent ? 0 : 40;  // calls that move nothing
        is_silent_ = fault.persistent;
        break;
      default: is_silent_ = true; break;
    }
    return Io::wait();
  }

  std::string held_;
  Io ended_ = Io::wait();
  unsigned storming_ = 0;
  std::uint32_t late_ms_ = 0;
  bool is_open_ = false;
  bool is_silent_ = false;
  bool is_late_ = false;
  bool is_passed_ = false;  // the fault of the call at work is over
  std::uint32_t skipped_ms_ = 0;
};

// TLS on it, noting what each call is for.
class Watched {
 public:
  static constexpr bool tells_end = true;

  explicit Watched(const std::string& roots) : tls_(picoclaude::pem_roots(roots), below) {}

  Faulty below;
  std::size_t given = 0;

  Io open(const char* where, std::uint16_t port) {
    given = 0;
    return tls_.open(where, port);
  }
  Io send(const char* data, std::size_t size) {
    below.stage = Stage::send;
    given = 0;
    return tls_.send(data, size);
  }
  Io recv(char* data, std::size_t room) {
    below.stage = given == 0 ? Stage::first : given < whole.size() - 7 ? Stage::answer : Stage::tail;
    const Io io = tls_.recv(data, room);
    if (io.kind() == Io::Kind::moved) given += io.size();
    return io;
  }
  void close() {
    below.stage = Stage::tail;
    tls_.close();
  }
  std::uint32_t now_ms() { return tls_.now_ms(); }
  bool wait(std::uint32_t at_most_ms) { return tls_.wait(at_most_ms); }

 private:
  MbedtlsTransport<Faulty&> tls_;
};

// Answers every request on a connection, and counts those that came whole.
struct Service {
  std::atomic<unsigned> requests{0};

  void operator()(Peer& peer) {
    if (!peer.handshake()) return;
    std::string in;
    for (;;) {
      const std::string some = peer.read();
      if (some.empty()) return;
      in += some;
      const std::size_t head = in.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const std::size_t size = std::strtoul(in.c_str() + in.find("content-length: ") + 16, nullptr, 10);
      if (in.size() < head + 4 + size) continue;
      in.clear();
      ++requests;
      // In three records, so that an answer can end between them.
      for (std::size_t at = 0; at < whole.size(); at += 300) {
        if (!peer.write(whole.substr(at, 300))) return;
      }
    }
  }
};

// What a fault at such a call comes to; none: as if nothing had been.
Error expected(const Fault& fault, Stage stage) {
  Wrong wrong = fault.wrong == Wrong::storm && fault.persistent ? Wrong::silence : fault.wrong;
  if (stage == Stage::tail) return Error::none;
  switch (wrong) {
    case Wrong::end:
    case Wrong::reset:
      return stage == Stage::open  ? Error::connect_failed
          : stage == Stage::answer ? Error::truncated
                                   : Error::connection_lost;
    case Wrong::silence:
      return stage == Stage::open || stage == Stage::handshake ? Error::connect_timeout
          : stage == Stage::answer                             ? Error::idle_timeout
                                                               : Error::first_byte_timeout;
    case Wrong::impossible: return Error::transport_broken;
    default: return Error::none;
  }
}

// A flipped bit is noticed by one of both ends; the wire tells which.
bool is_noticed(Error error) {
  return (error >= Error::connect_failed && error <= Error::tls_no_entropy) || error == Error::truncated;
}

struct Count {
  unsigned sessions = 0;
  unsigned exact = 0;
  unsigned silent = 0;
};

class Torture {
 public:
  // On a fresh connection, or as the second question on one; with so many retries.
  Torture(bool is_second, std::uint8_t retries) : is_second_(is_second), server_(identity(), std::ref(service_)) {
    config_.api_key = "sk-test";
    base_url_ = "https://api.example.test:" + std::to_string(server_.port());
    config_.base_url = base_url_;
    config_.max_retries = retries;
    config_.connect_ms = config_.first_byte_ms = config_.idle_ms = 60'000;
    config_.total_ms = 300'000;
  }

  // Faults at the calls 1, 2, 3 ... until there are no more.
  void run(Wrong wrong, bool persistent, Count& count) {
    for (unsigned long at = 1; at < 100; ++at) {
      CAPTURE(at);
      CAPTURE(static_cast<int>(wrong));
      CAPTURE(persistent);
      if (!session({at, wrong, persistent}, count)) return;
    }
    FAIL("there is no end of calls");
  }

 private:
  static const Identity& identity() {
    static const Identity one = issue(certificate_for({dns(host)}), &root());
    return one;
  }

  // False: the fault found no call.
  bool session(const Fault& fault, Count& count) {
    Watched transport(roots_);
    picoclaude::Workspace<2048> memory;
    Client<Watched> client{transport, memory, config_};
    const picoclaude::Request request = scripted::question();
    if (is_second_) REQUIRE(scripted::ask(client, request));
    const unsigned before = service_.requests;
    transport.below.fault = fault;
    transport.below.calls = 0;
    const Outcome outcome = scripted::ask(client, request);
    const unsigned requests = service_.requests - before;
    const bool is_hit = transport.below.is_hit;
    const Stage stage = transport.below.hit;
    transport.below.fault = {};
    if (is_hit) judge(fault, stage, outcome, requests, count);
    client.disconnect();
    const Outcome next = scripted::ask(client, request);
    CAPTURE(name(next.status.error));
    CHECK((next && next.text == "Hi!" && next.ends == 1));
    return is_hit;
  }

  void judge(const Fault& fault, Stage stage, const Outcome& outcome, unsigned requests, Count& count) {
    const Error error = outcome.status.error;
    const Error wanted = expected(fault, stage);
    CAPTURE(name(error));
    CAPTURE(name(wanted));
    CAPTURE(static_cast<int>(stage));
    ++count.sessions;
    if (outcome && outcome.text != "Hi!") CHECK(outcome.text == "Hi!");
    if (outcome.ends != (outcome ? 1u : 0u)) CHECK(outcome.ends == 1);
    if (fault.wrong == Wrong::corrupt) {
      if (error != Error::none && !is_noticed(error)) CHECK(std::string(name(error)) == "another");
    } else if (config_.max_retries == 0 && !is_second_) {
      if (error != wanted) CHECK(error == wanted);
      ++count.exact;
    } else if (error != wanted && error != Error::none && !is_noticed(error)) {
      CHECK(std::string(name(error)) == "another");
    }
    // A request that came whole is sent again only where a kept connection had died without a byte.
    if (requests > 1) {
      if (!is_second_ || requests > 2) CHECK(requests <= 1);
      ++count.silent;
    }
  }

  bool is_second_;
  Service service_;
  TlsServer server_;
  std::string base_url_;
  std::string roots_ = root().pem();
  Config config_;
};

void torture(bool is_second, std::uint8_t retries) {
  Torture one(is_second, retries);
  Count count;
  for (const Wrong wrong : scripted::wrongs) {
    for (const bool persistent : {false, true}) one.run(wrong, persistent, count);
  }
  MESSAGE(count.sessions << " sessions over TLS, " << count.exact << " of them held against the table, " << count.silent
                         << " silent second tries");
  CHECK(count.sessions > 50);
}

}  // namespace

TEST_CASE("tls torture: every call of a fresh connection x 8 faults x {once, persistent}") { torture(false, 0); }

TEST_CASE("tls torture: the second question on a connection x 8 faults x {once, persistent}, with retries") {
  torture(true, 2);
}
