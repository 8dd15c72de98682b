// No redirect is followed: of every call of the API, over sockets and over hosts that own HTTP.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 1
#define PICOCLAUDE_ENABLE_MODELS 1
#define PICOCLAUDE_ENABLE_BATCHES 1
#define PICOCLAUDE_ENABLE_FILES 1
#define PICOCLAUDE_ENABLE_RAW 1
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;

namespace {

constexpr std::uint16_t statuses[] = {300, 301, 302, 303, 304, 305, 306, 307, 308};
constexpr const char* targets[] = {"https://api.anthropic.com/v2/messages", "https://evil.example/v1/messages",
    "https://api.anthropic.com:8443/v1/messages", "http://api.anthropic.com/v1/messages", "/elsewhere"};

struct Redirect {
  std::uint16_t status;
  const char* target;
  const char* should_retry;  // null: it does not say
};

template <class Test>
void every_redirect(const char* should_retry, Test test) {
  for (const std::uint16_t status : statuses) {
    for (const char* const target : targets) {
      CAPTURE(status);
      CAPTURE(std::string(target));
      test(Redirect{status, target, should_retry});
    }
  }
}

constexpr unsigned max_retries = 2;

Config config() {
  Config made = scripted::config();
  made.max_retries = max_retries;
  return made;
}

// Makes each call of the API with a new client; `with(call)` is given a function that makes it.
template <class With>
unsigned every_call(With with) {
  static const Request request = scripted::question();
  unsigned calls = 0;
  const auto make = [&](const char* name, auto call) {
    CAPTURE(std::string(name));
    with(call);
    ++calls;
  };
  make("a message", [](auto& client) {
    Request streamed = scripted::question();
    return scripted::ask(client, streamed).status;
  });
  make("count_tokens", [](auto& client) {
    return count_tokens(client, request).status;
  });
  make("a model", [](auto& client) {
    GetModel get("m");
    return run(client, get);
  });
  make("models", [](auto& client) {
    ListModels list;
    return run(client, list);
  });
  make("a new batch", [](auto& client) {
    CreateBatch create{{[](void*, std::uint32_t) -> BatchItem {
                          return {"a", &request};
                        },
        nullptr, 2}};
    return run(client, create);
  });
  make("a batch", [](auto& client) {
    GetBatch get("b");
    return run(client, get);
  });
  make("a batch until it has ended", [](auto& client) {
    AwaitBatch await("b");
    return run(client, await);
  });
  make("a batch's results", [](auto& client) {
    BatchResults results("b");
    return run(client, results);
  });
  make("a batch to be cancelled", [](auto& client) {
    CancelBatch cancel("b");
    return run(client, cancel);
  });
  make("a file to be deleted", [](auto& client) {
    DeleteFile remove("f");
    return run(client, remove);
  });
  make("an upload", [](auto& client) {
    UploadFile upload("name", "text/plain", string_view("content"));
    return run(client, upload);
  });
  make("a download", [](auto& client) {
    DownloadFile download("f");
    return run(client, download);
  });
  make("a raw call", [](auto& client) {
    RawCall raw("PUT", "/v1/x");
    raw.body = "{}";
    return run(client, raw);
  });
  return calls;
}

// ---- sockets ---------------------------------------------------------------------------------------------------------

std::string answer_of(const Redirect& redirect) {
  std::string headers = "location: " + std::string(redirect.target) + "\r\n";
  if (redirect.should_retry != nullptr) headers += "x-should-retry: " + std::string(redirect.should_retry) + "\r\n";
  return scripted::with_length(
      "HTTP/1.1 " + std::to_string(redirect.status) + " Moved", headers, redirect.status == 304 ? "" : "moved");
}

// ---- hosts that own HTTP ---------------------------------------------------------------------------------------------

// Answers every request with the same redirect.
struct Host {
  static constexpr bool follows_redirects = false;

  explicit Host(const Redirect& answer) : redirect(answer) {}

  Redirect redirect;
  std::string urls;  // of all requests
  unsigned starts = 0;
  std::size_t bytes = 0;  // of all that was handed over: methods, URLs, headers, bodies
  unsigned headers = 0;   // of this answer that were told
  std::uint32_t now = 1000;

  Io start(const char* method, const char* url) {
    ++starts;
    headers = 0;
    urls += std::string(url) + " ";
    bytes += std::strlen(method) + std::strlen(url);
    return Io::ok();
  }
  Io header(const char* name, const char* value) {
    bytes += std::strlen(name) + std::strlen(value);
    return Io::ok();
  }
  Io begin_body(std::uint32_t) { return Io::ok(); }
  Io send(const char*, std::size_t size) {
    bytes += size;
    return Io::moved(size);
  }
  Io status(std::uint16_t& code) {
    code = redirect.status;
    return Io::ok();
  }
  Io next_header(string_view& name, string_view& value) {
    name = value = {};
    ++headers;
    if (headers == 1) {
      name = "Location";
      value = redirect.target;
    } else if (headers == 2 && redirect.should_retry != nullptr) {
      name = "X-Should-Retry";
      value = redirect.should_retry;
    }
    return Io::ok();
  }
  Io recv(char*, std::size_t) { return Io::closed(); }
  void close() {}
  std::uint32_t now_ms() { return now; }
  bool wait(std::uint32_t at_most_ms) {
    now += at_most_ms;
    return true;
  }
};

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE("redirects: of no call of the API is one followed, and not one further byte is sent anywhere") {
  unsigned sessions = 0;
  for (const char* const should_retry : {static_cast<const char*>(nullptr), "false"}) {
    every_redirect(should_retry, [&](const Redirect& redirect) {
      sessions += every_call([&](auto call) {
        scripted::Bench<> bench{{scripted::answers({{answer_of(redirect)}, {answer_of(redirect)}}),
            scripted::answers({{answer_of(redirect)}})}};
        bench.config.max_retries = max_retries;
        const Status status = call(bench.client);
        CHECK(status.error == Error::redirected);
        CHECK(status.http == redirect.status);
        CHECK(bench.transport.opened() == 1);
        CHECK(bench.transport.requests == 1);
        const std::size_t sent = bench.transport.sent[0].size();
        for (int i = 0; i < 5; ++i) CHECK(!bench.client.next());
        CHECK(bench.transport.sent[0].size() == sent);
      });
    });
  }
  MESSAGE(sessions << " redirects");
}

TEST_CASE("redirects: over a host that owns HTTP none is followed either, and it is asked once") {
  unsigned sessions = 0;
  for (const char* const should_retry : {static_cast<const char*>(nullptr), "false"}) {
    every_redirect(should_retry, [&](const Redirect& redirect) {
      sessions += every_call([&](auto call) {
        Host host(redirect);
        const Config settings = config();
        Workspace<2048> memory;
        Client<Host> client{host, memory, settings};
        const Status status = call(client);
        CHECK(status.error == Error::redirected);
        CHECK(status.http == redirect.status);
        CHECK(host.starts == 1);
        CHECK(host.urls.find("https://api.anthropic.com/v1/") == 0);
        const std::size_t bytes = host.bytes;
        for (int i = 0; i < 5; ++i) CHECK(!client.next());
        CHECK(host.bytes == bytes);
      });
    });
  }
  MESSAGE(sessions << " redirects");
}

TEST_CASE("redirects: x-should-retry: true sends the request again, and to the same host only") {
  unsigned sessions = 0;
  every_redirect("true", [&](const Redirect& redirect) {
    sessions += every_call([&](auto call) {
      const scripted::Connection connection = scripted::answers(
          {{answer_of(redirect)}, {answer_of(redirect)}, {answer_of(redirect)}, {answer_of(redirect)}});
      scripted::Bench<> bench{{connection, connection, connection, connection}};
      bench.config.max_retries = max_retries;
      const Status status = call(bench.client);
      CHECK(status.error == Error::redirected);
      CHECK(status.http == redirect.status);
      CHECK(bench.transport.requests == 1 + max_retries);
      for (const std::string& host : bench.transport.hosts) CHECK(host == "api.anthropic.com:443");
    });
    sessions += every_call([&](auto call) {
      Host host(redirect);
      const Config settings = config();
      Workspace<2048> memory;
      Client<Host> client{host, memory, settings};
      const Status status = call(client);
      CHECK(status.error == Error::redirected);
      CHECK(host.starts == 1 + max_retries);
      const std::string url = host.urls.substr(0, host.urls.find(' ') + 1);
      CHECK(url.find("https://api.anthropic.com/v1/") == 0);
      CHECK(host.urls == url + url + url);
    });
  });
  MESSAGE(sessions << " redirects");
}

TEST_SUITE_END();
