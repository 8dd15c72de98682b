// JSON tells the same however it is cut, though whole strings are taken at once.
#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "support/json_trace.hpp"

using namespace picoclaude;
using json_trace::Take;

namespace {

// In pieces that end at these places. What stands behind is in memory already: "beyond" tells that it was looked at.
std::string told(const std::string& text, Take take, const std::vector<std::size_t>& cuts) {
  std::string bytes = text;
  char* const first = &bytes[0];
  char* next = first;
  JsonReader reader;
  std::string out;
  std::size_t piece = 0;
  for (; piece <= cuts.size(); ++piece) {
    char* const end = first + (piece < cuts.size() ? cuts[piece] : text.size());
    while (next != end) {
      const Json token = reader.read(next, end);
      if (next > end) return out + "beyond";
      if (token == Json::line_end) {
        reader.blank();
        ++next;
      }
      json_trace::add(out, reader, token);
      if (token == Json::failed) return out;
      if (token == Json::begin_string && take == Take::collect) reader.collect();
      if (token == Json::begin_string && take == Take::deliver) reader.deliver();
    }
  }
  return out + (reader.finished() ? "." : "...");
}

const std::string sample =
    R"({ "type" :"text","a":[1,-2.5e+3,true ,null,"",{"k":"v\u00e9\n\ud83d\ude00","x23456789012345678901234567890123":"y"}],)"
    "\n"
    R"("name of thirty-two bytes, not 33":"x234567890123456789012345678901","b":"x2345678901234567890123456789012",)"
    "\r\n\t"
    R"( "c":"x23456789012345678901234567890123","d":{},"e" : "\"","f":"a\\" , "":0})";

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("json cut: at every byte, with the rest in memory behind it") {
  for (const Take take : {Take::collect, Take::deliver, Take::skip}) {
    const std::string whole = json_trace::step(sample, take);
    CHECK(whole.back() == '.');
    CHECK(told(sample, take, {}) == whole);
    for (std::size_t cut = 1; cut < sample.size(); ++cut) {
      if (told(sample, take, {cut}) == whole && told(sample, take, {cut, cut + 1}) == whole) continue;
      CAPTURE(cut);
      CHECK(told(sample, take, {cut}) == whole);
      CHECK(told(sample, take, {cut, cut + 1}) == whole);
    }
  }
}

TEST_CASE("json cut: one byte other than usual is read as it is byte by byte") {
  const std::string usual = R"({"type":"text_delta", "n":[12,"a\u00e9"],"b":true})";
  for (std::size_t at = 0; at < usual.size(); ++at) {
    for (const char symbol :
        std::string_view("\0\t\n\r !\"#+,-./09:;Ee[\\]^aflnrtu{|}~\x1F\x7F\x80\xC3\xE2\xF0\xFF", 41)) {
      std::string text = usual;
      text[at] = symbol;
      for (const Take take : {Take::collect, Take::deliver}) {
        if (told(text, take, {}) == json_trace::step(text, take)) continue;
        CAPTURE(text);
        CHECK(told(text, take, {}) == json_trace::step(text, take));
      }
    }
  }
}

TEST_CASE("json cut: a line's end inside of a word is no blank") {
  for (const std::string_view begun : {"t", "tru", "-", "1.", "\"a", "\"\\u00"}) {
    JsonReader reader;
    for (const char c : begun) reader.step(c);
    CHECK(reader.error() == Error::none);
    reader.blank();
    CHECK(reader.error() == Error::bad_json);
  }
  JsonReader reader;
  reader.step('"');
  CHECK(reader.step('\r') == Json::line_end);
  CHECK(reader.step('\n') == Json::line_end);
}

TEST_CASE("json cut: what is no number is bad_json, with that error") {
  for (const char* const text : {"[01]", "[00]", "[1ex5]", "[1ee5]", "[1e.5]", "[1e,5]", "[1e+-5]", "[-]"}) {
    CAPTURE(std::string(text));
    CHECK(json_trace::step(text) == "[ bad_json");
    CHECK(told(text, Take::collect, {}) == "[ bad_json");
  }
}

TEST_CASE("json cut: behind a failure blanks are not taken either") {
  std::string bytes = "x   ";
  JsonReader reader;
  char* next = &bytes[0];
  CHECK(reader.read(next, &bytes[0] + bytes.size()) == Json::failed);
  next = &bytes[1];
  CHECK(reader.read(next, &bytes[0] + bytes.size()) == Json::failed);
}

TEST_CASE("json cut: a name of any length beyond 32 is empty, also byte by byte") {
  for (const std::size_t size : {33u, 255u, 256u, 257u, 261u, 288u, 289u, 512u, 520u}) {
    const std::string text = "{\"" + std::string(size, 'x') + "\":1}";
    CHECK(json_trace::step(text) == "{ k<> 1 } .");
    CHECK(told(text, Take::collect, {3, 5}) == "{ k<> 1 } .");
  }
}

TEST_CASE("json cut: the text of two objects is in no list, and what comes behind its end may be one") {
  const auto in_text = [](std::string_view begun) {
    JsonReader reader;
    for (const char c : begun) {
      if (reader.step(c) == Json::number) reader.step(c);
    }
    return reader.in_text_of_two_objects();
  };
  CHECK(in_text(R"({"a":{"b":"x)"));
  CHECK_FALSE(in_text(R"({"a":{"b":["x)"));
  CHECK_FALSE(in_text(R"({"a":{"b":{"c":"x)"));
  CHECK_FALSE(in_text(R"({"a":{"x)"));
  CHECK_FALSE(in_text(R"({"a":["x)"));
  JsonReader reader;
  for (const char c : std::string_view(R"({"a":{"b":"x)")) reader.step(c);
  reader.close_text_and_two_objects();
  CHECK(reader.finished());
  reader.restart();
  for (const char c : std::string_view("[1,[2,3]]")) {
    if (reader.step(c) == Json::number) reader.step(c);
  }
  CHECK(reader.error() == Error::none);
  CHECK(reader.finished());
}

TEST_CASE("json cut: lists and objects in each other, to every depth that there is") {
  std::string open;
  std::string close;
  for (unsigned depth = 0; depth < PICOCLAUDE_MAX_JSON_DEPTH; ++depth) {
    open += depth % 3 == 1 ? "[" : "{\"a\":";
    close.insert(0, depth % 3 == 1 ? ",2]" : ",\"b\":1}");
    const std::string text = open + "0" + close;
    const std::string whole = json_trace::step(text);
    CHECK(whole.back() == '.');
    CHECK(told(text, Take::collect, {}) == whole);
  }
}

#if PICOCLAUDE_SHORTCUTS
TEST_CASE("json cut: a name or a collected word that is all there is told where it stands") {
  std::string bytes = R"({"name":"word"})";
  JsonReader reader;
  char* next = &bytes[0];
  char* const end = next + bytes.size();
  CHECK(reader.read(next, end) == Json::begin_object);
  CHECK(reader.read(next, end) == Json::key);
  CHECK(reader.text().data() == bytes.data() + 2);
  CHECK(reader.text() == "name");
  CHECK(next == bytes.data() + 7);
  CHECK(reader.read(next, end) == Json::begin_string);
  reader.collect();
  CHECK(next == bytes.data() + 9);
  CHECK(reader.read(next, end) == Json::end_string);
  CHECK(reader.text().data() == bytes.data() + 9);
  CHECK(reader.text() == "word");
  CHECK(next == bytes.data() + 14);
}

TEST_CASE("json cut: one whose quote has not come is told from the reader's own bytes") {
  std::string bytes = R"({"name":)";
  JsonReader reader;
  char* next = &bytes[0];
  CHECK(reader.read(next, &bytes[0] + 6) == Json::begin_object);
  CHECK(reader.read(next, &bytes[0] + 6) == Json::more);
  CHECK(reader.read(next, &bytes[0] + bytes.size()) == Json::key);
  CHECK(reader.text() == "name");
  const bool inside = !std::less<const char*>()(reader.text().data(), bytes.data()) &&
      std::less<const char*>()(reader.text().data(), bytes.data() + bytes.size());
  CHECK_FALSE(inside);
}
#endif

TEST_SUITE_END();
