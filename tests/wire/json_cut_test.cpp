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
