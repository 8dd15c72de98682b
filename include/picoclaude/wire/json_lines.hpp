// Reads JSON Lines in pieces of any size: one JSON value a line.
//
//   lines = *( [ value ] end-of-line ) [ value ]        end-of-line = LF / CRLF / CR
//
// Blank lines are nothing. A line that ends inside its value is bad_json, and so is a number that no end-of-line follows:
// it might go on. Nothing is buffered, whatever a line's length.
#pragma once
#include "json_reader.hpp"

PICOCLAUDE_BEGIN

class JsonLinesReader {
 public:
  // As JsonReader::read(); line ends are taken, and behind one the next line's value begins.
  Json read(char*& next, char* end) PICOCLAUDE_NONBLOCKING {
    while (next != end) {
      const Json token = json_.read(next, end);
      if (token != Json::line_end) return token;
      if (!end_line()) return Json::failed;
      ++next;
    }
    return Json::more;
  }

  // One byte, and nothing of it is changed or kept: for a value that is passed on as it came.
  Json step(char c) PICOCLAUDE_NONBLOCKING {
    Json token = json_.step(c);
    if (token == Json::number) token = json_.step(c);  // told before its end was taken
    return token;
  }

  // The text is at its end: was its last line whole, or blank?
  constexpr bool finished() const { return json_.ended() || json_.untouched(); }
  constexpr Error error() const { return json_.error() == Error::none ? Error::bad_json : json_.error(); }

  constexpr unsigned depth() const { return json_.depth(); }
  constexpr string_view text() const { return json_.text(); }
  constexpr void collect() { json_.collect(); }
  constexpr void deliver() { json_.deliver(); }

 private:
  bool end_line() {
    if (!finished()) return false;
    json_ = {};
    return true;
  }

  JsonReader json_;
};

PICOCLAUDE_END
