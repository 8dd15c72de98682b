// Every build of the library reads the same: with and without the remembered prefix, with and without the other parts,
// however the stream is cut. Streams are made of events as a server, a gateway or an enemy might write them.
#include "reader_trace.hpp"

#include <doctest/doctest.h>

#include "support/deep.hpp"
#include "support/recordings.hpp"

namespace {

struct Random {
  std::uint64_t state = 0x9E3779B97F4A7C15u;
  std::uint32_t operator()(std::uint32_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::uint32_t>((state >> 32) % below);
  }
  template <std::size_t N>
  std::string of(const char* const (&list)[N]) {
    return list[(*this)(N)];
  }
};

// The members in a random order, a few of them left out or written twice; `bare`: neither, and no blanks.
std::string object(Random& random, std::vector<std::string> members, bool bare = false) {
  const bool tidy = random(3) != 0 && !bare;
  for (std::size_t i = members.size(); i > 1 && !tidy; --i)
    std::swap(members[i - 1], members[random(static_cast<std::uint32_t>(i))]);
  if (bare) {
    std::string out;
    for (const std::string& member : members) out += (out.empty() ? "{" : ",") + member;
    return out + "}";
  }
  if (random(150) == 0) members.erase(members.begin());
  if (random(200) == 0 && !members.empty()) members.push_back(members[0]);
  std::string out = "{";
  const char* const gaps[] = {"", "", "", "", "", " ", "  ", "\t"};
  for (std::size_t i = 0; i < members.size(); ++i)
    out += (i == 0 ? "" : ",") + random.of(gaps) + members[i] + random.of(gaps);
  return out + std::string(random(8) == 0 ? random(16) : 0, ' ') + "}";
}

// `shape` decides all but the text.
std::string delta(Random& shape, Random& random, unsigned index) {
  const char* const texts[] = {"Hello", " ", "", "a\\nb", "\xC3\xA4\xE2\x82\xAC", "\\uD83D\\uDE80", "\xF0\x9F\x9A\x80",
      "long text without anything special in it at all, on and on", "\\\"}}", "}}", "\"}", "x\\\\"};
  const char* const bad_texts[] = {
      "a\\", "\\u12", "a\\u", "\\x", "\\uD83D", "\\uDE80", "\xC3", "a\xFF", "\t", "\xE2\x82"};
  const char* const names[] = {"text", "text", "text", "text", "text", "text", "text", "text", "text", "text", "text",
      "text", "text", "text", "text", "text", "thinking", "partial_json", "signature", "other", "stop_reason"};
  const char* const types[] = {"text_delta", "text_delta", "text_delta", "text_delta", "thinking_delta",
      "input_json_delta", "signature_delta", "new_delta"};
  const bool bare = shape(2) == 0;
  const std::string text = "\"" + (shape(6) != 0 ? std::string("text") : shape.of(names)) + "\":\"" +
      (random(30) != 0 ? random.of(texts) : random.of(bad_texts)) + (shape(400) == 0 ? "" : "\"");
  std::vector<std::string> inner{
      "\"type\":\"" + (shape(25) != 0 ? std::string("text_delta") : shape.of(types)) + "\"", text};
  if (shape(20) == 0) inner.push_back("\"more\":\"text\"");
  if (shape(20) == 0) inner.push_back("\"m\\u006fre\":\"a\\tb\"");
  if (shape(20) == 0) inner.push_back("\"deep\":{\"text\":\"no\"}");
  if (shape(20) == 0) inner.erase(inner.begin());
  std::string json = object(shape,
      {"\"type\":\"content_block_delta\"", "\"index\":" + std::to_string(index),
          "\"delta\":" + object(shape, inner, bare)},
      bare);
  // Like the one before but for a piece of it.
  if (random(6) == 0) {
    const std::string member = "\"index\":" + std::to_string(index);
    const std::string pieces[] = {"," + member, member + ",", ",\"type\":\"content_block_delta\"",
        "\"type\":\"content_block_delta\",", ",\"type\":\"text_delta\"", "_delta", "}", "{", " "};
    const std::string& piece = pieces[random(9)];
    const std::size_t at = json.find(piece);
    if (at != std::string::npos) json.erase(at, piece.size());
  }
  return json;
}

std::string event(Random& random, Random& last, unsigned& blocks, unsigned& open) {
  const char* const ends[] = {"\n\n", "\n\n", "\n\n", "\n\n", "\n\n", "\r\n\r\n", "\r\r", "\n"};
  const char* const starts[] = {
      "data: ", "data: ", "data: ", "data: ", "data:", ": comment\ndata: ", "id: 1\ndata: ", "\ndata: "};
  const char* const kinds[] = {"text", "text", "text", "tool_use", "thinking", "hologram"};
  // A delta often has the shape of the one before.
  if (random(2) == 0) last.state = random.state ^ 0x5DEECE66D;
  Random shape = last;
  std::string name;
  std::string json;
  switch (random(14)) {
    case 0:
      name = "ping";
      json = "{\"type\":\"ping\"}";
      break;
    case 1:
    case 2:
      name = "content_block_start";
      json = object(random,
          {"\"type\":\"content_block_start\"", "\"index\":" + std::to_string(blocks),
              "\"content_block\":" +
                  object(random,
                      {"\"type\":\"" + random.of(kinds) + "\"", "\"text\":\"\"", "\"id\":\"toolu_1\"", "\"name\":\"n\"",
                          "\"input\":{}"})});
      ++blocks;
      ++open;
      break;
    case 3:
      if (open == 0) return event(random, last, blocks, open);
      --open;
      name = "content_block_stop";
      json = object(
          random, {"\"type\":\"content_block_stop\"", "\"index\":" + std::to_string(blocks == 0 ? 0 : blocks - 1)});
      break;
    case 4:
      name = random(3) == 0 ? "new_event" : "ping";
      json = object(random, {"\"type\":\"new_event\"", "\"index\":5", "\"usage\":{\"output_tokens\":3}"});
      break;
    default:
      name = "content_block_delta";
      json = delta(shape, random, random(40) == 0 ? random(3) : blocks == 0 ? 0 : blocks - 1);
      break;
  }
  std::string out = shape(10) == 0 ? "" : "event: " + (shape(30) == 0 ? std::string("ping") : name) + "\n";
  return out + shape.of(starts) + json + shape.of(ends);
}

std::string stream(Random& random) {
  std::string out =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n";
  unsigned blocks = 0;
  unsigned open = 0;
  const char* const first =
      "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
  if (random(10) != 0) {
    out += first;
    blocks = open = 1;
  }
  Random last = random;
  for (unsigned count = random(12) + 1; count != 0; --count) out += event(random, last, blocks, open);
  out +=
      "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9}}\n\ndata: {\"type\":\"message_stop\"}\n\n";
  if (random(20) == 0) out[random(static_cast<std::uint32_t>(out.size()))] = static_cast<char>(random(256));
  return out;
}

std::vector<std::size_t> cuts(Random& random, std::size_t size) {
  std::vector<std::size_t> list;
  const std::uint32_t longest = 1u << random(9);
  for (std::size_t at = 0; at < size && longest < 256;) {
    at += random(longest) + 1;
    if (at < size) list.push_back(at);
  }
  return list;
}

using reader_trace::Trace;

unsigned wrong = 0;
void same(const std::string& stream, const std::string& ours, const std::string& expected) {
  if (ours == expected || ++wrong > 5) return;
  CAPTURE(stream);
  CHECK(ours == expected);
}

unsigned long count_complete = 0;

void compare(const std::string& stream, const std::vector<std::size_t>& pieces) {
  const Trace whole = reader_trace::plain(stream, {});
  count_complete += whole.end.find("complete") != std::string::npos;
  const Trace cut = reader_trace::plain(stream, pieces);
  same(stream, cut.events + cut.end, whole.events + whole.end);
  for (const std::vector<std::size_t>& list : {std::vector<std::size_t>{}, pieces}) {
    const Trace prefixed = reader_trace::prefixed(stream, list);
    same(stream, prefixed.events + prefixed.end, whole.events + whole.end);
  }
  const Trace full = reader_trace::full(stream, {});
  const Trace full_cut = reader_trace::full(stream, pieces);
  same(stream, full_cut.events + full_cut.end, full.events + full.end);
  for (const std::vector<std::size_t>& list : {std::vector<std::size_t>{}, pieces}) {
    const Trace prefixed = reader_trace::full_prefixed(stream, list);
    same(stream, prefixed.events + prefixed.end, full.events + full.end);
  }
}

}  // namespace

TEST_SUITE_BEGIN("builds");

TEST_CASE("builds: with and without the remembered prefix, at every cut, all recordings of up to 4 KB") {
  wrong = 0;
  unsigned long count = 0;
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    if (recording->body.size() > 4096) continue;
    const std::string body(recording->body);
    const Trace whole = reader_trace::plain(body, {});
    const Trace full = reader_trace::full(body, {});
    for (std::size_t at = 0; at <= body.size(); ++at) {
      const std::vector<std::size_t> cut{at};
      const Trace prefixed = reader_trace::prefixed(body, cut);
      same(body, prefixed.events + prefixed.end, whole.events + whole.end);
      const Trace full_prefixed = reader_trace::full_prefixed(body, cut);
      same(body, full_prefixed.events + full_prefixed.end, full.events + full.end);
      count += 2;
    }
    same(body, full.text, whole.text);
    same(body, full.end, whole.end);
  }
  CHECK(wrong == 0);
  MESSAGE(count << " sessions");
}

TEST_CASE("builds: streams of events in any shape, in random pieces") {
  wrong = 0;
  count_complete = 0;
  Random random;
  const unsigned long count = deep_count(60'000, 3'000'000);
  for (unsigned long i = 0; i < count; ++i) {
    const std::string bytes = stream(random);
    compare(bytes, cuts(random, bytes.size()));
  }
  CHECK(wrong == 0);
  CHECK(count_complete > count / 8);
  CHECK(count_complete < count * 4 / 5);
  MESSAGE(count << " streams, " << count_complete << " of them complete");
}

TEST_SUITE_END();
