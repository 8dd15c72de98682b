// One call of the API as bytes: the head of the request and its body, rendered by functions.
#pragma once
#include "../endpoints/endpoint.hpp"
#include "settings.hpp"

PICOCLAUDE_BEGIN
namespace detail {

inline void render_credentials(Window& window, const Config& config) {
  const string_view key = config.key_source != nullptr ? config.key_source(config.key_context) : config.api_key;
  if (key.empty() && config.key_source != nullptr) window.fail(Error::missing_key);
  http_header(window, "x-api-key: ", key);
  http_header(window, "authorization: Bearer ", config.auth_token);
}

#if PICOCLAUDE_ENDLESS
// In the place of a body's size: it is sent in chunks, and not by Exchange::render().
inline constexpr std::uint32_t in_chunks = 0xFFFFFFFF;
#endif

// The head of the request: a pure function of its arguments and the window's cursor.
inline void render_head(
    Window& window, const Config& config, const Endpoint& endpoint, const void* subject, std::uint32_t body_size) {
  const Origin& origin = config.base_url;
  window.raw(endpoint.start);
  window.raw(origin.path);
  endpoint.path(window, subject);
  http_host(window, origin);
  http_header(window, "user-agent: ", config.user_agent);
  http_header(window, "anthropic-workspace-id: ", config.workspace_id);
  endpoint.headers(window, subject);
  render_credentials(window, config);
  if (endpoint.body != nullptr) {
    http_header(window, "content-type: ", endpoint.content_type);
#if PICOCLAUDE_ENDLESS
    if (body_size == in_chunks) return window.raw("transfer-encoding: chunked\r\n\r\n");
#endif
    http_header(window, "content-length: ", body_size);
  }
  window.raw("\r\n");
}

inline void messages_path(Window& window, const void*) PICOCLAUDE_NONBLOCKING { window.raw("/v1/messages"); }

inline void messages_headers(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
  const auto& request = *static_cast<const Request*>(subject);
  render_headers(window, request.version, request.beta, request.headers);
}

inline void messages_body(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
  render(window, *static_cast<const Request*>(subject));
}

inline constexpr Endpoint messages_endpoint{
    "POST ", messages_path, messages_headers, messages_body, "application/json"};

}  // namespace detail
PICOCLAUDE_END
