// Every call of the transport goes wrong, in every way, once and for good: the status is the one of the table, the
// client is free for the next question, and the server never gets a request twice that may be billed twice.
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Answer;
using scripted::Bench;
using scripted::Connection;
using scripted::Ending;
using scripted::Outcome;
using scripted::Wrong;

namespace {

const std::string whole = scripted::streamed(scripted::hello);
const std::string close_delimited = scripted::unframed(scripted::hello);
const std::string long_prompt(3'000, 'x');

std::string error_answer(unsigned status, const char* type, const char* headers = "") {
  const std::string body = std::string(R"({"type":"error","error":{"type":")") + type + R"(","message":"m"}})";
  return scripted::with_length(
      "HTTP/1.1 " + std::to_string(status) + " x", std::string("content-type: application/json\r\n") + headers, body);
}

// How one session goes when nothing is wrong.
struct Session {
  const char* name;
  std::vector<Connection> (*script)();
  unsigned questions = 1;
  Error error = Error::none;  // of the last question
  std::uint8_t max_retries = 2;
  std::size_t read_size = scripted::all;
  std::size_t send_size = scripted::all;
  bool is_long = false;   // a long prompt
  bool is_exact = false;  // one question, one connection, no retry: the call's stage tells the status of every fault
};

constexpr std::size_t any = scripted::all;

const Session sessions[] = {
    {"a streamed answer",
        [] {
          return std::vector<Connection>{scripted::answers({{whole}})};
        },
        1, Error::none, 0, any, any, false, true},
    {"in reads of 50 bytes",
        [] {
          return std::vector<Connection>{scripted::answers({{whole}})};
        },
        1, Error::none, 0, 50, any, false, true},
    {"up to the connection's end",
        [] {
          return std::vector<Connection>{scripted::answers({{close_delimited, Ending::close_notify}})};
        },
        1, Error::none, 0, 100, any, false, true},
    {"a long request in small sends",
        [] {
          return std::vector<Connection>{scripted::answers({{whole}})};
        },
        1, Error::none, 0, any, 100, true, true},
    {"a slow server",
        [] {
          return std::vector<Connection>{scripted::answers({{whole, Ending::keep, scripted::all, 2'000, 400}})};
        },
        1, Error::none, 0, 200, any, false, true},
    {"two questions on one connection",
        [] {
          return std::vector<Connection>{scripted::answers({{whole}, {whole}}), scripted::answers({{whole}, {whole}}),
              scripted::answers({{whole}})};
        },
        2},
    {"a connection that was closed in between",
        [] {
          return std::vector<Connection>{scripted::answers({{whole}}, Ending::close_notify),
              scripted::answers({{whole}}), scripted::answers({{whole}})};
        },
        2},
    {"a connection that closes at the second request",
        [] {
          return std::vector<Connection>{scripted::answers({{whole}, {"", Ending::reset}}),
              scripted::answers({{whole}}), scripted::answers({{whole}})};
        },
        2},
    {"overloaded, then an answer",
        [] {
          return std::vector<Connection>{scripted::answers({{error_answer(529, "overloaded_error")}, {whole}}),
              scripted::answers({{whole}}), scripted::answers({{whole}})};
        }},
    {"no connection, then an answer",
        [] {
          return std::vector<Connection>{
              scripted::unreachable(), scripted::answers({{whole}}), scripted::answers({{whole}})};
        }},
    {"a wrong key",
        [] {
          return std::vector<Connection>{scripted::answers({{error_answer(401, "authentication_error")}})};
        },
        1, Error::authentication},
    {"too large, told in mid-upload",
        [] {
          return std::vector<Connection>{
              {{{error_answer(413, "request_too_large"), Ending::keep, 1'000}}, {}, Ending::keep, 2'000, Io::wait()}};
        },
        1, Error::request_too_large, 2, any, any, true},
    {"an error in mid-stream",
        [] {
          return std::vector<Connection>{scripted::answers({{scripted::streamed(
              std::string(scripted::hello.substr(0, 500)).substr(0, scripted::hello.find("event: content_block_stop")) +
              "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}\n\n")}})};
        },
        1, Error::overloaded},
};

// Where a call stands in a session of one question.
enum class Stage { open, send, first, answer, tail };

// What a fault at a call of that stage comes to. `none`: as if nothing had been.
Error expected(Wrong wrong, bool persistent, Stage stage) {
  if (wrong == Wrong::storm && persistent) wrong = Wrong::silence;
  if (stage == Stage::tail) return Error::none;
  switch (wrong) {
    case Wrong::end: return stage == Stage::answer ? Error::truncated : Error::connection_closed;
    case Wrong::reset:
      return stage == Stage::open  ? Error::connect_failed
          : stage == Stage::answer ? Error::truncated
                                   : Error::connection_lost;
    case Wrong::silence:
      return stage == Stage::open ? Error::connect_timeout
          : stage == Stage::first ? Error::first_byte_timeout
                                  : Error::idle_timeout;
    case Wrong::impossible: return Error::transport_broken;
    default: return Error::none;
  }
}

// The sessions with several connections or an error of their own: what a fault at each of their calls comes to, once and
// persistent. A storm that stays is silence; what storms, drips or is late once costs time only.
//
//   -  as if nothing had been       f  connect_failed        i  idle_timeout
//   c  connection_closed            t  connect_timeout       b  first_byte_timeout
//   l  connection_lost              x  transport_broken
struct Row {
  const char* name;
  const char* end[2];
  const char* reset[2];
  const char* silence[2];
  const char* impossible[2];
};

constexpr Row table[] = {
    // open, send, recv, the tail; then the probe, send, recv, the tail
    {"two questions on one connection", {"--------", "ccccccc-"}, {"--------", "fffffff-"}, {"---iiib-", "tttiiib-"},
        {"-----xx-", "xxxxxxx-"}},
    // open, send, recv, the close; open, send, recv, the tail
    {"a connection that was closed in between", {"-----cc-", "ccccccc-"}, {"-----ll-", "fffffll-"},
        {"---i-ib-", "tttitib-"}, {"----xxx-", "xxxxxxx-"}},
    // open, send, recv, the tail; the probe, send, recv; open, send, recv, the tail
    {"a connection that closes at the second request", {"--------cc-", "cccccccccc-"}, {"--------ll-", "ffffffffll-"},
        {"---iiib-ib-", "tttiiibtib-"}, {"-----xxxxx-", "xxxxxxxxxx-"}},
    // open, send, recv, the tail; the probe, send, recv, the tail
    {"overloaded, then an answer", {"-cc-----", "ccccccc-"}, {"-ll-----", "fllffff-"}, {"-ibiiib-", "tibiiib-"},
        {"xxx--xx-", "xxxxxxx-"}},
    // open; open, send, recv, the tail
    {"no connection, then an answer", {"--cc-", "cccc-"}, {"--ll-", "ffll-"}, {"--ib-", "ttib-"}, {"xxxx-", "xxxx-"}},
    // open, send, recv, the tail
    {"a wrong key", {"-cc-", "ccc-"}, {"-ll-", "fll-"}, {"-ib-", "tib-"}, {"xxx-", "xxx-"}},
    // open, send, send, send that waits, recv, the tail
    {"too large, told in mid-upload", {"-cccc-", "ccccc-"}, {"-llll-", "fllll-"}, {"-iiii-", "tiiii-"},
        {"xxxxx-", "xxxxx-"}},
    // open, send, recv, the tail
    {"an error in mid-stream", {"-cc-", "ccc-"}, {"-ll-", "fll-"}, {"-ib-", "tib-"}, {"xxx-", "xxx-"}},
};

Error expected(const Session& session, Wrong wrong, bool persistent, unsigned long at) {
  if (wrong == Wrong::storm && persistent) wrong = Wrong::silence;
  for (const Row& row : table) {
    if (std::string_view(row.name) != session.name) continue;
    const std::string_view words = wrong == Wrong::end ? row.end[persistent]
        : wrong == Wrong::reset                        ? row.reset[persistent]
        : wrong == Wrong::silence                      ? row.silence[persistent]
        : wrong == Wrong::impossible                   ? row.impossible[persistent]
                                                       : "";
    if (words.empty()) return session.error;
    REQUIRE(at <= words.size());
    switch (words[at - 1]) {
      case 'c': return Error::connection_closed;
      case 'l': return Error::connection_lost;
      case 'f': return Error::connect_failed;
      case 't': return Error::connect_timeout;
      case 'i': return Error::idle_timeout;
      case 'b': return Error::first_byte_timeout;
      case 'x': return Error::transport_broken;
      default: return session.error;
    }
  }
  FAIL("a session without a row");
  return Error::none;
}

// A flipped bit is noticed by what it makes of the bytes.
bool is_noticed(Error error) {
  return blame(error) == Blame::peer || blame(error) == Blame::service || blame(error) == Blame::network;
}

struct Log {
  std::vector<Stage> stages;  // of each call
};

// Notes what each call was.
struct Watched : scripted::Blocking {
  Log* log = nullptr;
  const Client<Watched>* client = nullptr;
  std::size_t complete_at = 0;  // bytes of an answer up to its message_stop

  Io open(const char* host, std::uint16_t port) {
    if (log != nullptr) log->stages.push_back(Stage::open);
    return Blocking::open(host, port);
  }
  Io send(const char* data, std::size_t size) {
    if (log != nullptr) log->stages.push_back(Stage::send);
    return Blocking::send(data, size);
  }
  Io recv(char* data, std::size_t room) {
    if (log != nullptr)
      log->stages.push_back(given == 0 ? Stage::first : given < complete_at ? Stage::answer : Stage::tail);
    return Blocking::recv(data, room);
  }
};

struct Played {
  Outcome last;
  unsigned silent = 0;  // requests sent again on a connection that had served before and closed without a byte
  bool twice = false;   // a request came again after a 2xx, or after it was left unanswered
  bool next_is_good = false;
  unsigned long calls = 0;
  bool ended_twice = false;
};

Played play(const Session& session, const scripted::Fault& fault, Log* log = nullptr) {
  Bench<Watched> bench{session.script()};
  bench.transport.read_size = session.read_size;
  bench.transport.send_size = session.send_size;
  bench.transport.fault = fault;
  bench.transport.log = log;
  const std::string& answer =
      bench.transport.script[0].answers.empty() ? whole : bench.transport.script[0].answers[0].bytes;
  bench.transport.complete_at = answer == whole ? whole.size() - 7 : answer.size();
  bench.config.max_retries = session.max_retries;
  if (session.is_long) bench.request.prompt = long_prompt;
  Played played;
  for (unsigned question = 0; question < session.questions; ++question) {
    const std::size_t before = bench.transport.posts.size();
    played.last = bench.ask();
    if (played.last.ends != (played.last ? 1u : 0u)) played.ended_twice = true;
    for (std::size_t at = before; at + 1 < bench.transport.posts.size(); ++at) {
      const scripted::Post& post = bench.transport.posts[at];
      const bool is_success = post.answer.substr(0, 10) == "HTTP/1.1 2";
      if (post.given == 0 && post.nth != 0 && post.ended) {
        ++played.silent;
      } else if (post.given == 0 || is_success) {
        played.twice = true;
      }
    }
  }
  played.calls = bench.transport.calls;
  // The same object again, with nothing wrong.
  bench.transport.fault = {};
  bench.transport.read_size = bench.transport.send_size = any;
  bench.client.disconnect();
  if (bench.transport.is_open()) return played;
  bench.transport.forget();
  bench.transport.script = {scripted::answers({{whole}})};
  const Outcome next = bench.ask();
  played.next_is_good = next && next.text == "Hi!" && next.ends == 1;
  return played;
}

}  // namespace

TEST_SUITE_BEGIN("torture");

TEST_CASE("torture: every call of every session x 8 faults x {once, persistent}") {
  CHECK(sizeof sessions / sizeof *sessions >= 12);
  unsigned long count = 0;
  unsigned long exact = 0;
  unsigned long silent = 0;
  for (const Session& session : sessions) {
    CAPTURE(std::string(session.name));
    Log log;
    const Played good = play(session, {}, &log);
    CHECK(good.last.status.error == session.error);
    CHECK(good.next_is_good);
    CHECK_FALSE(good.twice);
    CHECK(good.silent == (std::string_view(session.name) == "a connection that closes at the second request" ? 1 : 0));
    for (unsigned long at = 1; at <= good.calls; ++at) {
      for (const Wrong wrong : scripted::wrongs) {
        for (const bool persistent : {false, true}) {
          const Played played = play(session, {at, wrong, persistent});
          const Error error = played.last.status.error;
          CAPTURE(at);
          CAPTURE(static_cast<int>(wrong));
          CAPTURE(persistent);
          CAPTURE(std::string(name(error)));
          ++count;
          silent += played.silent;
          if (wrong != Wrong::corrupt) {
            const Error wanted = session.is_exact ? expected(wrong, persistent, log.stages[at - 1])
                                                  : expected(session, wrong, persistent, at);
            CAPTURE(std::string(name(wanted)));
            if (error != wanted) CHECK(error == wanted);
            if (error == session.error && played.last.text != good.last.text) CHECK(played.last.text == good.last.text);
            ++exact;
          } else if (error != session.error && !is_noticed(error)) {
            CHECK(std::string(name(error)) == "another");
          }
          if (played.twice) CHECK_FALSE(played.twice);
          if (!played.next_is_good) CHECK(played.next_is_good);
          if (played.ended_twice) CHECK_FALSE(played.ended_twice);
        }
      }
    }
  }
  MESSAGE(count << " sessions, " << exact << " of them held against the table, " << silent << " silent second tries");
}

TEST_SUITE_END();
