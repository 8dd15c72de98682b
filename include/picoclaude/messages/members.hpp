// Members of a request's objects that are left out when they have nothing to say.
#pragma once
#include "../wire/json_writer.hpp"

PICOCLAUDE_BEGIN
namespace detail {

constexpr void render_number(Window& window, Literal before, std::uint32_t value) {
  if (value == 0) return;
  window.raw(before);
  window.number(value);
}

// Members as raw JSON behind others.
constexpr void render_extra(Window& window, string_view members) {
  if (members.empty()) return;
  window.raw(",");
  window.raw(members);
}

// A member that is a list of objects, each written by `each(window, object)`. No object: no member.
template <class T, class Each>
constexpr void render_list(Window& window, Literal before, List<T> list, Each each) {
  if (list.empty()) return;
  window.raw(before);
  const std::size_t count = list.size();
  for (bool more = window.open(count); more; more = window.next(count)) {
    window.raw(window.item() == 0 ? Literal("[") : Literal(","));
    each(window, list[window.item()]);
  }
  window.raw("]");
}

// A member that is a list of strings. No string: no member.
constexpr void render_strings(Window& window, Literal before, List<string_view> strings) {
  render_list(window, before, strings, [](Window& out, string_view text) {
    json_string(out, text);
  });
}

}  // namespace detail
PICOCLAUDE_END
