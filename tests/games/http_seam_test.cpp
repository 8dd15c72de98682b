// The HTTP seam against a scripted host: what it is asked for, what it may answer, and that nothing above it differs.
#include "picoclaude_for_games.hpp"

#include "support/heap.hpp"
#include "support/recordings.hpp"
#include "support/run.hpp"
#include "support/trace.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace picoclaude;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

enum class End { complete, lost, silence };

// A host that owns HTTP. Every call answers wait() `waits` times before it does something.
class Host {
 public:
  static constexpr bool follows_redirects = false;

  std::uint16_t code = 200;
  Fields headers = {{"Content-Type", "text/event-stream; charset=utf-8"}, {"Request-Id", "req_1"}};
  std::string body;
  End end = End::complete;
  std::size_t piece = scripted::all;
  std::size_t send_piece = scripted::all;
  unsigned waits = 0;
  Io start_answer = Io::ok();
  Io status_answer = Io::ok();
  std::size_t answers_after = scripted::all;  // bytes of the request's body; all: behind the last one

  // What happened.
  std::string method;
  std::string url;
  Fields asked;
  std::string sent;
  std::uint32_t announced = 0;
  unsigned starts = 0;
  unsigned closes = 0;
  std::uint32_t now = 1000;

  Io start(const char* wanted_method, const char* wanted_url) {
    if (!ready(std::string(wanted_method) + wanted_url)) return Io::wait();
    ++starts;
    method = wanted_method;
    url = wanted_url;
    asked.clear();
    sent.clear();
    at_ = header_ = 0;
    begun_ = false;
    return start_answer;
  }
  Io header(const char* name, const char* value) {
    if (!ready(std::string(name) + ":" + value)) return Io::wait();
    asked.emplace_back(name, value);
    return Io::ok();
  }
  Io begin_body(std::uint32_t size) {
    if (!ready(std::to_string(size))) return Io::wait();
    begun_ = true;
    announced = size;
    return Io::ok();
  }
  Io send(const char* data, std::size_t size) {
    CHECK(begun_);
    const std::size_t some = size < send_piece ? size : send_piece;
    if (!ready({}) || sent.size() >= answers_after) return Io::wait();
    sent.append(data, some);
    return Io::moved(some);
  }
  Io status(std::uint16_t& answer) {
    CHECK(begun_);
    if (!answers() || !ready({})) return Io::wait();
    answer = code;
    return status_answer;
  }
  Io next_header(string_view& name, string_view& value) {
    if (!ready({})) return Io::wait();
    if (header_ == headers.size()) return Io::ok();
    name = headers[header_].first;
    value = headers[header_++].second;
    return Io::ok();
  }
  Io recv(char* data, std::size_t room) {
    if (!ready({})) return Io::wait();
    std::size_t some = body.size() - at_;
    if (some == 0) {
      return end == End::complete ? Io::closed()
          : end == End::lost      ? Io::failed(Error::connection_lost, 7)
                                  : Io::wait();
    }
    if (some > room) some = room;
    if (some > piece) some = piece;
    std::memcpy(data, body.data() + at_, some);
    at_ += some;
    return Io::moved(some);
  }
  void close() { ++closes; }
  std::uint32_t now_ms() { return now; }
  bool wait(std::uint32_t at_most_ms) {
    now += at_most_ms < 10 ? at_most_ms : 10;
    return true;
  }

  std::string header_sent(std::string_view name) const {
    for (const auto& [key, value] : asked) {
      if (key == name) return value;
    }
    return "(none)";
  }

 private:
  bool answers() const { return sent.size() == announced || sent.size() >= answers_after; }

  // The time to do it. A call that was told to wait comes again with equal arguments.
  bool ready(const std::string& arguments) {
    if (!waited_for_.empty()) CHECK(waited_for_ == arguments);
    if (left_ == 0) {
      left_ = waits;
      waited_for_.clear();
      return true;
    }
    --left_;
    waited_for_ = arguments;
    return false;
  }

  std::size_t at_ = 0;
  std::size_t header_ = 0;
  bool begun_ = false;
  unsigned left_ = 0;
  std::string waited_for_;
};

// A host whose call number `at` goes wrong, once.
struct Faulty : Host {
  unsigned long at = 0;
  Io fault = Io::failed(7);
  unsigned long calls = 0;

  bool hits() { return ++calls == at; }

  Io start(const char* wanted_method, const char* wanted_url) {
    return hits() ? fault : Host::start(wanted_method, wanted_url);
  }
  Io header(const char* name, const char* value) { return hits() ? fault : Host::header(name, value); }
  Io begin_body(std::uint32_t size) { return hits() ? fault : Host::begin_body(size); }
  Io send(const char* data, std::size_t size) { return hits() ? fault : Host::send(data, size); }
  Io status(std::uint16_t& answer) { return hits() ? fault : Host::status(answer); }
  Io next_header(string_view& name, string_view& value) { return hits() ? fault : Host::next_header(name, value); }
  Io recv(char* data, std::size_t room) { return hits() ? fault : Host::recv(data, room); }
};

struct DecodingHost : Host {
  static constexpr bool decodes_content = true;
};

struct Plain : scripted::Blocking {
  static constexpr bool is_plaintext = true;
};

template <class Transport, std::size_t Size = 2048>
std::string trace_of(Transport& transport) {
  Workspace<Size> memory;
  Config config = scripted::config();
  config.max_retries = 0;
  Client<Transport> client{transport, memory, config};
  const Request request = scripted::question();
  trace::Trace trace;
  client.begin(request);
  while (const Event event = client.next()) trace.take(event);
  return trace.finish(client);
}

}  // namespace

TEST_SUITE_BEGIN("http seam");

TEST_CASE("http seam: the host is asked for method, URL, headers and body, one at a time") {
  Host host;
  host.body = scripted::hello;
  Config config = scripted::config();
  config.workspace_id = "wrkspc_1";
  const scripted::Outcome outcome = scripted::ask_once(host, config);
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.text == "Hi!");
  CHECK(outcome.request_id == "req_1");
  CHECK(host.starts == 1);
  CHECK(host.method == "POST");
  CHECK(host.url == "https://api.anthropic.com/v1/messages");
  const Fields expected = {{"user-agent", "picoclaude/" PICOCLAUDE_VERSION}, {"anthropic-workspace-id", "wrkspc_1"},
      {"anthropic-version", "2026-10-21"}, {"x-api-key", "sk-test"}, {"content-type", "application/json"}};
  CHECK(host.asked == expected);
  CHECK(host.sent ==
      R"({"model":"claude-haiku-4-5","max_tokens":100,"messages":[{"role":"user","content":"Hello?"}],"stream":true})");
  CHECK(host.announced == host.sent.size());
  CHECK(host.closes > 0);
}

TEST_CASE("http seam: a gateway's port and path are in the URL") {
  for (const char* base : {"https://gate.example:8443/claude/", "https://[2001:db8::1]:8443/claude"}) {
    Host host;
    host.body = scripted::hello;
    Config config = scripted::config();
    config.base_url = base;
    CHECK(scripted::ask_once(host, config).text == "Hi!");
    CHECK(host.url == std::string(base, 0, std::string_view(base).find("/claude")) + "/claude/v1/messages");
  }
}

TEST_CASE("http seam: every recording gives the same events as through the byte seam") {
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    scripted::Blocking bytes;
    bytes.script = {{{{scripted::streamed(recording->body), scripted::Ending::close_notify}}}};
    const std::string expected = trace_of(bytes);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, scripted::all}) {
      if (recording->body.size() > 500'000 && piece != scripted::all) continue;
      Host host;
      host.body = recording->body;
      host.piece = piece;
      CAPTURE(std::string(recording->name));
      const std::string told = trace_of(host);
      if (told != expected) CHECK(told == expected);
    }
  }
}

TEST_CASE("http seam: every call may answer wait, and is repeated with equal arguments") {
  Host plain;
  plain.body = recordings::get("streams/03_unicode_raw_utf8.sse").body;
  const std::string expected = trace_of(plain);
  CHECK(expected.find("none http 200") != std::string::npos);
  for (const unsigned waits : {1u, 2u, 5u}) {
    Host host;
    host.body = plain.body;
    host.waits = waits;
    host.send_piece = 3;
    host.piece = 11;
    CHECK(trace_of(host) == expected);
    CHECK(host.asked == plain.asked);
    CHECK(host.sent == plain.sent);
    CHECK(host.starts == 1);
  }
}

TEST_CASE("http seam: a small workspace gives the same") {
  Host plain;
  plain.body = recordings::get("streams/05_escapes_heavy.sse").body;
  const std::string expected = trace_of(plain);
  Host host;
  host.body = plain.body;
  CHECK(trace_of<Host, 256>(host) == expected);
  CHECK(host.asked == plain.asked);
  CHECK(host.sent == plain.sent);
}

TEST_CASE("http seam: a URL or header that does not fit is told, and nothing is sent") {
  Host host;
  host.body = scripted::hello;
  CHECK(trace_of<Host, 128>(host).find("workspace_too_small") == 0);  // the URL needs 43 bytes, a quarter has 32
  CHECK(host.starts == 0);
  Workspace<512> memory;
  const std::string key(200, 'k');
  Config config = scripted::config();
  config.api_key = key;
  Client<Host> client{host, memory, config};
  const Request request = scripted::question();
  CHECK(scripted::ask(client, request).status.error == Error::workspace_too_small);
  CHECK(host.starts == 1);
  CHECK(host.sent.empty());
}

TEST_CASE("http seam: the key is not left in the workspace") {
  Host host;
  host.body = scripted::hello;
  Config config = scripted::config();
  Workspace<2048> memory;
  Client<Host> client{host, memory, config};
  const Request request = scripted::question();
  CHECK(scripted::ask(client, request).status.error == Error::none);
  CHECK(std::string_view(memory.bytes, 512).find("sk-test") == std::string_view::npos);  // the seam's quarter
}

TEST_CASE("http seam: errors of the service are told as through the byte seam") {
  Host host;
  host.code = 529;
  host.headers = {{"Content-Type", "application/json"}, {"X-Should-Retry", "false"}};
  host.body = R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})";
  const scripted::Outcome outcome = scripted::ask_once(host, scripted::config());
  CHECK(outcome.status.error == Error::overloaded);
  CHECK(outcome.status.http == 529);
  CHECK(outcome.error_text == "Overloaded");
  CHECK(host.starts == 1);
}

TEST_CASE("http seam: a failure that says so is retried, by a new start") {
  Host host;
  host.code = 529;
  host.headers = {{"content-type", "application/json"}, {"retry-after-ms", "40"}};
  host.body = R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})";
  const scripted::Outcome outcome = scripted::ask_once(host, scripted::config());
  CHECK(outcome.status.error == Error::overloaded);
  CHECK(outcome.retrying == 2);
  CHECK(host.starts == 3);
}

TEST_CASE("http seam: a host that could not connect is asked again") {
  for (const Error error : {Error::connect_failed, Error::connect_timeout, Error::name_not_found}) {
    Host host;
    host.status_answer = Io::failed(error, 7);
    const scripted::Outcome outcome = scripted::ask_once(host, scripted::config());
    CHECK(outcome.status.error == error);
    CHECK(outcome.status.native == 7);
    CHECK(host.starts == 3);
  }
}

TEST_CASE("http seam: a request that may have arrived is not sent again") {
  for (const Error error : {Error::connection_lost, Error::transport_failed, Error::tls_failed}) {
    Host host;
    host.status_answer = Io::failed(error, 7);
    CHECK(scripted::ask_once(host, scripted::config()).status.error == error);
    CHECK(host.starts == 1);
  }
}

TEST_CASE("http seam: a redirect is an error") {
  Host host;
  host.code = 307;
  host.headers = {{"location", "https://elsewhere.example/"}};
  CHECK(scripted::ask_once(host, scripted::config()).status.error == Error::redirected);
  CHECK(host.starts == 1);
}

TEST_CASE("http seam: a final status in mid-upload ends it") {
  Host host;
  host.code = 413;
  host.headers = {{"content-type", "application/json"}};
  host.body = R"({"type":"error","error":{"type":"request_too_large","message":"Too large"}})";
  host.send_piece = 10;
  host.answers_after = 20;
  const scripted::Outcome outcome = scripted::ask_once(host, scripted::config());
  CHECK(outcome.status.error == Error::request_too_large);
  CHECK(outcome.error_text == "Too large");
  CHECK(host.sent.size() == 20);
}

TEST_CASE("http seam: the host's word that the body is complete does not complete an event stream") {
  Host host;
  host.body = std::string(scripted::hello).substr(0, scripted::hello.size() - 1);
  CHECK(scripted::ask_once(host, scripted::config()).status.error == Error::truncated);
}

TEST_CASE("http seam: a lost connection is truncated, behind the end it costs nothing") {
  Host host;
  host.body = std::string(scripted::hello).substr(0, 400);
  host.end = End::lost;
  const scripted::Outcome cut = scripted::ask_once(host, scripted::config());
  CHECK(cut.status.error == Error::truncated);
  CHECK(cut.status.native == 7);
  Host whole;
  whole.body = scripted::hello;
  whole.end = End::lost;
  CHECK(scripted::ask_once(whole, scripted::config()).status.error == Error::none);
}

TEST_CASE("http seam: silence is told as through the byte seam") {
  Host host;
  host.body = std::string(scripted::hello).substr(0, 400);
  host.end = End::silence;
  CHECK(scripted::ask_once(host, scripted::config()).status.error == Error::idle_timeout);
  Host mute;
  mute.status_answer = Io::wait();
  CHECK(scripted::ask_once(mute, scripted::config()).status.error == Error::first_byte_timeout);
}

TEST_CASE("http seam: the host's framing is its own matter") {
  Host host;
  host.body = scripted::hello;
  host.headers = {{"Content-Length", "5"}, {"Transfer-Encoding", "gzip, chunked"}, {"Connection", "close"},
      {"Content-Type", "text/event-stream"}, {"X-Long", std::string(5000, 'x')}};
  CHECK(scripted::ask_once(host, scripted::config()).text == "Hi!");
}

TEST_CASE("http seam: a content-encoding is refused, unless the host has undone it") {
  Host host;
  host.body = scripted::hello;
  host.headers = {{"content-type", "text/event-stream"}, {"content-encoding", "gzip"}};
  CHECK(scripted::ask_once(host, scripted::config()).status.error == Error::content_encoded);
  DecodingHost decoding;
  decoding.body = host.body;
  decoding.headers = host.headers;
  CHECK(scripted::ask_once(decoding, scripted::config()).text == "Hi!");
}

TEST_CASE("http seam: a header that would be two is refused") {
  for (const char* value : {"a\r\nx-should-retry: true", "a\nb", "a\rb"}) {
    Host host;
    host.headers.emplace_back("x-what", value);
    CHECK(scripted::ask_once(host, scripted::config()).status.error == Error::bad_http);
  }
}

TEST_CASE("http seam: a head without end is refused") {
  Host host;
  for (int i = 0; i < 5000; ++i) host.headers.emplace_back("content-length", "1");
  CHECK(scripted::ask_once(host, scripted::config()).status.error == Error::http_head_too_long);
}

TEST_CASE("http seam: a host that breaks the contract is told") {
  for (const int code : {0, 100, 101, 199, 600, 65535}) {
    Host host;
    host.code = static_cast<std::uint16_t>(code);
    CHECK(scripted::ask_once(host, scripted::config()).status.error == Error::transport_broken);
  }
  for (const Io io : {Io::moved(1), Io::closed()}) {
    Host host;
    host.start_answer = io;
    CHECK(scripted::ask_once(host, scripted::config()).status.error == Error::transport_broken);
    Host later;
    later.status_answer = io;
    CHECK(scripted::ask_once(later, scripted::config()).status.error == Error::transport_broken);
  }
}

TEST_CASE("http seam: whatever call goes wrong, it is told, and the next request works") {
  Faulty whole;
  whole.body = scripted::hello;
  whole.piece = 50;
  whole.send_piece = 40;
  CHECK(scripted::ask_once(whole, scripted::config()));
  const unsigned long count = whole.calls;
  CHECK(count > 25);
  const Io faults[] = {
      Io::failed(7), Io::failed(Error::connection_lost), Io::closed(), Io::moved(0), Io::moved(1'000'000), Io::wait()};
  unsigned successes = 0;
  for (unsigned long at = 1; at <= count; ++at) {
    for (const Io& fault : faults) {
      Faulty host;
      host.body = scripted::hello;
      host.piece = 50;
      host.send_piece = 40;
      host.at = at;
      host.fault = fault;
      Workspace<1024> memory;
      Config config = scripted::config();
      config.max_retries = 0;
      Client<Faulty> client{host, memory, config};
      const Request request = scripted::question();
      const scripted::Outcome first = scripted::ask(client, request);
      CAPTURE(at);
      CAPTURE(static_cast<int>(fault.kind()));
      // Only what is no fault may succeed: to wait, or anything behind the end of the answer.
      const bool harmless = fault.kind() == Io::Kind::wait || at == count;
      if (first.status) {
        CHECK(harmless);
        CHECK(first.text == "Hi!");
        ++successes;
      }
      CHECK(first.ends == (first.status ? 1 : 0));
      CHECK(client.done());
      host.at = 0;
      CHECK(scripted::ask(client, request).text == "Hi!");
    }
  }
  CHECK(successes >= count);  // to wait hurts nowhere
}

TEST_CASE("http seam: cancelling closes the host's request, and the next one works") {
  Host host;
  host.body = scripted::hello;
  host.piece = 100;
  Workspace<1024> memory;
  const Config config = scripted::config();
  Client<Host> client{host, memory, config};
  const Request request = scripted::question();
  CHECK(client.begin(request));
  CHECK(client.next().kind == EventKind::text);
  const unsigned closes = host.closes;
  client.cancel();
  CHECK(client.status().error == Error::cancelled);
  CHECK(host.closes == closes + 1);
  CHECK(scripted::ask(client, request).text == "Hi!");
  CHECK(host.starts == 2);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("any transport");

TEST_CASE("any transport: the same through a table, over bytes and over HTTP") {
  scripted::Blocking bytes;
  bytes.script = {{{{scripted::streamed(scripted::hello), scripted::Ending::close_notify}}}};
  AnyTransport one{bytes};
  CHECK(scripted::ask_once(one, scripted::config()).text == "Hi!");

  Host host;
  host.body = scripted::hello;
  const Config config = scripted::config();
  char line[200];
  HttpBytes<Host> face{host, line, config};
  AnyTransport other{face};
  one = other;
  CHECK(scripted::ask_once(one, config).text == "Hi!");
  CHECK(host.starts == 1);
}

TEST_CASE("any transport: an end that is not proven does not complete a body") {
  scripted::Unproven bytes;
  bytes.script = {{{{scripted::unframed(R"(x)"), scripted::Ending::close_notify}}}};
  AnyTransport any{bytes};
  CHECK(scripted::ask_once(any, scripted::config()).status.error == Error::truncated);
}

TEST_CASE("any transport: one that only ticks does not wait") {
  scripted::Ticking ticking;
  AnyTransport any{ticking};
  CHECK_FALSE(any.wait(1000));
  scripted::Blocking blocking;
  AnyTransport other{blocking};
  CHECK(other.wait(1000));
}

TEST_CASE("any transport: without TLS it goes to loopback only") {
  Plain plain;
  plain.script = {{{{scripted::streamed(scripted::hello), scripted::Ending::close_notify}}}};
  AnyTransport any{plain};
  Config config = scripted::config();
  CHECK(scripted::ask_once(any, config).status.error == Error::plaintext_refused);
  CHECK(plain.opened() == 0);
  config.base_url = "http://127.0.0.1:1";
  CHECK(scripted::ask_once(any, config).text == "Hi!");
}

TEST_SUITE_END();
