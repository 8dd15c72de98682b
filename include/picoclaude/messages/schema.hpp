// What a typed declaration says, without its types: one entry for each value that the model gives.
#pragma once
#include "../base/text.hpp"

PICOCLAUDE_BEGIN
enum class Json : std::uint8_t;

namespace detail {

class InputReader;

enum class FieldKind : std::uint8_t { boolean, integer, number, string, enumeration, object };

// A member of the object that the model writes, or of an object in it.
struct Field {
  std::uint16_t name = 0;  // where it stands in the schema's text
  std::uint8_t name_size = 0;
  FieldKind kind = FieldKind::boolean;  // of the value; of an array: of its elements
  bool required = true;
  std::uint8_t decimals = 0;   // of a number: it is read as an integer of units of 10^-decimals
  std::uint8_t parent = 0;     // 0: the input itself; else 1 + the entry of the object that it is a member of
  std::uint8_t max_count = 0;  // of an array; 0: no array
  std::int32_t low = 0;        // least value, of a number in its units; of an enumeration: where its first word stands
  std::int32_t high = 0;       // greatest value; of a string: most bytes; of an enumeration: count of words
  // What takes the tokens of its value, and of an array's element. Kinds that no declaration names are not linked.
  void (*take)(InputReader& reader, Json token) PICOCLAUDE_NONBLOCKING = nullptr;
  void (*take_element)(InputReader& reader, Json token) PICOCLAUDE_NONBLOCKING = nullptr;
};

// Lifetime: borrowed from the declaration.
struct Schema {
  string_view text;  // the JSON Schema
  const Field* fields = nullptr;
  std::uint8_t count = 0;

  constexpr string_view name(unsigned field) const { return slice(text, fields[field].name, fields[field].name_size); }
};

// Word `number` of an enumeration; they stand side by side: "off","dim","full".
constexpr string_view enumeration_word(const Schema& schema, const Field& field, std::int32_t number) {
  std::size_t at = static_cast<std::size_t>(field.low);
  for (; number > 0; --number) at += find(slice(schema.text, at), '"') + 3;
  return slice(schema.text, at, find(slice(schema.text, at), '"'));
}

// One value that was read. Of a string: its bytes and their count. Of an array: its elements and their count.
struct Value {
  const void* data = nullptr;
  std::int32_t number = 0;
  bool present = false;
};

}  // namespace detail
PICOCLAUDE_END
