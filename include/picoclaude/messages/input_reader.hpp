// Reads what the model wrote for a typed declaration, and refuses what does not fit it.
//
//   input  = object of the declared members: each at most once, the required ones exactly once, and no others
//   value  = true / false / integer / number / string / one of the words / array of one of these / object, as declared
//
// Numbers have to fit their range, and are written without an exponent; -0 is none. Strings hold no NUL. Nothing is told of
// an input before all of it was read: finish().
#pragma once
#include "../wire/json_reader.hpp"
#include "schema.hpp"

PICOCLAUDE_BEGIN

// Why an input was refused.
enum class InputFault : std::uint8_t {
  none,
  not_json,
  not_an_object,
  unknown,  // a member that was not declared
  twice,
  missing,
  wrong_type,
  out_of_range,
  too_long,  // a string, an array
  out_of_room,
};

namespace detail {

class InputReader {
 public:
  // `values` has schema.count elements. Strings and the elements of arrays go to `room`.
  InputReader(const Schema& schema, Value* values, Room room)
      : schema_(schema), values_(values), bottom_(room.data), top_(room.data + room.size) {
    const auto surplus = reinterpret_cast<std::uintptr_t>(top_) % alignof(Value);
    if (room.size >= surplus) top_ -= surplus;
    for (unsigned at = 0; at < schema.count; ++at) values_[at] = {};
  }

  // One byte. False: fault().
  bool step(char c) {
    Json token = json_.step(c);
    if (token == Json::number) {
      take(token);
      token = json_.step(c);
    }
    if (token == Json::line_end) json_.blank();
    if (!json_.in_string()) add_to_number(c);
    take(token);
    if (json_.error() != Error::none) fault_ = InputFault::not_json;
    return fault_ == InputFault::none;
  }

  // The input is at its end. False: fault().
  bool finish() {
    if (!json_.finished()) fail(InputFault::not_json);
    if (!begun_) fail(InputFault::not_an_object);
    return fault_ == InputFault::none;
  }

  InputFault fault() const { return fault_; }
  // What the fault is about: a member's name, empty when it is the whole. Lifetime: that of this reader.
  string_view about() const {
    if (fault_ == InputFault::unknown) return json_.text();
    return fault_ >= InputFault::twice ? schema_.name(field_) : string_view{};
  }

 private:
  const Field& field() const { return schema_.fields[field_]; }

  void fail(InputFault fault) {
    if (fault_ == InputFault::none) fault_ = fault;
  }

  void take(Json token) {
    if (fault_ != InputFault::none || token == Json::more || token >= Json::line_end) return;
    if (!begun_) {
      begun_ = token == Json::begin_object;
      if (!begun_) fail(InputFault::not_an_object);
    } else if (token == Json::key) {
      begin_member();
    } else if (token == Json::end_object) {
      end_object();
    } else {
      field().take(*this, token);
    }
  }

  // ---- objects ------------------------------------------------------------------------------------------------------

  void begin_member() {
    const string_view name = json_.text();
    for (field_ = 0; field_ < schema_.count; ++field_) {
      if (field().parent != parent_ || !equal(schema_.name(field_), name)) continue;
      value_ = &values_[field_];
      if (value_->present) fail(InputFault::twice);
      value_->present = true;
      return;
    }
    fail(InputFault::unknown);
  }

  void end_object() {
    const std::uint8_t ended = parent_;
    if (ended != 0) parent_ = schema_.fields[ended - 1].parent;
    for (field_ = 0; field_ < schema_.count; ++field_) {
      if (field().parent != ended || !field().required || values_[field_].present) continue;
      return fail(InputFault::missing);
    }
  }

  // ---- arrays -------------------------------------------------------------------------------------------------------

  // The elements of an array grow downwards from the room's end, strings upwards from its start.
  void add_element() {
    if (values_[field_].number == field().max_count) return fail(InputFault::too_long);
    if (static_cast<std::size_t>(top_ - bottom_) < sizeof(Value)) return fail(InputFault::out_of_room);
    ++values_[field_].number;
    top_ -= sizeof(Value);
    value_ = new_value(top_);
  }

  static Value* new_value(void* at) {
    auto* const value = static_cast<Value*>(at);
    *value = {};
    return value;
  }

 public:
  // ---- the tokens of a value, one function for each kind ------------------------------------------------------------

  static void take_boolean(InputReader& self, Json token) PICOCLAUDE_NONBLOCKING {
    if (token != Json::yes && token != Json::no) return self.fail(InputFault::wrong_type);
    self.value_->number = token == Json::yes;
  }

  static void take_number(InputReader& self, Json token) PICOCLAUDE_NONBLOCKING {
    if (token != Json::number) return self.fail(InputFault::wrong_type);
    self.end_number();
  }

  static void take_string(InputReader& self, Json token) PICOCLAUDE_NONBLOCKING {
    if (token == Json::begin_string) {
      self.value_->data = self.bottom_;
      self.json_.deliver();
    } else if (token == Json::text) {
      self.take_text();
    } else if (token != Json::end_string) {
      self.fail(InputFault::wrong_type);
    }
  }

  static void take_enumeration(InputReader& self, Json token) PICOCLAUDE_NONBLOCKING {
    if (token == Json::begin_string) return self.json_.collect();
    if (token != Json::end_string) return self.fail(InputFault::wrong_type);
    self.end_word();
  }

  static void take_object(InputReader& self, Json token) PICOCLAUDE_NONBLOCKING {
    if (token != Json::begin_object) return self.fail(InputFault::wrong_type);
    self.parent_ = static_cast<std::uint8_t>(self.field_ + 1);
  }

  static void take_array(InputReader& self, Json token) PICOCLAUDE_NONBLOCKING {
    if (token == Json::begin_array || token == Json::end_array) {
      if (self.in_array_ == (token == Json::begin_array)) return self.fail(InputFault::wrong_type);
      self.in_array_ = !self.in_array_;
      if (self.in_array_) self.value_->data = self.top_;
      return;
    }
    if (!self.in_array_) return self.fail(InputFault::wrong_type);
    if (token != Json::text && token != Json::end_string) self.add_element();
    if (self.fault_ == InputFault::none) self.field().take_element(self, token);
  }

 private:
  void take_text() {
    for (const char c : json_.text()) {
      if (c == '\0') return fail(InputFault::out_of_range);
      if (value_->number == field().high) return fail(InputFault::too_long);
      if (bottom_ == top_) return fail(InputFault::out_of_room);
      *bottom_++ = c;
      ++value_->number;
    }
  }

  void end_word() {
    const string_view word = json_.text();
    while (value_->number < field().high && !equal(enumeration_word(schema_, field(), value_->number), word)) {
      ++value_->number;
    }
    if (value_->number == field().high) fail(InputFault::out_of_range);
  }

  // ---- numbers ------------------------------------------------------------------------------------------------------

  // A number as far as it was read, in units of 10^-decimals of the member at work.
  struct Number {
    std::uint32_t sum = 0;
    std::uint8_t places = 0;  // of the fraction, in `sum`
    bool negative = false;
    bool nonzero = false;
    bool fraction = false;   // behind the point
    bool round_up = false;   // the first digit that is not in `sum` is at least 5
    bool between = false;    // the number lies between two units
    bool too_large = false;  // or written with an exponent
  };

  // Any byte outside of strings: what is not of a number ends it.
  void add_to_number(char c) {
    if (c == '-') {
      number_.negative = true;
    } else if (c == '.') {
      number_.fraction = true;
    } else if (is_digit(c)) {
      add_digit(static_cast<std::uint32_t>(c - '0'));
    } else if (c == 'e' || c == 'E' || c == '+') {
      number_.too_large = true;
    } else {
      number_ = {};
    }
  }

  void add_digit(std::uint32_t digit) {
    if (digit != 0) number_.nonzero = true;
    const std::uint8_t decimals = field_ < schema_.count ? field().decimals : 0;
    if (number_.fraction && number_.places >= decimals) {
      if (number_.places == decimals) number_.round_up = digit >= 5;
      if (digit != 0) number_.between = true;
      number_.places = decimals + 1;
      return;
    }
    if (number_.fraction) ++number_.places;
    if (number_.sum > greatest / 10) number_.too_large = true;
    number_.sum = number_.sum * 10 + digit;
    if (number_.sum > greatest) number_.too_large = true;
  }

  void end_number() {
    if (field().kind == FieldKind::integer && number_.fraction) return fail(InputFault::wrong_type);
    number_.fraction = true;
    while (number_.places < field().decimals) add_digit(0);
    // -0 is no value of anybody.
    if (number_.too_large || (number_.negative && !number_.nonzero)) return fail(InputFault::out_of_range);
    const auto size = static_cast<std::int32_t>(number_.sum);
    value_->number = number_.negative ? -size : size;
    const bool beyond = number_.between && value_->number == (number_.negative ? field().low : field().high);
    // Before it is rounded: 4.6 is less than 5.
    if (beyond || value_->number < field().low || value_->number > field().high) return fail(InputFault::out_of_range);
    if (number_.round_up) value_->number += number_.negative ? -1 : 1;
  }

  static constexpr std::uint32_t greatest = 0x7FFFFFFF;

  Schema schema_;
  Value* values_;
  char* bottom_;  // the room between strings and elements
  char* top_;
  Value* value_ = nullptr;   // the one at work
  std::uint8_t field_ = 0;   // the member at work
  std::uint8_t parent_ = 0;  // of the object at work, as Field::parent
  bool begun_ = false;       // the input's own { was read
  bool in_array_ = false;
  InputFault fault_ = InputFault::none;
  Number number_;
  JsonReader json_;
};

}  // namespace detail
PICOCLAUDE_END
