#include "picoclaude/wire/json_reader.hpp"

#include <doctest/doctest.h>

#include "support/json_trace.hpp"

using namespace picoclaude;
using json_trace::Take;

namespace {

// The trace, after it was seen to be the same by bytes, by pieces of 1, 2, 3 and 7 bytes, and at once.
std::string trace(std::string_view text, Take take = Take::collect) {
  const std::string whole = json_trace::read(text, take);
  CAPTURE(std::string(text));
  CHECK(json_trace::step(text, take) == whole);
  for (const std::size_t size : {1u, 2u, 3u, 7u}) CHECK(json_trace::read(text, take, size) == whole);
  return whole;
}

bool accepted(std::string_view text) {
  const std::string told = trace(text);
  const bool good = !told.empty() && told.back() == '.' && (told.size() < 3 || told.substr(told.size() - 3) != "...");
  CHECK((trace(text, Take::deliver).back() == '.') == (told.back() == '.'));
  CHECK((trace(text, Take::skip).back() == '.') == (told.back() == '.'));
  return good;
}

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("json: tokens of every kind") {
  CHECK(trace(R"({"a":[1,true,false,null,"x",{}],"b":{"c":""}})") ==
      R"({ k<a> [ 1 true false null "x" { } ] k<b> { k<c> "" } } .)");
  CHECK(trace("[]") == "[ ] .");
  CHECK(trace("[[],[[]]]") == "[ [ ] [ [ ] ] ] .");
  CHECK(trace("\"x\"") == "\"x\" .");
  CHECK(trace("7 ") == "7 .");
  CHECK(trace("true") == "true .");
  CHECK(trace(" \t\r\n{ \"a\" :\n1 } \r") == "{ k<a> 1 } .");
}

TEST_CASE("json: a number that nothing follows is whole, and is not told") {
  CHECK(trace("7") == ".");
  CHECK(trace("-0.5e+3") == ".");
  CHECK(trace("1e") == "...");
  CHECK(trace("-") == "...");
  CHECK(trace("1.") == "...");
}

TEST_CASE("json: integers up to 2^32-1 are exact, all other numbers are only seen") {
  CHECK(trace("[0,1,4294967295]") == "[ 0 1 4294967295 ] .");
  CHECK(trace("[4294967296,4294967300,42949672950,99999999999999999999]") == "[ # # # # ] .");
  CHECK(trace("[-1,-0,1.0,1e0,1E5,0.1,0e0]") == "[ # # # # # # # ] .");
  CHECK(trace("[18446744073709551617,4294967297]") == "[ # # ] .");  // 2^64 + 1 and 2^32 + 1: no wrap-around
}

TEST_CASE("json: accepted, as RFC 8259 says") {
  for (const char* text : {"{}", "[]", "\"\"", "0", "-0", "-1", "10", "1.5", "0.5", "1e1", "1E1", "1e+1", "1e-1",
           "1.25e10", "0e0", "123456789012345678901234567890", "1e999999", "true", "false", "null", " [ ] ",
           "\t\n\r [\t\n\r ]\t\n\r ", "[1 , 2]", "{\"\":0}", "{\"a\":0,\"a\":1}", "[[[[[[[[]]]]]]]]",
           "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\"", "\"\\uD83D\\uDE80\"", "\"\\u00e4\"", "\"\\uFFFF\"", "\"\x7F\"",
           "\"\xC2\x80\"", "\"\xDF\xBF\"", "\"\xE0\xA0\x80\"", "\"\xED\x9F\xBF\"", "\"\xEE\x80\x80\"",
           "\"\xEF\xBF\xBF\"", "\"\xF0\x90\x80\x80\"", "\"\xF4\x8F\xBF\xBF\"", "{\"a\":{\"b\":[{\"c\":[]}]}}"}) {
    CAPTURE(std::string(text));
    CHECK(accepted(text));
  }
}

TEST_CASE("json: refused, as RFC 8259 says: structure") {
  for (const char* text : {",", ":", "]", "}", "[,]", "[1,]", "[,1]", "[1 2]", "[1,,2]", "{,}", "{\"a\"}", "{\"a\":}",
           "{\"a\":1,}", "{\"a\" 1}", "{\"a\"::1}", "{1:2}", "{a:1}", "{\"a\":1 \"b\":2}", "{[]:1}", "{null:1}", "[}",
           "{]", "[1}", "{\"a\":1]", "[]]", "{}}", "{} {}", "1 2", "[] ,", "\"a\" \"b\"", "true false", "[\"a\":1]",
           "{\"a\",1}", "\x0B[]", "\x0C[]", "\xEF\xBB\xBF[]", "[1]x", "#", "/**/[]", "'a'"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(accepted(text));
    CHECK(json_trace::read(text).find("bad_json") != std::string::npos);
  }
}

TEST_CASE("json: refused, as RFC 8259 says: literals and numbers") {
  for (const char* text :
      {"tru ", "trueX", "True", "TRUE", "nul ", "nulll", "fals ", "falsee", "nan ", "NaN ", "Infinity ", "-Infinity ",
          "+1 ", "01 ", "-01 ", "00 ", ".5 ", "1. ", "1.e1 ", "1e ", "1e+ ", "1e1.5 ", "1e1e1 ", "1e+1E1 ", "1e+-1 ",
          "- ", "--1 ", "-a ", "0x1 ", "1_000 ", "1a ", "1.2.3 ", "1-", "1+1 ", "0b1 ", "1,5", "\xD9\xA1 "}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(accepted(text));
  }
}

TEST_CASE("json: refused, as RFC 8259 says: strings") {
  for (const char* text : {"\"\\x41\"", "\"\\'\"", "\"\\0\"", "\"\\U0041\"", "\"\\u004\"", "\"\\u00g0\"", "\"\\u\"",
           "\"\\ \"", "\"\x01\"", "\"\x1F\"", "\"\t\"", "\"\n\"", "\"\r\"", "{\"a\nb\":1}"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(accepted(text));
    CHECK(json_trace::read(text).find("bad_json") != std::string::npos);
  }
  CHECK_FALSE(accepted({"\"\0\"", 3}));
  CHECK_FALSE(accepted("\"\\"));
  CHECK_FALSE(accepted("\"a"));
}

TEST_CASE("json: accepted, as RFC 8259 says: what parsers stumble over") {
  for (const char* text : {"[[]   ]", "[\"\"]", "[\"a\"]", "[false]", "[null, 1, \"1\", {}]", "[1\n]", " [1]", "[2] ",
           "[1,null,null,null,2]", "[4 ]", "[-0.000000000000000000000000000000000000000000000000000000000001]",
           "[20e1]", "[0e+1]", "[0e1]", "[-0]", "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]",
           "[123.456e78]", "[123e-10000000]", "[-1e+9999]", "{\"\":\"\"}", "{\"a\":[]}", "{\"foo\\u0000bar\":42}",
           "{\"a\":\"b\",\"a\":\"b\"}", "{\"a\":1,\"a\":{\"a\":[{\"a\":2}]}}", "[\"\\u0012\"]",
           "[\"\\u0060\\u012a\\u12AB\"]", "[\"\\uD801\\udc37\"]", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
           "[\"\\\\u0000\"]", "[\"\\\"\"]", "[\"a/*b*/c/*d//e\"]", "[\"\\\\a\"]", "[\"\\uDBFF\\uDFFE\"]",
           "[\"\\uFDD0\"]", "[\"\\uFFFE\"]", "[\"\\u200B\"]", "[\"\\u2064\"]", "[\"\\u2028\"]",
           "[\"\xE2\x80\xA8\xE2\x80\xA9\"]", "[\"\xEF\xBB\xBF\"]", "[\"\xE2\x82\xAC\xF0\x9D\x84\x9E\"]",
           "[\"new\\u000Aline\"]", "[\"\\u0022\"]", "[\"\\u005C\"]", "[\"/\"]"}) {
    CAPTURE(std::string(text));
    CHECK(accepted(text));
  }
}

TEST_CASE("json: refused, as RFC 8259 says: what parsers let pass") {
  for (const char* text : {"[\"\": 1]", "[1:2]", "[\"x\"]]", "[\"\",]", "[1,]", "[x", "[3[4]]", "[,\"\"]",
           "[   , \"\"]", "[\"a\",\n4\n,,", "[*]", "[\"a\" b]", "[1 true]", "[a\xC3\xA5]", "[:\"x\"}", "[-.123]",
           "[-2.]", "[.2e-3]", "[0.3e]", "[0.3e+]", "[0.e1]", "[0E]", "[0e+]", "[1.0e]", "[1.0e-]", "[2.e3]", "[2.e-3]",
           "[9.e+]", "[1 000.0]", "[1eE2]", "[++1234]", "[-012]", "[-foo]", "[- 1]", "[-1x]", "[1ea]", "[1e1\xE5]",
           "[123\xE5]", "[0\xE5]", "[0x42]", "[0x1]", "[Inf]", "[NaN]", "[-NaN]", "[+Inf]", "[\xEF\xBC\x91]", "[1+2]",
           "[012]", "[1.8011670033376514H-308]", "[1.2a-3]", "{\"x\", null}", "{\"x\"::\"b\"}",
           "{\xF0\x9F\x87\xA8\xF0\x9F\x87\xAD}", "{\"a\":\"a\" 123}", "{key: 'value'}", "{\"\xB9\":\"0\",}",
           "{\"a\" b}", "{:\"b\"}", "{\"a\" \"b\"}", "{1:1}", "{9999E9999:1}", "{null:null,null:null}",
           "{\"id\":0,,,,,}", "{'a':0}", "{\"id\":0,}", "{\"a\":\"b\"}/**/", "{\"a\":\"b\"}/**//", "{\"a\":\"b\"}//",
           "{\"a\":\"b\"}/", "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}", "{\"a\":true} \"x\"", "{\"a\":\"b\"}#",
           "{\"a\":/*x*/\"b\"}", "[\"\\uD800\\\"]", "[\"\\uD800\\u\"]", "[\"\\uD800\\u1\"]", "[\"\\uD800\\u1x\"]",
           "[\xC3\xA9]", "[\"\\\x01\"]", "[\"\\\xF0\x9F\x8C\x80\"]", "[\"\\\xE5\"]", "[\"\\u\xE5\"]", "[\"\\a\"]",
           "[\"\\uqqqq\"]", "[\"\\v\"]", "[\"\\x00\"]", "[\\n]", "[\\u0020\"asd\"]", "\"\\UA66D\"",
           "[\"\\uDd1e\\uD834\"]", "<.>", "[<null>]", "[1]x", "[1]]", "]", "}", "[True]", "1]", "{\"x\": true,", "[][]",
           "2@", "{}}", "{\"\":", "{\"a\":/", "[1],", "{\"a\": 'b'}", "\xC3\xA5", "\xE2\x81\xA0", "\xEF\xBB\xBF{}",
           "\xEF\xBB{}", "\xFF\xFE[", "*", "[\x0C]", "\xC2\xA0[]", "abc", "nUll", "-"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(accepted(text));
  }
  CHECK_FALSE(accepted({"[\0]", 3}));
  CHECK_FALSE(accepted({"123\0", 4}));
  CHECK_FALSE(accepted({"[]\0", 3}));
}

TEST_CASE("json: what is cut off is neither accepted nor wrong") {
  for (const char* text :
      {"", " ", "\n", "[", "{", "[[", "[{", "[1", "[1,", "[1 ", "[-", "[1.", "[1e", "[1e+", "[t", "[tru", "[fals",
          "[nul", "[\"", "[\"a", "[\"a\"", "[\"a\",", "[\"\\", "[\"\\u", "[\"\\u00", "[\"\\uD800", "[\"\\uD800\\",
          "[\"\\uD800\\u", "[\"\\uD800\\uDC0", "[\"\xC3", "[\"\xF0\x9F\x98", "{\"", "{\"a", "{\"a\"", "{\"a\" ",
          "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":[", "{\"a\":{\"b\":1}", "tr", "\"", "-", "1.", "1e-"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(accepted(text));
    const std::string told = trace(text);
    CHECK(told.size() >= 3);
    CHECK(told.substr(told.size() - 3) == "...");
  }
}

TEST_CASE("json: bad UTF-8 and lone surrogates are bad_utf8") {
  for (const char* text : {"\"\x80\"", "\"\xBF\"", "\"\xC0\x80\"", "\"\xC1\xBF\"", "\"\xC2\"", "\"\xC2x\"",
           "\"\xE0\x80\x80\"", "\"\xE0\x9F\xBF\"", "\"\xE1\x80\"", "\"\xED\xA0\x80\"", "\"\xED\xBF\xBF\"",
           "\"\xF0\x80\x80\x80\"", "\"\xF0\x8F\xBF\xBF\"", "\"\xF4\x90\x80\x80\"", "\"\xF5\x80\x80\x80\"", "\"\xFE\"",
           "\"\xFF\"", "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\uD800\"", "\"\\uD800\\u0041\"", "\"\\uD800x\"",
           "\"\\uD800\\n\"", "\"\\uDBFF\\uE000\"", "{\"\xFF\":1}", "{\"\\uD800\":1}"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(accepted(text));
    CHECK(trace(text).find("bad_utf8") != std::string::npos);
    CHECK(trace(text, Take::deliver).find("bad_utf8") != std::string::npos);
    CHECK(trace(text, Take::skip).find("bad_utf8") != std::string::npos);
  }
}

TEST_CASE("json: every escape becomes its character") {
  CHECK(trace(R"("\"\\\/\b\f\n\r\t")", Take::deliver) == "\"\"\\/\b\f\n\r\t\" .");
  CHECK(trace(R"("\u0041\u00e4\u20AC\uD83D\uDE80\uFFFD")", Take::deliver) ==
      "\"A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x9A\x80\xEF\xBF\xBD\" .");
  CHECK(trace(R"("\u007F\u0080\u07FF\u0800\uFFFF\uD800\uDC00\uDBFF\uDFFF")", Take::deliver) ==
      "\"\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\" .");
  CHECK(trace(R"("a\u0000b")", Take::deliver) == std::string("\"a\0b\" .", 7));
}

TEST_CASE("json: a key or a collected string holds 32 decoded bytes, a longer one is told as empty") {
  const std::string name(32, 'n');
  CHECK(trace("{\"" + name + "\":\"" + name + "\"}") == "{ k<" + name + "> \"" + name + "\" } .");
  CHECK(trace("{\"" + name + "n\":\"" + name + "n\"}") == "{ k<> \"\" } .");
  CHECK(trace("{\"" + std::string(1000, 'n') + "\":\"" + std::string(1000, 'n') + "\",\"a\":\"b\"}") ==
      "{ k<> \"\" k<a> \"b\" } .");
  const std::string escaped = "\\u0061";
  std::string many;
  for (int i = 0; i < 32; ++i) many += escaped;
  CHECK(trace("{\"" + many + "\":0}") == "{ k<" + std::string(32, 'a') + "> 0 } .");
  CHECK(trace("{\"" + many + escaped + "\":0}") == "{ k<> 0 } .");
  // 31 bytes and one of two do not fit, not even in part.
  CHECK(trace("{\"" + std::string(31, 'n') + "\xC3\xA4\":0}") == "{ k<> 0 } .");
}

TEST_CASE("json: a skipped string tells only that it was there") {
  CHECK(trace(R"(["abc\n\u0041",1])", Take::skip) == R"([ "" 1 ] .)");
}

TEST_CASE("json: a key is told even when strings are skipped, a string behind it not") {
  CHECK(trace(R"({"key":"value"})", Take::skip) == R"({ k<key> "" } .)");
}

TEST_CASE("json: depth by a bit stack, up to the limit and not beyond") {
  using Small = BasicJsonReader<8>;
  const auto deep = [](unsigned depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(json_trace::read<Small>(deep(8)).back() == '.');
  CHECK(json_trace::read<Small>(deep(9)) == "[ [ [ [ [ [ [ [ too_deep");
  CHECK(json_trace::read(deep(PICOCLAUDE_MAX_JSON_DEPTH - 1)).back() == '.');
  CHECK(json_trace::read(deep(PICOCLAUDE_MAX_JSON_DEPTH)).back() == '.');
  CHECK(json_trace::read(deep(PICOCLAUDE_MAX_JSON_DEPTH + 1)).find("too_deep") != std::string::npos);
  // All mixtures of arrays and objects of depth 8: each is closed by its own kind only.
  for (unsigned mixture = 0; mixture < 256; ++mixture) {
    std::string open;
    std::string close;
    std::string wrong;
    for (unsigned at = 0; at < 8; ++at) {
      const bool object = (mixture >> at & 1) != 0;
      open += object ? "{\"k\":" : "[";
      close.insert(0, object ? "}" : "]");
      wrong.insert(0, at == mixture % 8 ? (object ? "]" : "}") : (object ? "}" : "]"));
    }
    CHECK(json_trace::read<Small>(open + "0" + close).back() == '.');
    CHECK(json_trace::read<Small>(open + "0" + wrong).find("bad_json") != std::string::npos);
  }
}

TEST_CASE("json: a line end is told and left, a caller decides what it is") {
  char text[] = "[1,\n\"a\nb\"]";
  char* next = text;
  char* const end = text + sizeof text - 1;
  JsonReader reader;
  CHECK(reader.read(next, end) == Json::begin_array);
  CHECK(reader.read(next, end) == Json::number);
  CHECK(reader.read(next, end) == Json::line_end);
  CHECK(*next == '\n');
  CHECK(reader.read(next, end) == Json::line_end);
  reader.blank();
  ++next;
  CHECK(reader.read(next, end) == Json::begin_string);
  CHECK(reader.read(next, end) == Json::line_end);
  reader.blank();  // a blank within a string is an error
  CHECK(reader.read(next, end) == Json::failed);
  CHECK(reader.error() == Error::bad_json);
}

TEST_CASE("json: a failed reader stays so, whatever comes, at once and byte by byte") {
  char text[] = "[}  1,\"a\" ]";
  char* next = text;
  char* const end = text + sizeof text - 1;
  JsonReader reader;
  CHECK(reader.read(next, end) == Json::begin_array);
  CHECK(reader.read(next, end) == Json::failed);
  CHECK(next == text + 2);
  for (; next != end;) CHECK(reader.read(next, end) == Json::failed);
  CHECK(reader.step(' ') == Json::failed);
  CHECK(reader.error() == Error::bad_json);
}

TEST_CASE("json: untouched before the first byte that counts, and behind a value that was told off") {
  JsonReader reader;
  CHECK(reader.untouched());
  reader.step(' ');
  CHECK(reader.untouched());
  reader.step('[');
  CHECK_FALSE(reader.untouched());
  reader.step('1');
  reader.step(',');
  reader.step(',');
  CHECK_FALSE(reader.untouched());
  JsonReader inside;
  for (const char c : std::string_view("[[]")) inside.step(c);
  inside.step(',');  // a value must come, as at the start, but inside
  CHECK_FALSE(inside.untouched());
  CHECK_FALSE(inside.finished());
  JsonReader next;
  for (const char c : std::string_view("[]")) next.step(c);
  CHECK_FALSE(next.untouched());
  next.restart();
  CHECK(next.untouched());
}

TEST_CASE("json: a reader that begins behind a quote delivers the string, up to its end") {
  char text[] = R"(a\u0041\n" )";
  char* next = text;
  char* const end = text + sizeof text - 1;
  JsonReader reader;
  reader.begin_text();
  CHECK(reader.read(next, end) == Json::text);
  CHECK(reader.text() == "aA\n");
  CHECK(*next == '"');
  CHECK(reader.read(next, end) == Json::end_string);
  CHECK(reader.finished());
  char bad[] = "a\xFF\"";
  next = bad;
  JsonReader other;
  other.begin_text();
  CHECK(other.read(next, bad + 3) == Json::text);
  CHECK(other.text() == "a");
  CHECK(other.read(next, bad + 3) == Json::failed);
  CHECK(other.error() == Error::bad_utf8);
}

TEST_CASE("json: the text of two objects is a string value, at the second level, in objects only") {
  const auto ends_in_it = [](std::string_view text) {
    JsonReader reader;
    for (const char c : text) {
      if (reader.step(c) == Json::number) reader.step(c);
    }
    return reader.in_text_of_two_objects();
  };
  CHECK(ends_in_it(R"({"a":{"b":"c)"));
  CHECK(ends_in_it(R"({"x":[{}],"a":{"y":[1],"b":"c)"));
  for (const char* const text : {R"({"a":{"b":"c")", R"({"a":{"b)", R"({"a":{"b":"\)", R"({"a":"c)", R"("c)",
           R"({"a":{"b":{"c":"d)", R"({"a":["c)", R"([{"a":"c)", R"([["c)", R"({"a":{"b":1)"}) {
    CAPTURE(text);
    CHECK_FALSE(ends_in_it(text));
  }
}

TEST_CASE("json: a string that lies whole in the buffer is one piece, decoded over its source") {
  char text[] = R"("plain \u0041\n\uD83D\uDE80 end" )";
  char* next = text;
  char* const end = text + sizeof text - 1;
  JsonReader reader;
  CHECK(reader.read(next, end) == Json::begin_string);
  reader.deliver();
  CHECK(reader.read(next, end) == Json::text);
  CHECK(reader.text() == "plain A\n\xF0\x9F\x9A\x80 end");
  CHECK(reader.text().data() == text + 1);
  CHECK(reader.read(next, end) == Json::end_string);
}

TEST_CASE("json: a code point that a piece cuts leaves alone, from the reader's own bytes") {
  char first[] = "\"ab\xF0\x9F";
  char second[] =
      "\x9A\x80"
      "cd\"";
  char* next = first;
  JsonReader reader;
  CHECK(reader.read(next, first + 5) == Json::begin_string);
  reader.deliver();
  CHECK(reader.read(next, first + 5) == Json::text);
  CHECK(reader.text() == "ab");
  CHECK(next == first + 5);
  next = second;
  CHECK(reader.read(next, second + 5) == Json::text);
  CHECK(reader.text() == "\xF0\x9F\x9A\x80");
  CHECK(reader.read(next, second + 5) == Json::text);
  CHECK(reader.text() == "cd");
}

TEST_CASE("json: a failure is for good") {
  JsonReader reader;
  CHECK(reader.step('}') == Json::failed);
  for (int byte = 0; byte < 256; ++byte) CHECK(reader.step(static_cast<char>(byte)) == Json::failed);
  CHECK(reader.error() == Error::bad_json);
  CHECK_FALSE(reader.finished());
}

TEST_CASE("json: the reader's size does not depend on the text, and it is trivially copyable") {
  static_assert(std::is_trivially_copyable_v<JsonReader>);
  static_assert(sizeof(BasicJsonReader<8>) <= 96);
  CHECK(sizeof(JsonReader) - sizeof(BasicJsonReader<8>) <= 16);  // a bit a level
}

TEST_SUITE_END();
