// Declares what the model may write, once: boolean(), integer(), number(), string(), enumeration(), array(), object().
//
// A declaration is a constant expression. It ends up as the text of a JSON Schema and a table for InputReader; the
// parameters themselves leave nothing behind in the program.
#pragma once
#include "../wire/json_writer.hpp"
#include "input_reader.hpp"
#include "schema_builder.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// ---- one parameter ----------------------------------------------------------------------------------------------------

// Bytes of `"name":{,"description":"..."},` and of the name in the list of the required ones; what has to be escaped in a
// description may take as many bytes again as an eighth of it, and 8.
template <std::size_t Name, std::size_t Description>
inline constexpr std::size_t base_capacity = 2 * Name + Description + Description / 8 + 8 + 32;

struct Parameter {
  string_view name;
  string_view description;
  Field field;

  constexpr Field& begin(SchemaBuilder& builder) const {
    bool good = !name.empty() && name.size() <= JsonReader::max_name;
    for (const char c : name)
      good = good && (is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '_' || c == '-');
    if (!good || field.decimals > 9) builder.window.fail(Error::bad_request);
    Field& added = builder.fields[builder.count++];
    added = field;
    added.parent = builder.parent;
    builder.window.raw("\"");
    added.name = static_cast<std::uint16_t>(builder.window.size());
    added.name_size = static_cast<std::uint8_t>(name.size());
    builder.window.raw(name);
    builder.window.raw("\":{");
    return added;
  }
  constexpr void describe(SchemaBuilder& builder) const {
    json_member(builder.window, R"(,"description":)", description);
  }
};

// Of a boolean, an integer, a number or a string.
template <FieldKind Kind, std::size_t Capacity>
struct ScalarParameter : Parameter {
  static constexpr std::size_t capacity = Capacity;
  static constexpr unsigned count = 1;

  // The model may leave it out.
  constexpr ScalarParameter optional() const {
    ScalarParameter copy = *this;
    copy.field.required = false;
    return copy;
  }

  // Least and greatest value. Units: of a number, those of decimals().
  constexpr ScalarParameter<Kind, Capacity + 46> range(std::int32_t least, std::int32_t greatest) const {
    static_assert(Kind == FieldKind::integer || Kind == FieldKind::number, "only numbers have a range");
    ScalarParameter<Kind, Capacity + 46> copy{{name, description, field}};
    copy.field.low = least;
    copy.field.high = greatest;
    return copy;
  }

  // A number is given to the program as an integer of units of 10^-places, rounded: 21.5 is 215 with decimals(1).
  // At most 9 places.
  constexpr ScalarParameter decimals(std::uint8_t places) const {
    static_assert(Kind == FieldKind::number, "only a number has decimals");
    ScalarParameter copy = *this;
    copy.field.decimals = places;
    return copy;
  }

  // Units: bytes of UTF-8.
  constexpr ScalarParameter<Kind, Capacity + 23> max_size(std::int32_t bytes) const {
    static_assert(Kind == FieldKind::string, "only a string has a size");
    ScalarParameter<Kind, Capacity + 23> copy{{name, description, field}};
    copy.field.high = bytes;
    return copy;
  }

  constexpr void build(SchemaBuilder& builder) const {
    begin(builder);
    build_type(builder);
    describe(builder);
    build_limits(builder);
    builder.window.raw("}");
  }
  constexpr void build_type(SchemaBuilder& builder) const {
    builder.window.raw(Kind == FieldKind::boolean ? R"("type":"boolean")"
            : Kind == FieldKind::integer          ? R"("type":"integer")"
            : Kind == FieldKind::number           ? R"("type":"number")"
                                                  : R"("type":"string")");
  }
  constexpr void build_limits(SchemaBuilder& builder) const {
    if (field.high == any_high) return;
    if (Kind == FieldKind::string) {
      builder.window.raw(R"(,"maxLength":)");
      builder.window.number(static_cast<std::uint32_t>(field.high));
    } else {
      builder.window.raw(R"(,"minimum":)");
      builder.decimal(field.low, field.decimals);
      builder.window.raw(R"(,"maximum":)");
      builder.decimal(field.high, field.decimals);
    }
  }

  static constexpr std::int32_t any_high = 0x7FFFFFFF;
};

constexpr Field new_field(FieldKind kind, decltype(Field::take) take) {
  Field field;
  field.kind = kind;
  field.low = -0x7FFFFFFF;
  field.high = 0x7FFFFFFF;
  field.decimals = kind == FieldKind::number ? 3 : 0;
  field.take = take;
  return field;
}

template <std::size_t Capacity, std::size_t Words>
struct EnumerationParameter : Parameter {
  static constexpr std::size_t capacity = Capacity;
  static constexpr unsigned count = 1;

  string_view words[Words];

  constexpr EnumerationParameter optional() const {
    EnumerationParameter copy = *this;
    copy.field.required = false;
    return copy;
  }

  constexpr void build(SchemaBuilder& builder) const {
    Field& added = begin(builder);
    build_type(builder, added);
    describe(builder);
    builder.window.raw("}");
  }
  constexpr void build_type(SchemaBuilder& builder, Field& added) const {
    builder.window.raw(R"("type":"string","enum":[")");
    added.low = static_cast<std::int32_t>(builder.window.size());
    added.high = Words;
    for (std::size_t at = 0; at < Words; ++at) {
      if (at != 0) builder.window.raw(R"(",")");
      // An input's word is compared with what stands in the schema.
      bool good = !words[at].empty() && words[at].size() <= JsonReader::max_name;
      for (const char c : words[at]) good = good && (is_plain(c) || static_cast<unsigned char>(c) >= 0x80);
      if (!good) builder.window.fail(Error::bad_request);
      json_escaped(builder.window, words[at]);
    }
    builder.window.raw("\"]");
  }
};

template <class Item, std::size_t Capacity>
struct ArrayParameter : Parameter {
  static constexpr std::size_t capacity = Capacity;
  static constexpr unsigned count = 1;

  Item item;

  constexpr ArrayParameter optional() const {
    ArrayParameter copy = *this;
    copy.field.required = false;
    return copy;
  }

  // At most 255 elements, which is also the default.
  constexpr ArrayParameter<Item, Capacity + 15> max_count(std::uint8_t elements) const {
    ArrayParameter<Item, Capacity + 15> copy{{name, description, field}, item};
    copy.field.max_count = elements;
    return copy;
  }

  constexpr void build(SchemaBuilder& builder) const {
    Field& added = begin(builder);
    builder.window.raw(R"("type":"array","items":{)");
    build_item(builder, added, item);
    item.describe(builder);
    builder.window.raw("}");
    describe(builder);
    if (field.max_count != 255) {
      builder.window.raw(R"(,"maxItems":)");
      builder.window.number(field.max_count);
    }
    builder.window.raw("}");
  }

 private:
  template <FieldKind Kind, std::size_t Size>
  static constexpr void build_item(SchemaBuilder& builder, Field&, const ScalarParameter<Kind, Size>& item) {
    item.build_type(builder);
    item.build_limits(builder);
  }
  template <std::size_t Size, std::size_t Words>
  static constexpr void build_item(
      SchemaBuilder& builder, Field& added, const EnumerationParameter<Size, Words>& item) {
    item.build_type(builder, added);
  }
};

template <std::size_t Capacity, class... Members>
struct ObjectParameter : Parameter {
  static constexpr std::size_t capacity = Capacity + MemberList<Members...>::capacity + object_capacity;
  static constexpr unsigned count = 1 + MemberList<Members...>::count;

  MemberList<Members...> members;

  constexpr ObjectParameter optional() const {
    ObjectParameter copy = *this;
    copy.field.required = false;
    return copy;
  }

  constexpr void build(SchemaBuilder& builder) const {
    begin(builder);
    const std::uint8_t parent = builder.parent;
    builder.parent = builder.count;
    build_object(builder, members);
    builder.parent = parent;
    describe(builder);
    builder.window.raw("}");
  }
};

}  // namespace detail

// ---- the functions of a declaration -----------------------------------------------------------------------------------
//
// A name has letters, digits, _ and -, at most 32. A description may be empty. Without both, a parameter is the element
// of an array: array("levels", "of each lamp", integer().range(0, 100)).

// A bool of the program.
template <std::size_t N = 1, std::size_t M = 1>
constexpr auto boolean(const char (&name)[N] = "", const char (&description)[M] = "") {
  constexpr std::size_t capacity = detail::base_capacity<N, M> + 16;
  return detail::ScalarParameter<detail::FieldKind::boolean, capacity>{{{name, N - 1}, {description, M - 1},
      detail::new_field(detail::FieldKind::boolean, detail::InputReader::take_boolean)}};
}

// An int or std::int32_t of the program; without range() all but the least one of 32 bits.
template <std::size_t N = 1, std::size_t M = 1>
constexpr auto integer(const char (&name)[N] = "", const char (&description)[M] = "") {
  constexpr std::size_t capacity = detail::base_capacity<N, M> + 16;
  return detail::ScalarParameter<detail::FieldKind::integer, capacity>{{{name, N - 1}, {description, M - 1},
      detail::new_field(detail::FieldKind::integer, detail::InputReader::take_number)}};
}

// A number with a fraction: an int or std::int32_t of the program. Units: thousandths, see decimals().
template <std::size_t N = 1, std::size_t M = 1>
constexpr auto number(const char (&name)[N] = "", const char (&description)[M] = "") {
  constexpr std::size_t capacity = detail::base_capacity<N, M> + 15;
  return detail::ScalarParameter<detail::FieldKind::number, capacity>{{{name, N - 1}, {description, M - 1},
      detail::new_field(detail::FieldKind::number, detail::InputReader::take_number)}};
}

// A string_view of the program, without NUL. Lifetime: until the tool's function returns.
template <std::size_t N = 1, std::size_t M = 1>
constexpr auto string(const char (&name)[N] = "", const char (&description)[M] = "") {
  constexpr std::size_t capacity = detail::base_capacity<N, M> + 15;
  return detail::ScalarParameter<detail::FieldKind::string, capacity>{{{name, N - 1}, {description, M - 1},
      detail::new_field(detail::FieldKind::string, detail::InputReader::take_string)}};
}

// One of some words: an enum or int of the program, counted from 0 in their order. A word has 1 to 32 bytes of UTF-8,
// and nothing in it that JSON escapes.
template <std::size_t N, std::size_t M, std::size_t... Sizes>
constexpr auto enumeration(const char (&name)[N], const char (&description)[M], const char (&... words)[Sizes]) {
  constexpr std::size_t capacity = detail::base_capacity<N, M> + 26 + (0 + ... + (Sizes + 2));
  detail::Field field = detail::new_field(detail::FieldKind::enumeration, detail::InputReader::take_enumeration);
  return detail::EnumerationParameter<capacity, sizeof...(words)>{
      {{name, N - 1}, {description, M - 1}, field}, {{words, Sizes - 1}...}};
}

// Items<T> of the program.
template <std::size_t N, std::size_t M, class Item>
constexpr auto array(const char (&name)[N], const char (&description)[M], Item item) {
  constexpr std::size_t capacity = detail::base_capacity<N, M> + 26 + Item::capacity;
  detail::Field field = item.field;
  field.required = true;
  field.max_count = 255;
  field.take_element = field.take;
  field.take = detail::InputReader::take_array;
  return detail::ArrayParameter<Item, capacity>{{{name, N - 1}, {description, M - 1}, field}, item};
}

// A struct of the program whose members come in the order of the declaration.
template <std::size_t N, std::size_t M, class... Members>
constexpr auto object(const char (&name)[N], const char (&description)[M], Members... members) {
  constexpr std::size_t capacity = detail::base_capacity<N, M>;
  return detail::ObjectParameter<capacity, Members...>{
      {{name, N - 1}, {description, M - 1},
          detail::new_field(detail::FieldKind::object, detail::InputReader::take_object)},
      detail::list_members(members...)};
}

PICOCLAUDE_END
