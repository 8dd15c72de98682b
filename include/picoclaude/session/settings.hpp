// Where requests go, with which credentials, and how long anything may take.
#pragma once
#include "../base/view.hpp"
#include "../wire/url.hpp"
#include "budget.hpp"

PICOCLAUDE_BEGIN

// A Client keeps a reference to its Config and to all that it points to.
struct Config {
  string_view api_key;     // sent as x-api-key
  string_view auth_token;  // sent as "authorization: Bearer"; give one of the two
  // Instead of api_key: asked whenever a request is sent, so that the key need not stay in memory.
  // Lifetime: the view is used until the function is called again or the request was sent.
  string_view (*key_source)(void* context) PICOCLAUDE_NONBLOCKING = nullptr;
  void* key_context = nullptr;

  // https://host[:port][/path], for example of a gateway.
  // Lifetime: the text is not copied. Errors: begin() refuses what is no base URL with bad_base_url.
  BaseUrl base_url = anthropic;
  string_view workspace_id;  // anthropic-workspace-id
  string_view user_agent = "picoclaude/" PICOCLAUDE_VERSION;

  // Milliseconds; 0 is no limit. The clock is the transport's.
  std::uint32_t connect_ms = 15'000;      // name lookup, connect and handshake
  std::uint32_t first_byte_ms = 120'000;  // from the request's last byte to the answer's first
  std::uint32_t idle_ms = 60'000;         // without any byte; pings count as life
  std::uint32_t total_ms = 600'000;       // from begin() to the end, retries included
  std::uint32_t tail_ms = 500;            // after a complete answer, to keep the connection

  std::uint8_t max_retries = 2;
  bool retry_unanswered = false;              // also when the service may have begun to work: it may be billed twice
  std::uint32_t max_retry_after_ms = 60'000;  // a longer retry-after is cut to this
  detail::Part<PICOCLAUDE_ENABLE_BUDGET, Budget*, detail::OffBudget> budget{};  // money that requests may use
  std::uint32_t seed = 0;  // of the jitter; give each device of a fleet its own, for example its serial
};

PICOCLAUDE_END
