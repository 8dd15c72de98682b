// What the calls about models, batches and files have in common: headers, and ids in paths.
#pragma once
#include "../wire/percent.hpp"
#include "endpoint.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// The call as its own type again.
template <class T>
const T& as(const void* subject) {
  return *static_cast<const T*>(static_cast<const Call*>(subject));
}
template <class T>
T& as(void* subject) {
  return *static_cast<T*>(static_cast<Call*>(subject));
}

}  // namespace detail

// A call besides Messages. Lifetime: it and all that its views point to stay until it is done.
class ResourceCall : public detail::Call {
 public:
  ApiVersion version = ApiVersion::v2026_10_21;
  string_view beta;  // values of anthropic-beta, separated by commas without blanks
  List<Header> headers;

 protected:
  using detail::Call::Call;

  static void render_headers(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<ResourceCall>(subject);
    detail::render_headers(window, call.version, call.beta, call.headers);
  }
  // A POST without a body still states its length.
  static void render_nothing(Window&, const void*) PICOCLAUDE_NONBLOCKING {}
  static detail::Repeat is_safe(const void*) PICOCLAUDE_NONBLOCKING { return detail::Repeat::safe; }
  static detail::Repeat is_unsure(const void*) PICOCLAUDE_NONBLOCKING { return detail::Repeat::unsure; }

  static void render_id(Window& window, string_view before, string_view id, string_view behind = {}) {
    window.raw(before);
    percent_encoded(window, id);
    if (!behind.empty()) window.raw(behind);
  }
  static Error check_id(string_view id) { return is_path_segment(id) ? Error::none : Error::bad_request; }
};

PICOCLAUDE_END
