// What can go wrong, numbered by who can act, and the sticky Status that tells it.
#pragma once
#include "view.hpp"

PICOCLAUDE_BEGIN

// One byte. 1-31: your code can act. 32-63: the network, or the trust in its other end. 64-95: the peer sent bytes that
// are not what they should be. 96-127: the service answered, and the answer is no.
enum class Error : std::uint8_t {
  none = 0,

  // Your code.
  busy = 1,             // begin() while an exchange runs, or from a callback; nothing changed
  cancelled,            // cancel() was called
  missing_model,        // Request::model is empty
  missing_max_tokens,   // Request::max_tokens is not set
  missing_messages,     // neither prompt nor messages
  missing_key,          // Config has neither api_key nor auth_token
  bad_base_url,         // no https://host[:port][/path], or the host is empty or too long
  plaintext_refused,    // http:// while a key would be sent
  bad_header,           // CR, LF, NUL or another control byte in something that becomes a header
  bad_text,             // a string of the request is not UTF-8
  bad_request,          // members of the request that contradict each other; with CHECK, Status::native is the Rule
  sampling_refused,     // temperature, top_p or top_k under an API version that has them not
  request_changed,      // the request rendered differently the second time: its views changed
  request_too_long,     // more than 4 GiB
  workspace_too_small,  // the host name does not fit
  out_of_room,          // the caller's room for an answer, a held payload or a transcript is full
  spent,                // a budget of yours ended the work: there is no money left
  bad_roots,            // the trusted certificates cannot be read
  no_roots,             // no trusted certificates were found
  bad_setup,            // the transport or its TLS library refused its settings
  bad_cache_control,    // more than 4 cache breakpoints, or one of 5 minutes before one of an hour
  no_price,             // a budget has no price for the model of the request
  bad_thinking,         // thinking.budget_tokens is below 1024 or not below max_tokens, or has no meaning
  out_of_rounds,        // a brake of run_tools: requests
  out_of_calls,         // a brake of run_tools: calls of tools
  out_of_tokens,        // a brake of run_tools: tokens of all its requests
  out_of_time,          // a brake of run_tools: milliseconds

  // The network, and who is at its other end.
  name_not_found = 32,  // the host name has no address
  connect_failed,       // no address of the host could be reached
  connect_timeout,
  first_byte_timeout,
  idle_timeout,
  total_timeout,
  connection_closed,  // closed before the answer was complete, by a proper end
  connection_lost,    // reset, or ended without a proper end
  transport_failed,   // any other failure of the transport; Status::native tells
  transport_broken,   // the transport broke its contract, for example moved(0)
  tls_failed,         // the handshake failed; Status::native is the TLS library's code
  tls_clock_not_set,  // the clock stands before this library was written: dates cannot be checked
  tls_expired,        // the certificate has expired
  tls_not_yet_valid,
  tls_unknown_ca,  // no trusted root signed the certificate
  tls_wrong_host,  // the certificate is for another host
  tls_refused,     // the certificate was refused for another reason
  tls_no_entropy,

  // The peer's bytes.
  bad_http = 64,  // not an HTTP/1.1 answer
  http_head_too_long,
  bad_content_length,
  bad_chunk,
  bad_transfer_encoding,  // other than chunked, or both framings at once
  content_encoded,        // a content-encoding that was not asked for
  wrong_content_type,     // a success that is neither an event stream nor JSON
  redirected,             // 3xx: never followed
  truncated,              // the body ended before it was complete
  bad_json,
  json_too_deep,
  bad_utf8,
  bad_event,  // an event whose members contradict each other
  bad_event_order,
  too_many_blocks,

  // The service's answer. HTTP status or error.type decides; API.md, section 7.2.
  invalid_request = 96,  // 400 and other 4xx
  authentication,        // 401
  billing,               // 402
  permission,            // 403
  not_found,             // 404
  conflict,              // 409
  request_too_large,     // 413
  rate_limit,            // 429
  api_error,             // 500 and other 5xx
  timeout,               // 504
  overloaded,            // 529
  request_timeout,       // 408
  spend_limit,           // 429 with a spend cap: waiting does not help
  unknown_error,         // an error.type that this library does not know
};

// Who can act on an error.
enum class Blame : std::uint8_t { nobody, caller, network, peer, service };

constexpr Blame blame(Error error) {
  return error == Error::none ? Blame::nobody : static_cast<Blame>((static_cast<unsigned>(error) >> 5) + 1);
}

// What became of an exchange. It stays until the next begin().
struct Status {
  Error error = Error::none;
  std::uint16_t http = 0;   // the HTTP status, 0 when there was none
  std::int32_t native = 0;  // the transport's or TLS library's own code (24 bits of it), 0 when there was none

  constexpr explicit operator bool() const { return error == Error::none; }
};

PICOCLAUDE_END
