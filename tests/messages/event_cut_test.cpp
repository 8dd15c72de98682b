// A stream tells the same however it is cut, though what is whole is taken at once; and what looks nearly as usual is not
// taken for it.
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace picoclaude;

namespace {

const std::string start =
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":5}}}\n\n"
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
    "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";

std::string delta(const std::string& text, const std::string& padding = "") {
  return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
         "\"delta\":{\"type\":\"text_delta\",\"text\":\"" +
      text + "\"}" + padding + "}\n\n";
}

const std::string end =
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
    "\"usage\":{\"output_tokens\":9}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

struct Run {
  EventReader reader;
  std::string text;
  std::string others;

  // What stands up to `to` has come. What stands behind it already is not looked at, or `beyond` tells.
  void read(char*& next, char* to) {
    while (const Event event = reader.read(next, to)) {
      if (event.kind == EventKind::text) {
        text += event.text;
      } else {
        others += std::to_string(static_cast<int>(event.kind)) + "." + std::to_string(event.index) + " ";
      }
    }
    if (next > to) beyond = true;
    if (next != to && reader.error() == Error::none && !reader.complete()) beyond = true;
  }
  bool beyond = false;

  std::string told() const {
    return text + "|" + others + "|" + std::to_string(static_cast<int>(reader.error())) +
        (reader.complete() ? " complete" : "") + (beyond ? " beyond" : "");
  }
};

// In pieces that end at these places.
std::string told(const std::string& stream, const std::vector<std::size_t>& cuts) {
  std::string bytes = std::string(EventReader::margin, ' ') + stream;
  char* const first = &bytes[EventReader::margin];
  char* next = first;
  Run run;
  for (const std::size_t cut : cuts) {
    if (!run.beyond) run.read(next, first + cut);
  }
  if (!run.beyond) run.read(next, first + stream.size());
  return run.told();
}

// Byte by byte nothing can be taken at once.
std::string told_slowly(const std::string& stream) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = 1; at < stream.size(); ++at) cuts.push_back(at);
  return told(stream, cuts);
}

}  // namespace

TEST_SUITE_BEGIN("messages");

TEST_CASE("cut: at every byte, with the rest already in memory behind the end of what came") {
  const std::string stream = start + delta("a") + delta("b") + delta(" c", "     ") + delta("\\u00e9\\n") +
      delta("\xC3\xA4\\\"") + delta("") + "event: ping\ndata: {\"type\":\"ping\"}\n\n" + delta("last", " ") + end;
  const std::string whole = told(stream, {});
  CHECK(whole == told_slowly(stream));
  CHECK(whole.substr(0, whole.find('|')) == "ab c\xC3\xA9\n\xC3\xA4\"last");
  CHECK(whole.find("complete") != std::string::npos);
  CHECK(whole.find("beyond") == std::string::npos);
  for (std::size_t cut = start.size(); cut < stream.size(); ++cut) {
    if (told(stream, {cut}) == whole && told(stream, {cut, cut + 1}) == whole && told(stream, {cut, cut + 5}) == whole)
      continue;
    CAPTURE(cut);
    CHECK(told(stream, {cut}) == whole);
    CHECK(told(stream, {cut, cut + 1}) == whole);
    CHECK(told(stream, {cut, cut + 5}) == whole);
  }
}

TEST_CASE("cut: a delta that is usual but for one byte is read as it is byte by byte") {
  const std::string before = start + delta("one") + delta("two");
  for (const std::string& text : {std::string("three"), std::string("f\\u00e9\\\\"), std::string("g\xC3\xA4")}) {
    const std::string usual = delta(text, " ");
    for (std::size_t at = 0; at < usual.size(); ++at) {
      // The end is tried with many bytes, the rest with those that mean something.
      const std::string_view symbols = at + 8 > usual.size()
          ? std::string_view("\0\t\n\r !\"#,-./019:;AZ[\\]^_`abdeuxz{|}~\x7F\x80\xC3\xFF", 42)
          : std::string_view("\"\\{}[]:,\n 09.ea\x1F");
      for (const char symbol : symbols) {
        std::string event = usual;
        event[at] = symbol;
        const std::string stream = before + event + delta("four") + end;
        const std::string fast = told(stream, {});
        if (fast == told_slowly(stream)) continue;
        CAPTURE(event);
        CHECK(fast == told_slowly(stream));
      }
    }
  }
}

TEST_CASE("cut: a delta with one byte more or less is read as it is byte by byte") {
  const std::string before = start + delta("one") + delta("two");
  const std::string usual = delta("three", " ");
  for (std::size_t at = 0; at < usual.size(); ++at) {
    std::string less = usual;
    less.erase(at, 1);
    CHECK(told(before + less + delta("four") + end, {}) == told_slowly(before + less + delta("four") + end));
    for (const char symbol : {' ', '"', '}', '\n', '0', '\r'}) {
      std::string more = usual;
      more.insert(at, 1, symbol);
      const std::string stream = before + more + delta("four") + end;
      if (told(stream, {}) == told_slowly(stream)) continue;
      CAPTURE(more);
      CHECK(told(stream, {}) == told_slowly(stream));
    }
  }
}

TEST_SUITE_END();
