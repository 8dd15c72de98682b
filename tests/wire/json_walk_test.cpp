#include "picoclaude/wire/json_walk.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace picoclaude;
using detail::JsonWalk;

namespace {

// "name=value;" of each member, or "=value;" of each element.
std::string walked(std::string_view text) {
  std::string out;
  JsonWalk walk(text);
  while (walk.next()) {
    if (text[0] == '{')
      out += std::string(text.substr(walk.begin, detail::skip_json_value(text, walk.begin) - walk.begin));
    out += "=" + std::string(walk.value_text()) + ";";
  }
  return out;
}

std::string found(std::string_view text, Literal name) {
  JsonWalk walk(text);
  return walk.find(name) ? std::string(walk.value_text()) : "nothing";
}

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("json walk: the members of an object and the elements of an array, with blanks of every kind around") {
  CHECK(walked(R"({"a":1,"b":[2,{"c":"}"}],"d":"e,\"f\"","g":{}})") ==
      R"("a"=1;"b"=[2,{"c":"}"}];"d"="e,\"f\"";"g"={};)");
  CHECK(walked(R"([1,"]",[[],[3]],{"a":[]},null])") == R"(=1;="]";=[[],[3]];={"a":[]};=null;)");
  CHECK(walked("{ \"a\"\t:\r1\n,\r\n\"b\" : true }") == "\"a\"=1;\"b\"=true;");
  CHECK(walked("[1 ,2\r,3\n,4\t]") == "=1;=2;=3;=4;");
  CHECK(walked("{}") == "");
  CHECK(walked("[ ]") == "");
}

TEST_CASE("json walk: a value ends where it ends, whatever stands behind it") {
  CHECK(detail::skip_json_value("12,3", 0) == 2);
  CHECK(detail::skip_json_value("12 ", 0) == 2);
  CHECK(detail::skip_json_value("12]", 0) == 2);
  CHECK(detail::skip_json_value("12}", 0) == 2);
  CHECK(detail::skip_json_value("12", 0) == 2);
  CHECK(detail::skip_json_value(R"("a\"b"c)", 0) == 6);
  CHECK(detail::skip_json_value("[1, 2],3", 0) == 6);
}

TEST_CASE("json walk: a member is found by its whole name, at its own level") {
  CHECK(found(R"({"type":1})", "type") == "1");
  CHECK(found(R"({"typed":1,"type":2})", "type") == "2");
  CHECK(found(R"({"typ":1,"a":{"type":2}})", "type") == "nothing");
  CHECK(found(R"({"a":"type","type":"b"})", "type") == R"("b")");
  CHECK(found("{}", "type") == "nothing");
}

TEST_CASE("json walk: a text that is cut anywhere ends the walk, and nothing behind it is looked at") {
  const std::string text = R"( {"a" : [1,{"b":"c\\\"d"}] , "type":"e\u0041"} )";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    CAPTURE(size);
    // In bytes of its own, so that a sanitizer sees the first one behind it.
    const std::unique_ptr<char[]> bytes(new char[size]);
    text.copy(bytes.get(), size);
    const std::string_view cut(bytes.get(), size);
    for (std::size_t at = 0; at < size; ++at) CHECK(detail::skip_json_value(cut, at) <= size + 1);
    if (size < 2) continue;
    JsonWalk walk(cut.substr(1));
    unsigned members = 0;
    while (walk.next()) ++members;
    CHECK(members <= 2);
    // Found as soon as its name is there, from `"type"` on.
    JsonWalk type(cut.substr(1));
    CHECK(type.find("type") == (size >= 35));
  }
  CHECK(walked(R"({"a":1,)") == "\"a\"=1;");
  CHECK(walked(R"({"a":1)") == "\"a\"=1;");
  CHECK(walked(R"([1,)") == "=1;");
}

TEST_SUITE_END();
