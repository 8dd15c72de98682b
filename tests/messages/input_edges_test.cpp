// The edges of what is read for a declaration: rooms, ranges, and objects in objects.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

using namespace picoclaude;
using detail::Field;
using detail::FieldKind;
using detail::InputReader;
using detail::Value;

namespace {

constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t greatest = std::numeric_limits<std::int32_t>::max();

constexpr char names[] = "abcdefgh";  // a member is called by one letter

constexpr Field member(char name, FieldKind kind, decltype(Field::take) take) {
  Field field;
  field.name = static_cast<std::uint16_t>(name - 'a');
  field.name_size = 1;
  field.kind = kind;
  field.take = take;
  field.low = least;
  field.high = greatest;
  return field;
}
constexpr Field number(char name, std::uint8_t decimals = 0) {
  Field field = member(name, decimals == 0 ? FieldKind::integer : FieldKind::number, InputReader::take_number);
  field.decimals = decimals;
  return field;
}
constexpr Field text(char name) { return member(name, FieldKind::string, InputReader::take_string); }
constexpr Field object(char name) { return member(name, FieldKind::object, InputReader::take_object); }
constexpr Field inside(unsigned parent, Field field) {
  field.parent = static_cast<std::uint8_t>(parent);
  return field;
}
constexpr Field list(Field item) {
  item.take_element = item.take;
  item.take = InputReader::take_array;
  item.max_count = 200;
  return item;
}

struct Read {
  InputFault fault = InputFault::none;
  std::string about;
  std::size_t taken = 0;  // bytes up to the first that was refused
  Value values[8];
};

template <std::size_t N>
Read read(const Field (&fields)[N], const std::string& input, Room room = {}) {
  Read out;
  detail::Schema schema;
  schema.text = names;
  schema.fields = fields;
  schema.count = N;
  InputReader reader(schema, out.values, room);
  while (out.taken < input.size() && reader.step(input[out.taken])) ++out.taken;
  reader.finish();
  out.fault = reader.fault();
  out.about = std::string(reader.about());
  return out;
}

}  // namespace

TEST_SUITE_BEGIN("messages");

TEST_CASE("input: elements stand aligned at the end of any room, and a text uses what is in front of them") {
  constexpr Field fields[] = {list(number('a'))};
  alignas(Value) char bytes[sizeof(Value) * 4];
  for (std::size_t shift = 0; shift < sizeof(Value); ++shift) {
    const std::size_t size = sizeof bytes - shift;
    for (std::size_t less = 0; less < sizeof(Value); ++less) {
      const Read done = read(fields, R"({"a":[7,8]})", {bytes + shift, size - less});
      CHECK(done.fault == InputFault::none);
      CHECK(reinterpret_cast<std::uintptr_t>(done.values[0].data) % alignof(Value) == 0);
      CHECK(done.values[0].number == 2);
      const auto* const end = static_cast<const Value*>(done.values[0].data);
      CHECK(end[-1].number == 7);
      CHECK(end[-2].number == 8);
      CHECK(static_cast<const void*>(end) <= bytes + shift + size - less);
    }
  }
}

TEST_CASE("input: a room that holds no element is a text's, as far as it is in front of an aligned place") {
  constexpr Field fields[] = {text('a')};
  alignas(Value) char bytes[16];
  // Up to the aligned place in front of the end there is nothing; what ends in front of one is used as it is.
  constexpr std::size_t size = alignof(Value) - 1;
  CHECK(read(fields, R"({"a":"x"})", {bytes, size}).fault == InputFault::out_of_room);
  CHECK(read(fields, R"({"a":""})", {bytes, size}).fault == InputFault::none);
  CHECK(read(fields, R"({"a":"xy"})", {bytes + size - 2, 2}).fault == InputFault::none);
  CHECK(read(fields, R"({"a":"xyz"})", {bytes + size - 2, 2}).fault == InputFault::out_of_room);
  CHECK(read(fields, R"({"a":"12345678"})", {bytes, 8}).fault == InputFault::none);
  CHECK(read(fields, R"({"a":"123456789"})", {bytes, 8}).fault == InputFault::out_of_room);
}

TEST_CASE("input: elements fit into their room to the last byte, and not into one byte less") {
  constexpr Field fields[] = {text('a'), list(number('b'))};
  alignas(Value) char bytes[sizeof(Value) * 2];
  CHECK(read(fields, R"({"a":"","b":[1,2]})", {bytes, sizeof bytes}).fault == InputFault::none);
  CHECK(read(fields, R"({"a":"","b":[1,2,3]})", {bytes, sizeof bytes}).fault == InputFault::out_of_room);
  CHECK(read(fields, R"({"a":"x","b":[1]})", {bytes, sizeof bytes}).fault == InputFault::none);
  const Read over = read(fields, R"({"a":"x","b":[1,2]})", {bytes, sizeof bytes});
  CHECK(over.fault == InputFault::out_of_room);
  CHECK(over.about == "b");
}

TEST_CASE("input: whole numbers reach from the least to the greatest of 32 bits, but for the least one") {
  constexpr Field fields[] = {number('a')};
  const auto fault = [&](const std::string& written) {
    return read(fields, "{\"a\":" + written + "}").fault;
  };
  CHECK(read(fields, R"({"a":2147483647})").values[0].number == greatest);
  CHECK(read(fields, R"({"a":-2147483647})").values[0].number == -greatest);
  for (const char* const beyond : {"2147483648", "2147483649", "2147483650", "2386092939", "4294967295", "4294967296",
           "4294967297", "21474836470", "-2147483649", "99999999999"}) {
    CAPTURE(std::string(beyond));
    CHECK(fault(beyond) == InputFault::out_of_range);
  }
}

TEST_CASE("input: an exponent is out of range, with any sign and any case") {
  constexpr Field fields[] = {number('a', 1)};
  for (const char* const written : {"1e5", "1E5", "1e+5", "1E+5", "1e-5", "1.5e+0", "0e0"}) {
    CAPTURE(std::string(written));
    CHECK(read(fields, "{\"a\":" + std::string(written) + "}").fault == InputFault::out_of_range);
  }
}

TEST_CASE("input: a number is rounded to its decimals, half away from zero") {
  constexpr Field fields[] = {number('a', 2)};
  const auto units = [&](const std::string& written) {
    const Read done = read(fields, "{\"a\":" + written + "}");
    CHECK(done.fault == InputFault::none);
    return done.values[0].number;
  };
  CHECK(units("1") == 100);
  CHECK(units("1.5") == 150);
  CHECK(units("1.25") == 125);
  CHECK(units("1.254") == 125);
  CHECK(units("1.255") == 126);
  CHECK(units("1.2549999") == 125);
  CHECK(units("-1.255") == -126);
  CHECK(units("-1.2541") == -125);
  CHECK(units("0.004") == 0);
  CHECK(units("1.2500") == 125);
  CHECK(units("0.005") == 1);
}

TEST_CASE("input: a number is out of range before it is rounded into it, and no rounding overflows") {
  const auto fault = [](std::int32_t low, std::int32_t high, const std::string& written) {
    Field field = number('a');
    field.kind = FieldKind::number;
    field.low = low;
    field.high = high;
    const Field fields[] = {field};
    return read(fields, "{\"a\":" + written + "}").fault;
  };
  CHECK(fault(5, 100, "4.6") == InputFault::out_of_range);
  CHECK(fault(5, 100, "5.4") == InputFault::none);
  CHECK(fault(5, 100, "99.6") == InputFault::none);
  CHECK(fault(5, 100, "100.4") == InputFault::out_of_range);
  CHECK(fault(-100, -5, "-4.6") == InputFault::out_of_range);
  CHECK(fault(-100, -5, "-5.4") == InputFault::none);
  CHECK(fault(-100, -5, "-100.4") == InputFault::out_of_range);
  CHECK(fault(0, 100, "2147483647.5") == InputFault::out_of_range);
  CHECK(fault(-100, 0, "-2147483647.5") == InputFault::out_of_range);
}

TEST_CASE("input: numbers in front of the object, behind it, and of no member are those of none") {
  constexpr Field fields[] = {number('a', 1)};
  CHECK(read(fields, "7").fault == InputFault::not_an_object);
  CHECK(read(fields, "7 {\"a\":1}").fault == InputFault::not_an_object);
  CHECK(read(fields, "{\"x\":12.5,\"a\":1}").fault == InputFault::unknown);
  CHECK(read(fields, "{\"a\":1} 7").fault == InputFault::not_json);
}

TEST_CASE("input: behind an object its own parent goes on, at every depth") {
  // a {b {c d} e} f: a is the first field of all.
  constexpr Field fields[] = {object('a'), inside(1, object('b')), inside(2, number('c')), inside(2, number('d')),
      inside(1, number('e')), number('f')};
  const Read done = read(fields, R"({"a":{"b":{"c":1,"d":2},"e":3},"f":4})");
  CHECK(done.fault == InputFault::none);
  CHECK(done.values[2].number == 1);
  CHECK(done.values[3].number == 2);
  CHECK(done.values[4].number == 3);
  CHECK(done.values[5].number == 4);
  CHECK(read(fields, R"({"f":4,"a":{"e":3,"b":{"d":2,"c":1}}})").fault == InputFault::none);
  CHECK(read(fields, R"({"a":{"b":{"c":1,"d":2,"e":3}},"f":4})").about == "e");
  CHECK(read(fields, R"({"a":{"b":{"c":1},"e":3},"f":4})").about == "d");
  CHECK(read(fields, R"({"a":{"b":{"c":1,"d":2}},"f":4})").about == "e");
  CHECK(read(fields, R"({"a":{"b":{"c":1,"d":2},"e":3,"f":4}})").fault == InputFault::unknown);
  const Read missing = read(fields, R"({"f":4})");
  CHECK(missing.fault == InputFault::missing);
  CHECK(missing.about == "a");
}

TEST_CASE("input: what is no JSON is refused at its byte") {
  constexpr Field fields[] = {number('a')};
  const Read bad = read(fields, R"({"a":1x})");
  CHECK(bad.fault == InputFault::not_json);
  CHECK(bad.taken == 6);
  CHECK(read(fields, "{\"a\":1").fault == InputFault::not_json);
  CHECK(read(fields, "{\"a\n\":1}").taken == 3);
  CHECK(read(fields, "\n{\n\"a\"\n:\r1\n}\n").fault == InputFault::none);
}

TEST_CASE("input: a raw one is an object whose names differ, each in its own object") {
  CHECK(detail::check_object(R"({"a":{"b":1},"b":2})") == InputFault::none);
  CHECK(detail::check_object(R"({"b":2,"a":{"b":1}})") == InputFault::none);
  CHECK(detail::check_object(R"({"a":{"b":1},"c":{"b":1},"b":[{"b":1}]})") == InputFault::none);
  CHECK(detail::check_object(R"({"a":{"b":1},"a":2})") == InputFault::twice);
  CHECK(detail::check_object("{\"a\":\"\n\"}") == InputFault::not_json);
  CHECK(detail::check_object("{\"a\n\":1}") == InputFault::not_json);
  CHECK(detail::check_object("{\"a\":1\n,\r\"b\":tru\ne}") == InputFault::not_json);
  CHECK(detail::check_object("\n{\"a\":1\n,\r\"b\":2}\n") == InputFault::none);
  CHECK(detail::check_object("") == InputFault::not_json);
}

TEST_CASE("input: no input at all is an empty object") {
  constexpr Field none[] = {number('a')};
  detail::Schema schema;
  schema.text = names;
  schema.fields = none;
  schema.count = 0;
  Value values[1];
  InputReader reader(schema, values, {});
  unsigned told = 0;
  const ToolReply reply(
      [](void* context, const Content&, bool) PICOCLAUDE_NONBLOCKING {
        ++*static_cast<unsigned*>(context);
        return true;
      },
      &told);
  CHECK(detail::accept_input(reader, "", reply));
  CHECK(told == 0);
}

TEST_SUITE_END();
