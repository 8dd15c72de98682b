// The container that the service's tools ran in: the next request goes on in it (API.md, sections 4.1 and 5.4).
//
//   picoclaude::Container container;
//   while (const auto event = claude.next()) container.take(event);
//   request.container = container.id();   // run_tools() does so by itself
#pragma once
#include "event.hpp"

PICOCLAUDE_BEGIN

#if PICOCLAUDE_ENABLE_SERVER_TOOLS
class Container {
 public:
  // Any event of an answer. The container of an answer before stays known until another one is told.
  void take(const Event& event) {
    if (event.kind != EventKind::container) return;
    if (event.text.empty()) size_ = 0;
    for (const char c : event.text) {
      if (size_ <= max_size) bytes_[size_++] = c;
    }
  }

  // Empty: none was told, or one whose id is longer than any. Lifetime: until the next take().
  string_view id() const { return {bytes_, size_ <= max_size ? size_ : 0u}; }

 private:
  static constexpr std::size_t max_size = 63;

  char bytes_[max_size + 1] = {};
  std::uint8_t size_ = 0;
};
#else
template <class... Nothing>
class BasicContainer {
  static_assert(detail::off<Nothing...>, "PICOCLAUDE_ENABLE_SERVER_TOOLS is 0: set it to 1 to use Container");
};
using Container = BasicContainer<>;
#endif

PICOCLAUDE_END
