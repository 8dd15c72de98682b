// What is refused before a byte is sent, and where the key may go.
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;
using scripted::Bench;
using scripted::Blocking;
using scripted::Ending;
using scripted::Outcome;

namespace {

// The status of a begin() that must not touch the transport.
template <class Change>
Error refusal(Change change) {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  change(bench);
  const Error error = bench.client.begin(bench.request).error;
  CHECK(bench.client.done());
  CHECK(bench.client.status().error == error);
  CHECK(!bench.client.next());
  CHECK(bench.transport.calls == 0);
  return error;
}

struct Plain : Blocking {
  static constexpr bool is_plaintext = true;
};

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE("refused: what a request lacks") {
  CHECK(refusal([](Bench<>& bench) {
    bench.request.model = "";
  }) == Error::missing_model);
  CHECK(refusal([](Bench<>& bench) {
    bench.request.max_tokens = Request::not_set;
  }) == Error::missing_max_tokens);
  CHECK(refusal([](Bench<>& bench) {
    bench.request.prompt = "";
  }) == Error::missing_messages);
  CHECK(refusal([](Bench<>& bench) {
    bench.config.api_key = "";
  }) == Error::missing_key);
  CHECK(refusal([](Bench<>& bench) {
    bench.request = {};
  }) == Error::missing_model);
}

TEST_CASE("refused: two credentials at once") {
  CHECK(refusal([](Bench<>& bench) {
    bench.config.auth_token = "token";
  }) == Error::bad_request);
}

TEST_CASE("refused: sampling under the version that has none") {
  CHECK(refusal([](Bench<>& bench) {
    bench.request.temperature = "0.7";
  }) == Error::sampling_refused);
  CHECK(refusal([](Bench<>& bench) {
    bench.request.top_p = "1";
  }) == Error::sampling_refused);
  CHECK(refusal([](Bench<>& bench) {
    bench.request.top_k = 0;
  }) == Error::sampling_refused);
  for (const char* number : {"", "0.7\"", "1,\"x\":2", "-1", "+1", "1e3", "NaN", "0.5 ", "\n"}) {
    if (*number == '\0') continue;
    CAPTURE(std::string(number));
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.version = ApiVersion::v2023_06_01;
      bench.request.temperature = number;
    }) == Error::bad_request);
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.version = ApiVersion::v2023_06_01;
      bench.request.top_p = number;
    }) == Error::bad_request);
  }
}

TEST_CASE("refused: a base URL that is none") {
  for (const char* url :
      {"", "api.anthropic.com", "ftp://a", "https://", "https:///v1", "https://a:0", "https://a:65536",
          "https://a:", "https://a:x", "https://user@a", "https://a?b", "https://a/b?c", "https://a/#", "https://a b",
          "https://a\r\nx: y", "https://[::1", "https://[]", "https://a/\x7F", "https://a/\xC3\xA4"}) {
    CAPTURE(std::string(url));
    CHECK(refusal([&](Bench<>& bench) {
      bench.config.base_url = url;
    }) == Error::bad_base_url);
  }
}

TEST_CASE("refused: the key in plain text") {
  for (const char* url : {"http://api.anthropic.com", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:80"}) {
    CAPTURE(std::string(url));
    CHECK(refusal([&](Bench<>& bench) {
      bench.config.base_url = url;
    }) == Error::plaintext_refused);
  }
  Bench<Plain> bench;
  CHECK(bench.client.begin(bench.request).error == Error::plaintext_refused);
  CHECK(bench.transport.calls == 0);
}

TEST_CASE("refused: a workspace that does not hold the host's name") {
  char memory[64];
  const Config config = [] {
    Config made = scripted::config();
    made.base_url = "https://a2345678901234567890123456789012345678901234567890123456789.com";  // 63 bytes
    return made;
  }();
  Blocking transport;
  transport.script = {scripted::answers({scripted::greeting()})};
  Client<Blocking> client{transport, Room{memory}, config};
  CHECK(scripted::ask(client, scripted::question()).status.error == Error::none);
  CHECK(transport.hosts[0] == "a2345678901234567890123456789012345678901234567890123456789.com:443");
  Client<Blocking> smaller{transport, Room{memory, 63}, config};
  const Request request = scripted::question();
  CHECK(smaller.begin(request).error == Error::workspace_too_small);
}

TEST_CASE("refused: bytes that could end a header") {
  constexpr std::string_view hostile[] = {"a\r\nx: y", "a\nb", "a\rb", {"a\0b", 3}, "\x7F", "a\x1F", "\xC3\xA4"};
  for (const std::string_view text : hostile) {
    CHECK(refusal([&](Bench<>& bench) {
      bench.config.api_key = text;
    }) == Error::bad_header);
    CHECK(refusal([&](Bench<>& bench) {
      bench.config.api_key = "";
      bench.config.auth_token = text;
    }) == Error::bad_header);
    CHECK(refusal([&](Bench<>& bench) {
      bench.config.workspace_id = text;
    }) == Error::bad_header);
    CHECK(refusal([&](Bench<>& bench) {
      bench.config.user_agent = text;
    }) == Error::bad_header);
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.beta = text;
    }) == Error::bad_header);
    const Header value[] = {{"x-test", text}};
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.headers = value;
    }) == Error::bad_header);
    const Header name[] = {{text, "value"}};
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.headers = name;
    }) == Error::bad_header);
  }
}

TEST_CASE("refused: headers that are the client's own, in any case, and names that are none") {
  for (const char* name : {"host", "Host", "connection", "content-length", "CONTENT-LENGTH", "transfer-encoding",
           "x-api-key", "X-Api-Key", "authorization", "Authorization", "", "a b", "a:", ":a", "a\tb", "\xC3\xA4"}) {
    CAPTURE(std::string(name));
    const Header headers[] = {{name, "value"}};
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.headers = headers;
    }) == Error::bad_header);
  }
}

TEST_CASE("refused: text that is not UTF-8") {
  for (const char* text : {"\xFF", "\xC3", "a\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.prompt = text;
    }) == Error::bad_text);
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.model = text;
    }) == Error::bad_text);
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.system = text;
    }) == Error::bad_text);
    CHECK(refusal([&](Bench<>& bench) {
      bench.request.user_id = text;
    }) == Error::bad_text);
  }
}

TEST_CASE("refused: a refusal leaves a kept connection for the next question") {
  Bench<> bench{{scripted::answers({scripted::greeting(), scripted::greeting()})}};
  bench.ask();
  bench.request.model = "";
  CHECK(bench.ask().status.error == Error::missing_model);
  bench.request.model = "m";
  CHECK(bench.ask().text == "Hi!");
  CHECK(bench.transport.opened() == 1);
}

TEST_CASE("credentials: api_key, auth_token and key_source each become their header, once") {
  Bench<> bench{{scripted::answers({scripted::greeting(), scripted::greeting(), scripted::greeting()})}};
  bench.ask();
  CHECK(bench.transport.request(0).find("\r\nx-api-key: sk-test\r\n") != std::string_view::npos);
  CHECK(bench.transport.request(0).find("authorization") == std::string_view::npos);
  bench.transport.sent[0].clear();
  bench.config.api_key = "";
  bench.config.auth_token = "token";
  Bench<> bearer{{scripted::answers({scripted::greeting()})}};
  bearer.config = bench.config;
  bearer.ask();
  CHECK(bearer.transport.request(0).find("\r\nauthorization: Bearer token\r\n") != std::string_view::npos);
  CHECK(bearer.transport.request(0).find("x-api-key") == std::string_view::npos);
  Bench<> source{{scripted::answers({scripted::greeting()})}};
  source.config.api_key = "";
  source.config.key_source = [](void* context) {
    return string_view(static_cast<const char*>(context));
  };
  char key[] = "sk-from-vault";
  source.config.key_context = key;
  CHECK(source.ask().status.error == Error::none);
  CHECK(source.transport.request(0).find("\r\nx-api-key: sk-from-vault\r\n") != std::string_view::npos);
}

TEST_CASE("credentials: a key source that has none sends nothing") {
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.config.api_key = "";
  bench.config.key_source = [](void*) {
    return string_view();
  };
  CHECK(bench.ask().status.error == Error::missing_key);
  CHECK(bench.transport.calls == 0);
}

TEST_CASE("credentials: the key stands in no object of the library once the request was sent") {
  // The workspace is the only place it passes through, and the answer and the next rendering overwrite that.
  Bench<> bench{{scripted::answers({scripted::greeting()})}};
  static char key[] = "sk-ant-KEY-THAT-IS-UNIQUE-0123456789";
  bench.config.api_key = key;
  CHECK(bench.ask().status.error == Error::none);
  const std::string_view in_client(reinterpret_cast<const char*>(&bench.client), sizeof bench.client);
  const std::string_view in_memory(bench.memory.bytes, sizeof bench.memory.bytes);
  CHECK(in_client.find("KEY-THAT-IS-UNIQUE") == std::string_view::npos);
  CHECK(in_memory.find("KEY-THAT-IS-UNIQUE") == std::string_view::npos);
}

TEST_CASE("redirects: none is followed, and not one further byte is sent anywhere") {
  const char* const targets[] = {"https://api.anthropic.com/v2/messages", "https://evil.example/v1/messages",
      "https://api.anthropic.com:8443/v1/messages", "http://api.anthropic.com/v1/messages", "/elsewhere"};
  unsigned sessions = 0;
  for (const unsigned status : {300u, 301u, 302u, 303u, 304u, 305u, 306u, 307u, 308u}) {
    for (const char* target : targets) {
      for (const char* retry : {"", "x-should-retry: false\r\n"}) {
        const std::string answer = scripted::with_length("HTTP/1.1 " + std::to_string(status) + " Moved",
            "location: " + std::string(target) + "\r\n" + retry, status == 304 ? "" : "moved");
        Bench<> bench{{scripted::answers({{answer}, scripted::greeting()}), scripted::answers({scripted::greeting()})}};
        const Outcome outcome = bench.ask();
        CAPTURE(status);
        CHECK(outcome.status.error == Error::redirected);
        CHECK(outcome.status.http == status);
        CHECK(bench.transport.opened() == 1);
        CHECK(bench.transport.requests == 1);
        const std::size_t sent = bench.transport.sent[0].size();
        for (int i = 0; i < 5; ++i) CHECK(!bench.client.next());
        CHECK(bench.transport.sent[0].size() == sent);
        CHECK(bench.transport.request(0).substr(sent - 2) == "e}");  // the request's own end
        ++sessions;
      }
    }
  }
  MESSAGE(sessions << " redirects");
}

TEST_CASE("redirects: one that asks to be tried again goes to the same host") {
  const std::string answer =
      scripted::with_length("HTTP/1.1 307 Moved", "location: https://evil.example/\r\nx-should-retry: true\r\n", "");
  Bench<> bench{{scripted::answers({{answer}}), scripted::answers({scripted::greeting()})}};
  CHECK(bench.ask().status.error == Error::none);
  for (const std::string& host : bench.transport.hosts) CHECK(host == "api.anthropic.com:443");
}

TEST_SUITE_END();
