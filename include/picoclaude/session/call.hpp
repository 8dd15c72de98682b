// One call of the API as bytes: the head of the request and its body, rendered by functions.
#pragma once
#include "../base/words.hpp"
#include "../messages/request.hpp"
#include "../wire/http_request.hpp"
#include "settings.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// How an endpoint is called; one constant for each. `subject` is what the endpoint sends, for example a Request.
struct Endpoint {
  string_view start;                              // method and blank
  void (*path)(Window&, const void* subject);     // begins with a slash
  void (*headers)(Window&, const void* subject);  // anthropic-version and others; may be null
  void (*body)(Window&, const void* subject);     // null: no body
  string_view content_type;
};

// Headers that belong to this library.
inline constexpr char reserved_headers[] = "host connection content-length transfer-encoding x-api-key authorization";
inline constexpr WordTable<sizeof reserved_headers> reserved{reserved_headers};

constexpr void render_headers(Window& window, ApiVersion version, string_view beta, List<Header> headers) {
  if (version == ApiVersion::v2023_06_01) {
    window.raw("anthropic-version: 2023-06-01\r\n");
  } else {
    window.raw("anthropic-version: 2026-10-21\r\n");
  }
  http_header(window, "anthropic-beta: ", beta);
  for (bool more = window.open(headers.size()); more; more = window.next(headers.size())) {
    const Header& header = headers[window.item()];
    if (!is_header_name(header.name) || reserved.find(header.name) != reserved.unknown) window.fail(Error::bad_header);
    window.raw(header.name);
    window.raw(": ");
    window.header(header.value);
    window.raw("\r\n");
  }
}

inline void render_credentials(Window& window, const Config& config) {
  http_header(
      window, "x-api-key: ", config.key_source != nullptr ? config.key_source(config.key_context) : config.api_key);
  http_header(window, "authorization: Bearer ", config.auth_token);
}

// The whole request: a pure function of its arguments and the window's cursor.
inline void render_call(
    Window& window, const Config& config, const Endpoint& endpoint, const void* subject, std::uint32_t body_size) {
  const Origin origin = parse_base_url(config.base_url);
  window.raw(endpoint.start);
  window.raw(origin.path);
  endpoint.path(window, subject);
  http_host(window, origin);
  http_header(window, "user-agent: ", config.user_agent);
  http_header(window, "anthropic-workspace-id: ", config.workspace_id);
  if (endpoint.headers != nullptr) endpoint.headers(window, subject);
  render_credentials(window, config);
  if (endpoint.body != nullptr) {
    http_header(window, "content-type: ", endpoint.content_type);
    http_header(window, "content-length: ", body_size);
  }
  window.raw("\r\n");
  if (endpoint.body != nullptr && !window.measuring()) endpoint.body(window, subject);
}

inline constexpr Endpoint messages_endpoint{"POST ",
    [](Window& window, const void*) {
      window.raw("/v1/messages");
    },
    [](Window& window, const void* subject) {
      const auto& request = *static_cast<const Request*>(subject);
      render_headers(window, request.version, request.beta, request.headers);
    },
    [](Window& window, const void* subject) {
      render(window, *static_cast<const Request*>(subject));
    },
    "application/json"};

}  // namespace detail
PICOCLAUDE_END
