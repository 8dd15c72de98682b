// A typed declaration: its JSON Schema as a constant, and what the model wrote as values of the program.
//
//   static constexpr auto place = picoclaude::structure(picoclaude::string("name", "of the town"), ...);
//
// Thin: all that reads and checks is in InputReader, once for all declarations.
#pragma once
#include <type_traits>
#include <utility>

#include "input_reader.hpp"
#include "parameter.hpp"

PICOCLAUDE_BEGIN

// A value that the model may have left out.
template <class T>
struct Optional {
  T value{};
  bool present = false;

  constexpr explicit operator bool() const { return present; }
  constexpr T value_or(T other) const { return present ? value : other; }
};

template <class T>
class Items;

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<Optional<T>> : std::true_type {
  using Inner = T;
};
template <class T>
struct IsItems : std::false_type {};
template <class T>
struct IsItems<Items<T>> : std::true_type {};

// A value that was read, as a T of the program.
template <FieldKind Kind, class T>
T convert(const Value& value) PICOCLAUDE_NONBLOCKING {
  if constexpr (Kind == FieldKind::boolean) {
    static_assert(std::is_same_v<T, bool>, "a boolean is taken as bool");
    return value.number != 0;
  } else if constexpr (Kind == FieldKind::string) {
    static_assert(std::is_same_v<T, string_view>, "a string is taken as string_view");
    return {static_cast<const char*>(value.data), static_cast<std::size_t>(value.number)};
  } else if constexpr (Kind == FieldKind::enumeration) {
    static_assert(std::is_enum_v<T> || std::is_same_v<T, int>, "an enumeration is taken as an enum or int");
    return static_cast<T>(value.number);
  } else {
    static_assert(std::is_integral_v<T> && std::is_signed_v<T> && sizeof(T) >= sizeof(std::int32_t),
        "an integer or number is taken as int, long or std::int32_t");
    return static_cast<T>(value.number);
  }
}

// What stands for a parameter when a function of the program is called: it becomes what the function takes.
template <class Member>
struct Slot;

template <FieldKind Kind, std::size_t Capacity>
struct Slot<ScalarParameter<Kind, Capacity>> {
  static constexpr FieldKind kind = Kind;
  const Value* values;

  template <class T>
  T as() const {
    return convert<Kind, T>(values[0]);
  }
};

template <std::size_t Capacity, std::size_t Words>
struct Slot<EnumerationParameter<Capacity, Words>> {
  static constexpr FieldKind kind = FieldKind::enumeration;
  const Value* values;

  template <class T>
  T as() const {
    return convert<kind, T>(values[0]);
  }
};

template <class Item, std::size_t Capacity>
struct Slot<ArrayParameter<Item, Capacity>> {
  const Value* values;

  template <class T>
  T as() const {
    static_assert(IsItems<T>::value, "an array is taken as Items<T>");
    return T::template make<Slot<Item>::kind>(values[0]);
  }
};

// Becomes T by way of the conversion that the call asks for.
template <class Member>
struct Argument {
  const Value* values;

  template <class T>
  operator T() const {
    if constexpr (IsOptional<T>::value) {
      if (!values[0].present) return {};
      return {Slot<Member>{values}.template as<typename IsOptional<T>::Inner>(), true};
    } else {
      return Slot<Member>{values}.template as<T>();
    }
  }
};

// Calls function(argument..., more...) with the members' values.
template <class Function, class... Members, std::size_t... At, class... More>
decltype(auto) apply(const MemberList<Members...>*, std::index_sequence<At...>, Function&& function,
    const Value* values, const More&... more) {
  constexpr unsigned counts[] = {0, Members::count...};
  unsigned begin[sizeof...(Members) + 1] = {};
  for (std::size_t at = 0; at < sizeof...(Members); ++at) begin[at + 1] = begin[at] + counts[at + 1];
  static_cast<void>(values);
  return function(Argument<Members>{values + begin[At]}..., more...);
}

template <std::size_t Capacity, class... Members>
struct Slot<ObjectParameter<Capacity, Members...>> {
  const Value* values;

  template <class T>
  T as() const {
    return apply(
        static_cast<const MemberList<Members...>*>(nullptr), std::index_sequence_for<Members...>{},
        [](auto... arguments) {
          return T{arguments...};
        },
        values + 1);
  }
};

// Bytes of the member that begins here, comma first, if it is a limit: a number, where a parameter of the same name is an
// object. Inside of strings quotes have a backslash.
constexpr std::size_t limits_size(string_view text) {
  constexpr string_view members[] = {
      {",\"minimum\":", 11}, {",\"maximum\":", 11}, {",\"maxLength\":", 13}, {",\"maxItems\":", 12}};
  for (const string_view member : members) {
    if (!equal(slice(text, 0, member.size()), member)) continue;
    std::size_t size = member.size();
    if (text[size] == '{') return 0;
    while (text[size] != ',' && text[size] != '}') ++size;
    return size;
  }
  return 0;
}

// Reads a whole input. Not template code: it is there once.
inline InputFault read_input(InputReader& reader, string_view input) {
  for (const char c : input) {
    if (!reader.step(c)) return reader.fault();
  }
  reader.finish();
  return reader.fault();
}

}  // namespace detail

// The elements of an array. Lifetime: as the strings of the same input.
template <class T>
class Items {
 public:
  constexpr Items() = default;

  constexpr std::size_t size() const { return count_; }
  constexpr bool empty() const { return count_ == 0; }
  // They were written downwards.
  constexpr T operator[](std::size_t at) const { return get_(*(behind_ - 1 - at)); }

  template <detail::FieldKind Kind>
  static Items make(const detail::Value& value) {
    Items items;
    items.behind_ = static_cast<const detail::Value*>(value.data);
    items.count_ = static_cast<std::size_t>(value.number);
    items.get_ = detail::convert<Kind, T>;
    return items;
  }

 private:
  const detail::Value* behind_ = nullptr;
  std::size_t count_ = 0;
  T (*get_)(const detail::Value&) PICOCLAUDE_NONBLOCKING = nullptr;
};

template <std::size_t Capacity, unsigned Count, class... Members>
class Structure {
  static_assert(Count <= 64, "a declaration has at most 64 values");

 public:
  constexpr explicit Structure(const detail::MemberList<Members...>& members) {
    Window window(text_, Capacity, {});
    detail::SchemaBuilder builder{window, text_, fields_};
    window.raw("{");
    detail::build_object(builder, members);
    window.raw("}");
    size_ = window.finished() ? static_cast<std::uint16_t>(window.size()) : refused();
  }

  // The same with a schema that names no limits, as strict tools and output formats demand. They are checked all the
  // same: say them in the descriptions.
  constexpr Structure without_limits() const {
    Structure copy = *this;
    copy.size_ = 0;
    for (std::uint16_t at = 0; at < size_;) {
      const std::size_t skipped = detail::limits_size(slice(schema(), at));
      for (unsigned field = 0; field < Count; ++field) {
        if (fields_[field].name == at) copy.fields_[field].name = copy.size_;
        const bool words = fields_[field].kind == detail::FieldKind::enumeration;
        if (words && fields_[field].low == at) copy.fields_[field].low = copy.size_;
      }
      if (skipped == 0) copy.text_[copy.size_++] = text_[at];
      at = static_cast<std::uint16_t>(at + (skipped == 0 ? 1 : skipped));
    }
    for (std::size_t at = copy.size_; at < Capacity; ++at) copy.text_[at] = '\0';
    return copy;
  }

  // The JSON Schema. Lifetime: that of the declaration.
  constexpr string_view schema() const { return {text_, size_}; }

  // Checks a whole JSON text and hands its values to `function`, in the order of the declaration. Strings and elements
  // go to `room`. Errors: the fault of an input that does not fit; then the function is not called.
  template <class Function>
  InputFault read(string_view input, Room room, Function&& function) const {
    detail::Value values[Count == 0 ? 1 : Count];
    detail::InputReader reader(untyped(), values, room);
    const InputFault fault = detail::read_input(reader, input);
    if (fault == InputFault::none) call(values, function);
    return fault;
  }

  // ---- for those who read themselves --------------------------------------------------------------------------------

  static constexpr unsigned value_count = Count;
  constexpr detail::Schema untyped() const { return {schema(), fields_, static_cast<std::uint8_t>(Count)}; }

  template <class Function, class... More>
  static void call(const detail::Value* values, Function&& function, const More&... more) {
    detail::apply(static_cast<const detail::MemberList<Members...>*>(nullptr), std::index_sequence_for<Members...>{},
        function, values, more...);
  }

 private:
  // Not constexpr: the compiler stops here at a name that is none, or a description with too much to escape.
  static std::uint16_t refused() { return 0; }

  char text_[Capacity] = {};
  std::uint16_t size_ = 0;
  detail::Field fields_[Count == 0 ? 1 : Count] = {};
};

// A declaration of an object with these members.
template <class... Members>
constexpr auto structure(Members... members) {
  using List = detail::MemberList<Members...>;
  return Structure<List::capacity + detail::object_capacity + 2, List::count, Members...>(
      detail::list_members(members...));
}

PICOCLAUDE_END
