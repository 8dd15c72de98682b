#include "picoclaude/wire/sse.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

// What a reader tells: D and N begin a data or name value, ! dispatches, values stand as they are.
std::string told(std::string_view bytes) {
  SseReader reader;
  std::string out;
  for (const char c : bytes) {
    switch (reader.step(c)) {
      case Sse::nothing: break;
      case Sse::begin_data: out += "D"; break;
      case Sse::begin_name: out += "N"; break;
      case Sse::value: out += c; break;
      case Sse::dispatch: out += "!"; break;
    }
  }
  return out;
}

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("sse: an event is its name, its data and a blank line") {
  CHECK(told("event: ping\ndata: x\n\n") == "NpingDx!");
}

TEST_CASE("sse: LF, CR and CRLF end a line, mixed too") {
  CHECK(told("data: a\rdata: b\r\ndata: c\n\r\n") == "DaDbDc!");
  CHECK(told("data: a\r\r") == "Da!");
  CHECK(told("data: a\n\n") == "Da!");
  CHECK(told("data: a\r\n\r\n") == "Da!");
  CHECK(told("\n\r\r\n") == "!!!");
  CHECK(told("\r\n\n") == "!!");
  CHECK(told("\n\r\n") == "!!");
}

TEST_CASE("sse: the LF of a CRLF is nothing, also when it comes after the event was told") {
  SseReader reader;
  for (const char c : std::string_view("data: x\r")) reader.step(c);
  CHECK(reader.step('\r') == Sse::dispatch);
  CHECK_FALSE(reader.at_line_start());
  CHECK(reader.step('\n') == Sse::nothing);
  CHECK(reader.at_line_start());
  CHECK(reader.step('\n') == Sse::dispatch);
}

TEST_CASE("sse: one blank behind the colon is dropped, only one") {
  CHECK(told("data:x\n") == "Dx");
  CHECK(told("data: x\n") == "Dx");
  CHECK(told("data:  x\n") == "D x");
  CHECK(told("data:\tx\n") == "D\tx");
  CHECK(told("data: \n") == "D");
  CHECK(told("data:\n") == "D");
  CHECK(told("data: :\n") == "D:");
}

TEST_CASE("sse: a field without a colon has an empty value") {
  CHECK(told("data\n\n") == "D!");
  CHECK(told("event\r\n") == "N");
  CHECK(told("dat\n\n") == "!");
  CHECK(told("datas\n\n") == "!");
}

TEST_CASE("sse: only whole, lower-case names count") {
  CHECK(told("Data: x\n") == "");
  CHECK(told("dat: x\n") == "");
  CHECK(told("datax: x\n") == "");
  CHECK(told(" data: x\n") == "");
  CHECK(told("data : x\n") == "");
  CHECK(told("even: x\nevents: x\nevenx: x\n") == "");
  CHECK(told("id: 1\nretry: 10\nfoo: bar\nd\ne\n") == "");
}

TEST_CASE("sse: a NUL in a field's name makes it another name") {
  CHECK(told({"data\0: x\n", 9}) == "");
  CHECK(told({"data\0\0\0: x\n", 11}) == "");
  CHECK(told({"event\0\n", 7}) == "");
  CHECK(told({"data\0data: x\ndata: y\n", 21}) == "Dy");
  CHECK(told({"\0: x\n", 5}) == "");
  CHECK(told({"data\0event: x\n", 14}) == "");
  CHECK(told({"data: \0\n", 8}) == std::string("D\0", 2));
}

TEST_CASE("sse: a line of only a name leaves nothing for a data line that begins at once") {
  SseReader reader;
  Sse last = Sse::nothing;
  for (const char c : std::string_view("data\n")) last = reader.step(c);
  CHECK(last == Sse::begin_data);
  reader.begin_data();
  CHECK(reader.step('x') == Sse::value);
  CHECK(reader.step('\n') == Sse::nothing);
}

TEST_CASE("sse: comments are skipped") {
  CHECK(told(": data: x\n:\n::\n\n") == "!");
  CHECK(told("data: a\n: keep-alive\ndata: b\n\n") == "DaDb!");
}

TEST_CASE("sse: a byte order mark at the very beginning is skipped, elsewhere it is part of a name") {
  CHECK(told("\xEF\xBB\xBF"
             "data: x\n") == "Dx");
  CHECK(told("\xEF\xBB\xBF\n") == "!");
  CHECK(told("\xEF\xBB\xBF\xEF\xBB\xBF"
             "data: x\n") == "");
  CHECK(told("\n\xEF\xBB\xBF"
             "data: x\n") == "!");
  CHECK(told("\xEF\xBB"
             "data: x\ndata: y\n") == "Dy");
  CHECK(told("\xEF"
             "data: x\ndata: y\n") == "Dy");
  CHECK(told("\xEF\n\n") == "!");
  CHECK(told("\xEF\xBB\n\n") == "!");
  CHECK(told("\xEF:x\ndata: y\n") == "Dy");
}

TEST_CASE("sse: where the next byte stands is told") {
  SseReader reader;
  const auto feed = [&](std::string_view bytes) {
    for (const char c : bytes) reader.step(c);
  };
  CHECK_FALSE(reader.in_data());
  feed("data");
  CHECK_FALSE(reader.in_data());
  feed(": ");
  CHECK(reader.in_data());
  feed("x");
  CHECK(reader.in_data());
  feed("\n");
  CHECK_FALSE(reader.in_data());
  CHECK(reader.at_line_start());
  feed("event: ");
  CHECK_FALSE(reader.in_data());
}

TEST_CASE("sse: end_event() leaves a reader as the end of an event does") {
  SseReader reader;
  for (const char c : std::string_view("data: x")) reader.step(c);
  reader.end_event();
  CHECK(reader.at_line_start());
  CHECK(reader.step('d') == Sse::nothing);
  for (const char c : std::string_view("ata")) CHECK(reader.step(c) == Sse::nothing);
  CHECK(reader.step(':') == Sse::begin_data);
}

TEST_SUITE_END();
