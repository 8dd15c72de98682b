// Every allocation that mbedTLS makes for one session fails in turn, once and for good: an error or the whole answer,
// never a wrong server accepted, and the same client asks again and is answered.
#include <malloc.h>

#include "../support/deep.hpp"
#include "../support/run.hpp"
#include "../support/tls_client.hpp"

namespace {

// Of this program's client, which runs in one thread; the server in another one has all it wants.
struct Failing {
  unsigned long calls = 0;
  unsigned long at = 0;  // the call that fails, from 1; 0: none
  bool persistent = false;
};
thread_local Failing* failing = nullptr;

bool must_fail() {
  if (failing == nullptr) return false;
  ++failing->calls;
  if (failing->at == 0) return false;
  return failing->persistent ? failing->calls >= failing->at : failing->calls == failing->at;
}

}  // namespace

// mbedTLS as Debian builds it takes all its memory from here.
extern "C" void* __libc_calloc(std::size_t count, std::size_t size);
extern "C" void* calloc(std::size_t count, std::size_t size) noexcept {
  return must_fail() ? nullptr : __libc_calloc(count, size);
}

using namespace test;
using picoclaude::Client;
using scripted::Outcome;

namespace {

const char* const host = "api.example.test";
const std::string whole = scripted::streamed(scripted::hello);

using Tls = picoclaude::MbedtlsTransport<>;

// A server with a certificate for that name, which answers one question a connection.
class Place {
 public:
  explicit Place(const char* certified)
      : identity_(issue(certificate_for({dns(certified)}), &root())), server_(identity_, [this](Peer& peer) {
          if (!peer.handshake()) return;
          if (!peer.read().empty()) ++requests;
          peer.write(whole);
          peer.linger_on();
        }) {
    config.api_key = "sk-test";
    url_ = "https://api.example.test:" + std::to_string(server_.port());
    config.base_url = url_;
    config.max_retries = 0;
    config.total_ms = 10'000;
  }

  std::atomic<unsigned> requests{0};
  picoclaude::Config config;

 private:
  Identity identity_;
  TlsServer server_;
  std::string url_;
};

struct Session {
  Outcome outcome;
  Outcome next;  // with memory again
  unsigned long calls = 0;
};

Session play(Place& place, unsigned long at, bool persistent) {
  static const std::string roots = root().pem();
  Session session;
  Tls tls{picoclaude::pem_roots(roots)};
  tls.below().resolve_with(at_loopback);
  picoclaude::Workspace<2048> memory;
  Client<Tls> client{tls, memory, place.config};
  const picoclaude::Request request = scripted::question();
  Failing fault{0, at, persistent};
  failing = &fault;
  session.outcome = scripted::ask(client, request);
  client.disconnect();
  failing = nullptr;
  session.calls = fault.calls;
  if (at != 0) session.next = scripted::ask(client, request);
  return session;
}

unsigned long in_use() { return static_cast<unsigned long>(mallinfo2().uordblks); }

// How many sessions there were; `step`: every so manieth allocation, behind the first ones, which make the settings.
unsigned sweep(Place& place, bool is_right, unsigned long calls, unsigned long first, unsigned long step) {
  unsigned count = 0;
  for (unsigned long at = 1; at <= calls; at += at < first ? 1 : step) {
    for (const bool persistent : {false, true}) {
      const Session session = play(place, at, persistent);
      ++count;
      CAPTURE(at);
      CAPTURE(persistent);
      const Outcome& outcome = session.outcome;
      CAPTURE(picoclaude::name(outcome.status.error));
      if (outcome && !(is_right && outcome.text == "Hi!" && outcome.ends == 1)) CHECK_FALSE(outcome.status);
      if (!outcome && outcome.ends != 0) CHECK(outcome.ends == 0);
      if (is_right && !session.next) CHECK(session.next.status.error == Error::none);
      if (!is_right && session.next.status.error != Error::tls_wrong_host)
        CHECK(session.next.status.error == Error::tls_wrong_host);
    }
  }
  return count;
}

}  // namespace

TEST_CASE("tls allocations: each that fails is an error or costs nothing, and a wrong server stays wrong") {
  const unsigned long step = deep_part() == 0 ? 97 : deep_part();
  Place right(host);
  Place wrong("api.example.com");
  const Session good = play(right, 0, false);
  REQUIRE(good.outcome);
  REQUIRE(good.calls > 100);
  const Session bad = play(wrong, 0, false);
  REQUIRE(bad.outcome.status.error == Error::tls_wrong_host);
  sweep(right, true, good.calls, 0, good.calls / 3);  // what is made once is made
  const unsigned long before = in_use();
  const unsigned count = sweep(right, true, good.calls, 0, step) + sweep(wrong, false, bad.calls, 150, step * 4);
  const unsigned long after = in_use();
  MESSAGE(count << " sessions of " << good.calls << " allocations each; " << (after > before ? after - before : 0)
                << " bytes more in use behind them");
  CHECK(wrong.requests == 0);
  CHECK(after < before + 100'000);
}
