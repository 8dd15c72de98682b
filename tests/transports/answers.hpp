// What every byte transport must make of a peer, told as cases for one that is given as a type.
#pragma once
#include <doctest/doctest.h>

#include <cstdio>
#include <string>

#include "peer.hpp"

namespace {

using picoclaude::Error;
using picoclaude::Io;

constexpr char head[] =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nrequest-id: req_1\r\n\r\n";
constexpr char start[] =
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
    "\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
    "\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n"
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
    "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
constexpr char hello[] =
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
    "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n";
constexpr char world[] =
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
    "\"delta\":{\"type\":\"text_delta\",\"text\":\", world\"}}\n\n";
constexpr char stop[] =
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
    "\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}}\n\n"
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

inline std::string chunk(const std::string& text) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return size + text + "\r\n";
}

struct Asked {
  std::string text;
  picoclaude::Status status;
};

// Asks as a program would that loops around next(); a millisecond passes whenever nothing comes.
template <class Transport>
Asked ask(Transport& transport, const char* base_url) {
  transport.blocking(false);
  picoclaude::Workspace<600> memory;
  picoclaude::Config config;
  config.api_key = "sk-ant-test";
  config.base_url = base_url;
  config.max_retries = 0;
  picoclaude::Client claude{transport, memory, config};
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 30;
  request.prompt = "Say hello.";
  Asked asked;
  if (!claude.begin(request)) return {"", claude.status()};
  for (int i = 0; i < 200'000 && !claude.done(); ++i) {
    const picoclaude::Event event = claude.next();
    if (event.kind == picoclaude::EventKind::text) asked.text += std::string(event.text);
    if (!event) peer::state.now_ms += 1;
  }
  asked.status = claude.status();
  return asked;
}

inline bool heard_a_request() {
  const std::string& heard = peer::state.heard;
  return heard.rfind("POST /v1/messages HTTP/1.1\r\nhost: ", 0) == 0 && heard.size() > 14 &&
      heard.compare(heard.size() - 14, 14, "\"stream\":true}") == 0;
}

// Where a transport asks: one without TLS only to this machine.
template <class Transport>
inline constexpr const char* url_of =
    picoclaude::detail::IsPlaintext<Transport>::value ? "http://127.0.0.1:8080" : "https://api.anthropic.com";

// `to`: what a transport is made of. `tells_names`: it tells a name without an address from a host that does not answer.
template <class Transport, bool tells_names = true, class... To>
void a_byte_transport(To&... to) {
  const char* const url = url_of<Transport>;
  SUBCASE("an answer comes whole, with pauses in it") {
    peer::is({"", head, "", chunk(start) + chunk(hello), "", "", chunk(world), chunk(stop) + "0\r\n\r\n"},
        peer::End::silence);
    Transport transport{to...};
    const Asked asked = ask(transport, url);
    CHECK(asked.text == "Hello, world");
    CHECK(asked.status.error == Error::none);
    CHECK(asked.status.http == 200);
    CHECK(heard_a_request());
    CHECK(peer::state.opened == 1);
  }
  SUBCASE("an end in the middle is no success") {
    peer::is({head, chunk(start) + chunk(hello)}, peer::End::close);
    Transport transport{to...};
    const Asked asked = ask(transport, url);
    CHECK(asked.text == "Hello");
    CHECK_FALSE(asked.status);
    CHECK(picoclaude::blame(asked.status.error) != picoclaude::Blame::caller);
    CHECK(peer::state.now_ms < 1000);  // told at once, not by a time-out
    CHECK(peer::state.closed == 1);
  }
  SUBCASE("a reset in the middle is told") {
    peer::is({head, chunk(start) + chunk(hello)}, peer::End::reset);
    Transport transport{to...};
    const Asked asked = ask(transport, url);
    CHECK(asked.text == "Hello");
    CHECK_FALSE(asked.status);
    CHECK(peer::state.now_ms < 1000);
  }
  SUBCASE("a name without an address") {
    peer::is({}, peer::End::silence);
    peer::state.knows_name = false;
    Transport transport{to...};
    CHECK(ask(transport, url).status.error == (tells_names ? Error::name_not_found : Error::connect_failed));
    CHECK(peer::state.opened == 0);
  }
  SUBCASE("nobody answers the connect") {
    peer::is({}, peer::End::silence);
    peer::state.listens = false;
    Transport transport{to...};
    CHECK(ask(transport, url).status.error == Error::connect_failed);
    CHECK(peer::state.heard.empty());
  }
  SUBCASE("one that takes nothing is waited for, until the time is over") {
    peer::is({}, peer::End::silence);
    peer::state.deaf = true;
    Transport transport{to...};
    const Asked asked = ask(transport, url);
    CHECK_FALSE(asked.status);
    CHECK(picoclaude::blame(asked.status.error) == picoclaude::Blame::network);
    CHECK(peer::state.closed == peer::state.opened);
  }
}

}  // namespace
