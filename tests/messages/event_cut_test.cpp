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

// In pieces that end at these places; `run` has read what was before.
std::string told(const std::string& stream, const std::vector<std::size_t>& cuts, Run run = {}) {
  std::string bytes = std::string(EventReader::margin, ' ') + stream;
  char* const first = &bytes[EventReader::margin];
  char* next = first;
  for (const std::size_t cut : cuts) {
    if (!run.beyond) run.read(next, first + (cut < stream.size() ? cut : stream.size()));
  }
  if (!run.beyond) run.read(next, first + stream.size());
  return run.told();
}

// Byte by byte nothing can be taken at once.
std::string told_slowly(const std::string& stream, const Run& run = {}) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = 1; at < stream.size(); ++at) cuts.push_back(at);
  return told(stream, cuts, run);
}

// Behind these events the readers know what is usual.
Run behind(std::string events) {
  events.insert(0, EventReader::margin, ' ');
  char* next = &events[EventReader::margin];
  Run run;
  run.read(next, &events[0] + events.size());
  return run;
}

// With each byte of the event from `from` on changed; the last ones to more symbols.
void check_changed(const std::string& usual, std::size_t from) {
  const Run before = behind(start + delta("one") + delta("two"));
  const std::string after = delta("four");
  const std::string many = std::string(1, '\0') + "\t\n\r !\"#,-./019:;AZ[\\]^_`abdeuxz{|}~\x7F\x80\xC3\xFF";
  const std::string few = "\"\\{}[]:,\n 09.ea\x1F";
  for (std::size_t at = from; at < usual.size(); ++at) {
    const std::string& symbols = at + 8 > usual.size() ? many : few;
    for (const char symbol : symbols) {
      std::string event = usual;
      event[at] = symbol;
      const std::string fast = told(event + after, {}, before);
      if (fast == told_slowly(event + after, before)) continue;
      CAPTURE(event);
      CHECK(fast == told_slowly(event + after, before));
    }
  }
}

}  // namespace

TEST_SUITE_BEGIN("messages");

// Behind an event of the usual kind; each cut in three ways.
void check_cuts(const std::string& stream, const std::string& text) {
  const Run before = behind(start + delta("a"));
  const std::string whole = told(stream, {}, before);
  CHECK(whole == told_slowly(stream, before));
  CHECK(whole.substr(0, whole.find('|')) == text);
  CHECK(whole.find("beyond") == std::string::npos);
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    if (told(stream, {cut}, before) == whole && told(stream, {cut, cut + 1}, before) == whole &&
        told(stream, {cut, cut + 5}, before) == whole)
      continue;
    CAPTURE(cut);
    CHECK(told(stream, {cut}, before) == whole);
    CHECK(told(stream, {cut, cut + 1}, before) == whole);
    CHECK(told(stream, {cut, cut + 5}, before) == whole);
  }
}

TEST_CASE("cut: at every byte, with the rest already in memory behind the end of what came") {
  check_cuts(delta("b") + delta(" c", "     ") + delta(""), "ab c");
}

TEST_CASE("cut: at every byte of what has to be decoded") {
  check_cuts(delta("\\u00e9\\n") + delta("\xC3\xA4\\\""), "a\xC3\xA9\n\xC3\xA4\"");
}

TEST_CASE("cut: at every byte of what stands between deltas, and of the end") {
  check_cuts("event: ping\ndata: {\"type\":\"ping\"}\n\n" + delta("last", " ") + end, "alast");
}

TEST_CASE("cut: a delta that is usual but for one byte is read as it is byte by byte") {
  check_changed(delta("three", " "), 0);
}

TEST_CASE("cut: so is one with escapes") {
  const std::string usual = delta("f\\u00e9\\\\", " ");
  check_changed(usual, usual.find("\"text\""));
}

TEST_CASE("cut: so is one beyond ASCII") {
  const std::string usual = delta("g\xC3\xA4");
  check_changed(usual, usual.find("\"text\""));
}

TEST_CASE("cut: a delta with one byte more or less is read as it is byte by byte") {
  const Run before = behind(start + delta("one") + delta("two"));
  const std::string after = delta("four");
  const std::string usual = delta("three", " ");
  for (std::size_t at = 0; at < usual.size(); ++at) {
    std::string less = usual;
    less.erase(at, 1);
    CHECK(told(less + after, {}, before) == told_slowly(less + after, before));
    for (const char symbol : {' ', '"', '}', '\n', '0', '\r'}) {
      std::string more = usual;
      more.insert(at, 1, symbol);
      if (told(more + after, {}, before) == told_slowly(more + after, before)) continue;
      CAPTURE(more);
      CHECK(told(more + after, {}, before) == told_slowly(more + after, before));
    }
  }
}

TEST_SUITE_END();
