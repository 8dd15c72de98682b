// The library's readers against slow and obvious ones: every short text over a small alphabet, and random longer ones.
//
// Included (with oracle_inputs.hpp, which has the machines above the bytes) by oracle_test.cpp with small limits, by oracle_production_test.cpp with those of production: the naive
// readers take the limits as parameters, so production differs in them only. ORACLE_SHORTER leaves so many pieces off
// the longest texts, and 7 of 8 random ones for each.
#pragma once
#include <vector>

#include "oracle/naive_http.hpp"
#include "oracle/naive_json.hpp"
#include "oracle/naive_sse.hpp"

#include <doctest/doctest.h>

#include "picoclaude/wire/http_body.hpp"
#include "picoclaude/wire/http_head.hpp"
#include "picoclaude/wire/sse.hpp"
#include "support/deep.hpp"
#include "support/json_trace.hpp"

using namespace picoclaude;

namespace {

// The same numbers on every machine.
struct Random {
  std::uint64_t state = 88172645463325252u;
  std::uint32_t operator()(std::uint32_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::uint32_t>((state >> 32) % below);
  }
};

// Calls `test` with every text of up to `longest` pieces.
template <std::size_t Count, class Test>
unsigned long every_text(const std::string_view (&pieces)[Count], unsigned longest, Test test) {
  unsigned long count = 0;
  std::string text;
  longest -= ORACLE_SHORTER;
  for (unsigned length = 0; length <= longest; ++length) {
    std::vector<unsigned> digits(length, 0);
    for (bool more = true; more;) {
      text.clear();
      for (const unsigned digit : digits) text += pieces[digit];
      test(std::string_view(text));
      ++count;
      more = false;
      for (unsigned at = 0; at < length && !more; ++at) {
        more = ++digits[at] < Count;
        if (!more) digits[at] = 0;
      }
    }
  }
  return count;
}

// Random texts of pieces, with random bytes changed.
template <std::size_t Count, class Test>
unsigned long random_texts(const std::string_view (&pieces)[Count], unsigned long count, unsigned longest, Test test) {
  Random random;
  std::string text;
  count >>= 3 * ORACLE_SHORTER;
  for (unsigned long i = 0; i < count; ++i) {
    text.clear();
    const unsigned length = random(longest) + 1;
    for (unsigned at = 0; at < length; ++at) text += pieces[random(Count)];
    for (unsigned changes = random(4); changes > 1 && !text.empty(); --changes) {
      text[random(static_cast<std::uint32_t>(text.size()))] = static_cast<char>(random(256));
    }
    test(std::string_view(text));
  }
  return count;
}

unsigned failures = 0;
void differs(std::string_view text, const std::string& ours, const std::string& expected) {
  if (++failures > 10) return;
  CAPTURE(std::string(text));
  CHECK(ours == expected);
}

void json(std::string_view text) {
  std::string expected;
  const bool good = naive::Json::read(text, PICOCLAUDE_MAX_JSON_DEPTH, expected);
  const std::string ours = json_trace::read(text);
  const bool accepted = !ours.empty() && ours.back() == '.' && (ours.size() < 3 || ours[ours.size() - 2] != '.');
  if (accepted != good) return differs(text, ours, good ? "accepted" : "refused");
  if (good && ours != expected + ".") return differs(text, ours, expected + ".");
  // step() is the grammar: read() says the same, however it is cut.
  const std::string stepped = json_trace::step(text);
  if (stepped != ours) return differs(text, ours, stepped);
  const std::string pieces = json_trace::read(text, json_trace::Take::collect, text.size() % 5 + 1);
  if (pieces != ours) differs(text, pieces, ours);
  const std::string delivered = json_trace::step(text, json_trace::Take::deliver);
  const std::string fast = json_trace::read(text, json_trace::Take::deliver, text.size() % 7 + 1);
  if (delivered != fast) differs(text, fast, delivered);
}

void sse(std::string_view text) {
  SseReader reader;
  std::string ours;
  for (const char c : text) {
    switch (reader.step(c)) {
      case Sse::begin_data: ours += "D"; break;
      case Sse::begin_name: ours += "N"; break;
      case Sse::value: ours += c; break;
      case Sse::dispatch: ours += "!"; break;
      case Sse::nothing: break;
    }
  }
  const std::string expected = naive::read_sse(text);
  if (ours != expected) differs(text, ours, expected);
}

void chunked(std::string_view text) {
  HttpBodyReader body(HttpBodyReader::Framing::chunked);
  std::string ours;
  std::size_t at = 0;
  while (at < text.size() && !body.complete() && !body.failed()) {
    const std::size_t size = body.data(text.size() - at < 3 ? text.size() - at : 3);
    if (size != 0) {
      ours += text.substr(at, size);
      body.took(size);
      at += size;
    } else if (body.step(text[at])) {
      ++at;
    }
  }
  const naive::Body expected = naive::read_chunked(text, PICOCLAUDE_MAX_CHUNK_LINE);
  const auto end = body.complete() ? naive::Body::complete : body.failed() ? naive::Body::wrong : naive::Body::more;
  if (end != expected.end) return differs(text, std::to_string(end), std::to_string(expected.end));
  if (ours != expected.data) return differs(text, ours, expected.data);
  if (body.complete() && at != expected.size) return differs(text, std::to_string(at), std::to_string(expected.size));
#if PICOCLAUDE_SHORTCUTS
  // The bulk path over size lines.
  HttpBodyReader wide(HttpBodyReader::Framing::chunked);
  std::string data;
  const char* next = text.data();
  const char* const stop = next + text.size();
  while (next != stop && !wide.complete() && !wide.failed()) {
    const std::size_t size = wide.data(static_cast<std::size_t>(stop - next));
    if (size != 0) {
      data.append(next, size);
      wide.took(size);
      next += size;
      continue;
    }
    const char* const behind = wide.skip_size_line(next, stop);
    if (behind != next) {
      next = behind;
    } else if (wide.step(*next)) {
      ++next;
    }
  }
  const auto wide_end = wide.complete() ? naive::Body::complete
      : wide.failed()                   ? naive::Body::wrong
                                        : naive::Body::more;
  if (wide_end != end || data != ours) differs(text, "wide: " + data, ours);
#endif
}

void head(std::string_view text) {
  HttpHeadReader reader;
  std::string ours;
  auto end = naive::Head::more;
  for (const char c : text) {
    const HttpHeadPart part = reader.step(c);
    if (part == HttpHeadPart::header) ours += std::string(reader.name()) + "=" + std::string(reader.value()) + ";";
    if (part == HttpHeadPart::end) end = naive::Head::complete;
    if (part == HttpHeadPart::failed) end = naive::Head::wrong;
    if (end != naive::Head::more) break;
  }
  const naive::Head expected = naive::read_head(text, HttpHeadReader::max_name, HttpHeadReader::max_value);
  if (end != expected.end) return differs(text, std::to_string(end), std::to_string(expected.end));
  if (ours != expected.told) return differs(text, ours, expected.told);
  if (end == naive::Head::complete && reader.status() != expected.status) differs(text, "status", "another");
}

void all_of_json() {
  failures = 0;
  constexpr std::string_view symbols[] = {
      "{", "}", "[", "]", ",", ":", "\"", "\\", "u", "0", "1", "-", ".", "e", " ", "a", "true"};
  constexpr std::string_view pieces[] = {"{", "}", "[", "]", ",", ":", "\"a\"", "\"\"", "\"\\n\\\"\"", "\"\\u0041\"",
      "\"\\uD83D\\uDE80\"", "\"\\uD83D\"", "\"\xC3\xA4\"", "\"\xF0\x9F\x9A\x80\"", "\"\xED\xA0\x80\"", "\"\xC0\x80\"",
      "0", "-1", "10", "1.5", "1e5", "4294967295", "4294967296", "true", "false", "null", " ", "\n", "\r\n", "\t",
      "\"a\":1", "{\"a\":", "[1,2]", "[[", "]]", "{\"k\":{\"l\":[", "\"a string that is longer than 32 bytes are\"",
      "\"thirty-two bytes are in this one\""};
  constexpr std::string_view inside[] = {
      "\\", "u", "D", "8", "C", "0", "\"", "\xED", "\xA0", "\x80", "\xF4", "\x90", "\xC2", "x", "\n"};
  unsigned long count = every_text(symbols, is_deep() ? 6 : 5, json);
  count += every_text(inside, is_deep() ? 6 : 4, [](std::string_view text) {
    json("\"" + std::string(text) + "\"");
  });
  count += every_text(inside, is_deep() ? 6 : 4, [](std::string_view text) {
    json("\"\\uD8" + std::string(text) + "C00\"");
  });
  count += random_texts(pieces, deep_count(2'500'000, 20'000'000), 12, json);
  CHECK(failures == 0);
  MESSAGE(count << " texts");
}

void all_of_sse() {
  failures = 0;
  constexpr std::string_view symbols[] = {
      "data", "event", ":", " ", "\n", "\r", "x", "\xEF", "\xBB", "\xBF", "d", {"\0", 1}};
  constexpr std::string_view pieces[] = {"data: ", "data:", "event: ", "event", "data", "dat", "id: ", "retry", ": ",
      ":", " ", "\n", "\r", "\r\n", "\n\n", "x", "ping", "\xEF\xBB\xBF", "datax", "a"};
  unsigned long count = every_text(symbols, is_deep() ? 7 : 6, sse);
  count += every_text(symbols, is_deep() ? 5 : 4, [](std::string_view text) {
    sse("\xEF\xBB\xBF" + std::string(text) + "\ndata: x\n\n");
  });
  count += random_texts(pieces, deep_count(1'500'000, 20'000'000), 20, sse);
  CHECK(failures == 0);
  MESSAGE(count << " texts");
}

void all_of_chunked_bodies() {
  failures = 0;
  constexpr std::string_view symbols[] = {"0", "1", "a", "F", "\r", "\n", "\r\n", ";", " ", "x"};
  constexpr std::string_view pieces[] = {"0\r\n", "1\r\n", "2\r\n", "a\r\n", "10\r\n", "0", "F", "\r\n", "\r", "\n",
      ";ext=1", ";", " ", "x", "xy", "0123456789", "0000000", "ffffffff", "100000000", "t: v\r\n", "\t", "\x80"};
  constexpr std::string_view whole[] = {"1\r\nx\r\n", "2\r\n\r\n\r\n", "3;a\r\nabc\r\n", "A\r\n0123456789\r\n",
      "0\r\n\r\n", "0\r\n", "t: v\r\n", "\r\n", "z"};
  unsigned long count = every_text(symbols, is_deep() ? 8 : 7, chunked);
  count += every_text(whole, is_deep() ? 7 : 6, chunked);
  count += random_texts(pieces, deep_count(500'000, 20'000'000), 14, chunked);
  CHECK(failures == 0);
  MESSAGE(count << " texts");
}

void all_of_heads() {
  failures = 0;
  constexpr std::string_view symbols[] = {"a", ":", " ", "\t", "\r", "\n", "\r\n", "b", "\x80", "\x7F"};
  constexpr std::string_view pieces[] = {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200\r\n", "HTTP/1.0 ", "404", " ", "\r\n",
      "\r", "\n", "a", "A-b", ": ", ":", "value", "  ", "\t", "content-length: 5\r\n", "x:y\r\n", "("};
  unsigned long count = every_text(symbols, is_deep() ? 7 : 6, [](std::string_view text) {
    head("HTTP/1.1 200 OK\r\n" + std::string(text));
  });
  count += every_text(symbols, is_deep() ? 6 : 4, [](std::string_view text) {
    head("HTTP/1.1 20" + std::string(text));
  });
  count += random_texts(pieces, deep_count(300'000, 10'000'000), 8, [](std::string_view text) {
    head(text);
    head("HTTP/1.1 200 OK\r\n" + std::string(text.substr(0, 60)));
  });
  CHECK(failures == 0);
  MESSAGE(count << " texts");
}

}  // namespace
