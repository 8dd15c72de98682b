// Writes the text of a JSON Schema and the table of its fields, as the compiler runs: an object and its members.
#pragma once
#include "../base/window.hpp"
#include "schema.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// Text and table at work.
struct SchemaBuilder {
  Window& window;
  const char* text;  // where the window writes
  Field* fields;
  std::uint8_t count = 0;
  std::uint8_t parent = 0;

  constexpr void decimal(std::int32_t value, unsigned decimals) {
    std::uint32_t unit = 1;
    for (unsigned at = 0; at < decimals; ++at) unit *= 10;
    const auto rest = static_cast<std::uint32_t>(value < 0 ? -static_cast<std::int64_t>(value) : value);
    if (value < 0) window.raw("-");
    window.number(rest / unit);
    if (rest % unit == 0) return;
    window.raw(".");
    for (std::uint64_t left = rest % unit * std::uint64_t{10}; left != 0; left = left % unit * 10)
      window.number(static_cast<std::uint32_t>(left / unit));
  }
};

// The members of an object in the order of their declaration.
template <class... Members>
struct MemberList {
  static constexpr std::size_t capacity = 0;
  static constexpr unsigned count = 0;
  constexpr void build(SchemaBuilder&) const {}
};
template <class First, class... Rest>
struct MemberList<First, Rest...> {
  static constexpr std::size_t capacity = First::capacity + MemberList<Rest...>::capacity;
  static constexpr unsigned count = First::count + MemberList<Rest...>::count;

  First first;
  MemberList<Rest...> rest;

  constexpr void build(SchemaBuilder& builder) const {
    first.build(builder);
    if (sizeof...(Rest) != 0) builder.window.raw(",");
    rest.build(builder);
  }
};

constexpr MemberList<> list_members() { return {}; }
template <class First, class... Rest>
constexpr MemberList<First, Rest...> list_members(First first, Rest... rest) {
  return {first, list_members(rest...)};
}

// {"type":"object","properties":{...},"required":[...],"additionalProperties":false without its first brace.
template <class... Members>
constexpr void build_object(SchemaBuilder& builder, const MemberList<Members...>& members) {
  const std::uint8_t begin = builder.count;
  Window& window = builder.window;
  window.raw(R"("type":"object","properties":{)");
  members.build(builder);
  window.raw(R"(},"required":[)");
  bool first = true;
  for (std::uint8_t at = begin; at < builder.count; ++at) {
    const Field& field = builder.fields[at];
    if (field.parent != builder.parent || !field.required) continue;
    window.raw(first ? "\"" : ",\"");
    window.raw({builder.text + field.name, field.name_size});
    window.raw("\"");
    first = false;
  }
  window.raw(R"(],"additionalProperties":false)");
}
inline constexpr std::size_t object_capacity = 74;

}  // namespace detail
PICOCLAUDE_END
