// The names of errors, for logs and screens. A program that does not call name() does not carry them.
#pragma once
#include "error.hpp"

PICOCLAUDE_BEGIN

// The enumerator's own name, for example "tls_wrong_host". A NUL stands behind it. Lifetime: for ever.
constexpr string_view name(Error error) {
  switch (error) {
    case Error::none: return "none";
    case Error::busy: return "busy";
    case Error::cancelled: return "cancelled";
    case Error::missing_model: return "missing_model";
    case Error::missing_max_tokens: return "missing_max_tokens";
    case Error::missing_messages: return "missing_messages";
    case Error::missing_key: return "missing_key";
    case Error::bad_base_url: return "bad_base_url";
    case Error::plaintext_refused: return "plaintext_refused";
    case Error::bad_header: return "bad_header";
    case Error::bad_text: return "bad_text";
    case Error::bad_request: return "bad_request";
    case Error::sampling_refused: return "sampling_refused";
    case Error::request_changed: return "request_changed";
    case Error::request_too_long: return "request_too_long";
    case Error::workspace_too_small: return "workspace_too_small";
    case Error::out_of_room: return "out_of_room";
    case Error::spent: return "spent";
    case Error::bad_roots: return "bad_roots";
    case Error::no_roots: return "no_roots";
    case Error::bad_setup: return "bad_setup";
    case Error::bad_cache_control: return "bad_cache_control";
    case Error::no_price: return "no_price";
    case Error::out_of_rounds: return "out_of_rounds";
    case Error::out_of_calls: return "out_of_calls";
    case Error::out_of_tokens: return "out_of_tokens";
    case Error::out_of_time: return "out_of_time";
    case Error::bad_thinking: return "bad_thinking";
    case Error::name_not_found: return "name_not_found";
    case Error::connect_failed: return "connect_failed";
    case Error::connect_timeout: return "connect_timeout";
    case Error::first_byte_timeout: return "first_byte_timeout";
    case Error::idle_timeout: return "idle_timeout";
    case Error::total_timeout: return "total_timeout";
    case Error::connection_closed: return "connection_closed";
    case Error::connection_lost: return "connection_lost";
    case Error::transport_failed: return "transport_failed";
    case Error::transport_broken: return "transport_broken";
    case Error::tls_failed: return "tls_failed";
    case Error::tls_clock_not_set: return "tls_clock_not_set";
    case Error::tls_expired: return "tls_expired";
    case Error::tls_not_yet_valid: return "tls_not_yet_valid";
    case Error::tls_unknown_ca: return "tls_unknown_ca";
    case Error::tls_wrong_host: return "tls_wrong_host";
    case Error::tls_refused: return "tls_refused";
    case Error::tls_no_entropy: return "tls_no_entropy";
    case Error::bad_http: return "bad_http";
    case Error::http_head_too_long: return "http_head_too_long";
    case Error::bad_content_length: return "bad_content_length";
    case Error::bad_chunk: return "bad_chunk";
    case Error::bad_transfer_encoding: return "bad_transfer_encoding";
    case Error::content_encoded: return "content_encoded";
    case Error::wrong_content_type: return "wrong_content_type";
    case Error::redirected: return "redirected";
    case Error::truncated: return "truncated";
    case Error::bad_json: return "bad_json";
    case Error::json_too_deep: return "json_too_deep";
    case Error::bad_utf8: return "bad_utf8";
    case Error::bad_event: return "bad_event";
    case Error::bad_event_order: return "bad_event_order";
    case Error::too_many_blocks: return "too_many_blocks";
    case Error::invalid_request: return "invalid_request";
    case Error::authentication: return "authentication";
    case Error::billing: return "billing";
    case Error::permission: return "permission";
    case Error::not_found: return "not_found";
    case Error::request_timeout: return "request_timeout";
    case Error::conflict: return "conflict";
    case Error::request_too_large: return "request_too_large";
    case Error::rate_limit: return "rate_limit";
    case Error::spend_limit: return "spend_limit";
    case Error::api_error: return "api_error";
    case Error::timeout: return "timeout";
    case Error::overloaded: return "overloaded";
    case Error::unknown_error: return "unknown_error";
  }
  return "?";
}

PICOCLAUDE_END
