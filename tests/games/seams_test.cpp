// The byte seam and the HTTP seam against a real server over TLS: the same events for every recording, and how libcurl's
// transport takes what goes wrong. seams_test.py starts the servers and tells where they are.
#define PICOCLAUDE_ENABLE_MBEDTLS 1
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_THINKING 1
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#include <picoclaude.hpp>

#include "../../examples/transports/curl.hpp"
#include "support/heap.hpp"
#include "support/recordings.hpp"
#include "support/run.hpp"
#include "support/trace.hpp"

#include <doctest/doctest.h>

#include <dirent.h>

#include <chrono>
#include <thread>

using namespace picoclaude;

namespace {

const char* setting(const char* name) {
  const char* const value = std::getenv(name);
  if (value != nullptr) return value;
  std::fprintf(stderr, "%s is not set: run seams_test.py\n", name);
  std::abort();
}

// A question to the stand-in, with what it shall do wrong.
struct Question {
  std::string wish;
  Header header{"x-standin", {}};
  Request request = scripted::question();

  explicit Question(std::string what) : wish(std::move(what)) {
    header.value = wish;
    if (!wish.empty()) request.headers = header;
  }
};

Config config(const char* server = "SEAMS_GOOD") {
  Config config = scripted::config();
  config.base_url = setting(server);
  config.max_retries = 0;
  return config;
}

template <class Transport>
std::string trace_of(Client<Transport>& client, const Question& question) {
  trace::Trace trace;
  client.begin(question.request);
  while (const Event event = client.next()) trace.take(event);
  return trace.finish(client);
}

scripted::Outcome ask(const char* wish, const Config& settings, unsigned retries = 0, const char* roots = "SEAMS_CA") {
  CurlTransport http;
  http.trust(setting(roots));
  http.connect_within(2000);
  Workspace<2048> memory;
  Config config = settings;
  config.max_retries = static_cast<std::uint8_t>(retries);
  Client<CurlTransport> client{http, memory, config};
  const Question question{wish};
  return scripted::ask(client, question.request);
}

std::size_t open_files() {
  std::size_t count = 0;
  DIR* const folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

}  // namespace

TEST_SUITE_BEGIN("seams");

TEST_CASE("seams: every recording gives the same events through a script, mbedTLS and libcurl") {
  MbedtlsTransport tls{file_roots(setting("SEAMS_CA"))};
  CurlTransport http;
  http.trust(setting("SEAMS_CA"));
  Workspace<2048> tls_memory;
  Workspace<2048> http_memory;
  const Config settings = config();
  Client by_bytes{tls, tls_memory, settings};
  Client by_http{http, http_memory, settings};
  std::FILE* const file = std::fopen(setting("SEAMS_TRACES"), "wb");
  REQUIRE(file != nullptr);
  unsigned count = 0;
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    const std::string name(recording->name.substr(8, recording->name.size() - 12));
    CAPTURE(name);
    scripted::Blocking script;
    script.script = {{{{scripted::streamed(recording->body), scripted::Ending::close_notify}}}};
    Workspace<2048> memory;
    Config plain = scripted::config();
    plain.max_retries = 0;
    Client by_script{script, memory, plain};
    const Question question{"play=" + name};
    const std::string expected = trace_of(by_script, question);
    CHECK(expected.find(" http 200 ") != std::string::npos);
    CHECK(trace_of(by_bytes, question) == expected);
    CHECK(trace_of(by_http, question) == expected);
    std::fprintf(file, "%s\n%s\n", name.c_str(), expected.c_str());
    ++count;
  }
  std::fclose(file);
  CHECK(count == 64);
}

TEST_CASE("seams: libcurl's reads that are larger than the room are kept") {
  CurlTransport http;
  http.trust(setting("SEAMS_CA"));
  const Config settings = config();
  const Question question{"play=58_very_long_text"};
  char small[512];
  Client little{http, Room{small}, settings};
  const std::string told = trace_of(little, question);
  Workspace<65536> large;
  Client much{http, large, settings};
  CHECK(told.size() > 200'000);
  CHECK(trace_of(much, question) == told);
}

TEST_CASE("seams: a body larger than the workspace goes up") {
  CurlTransport http;
  http.trust(setting("SEAMS_CA"));
  Workspace<1024> memory;
  const Config settings = config();
  Client client{http, memory, settings};
  Question question{""};
  const std::string prompt(300'000, 'x');
  question.request.prompt = prompt;
  const scripted::Outcome outcome = scripted::ask(client, question.request);
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.usage.input_tokens > 70'000);
}

TEST_CASE("seams: a final status in mid-upload is told") {
  CurlTransport http;
  http.trust(setting("SEAMS_CA"));
  Workspace<1024> memory;
  const Config settings = config();
  Client client{http, memory, settings};
  Question question{"early=413"};
  const std::string prompt(3'000'000, 'x');
  question.request.prompt = prompt;
  const scripted::Outcome outcome = scripted::ask(client, question.request);
  CHECK(outcome.status.error == Error::request_too_large);
  CHECK(outcome.status.http == 413);
}

TEST_CASE("seams: libcurl refuses every bad certificate, and says why") {
  CHECK(ask("", config("SEAMS_EXPIRED"), 0, "SEAMS_EXPIRED_CA").status.error == Error::tls_expired);
  CHECK(ask("", config("SEAMS_UNKNOWN"), 0, "SEAMS_UNKNOWN_CA").status.error == Error::tls_unknown_ca);
  CHECK(ask("", config("SEAMS_WRONG_HOST"), 0, "SEAMS_WRONG_HOST_CA").status.error == Error::tls_wrong_host);
}

TEST_CASE("seams: libcurl follows no redirect") {
  for (const char* status : {"301", "302", "303", "307", "308"}) {
    const std::string wish = std::string("status=") + status + ",redirect=" + setting("SEAMS_GOOD") + "/v1/messages";
    const scripted::Outcome outcome = ask(wish.c_str(), config());
    CHECK(outcome.status.error == Error::redirected);
    CHECK(outcome.text.empty());
  }
}

TEST_CASE("seams: libcurl tells what cannot be reached") {
  Config nowhere = config();
  nowhere.base_url = "https://127.0.0.1:9";
  const scripted::Outcome refused = ask("", nowhere, 1);
  CHECK(refused.status.error == Error::connect_failed);
  CHECK(refused.retrying == 1);
  nowhere.base_url = "https://no-such-host.invalid";
  CHECK(ask("", nowhere).status.error == Error::name_not_found);
}

TEST_CASE("seams: libcurl tells how a stream broke") {
  CHECK(ask("cut=900", config()).status.error == Error::truncated);
  CHECK(ask("cut=900,cut-how=reset", config()).status.error == Error::truncated);
  CHECK(ask("cut=900,cut-how=notify", config()).status.error == Error::truncated);
  CHECK(ask("no-stop", config()).status.error == Error::truncated);
  CHECK(ask("error-midstream", config()).status.error == Error::overloaded);
  CHECK(ask("bad-chunk", config()).status.error != Error::none);
}

TEST_CASE("seams: a silent server is given up by the client, not by libcurl") {
  Config settings = config();
  settings.idle_ms = 300;
  CHECK(ask("stall=900", settings).status.error == Error::idle_timeout);
  settings.first_byte_ms = 300;
  CHECK(ask("wait=3000", settings).status.error == Error::first_byte_timeout);
}

TEST_CASE("seams: through libcurl too, an overloaded service is asked again") {
  const scripted::Outcome outcome = ask("fail-first=2,retry-after-ms=10,id=curl", config(), 2);
  CHECK(outcome.status.error == Error::none);
  CHECK(outcome.retrying == 2);
}

TEST_CASE("seams: without wait() next() never blocks, and a cancelled answer leaves nothing behind") {
  CurlTransport http;
  http.trust(setting("SEAMS_CA"));
  http.blocking(false);
  Workspace<2048> memory;
  const Config settings = config();
  const std::size_t before = open_files();
  {
    Client client{http, memory, settings};
    const Question slow{"slow=20"};
    for (int round = 0; round < 5; ++round) {
      REQUIRE(client.begin(slow.request));
      std::uint32_t longest_ms = 0;
      bool text = false;
      for (unsigned calls = 0; !text && !client.done() && calls < 100'000; ++calls) {
        const std::uint32_t start = http.now_ms();
        text = client.next().kind == EventKind::text;
        const std::uint32_t took_ms = http.now_ms() - start;
        if (took_ms > longest_ms) longest_ms = took_ms;
        if (!text) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      CHECK(text);
      CHECK(longest_ms < 200);  // a handshake's arithmetic, and other programs, but no waiting
      client.cancel();
      CHECK(client.status().error == Error::cancelled);
    }
    const Question whole{""};
    http.blocking(true);
    CHECK(scripted::ask(client, whole.request).status.error == Error::none);
  }
  CHECK(open_files() <= before + 5);  // one kept connection, and libcurl's own
}

TEST_CASE("seams: an answer through libcurl needs no heap of ours") {
  if (!heap::counts_malloc()) return;
  // libcurl takes memory for a request, and none while it streams one; what is counted here is both of us.
  CurlTransport http;
  http.trust(setting("SEAMS_CA"));
  Workspace<2048> memory;
  const Config settings = config();
  Client client{http, memory, settings};
  const Question question{"words=400"};
  CHECK(scripted::ask(client, question.request).status.error == Error::none);
  REQUIRE(client.begin(question.request));
  while (client.next().kind != EventKind::text) {}
  const unsigned long before = heap::calls();
  unsigned events = 0;
  while (client.next()) ++events;
  MESSAGE(events << " events, " << heap::calls() - before << " allocations, those of libcurl and OpenSSL included");
  CHECK(events > 40);
}

TEST_SUITE_END();
