// Names of models: any name is passed on, a few are known.
#pragma once
#include "../base/text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// The name, perhaps with a date of eight digits behind it: "claude-haiku-4-5" is "claude-haiku-4-5-20251001" as well.
constexpr bool is_model(string_view model, string_view name) {
  if (!equal(slice(model, 0, name.size()), name)) return false;
  std::uint32_t date = 0;
  const string_view rest = slice(model, name.size());
  return rest.empty() || (rest.size() == 9 && rest[0] == '-' && parse_decimal(slice(rest, 1), date));
}

}  // namespace detail
PICOCLAUDE_END
