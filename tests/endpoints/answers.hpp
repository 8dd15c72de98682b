// What the tests of the endpoints share: answers, and a client that is asked by a call.
#pragma once
#include <doctest/doctest.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "picoclaude.hpp"
#include "support/recordings.hpp"
#include "support/scripted.hpp"

namespace {

namespace pc = picoclaude;

inline std::string json_answer(std::string_view body) {
  return scripted::with_length("HTTP/1.1 200 OK", "content-type: application/json\r\nrequest-id: req_1\r\n", body);
}
inline std::string chunked_answer(std::string_view body, std::string_view type = "application/json") {
  return "HTTP/1.1 200 OK\r\ncontent-type: " + std::string(type) + "\r\ntransfer-encoding: chunked\r\n\r\n" +
      scripted::chunked(body, 11);
}
inline std::string unframed_answer(std::string_view body, std::string_view type = "application/json") {
  return "HTTP/1.1 200 OK\r\ncontent-type: " + std::string(type) + "\r\n\r\n" + std::string(body);
}
inline std::string refused_answer(std::string_view first_line, std::string_view body) {
  return scripted::with_length(first_line, "content-type: application/json\r\n", body);
}

// A client of a scripted server.
struct Bench {
  scripted::Blocking transport;
  pc::Workspace<1024> memory;
  pc::Config config;
  pc::Client<scripted::Blocking> claude{transport, memory, config};

  Bench() {
    config.api_key = "sk-test";
    config.max_retries = 0;
  }
  // One connection that answers so, one request after the other.
  explicit Bench(std::vector<scripted::Answer> answers) : Bench() { transport.script = {{std::move(answers)}}; }

  // The request of a connection, without the headers that every request has.
  std::string request(std::size_t at = 0) const {
    std::string text(transport.request(at));
    for (const char* const line : {"host: api.anthropic.com\r\n", "user-agent: picoclaude/0.1.0\r\n",
             "anthropic-version: 2026-10-21\r\n", "x-api-key: sk-test\r\n"}) {
      const std::size_t found = text.find(line);
      if (found != std::string::npos) text.erase(found, std::string_view(line).size());
    }
    return text;
  }
};

inline std::string text(std::string_view view) { return std::string(view); }

}  // namespace
