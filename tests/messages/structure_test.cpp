#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace picoclaude;

namespace {

enum class Mode { off, dim, full };

struct Place {
  int x;
  Optional<int> y;
};

constexpr auto light = structure(boolean("on", "true to light it"), integer("level", "brightness").range(0, 100));

constexpr auto scene = structure(string("name", "say \"cheese\"").max_size(8).optional(),
    number("celsius", "").decimals(1).range(-400, 850), enumeration("mode", "how", "off", "dim", "full"),
    object("place", "where", integer("x"), integer("y").optional()),
    array("levels", "of each", integer().range(0, 9)).max_count(3).optional(), array("tags", "", string()).optional(),
    array("modes", "", enumeration("", "", "a", "b")).optional());

// What a scene's function was called with, as text.
std::string read_scene(string_view input, InputFault* fault = nullptr, std::size_t room_size = 256) {
  std::string seen;
  std::vector<char> room(room_size);
  const InputFault found = scene.read(input, {room.data(), room.size()},
      [&](Optional<string_view> name, int celsius, Mode mode, Place place, Items<int> levels,
          Optional<Items<string_view>> tags, Items<Mode> modes) {
        seen = name ? "name " + std::string(name.value) : std::string("no name");
        seen += ", " + std::to_string(celsius) + ", mode " + std::to_string(static_cast<int>(mode));
        seen += ", x " + std::to_string(place.x) + " y " + std::to_string(place.y.value_or(-1));
        for (std::size_t at = 0; at < levels.size(); ++at) seen += ", level " + std::to_string(levels[at]);
        for (std::size_t at = 0; at < tags.value.size(); ++at) seen += ", tag " + std::string(tags.value[at]);
        for (std::size_t at = 0; at < modes.size(); ++at) {
          seen += ", in mode " + std::to_string(static_cast<int>(modes[at]));
        }
      });
  if (fault != nullptr) *fault = found;
  CHECK((found == InputFault::none) == !seen.empty());
  return seen;
}

// The smallest scene with one member in place of another.
std::string with(const char* members) { return std::string(R"({"mode":"off","place":{"x":1},)") + members + "}"; }

InputFault fault_of(const std::string& input) {
  InputFault fault;
  read_scene(input, &fault);
  return fault;
}

// What a single integer is read as; nothing when it is refused.
std::string read_x(const std::string& number) {
  const std::string seen = read_scene(R"({"mode":"off","celsius":1,"place":{"x":)" + number + "}}");
  return seen.empty() ? "" : seen.substr(seen.find("x ") + 2, seen.find(" y") - seen.find("x ") - 2);
}

std::string read_celsius(const std::string& number) {
  const std::string seen = read_scene(with((R"("celsius":)" + number).c_str()));
  return seen.empty() ? "" : seen.substr(9, seen.find(", mode") - 9);
}

}  // namespace

// ---- the schema is a constant ---------------------------------------------------------------------------------------

static_assert(
    structure().schema() == R"({"type":"object","properties":{},"required":[],"additionalProperties":false})");
static_assert(light.schema() ==
    R"({"type":"object","properties":{"on":{"type":"boolean","description":"true to light it"},)"
    R"("level":{"type":"integer","description":"brightness","minimum":0,"maximum":100}},)"
    R"("required":["on","level"],"additionalProperties":false})");
static_assert(light.without_limits().schema() ==
    R"({"type":"object","properties":{"on":{"type":"boolean","description":"true to light it"},)"
    R"("level":{"type":"integer","description":"brightness"}},)"
    R"("required":["on","level"],"additionalProperties":false})");
static_assert(scene.schema() ==
    R"({"type":"object","properties":{)"
    R"("name":{"type":"string","description":"say \"cheese\"","maxLength":8},)"
    R"("celsius":{"type":"number","minimum":-40,"maximum":85},)"
    R"("mode":{"type":"string","enum":["off","dim","full"],"description":"how"},)"
    R"("place":{"type":"object","properties":{"x":{"type":"integer"},"y":{"type":"integer"}},"required":["x"],)"
    R"("additionalProperties":false,"description":"where"},)"
    R"("levels":{"type":"array","items":{"type":"integer","minimum":0,"maximum":9},"description":"of each",)"
    R"("maxItems":3},)"
    R"("tags":{"type":"array","items":{"type":"string"}},)"
    R"("modes":{"type":"array","items":{"type":"string","enum":["a","b"]}}},)"
    R"("required":["celsius","mode","place"],"additionalProperties":false})");
static_assert(structure(number("t", "").decimals(2).range(-5, 1230)).schema() ==
    R"({"type":"object","properties":{"t":{"type":"number","minimum":-0.05,"maximum":12.3}},)"
    R"("required":["t"],"additionalProperties":false})");

TEST_CASE("structure: a declaration that is made at run time is the one that the compiler makes") {
  auto made = structure(boolean("on", "true to light it").optional(),
      string("name", "say \"cheese\"").max_size(8).optional(), string("note", ""),
      number("celsius", "").decimals(1).range(-405, 850), number("any", ""), integer("all", ""),
      integer("hot", "").range(-2147483647, 2147483647), enumeration("mode", "how", "off", "dim", "full").optional(),
      object("place", "where", integer("x"), integer("y").optional()).optional(), object("empty", ""),
      array("levels", "of each", integer("", "a level").range(1, 9)).max_count(3).optional(),
      array("flags", "", boolean()).max_count(255), array("modes", "", enumeration("", "which", "a", "b")));
  CHECK(made.schema() ==
      R"({"type":"object","properties":{)"
      R"("on":{"type":"boolean","description":"true to light it"},)"
      R"("name":{"type":"string","description":"say \"cheese\"","maxLength":8},)"
      R"("note":{"type":"string"},)"
      R"("celsius":{"type":"number","minimum":-40.5,"maximum":85},)"
      R"("any":{"type":"number"},"all":{"type":"integer"},)"
      R"("hot":{"type":"integer"},)"
      R"("mode":{"type":"string","enum":["off","dim","full"],"description":"how"},)"
      R"("place":{"type":"object","properties":{"x":{"type":"integer"},"y":{"type":"integer"}},"required":["x"],)"
      R"("additionalProperties":false,"description":"where"},)"
      R"("empty":{"type":"object","properties":{},"required":[],"additionalProperties":false},)"
      R"("levels":{"type":"array","items":{"type":"integer","minimum":1,"maximum":9,"description":"a level"},)"
      R"("description":"of each","maxItems":3},)"
      R"("flags":{"type":"array","items":{"type":"boolean"}},)"
      R"("modes":{"type":"array","items":{"type":"string","enum":["a","b"],"description":"which"}}},)"
      R"("required":["note","celsius","any","all","hot","empty","flags","modes"],"additionalProperties":false})");
}

TEST_CASE("structure: what is declared at run time reads as it does when the compiler made it") {
  auto made = structure(enumeration("mode", "", "off", "dim", "full"),
      array("levels", "", integer().range(0, 9)).optional(), number("celsius", ""), string("name", "").max_size(3));
  std::string seen;
  char room[128];
  const auto read = [&](string_view input) {
    seen.clear();
    return made.read(input, room, [&](Mode mode, Optional<Items<int>> levels, int celsius, string_view name) {
      seen = std::to_string(static_cast<int>(mode)) + " " + std::to_string(levels.value.size()) + " " +
          std::to_string(celsius) + " " + std::string(name);
      CHECK(levels.value.empty() == (levels.value.size() == 0));
    });
  };
  CHECK(read(R"({"mode":"full","celsius":21.5,"name":"abc"})") == InputFault::none);
  CHECK(seen == "2 0 21500 abc");
  CHECK(read(R"({"levels":[7,8],"mode":"off","celsius":-0.0005,"name":""})") == InputFault::none);
  CHECK(seen == "0 2 -1 ");
  CHECK(read(R"({"mode":"full","celsius":1,"name":"abcd"})") == InputFault::too_long);
  CHECK(read(R"({"mode":"none","celsius":1,"name":""})") == InputFault::out_of_range);
  made = made.without_limits();
  CHECK(made.schema() ==
      R"({"type":"object","properties":{"mode":{"type":"string","enum":["off","dim","full"]},)"
      R"("levels":{"type":"array","items":{"type":"integer"}},"celsius":{"type":"number"},"name":{"type":"string"}},)"
      R"("required":["mode","celsius","name"],"additionalProperties":false})");
  CHECK(read(R"({"mode":"dim","levels":[9],"celsius":0,"name":"abc"})") == InputFault::none);
  CHECK(seen == "1 1 0 abc");
  CHECK(read(R"({"mode":"dim","levels":[10],"celsius":0,"name":"abc"})") == InputFault::out_of_range);
  CHECK(read(R"({"mode":"dim","celsius":0,"name":"abcd"})") == InputFault::too_long);
  auto late = structure(integer("n", "").range(1, 2), enumeration("mode", "", "a", "b")).without_limits();
  int number = 0;
  Mode mode = Mode::off;
  CHECK(late.read(R"({"n":2,"mode":"b"})", room, [&](int n, Mode m) {
    number = n;
    mode = m;
  }) == InputFault::none);
  CHECK(number == 2);
  CHECK(mode == Mode::dim);
}

TEST_CASE("structure: a name that is none, or more to escape than there is room for, is no declaration") {
  CHECK(structure(boolean("aZ_-9", "")).schema() ==
      R"({"type":"object","properties":{"aZ_-9":{"type":"boolean"}},"required":["aZ_-9"],"additionalProperties":false})");
  CHECK(!structure(boolean("a2345678901234567890123456789012", "")).schema().empty());
  CHECK(structure(boolean("a23456789012345678901234567890123", "")).schema().empty());
  CHECK(structure(boolean("", "")).schema().empty());
  CHECK(structure(boolean("a b", "")).schema().empty());
  CHECK(structure(boolean("a`", "")).schema().empty());
  CHECK(structure(boolean("a{", "")).schema().empty());
  CHECK(structure(boolean("\xC3\xA9", "")).schema().empty());
  CHECK(structure(integer("b", ""), enumeration("a b", "", "x", "y")).schema().empty());
  CHECK(structure(
      boolean("a",
          R"(""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""""")"))
            .schema()
            .empty());
}

TEST_CASE(
    "structure: a word that no input could be compared with, and more decimals than 32 bits have, are no declaration") {
  CHECK(!structure(enumeration("a", "", "x y", "\xC3\xA9", "w2345678901234567890123456789012")).schema().empty());
  CHECK(structure(enumeration("a", "", "x", "")).schema().empty());
  CHECK(structure(enumeration("a", "", "x", "w23456789012345678901234567890123")).schema().empty());
  CHECK(structure(enumeration("a", "", "x", "6\"")).schema().empty());
  CHECK(structure(enumeration("a", "", "x\\y")).schema().empty());
  CHECK(structure(enumeration("a", "", "x\n")).schema().empty());
  CHECK(!structure(enumeration("a", "", "\xC3\xA9")).schema().empty());
  CHECK(structure(array("a", "", enumeration("", "", "x", ""))).schema().empty());
  CHECK(structure(number("a", "").decimals(10)).schema().empty());
  CHECK(structure(number("a", "").decimals(9).range(-1500000000, 7)).schema() ==
      R"({"type":"object","properties":{"a":{"type":"number","minimum":-1.5,"maximum":0.000000007}},)"
      R"("required":["a"],"additionalProperties":false})");
}

TEST_CASE("structure: parameters that are named like limits stay where limits go") {
  static constexpr auto band = structure(integer("x").range(0, 9), integer("minimum").range(-5, 5), integer("maximum"),
      string("maxLength").max_size(4), array("maxItems", "", enumeration("", "", "a", "b")).max_count(2));
  CHECK(band.without_limits().schema() ==
      R"({"type":"object","properties":{"x":{"type":"integer"},"minimum":{"type":"integer"},"maximum":{"type":"integer"},)"
      R"("maxLength":{"type":"string"},"maxItems":{"type":"array","items":{"type":"string","enum":["a","b"]}}},)"
      R"("required":["x","minimum","maximum","maxLength","maxItems"],"additionalProperties":false})");
  char room[64];
  int sum = 0;
  const auto take = [&](int x, int minimum, int maximum, string_view, Items<int> words) {
    sum = x + 10 * minimum + 100 * maximum + 1000 * words[0];
  };
  CHECK(band.without_limits().read(
            R"({"x":1,"minimum":2,"maximum":3,"maxLength":"four","maxItems":["b"]})", room, take) == InputFault::none);
  CHECK(sum == 1321);
}

// ---- what fits is read ----------------------------------------------------------------------------------------------

TEST_CASE("structure: every kind of value arrives in its place, in any order of the input") {
  CHECK(read_scene(R"({"tags":["a\u00e9","","xyz"],"name":"b\"c","levels":[1,2,3],"mode":"dim","modes":["b","a"],)"
                   R"("place":{"y":-4,"x":3},"celsius":21.55})") ==
      "name b\"c, 216, mode 1, x 3 y -4, level 1, level 2, level 3, tag a\xC3\xA9, tag , tag xyz, in mode 1, in mode 0");
}

TEST_CASE("structure: what may be left out is told apart") {
  CHECK(read_scene(with(R"("celsius":0)")) == "no name, 0, mode 0, x 1 y -1");
  CHECK(read_scene(with(R"("celsius":0,"name":"")")) == "name , 0, mode 0, x 1 y -1");
}

TEST_CASE("structure: blanks and line breaks between tokens are nothing") {
  CHECK(read_scene(" \r\n{ \"mode\" : \"full\" ,\n\t\"celsius\":1\n,\"place\":{\"x\":\r2 } } \n") ==
      "no name, 10, mode 2, x 2 y -1");
}

TEST_CASE("structure: limits without names are checked all the same") {
  constexpr auto strict = light.without_limits();
  int level = -1;
  char room[8];
  const auto take = [&](bool, int value) {
    level = value;
  };
  CHECK(strict.read(R"({"on":true,"level":101})", room, take) == InputFault::out_of_range);
  CHECK(level == -1);
  CHECK(strict.read(R"({"on":true,"level":100})", room, take) == InputFault::none);
  CHECK(level == 100);
}

TEST_CASE("structure: an integer is 32 bits, without fraction or exponent") {
  CHECK(read_x("0") == "0");
  CHECK(read_x("-1") == "-1");
  CHECK(read_x("2147483647") == "2147483647");
  CHECK(read_x("-2147483647") == "-2147483647");
  for (const char* bad : {"2147483648", "-2147483648", "4294967297", "9007199254740993", "18446744073709551617", "1.0",
           "1.5", "1e2", "1E2", "-0", "-", "+1", "01", "0x1", ".5", "1.", "NaN", "Infinity", "true", "null", "\"1\"",
           "[1]", "{}", "1e999", "-1e999", "99999999999999999999999999999999999999999999999999"}) {
    CAPTURE(bad);
    CHECK(read_x(bad) == "");
  }
}

TEST_CASE("structure: a number is rounded to its unit, and its range is exact") {
  CHECK(read_celsius("0") == "0");
  CHECK(read_celsius("21.5") == "215");
  CHECK(read_celsius("21.54999") == "215");
  CHECK(read_celsius("21.55") == "216");
  CHECK(read_celsius("-21.55") == "-216");
  CHECK(read_celsius("21.05") == "211");
  CHECK(read_celsius("21.045") == "210");
  CHECK(read_celsius("85.000") == "850");
  CHECK(read_celsius("-40.0") == "-400");
  CHECK(read_celsius("0.04") == "0");
  for (const char* bad : {"85.01", "85.1", "-40.001", "-0", "-0.0", "1e1", "1e-1", "1e999", "214748364.7",
           "429496729.7", "null", "\"21\""}) {
    CAPTURE(bad);
    CHECK(read_celsius(bad) == "");
  }
}

// ---- what does not fit is refused, with the reason ------------------------------------------------------------------

TEST_CASE("structure: what is not one whole JSON object is refused") {
  for (const char* bad : {"", " ", "{", "}", "nul", "{\"", "{\"mode\"", "{\"mode\":", "{\"mode\":\"off\"",
           "{\"mode\":\"off\",}", "{'mode':1}", "{mode:1}", "{\"mode\":\"\xC3\"", "{\"name\":\"\xFF\"}",
           "{\"name\":\"\\ud800\"}", "{\"name\":\"\\udc00\\ud800\"}", "{\"name\":\"\\x\"}", "{\"name\":\"a\nb\"}"}) {
    CAPTURE(bad);
    CHECK(fault_of(bad) == InputFault::not_json);
  }
  CHECK(fault_of(with(R"("celsius":0)") + "x") == InputFault::not_json);
  CHECK(fault_of(with(R"("celsius":0)") + "{}") == InputFault::not_json);
  for (const char* bad : {"[]", "0", "\"mode\"", "\"", "true", "null", "[{}]"}) {
    CAPTURE(bad);
    CHECK(fault_of(bad) == InputFault::not_an_object);
  }
}

TEST_CASE("structure: every start of an input is refused, whatever byte it ends with") {
  const std::string whole = with(R"("celsius":-1.5,"name":"a\u00e9","levels":[1,2])");
  REQUIRE(fault_of(whole) == InputFault::none);
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK(read_scene(whole.substr(0, size)) == "");
}

TEST_CASE("structure: members that are unknown, given twice or missing are refused") {
  CHECK(fault_of(with(R"("celsius":0,"color":1)")) == InputFault::unknown);
  CHECK(fault_of(with(R"("celsius":0,"__proto__":{})")) == InputFault::unknown);
  CHECK(fault_of(with(R"("celsius":0,"Mode":"off")")) == InputFault::unknown);
  CHECK(fault_of(with(R"("celsius":0,"":1)")) == InputFault::unknown);
  CHECK(fault_of(with(R"("celsius":0,"mode_of_a_lamp_in_the_living_room_of_a_house":1)")) == InputFault::unknown);
  CHECK(fault_of(with(R"("celsius":0,"x":1)")) == InputFault::unknown);
  CHECK(fault_of(R"({"celsius":0,"mode":"off","place":{"x":1,"celsius":2}})") == InputFault::unknown);
  CHECK(fault_of(with(R"("celsius":0,"celsius":0)")) == InputFault::twice);
  CHECK(fault_of(with(R"("celsius":0,"c\u0065lsius":0)")) == InputFault::twice);
  CHECK(fault_of(with(R"("celsius":0,"mode":"off")")) == InputFault::twice);
  CHECK(fault_of(R"({"celsius":0,"mode":"off","place":{"x":1,"x":2}})") == InputFault::twice);
  CHECK(fault_of(with(R"("celsius":0,"place":{"x":2})")) == InputFault::twice);
  CHECK(fault_of("{}") == InputFault::missing);
  CHECK(fault_of(R"({"mode":"off","place":{"x":1}})") == InputFault::missing);
  CHECK(fault_of(R"({"celsius":0,"mode":"off","place":{}})") == InputFault::missing);
  CHECK(fault_of(R"({"celsius":0,"mode":"off","place":{"y":1}})") == InputFault::missing);
}

TEST_CASE("structure: values of the wrong type or beyond their limits are refused") {
  for (const char* bad : {R"("celsius":"1")", R"("celsius":true)", R"("celsius":[1])", R"("celsius":{})",
           R"("celsius":null)", R"("celsius":0,"name":1)", R"("celsius":0,"name":null)", R"("celsius":0,"levels":1)",
           R"("celsius":0,"levels":[[1]])", R"("celsius":0,"levels":[{}])", R"("celsius":0,"levels":["1"])",
           R"("celsius":0,"levels":[null])", R"("celsius":0,"levels":[1.0])", R"("celsius":0,"tags":[1])",
           R"("celsius":0,"modes":[1])", R"("celsius":0,"tags":"a")", R"("celsius":0,"levels":{"0":1})"}) {
    CAPTURE(bad);
    CHECK(fault_of(with(bad)) == InputFault::wrong_type);
  }
  CHECK(fault_of(R"({"celsius":0,"mode":0,"place":{"x":1}})") == InputFault::wrong_type);
  CHECK(fault_of(R"({"celsius":0,"mode":"off","place":[1]})") == InputFault::wrong_type);
  CHECK(fault_of(R"({"celsius":0,"mode":"off","place":"x"})") == InputFault::wrong_type);
  CHECK(fault_of(R"({"celsius":0,"mode":"OFF","place":{"x":1}})") == InputFault::out_of_range);
  CHECK(fault_of(R"({"celsius":0,"mode":"","place":{"x":1}})") == InputFault::out_of_range);
  CHECK(fault_of(R"({"celsius":0,"mode":"off\",\"dim","place":{"x":1}})") == InputFault::out_of_range);
  CHECK(fault_of(with(R"("celsius":0,"levels":[10])")) == InputFault::out_of_range);
  CHECK(fault_of(with(R"("celsius":0,"levels":[-1])")) == InputFault::out_of_range);
  CHECK(fault_of(with(R"("celsius":0,"name":"a\u0000")")) == InputFault::out_of_range);
  CHECK(fault_of(with(R"("celsius":0,"name":"12345678")")) == InputFault::none);
  CHECK(fault_of(with(R"("celsius":0,"name":"123456789")")) == InputFault::too_long);
  CHECK(fault_of(with(R"("celsius":0,"levels":[1,2,3])")) == InputFault::none);
  CHECK(fault_of(with(R"("celsius":0,"levels":[1,2,3,4])")) == InputFault::too_long);
}

TEST_CASE("structure: a number where no member is at work is refused") {
  CHECK(fault_of(R"({"celsius":0,"place":{"x":1}5,"mode":"off"})") == InputFault::not_json);
  CHECK(fault_of(R"({"celsius":0,"mode":"off","place":{"x":1}}5)") == InputFault::not_json);
  char room[8];
  CHECK(structure().read("{5", room, [] {}) == InputFault::not_json);
  CHECK(structure().read("5.5 ", room, [] {}) == InputFault::not_an_object);
}

TEST_CASE("structure: nesting a million deep is refused at once") {
  CHECK(fault_of(with((R"("celsius":0,"levels":)" + std::string(1000000, '[')).c_str())) == InputFault::wrong_type);
  CHECK(fault_of(std::string(1000000, '[')) == InputFault::not_an_object);
}

TEST_CASE("structure: strings and elements share the room, and what does not fit is told") {
  const std::string input = with(R"("celsius":0,"tags":["abc","de"])");
  const std::size_t needed = 2 * sizeof(detail::Value) + 5;
  InputFault fault;
  CHECK(read_scene(input, &fault, needed + alignof(detail::Value)) == "no name, 0, mode 0, x 1 y -1, tag abc, tag de");
  CHECK(read_scene(input, &fault, needed - 1) == "");
  CHECK(fault == InputFault::out_of_room);
  CHECK(read_scene(input, &fault, 0) == "");
  CHECK(fault == InputFault::out_of_room);
  // A string alone.
  const std::string named = with(R"("celsius":0,"name":"abc")");
  CHECK(read_scene(named, &fault, 2) == "");
  CHECK(fault == InputFault::out_of_room);
  CHECK(read_scene(named, &fault, 3 + alignof(detail::Value)) == "name abc, 0, mode 0, x 1 y -1");
}
