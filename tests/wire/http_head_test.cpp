#include "picoclaude/wire/http_head.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

struct Read {
  unsigned status = 0;
  std::string headers;  // "name=value;" one behind the other
  bool ended = false;
  std::size_t left = 0;
  Error error = Error::none;
};

Read read(std::string_view bytes) {
  HttpHeadReader head;
  Read result;
  for (std::size_t at = 0; at < bytes.size() && !result.ended; ++at) {
    switch (head.step(bytes[at])) {
      case HttpHeadPart::header:
        result.headers += std::string(head.name()) + "=" + std::string(head.value()) + ";";
        break;
      case HttpHeadPart::end: result.ended = true; break;
      case HttpHeadPart::failed: result.error = head.error(); return result;
      case HttpHeadPart::more: break;
    }
    result.left = bytes.size() - at - 1;
  }
  result.status = head.status();
  return result;
}

Error error(std::string_view bytes) { return read(bytes).error; }

// Behind a good status line.
Error header_error(std::string_view line) { return error("HTTP/1.1 200 OK\r\n" + std::string(line)); }
std::string headers(std::string_view lines) { return read("HTTP/1.1 200 OK\r\n" + std::string(lines)).headers; }

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("http head: status and headers, names in lower case, values without blanks around") {
  const Read head = read("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-A:\t b  c \t\r\nempty:\r\n\r\nbody");
  CHECK(head.status == 200);
  CHECK(head.headers == "content-type=text/event-stream;x-a=b  c;empty=;");
  CHECK(head.ended);
  CHECK(head.left == 4);
}

TEST_CASE("http head: a head without headers, without a reason, with any reason") {
  CHECK(read("HTTP/1.1 529\r\n\r\n").status == 529);
  CHECK(read("HTTP/1.1 529 \r\n\r\n").status == 529);
  CHECK(read("HTTP/1.1 404 N\xC3\xB6 \t!\r\n\r\n").status == 404);
  CHECK(read("HTTP/1.1 404 N\r\n\r\n").ended);
}

TEST_CASE("http head: HTTP/1.0 and HTTP/1.1 and nothing else") {
  HttpHeadReader head;
  for (const char c : std::string_view("HTTP/1.0 200 OK\r\n\r\n")) head.step(c);
  CHECK(head.http_1_0());
  head = {};
  for (const char c : std::string_view("HTTP/1.1 200 OK\r\n\r\n")) head.step(c);
  CHECK_FALSE(head.http_1_0());
  for (const char* start : {"HTTP/2", "HTTP/1.2 ", "HTTP/1.11", "HTTP/1,1", "http/1.1", "HTTP 1.1", "\r\nHTTP/1.1",
           " HTTP", "HTTP/0.9", "ICY 200", "HTTP/1.1\t"}) {
    CAPTURE(std::string(start));
    CHECK(error(start) == Error::bad_http);
  }
}

TEST_CASE("http head: a status is three digits from 100 to 599") {
  for (const char* start : {"HTTP/1.1 099", "HTTP/1.1 600", "HTTP/1.1 20 ", "HTTP/1.1 2000", "HTTP/1.1 2x0",
           "HTTP/1.1  200", "HTTP/1.1 -20", "HTTP/1.1 200x"}) {
    CAPTURE(std::string(start));
    CHECK(error(start) == Error::bad_http);
  }
  CHECK(read("HTTP/1.1 100\r\n\r\n").status == 100);
  CHECK(read("HTTP/1.1 599\r\n\r\n").status == 599);
}

TEST_CASE("http head: CRLF only") {
  CHECK(error("HTTP/1.1 200 OK\n") == Error::bad_http);
  CHECK(error("HTTP/1.1 200\n") == Error::bad_http);
  CHECK(error("HTTP/1.1 200 OK\rx") == Error::bad_http);
  CHECK(header_error("a: b\n") == Error::bad_http);
  CHECK(header_error("a: b\rc") == Error::bad_http);
  CHECK(header_error("\n") == Error::bad_http);
  CHECK(header_error("\rx") == Error::bad_http);
  CHECK(header_error("a:\n") == Error::bad_http);
}

TEST_CASE("http head: folded lines, blanks before the colon and odd names are refused") {
  CHECK(header_error("a: b\r\n c: d\r\n") == Error::bad_http);
  CHECK(header_error("a: b\r\n\tc\r\n") == Error::bad_http);
  CHECK(header_error("a : b\r\n") == Error::bad_http);
  CHECK(header_error(": b\r\n") == Error::bad_http);
  CHECK(header_error("a b: c\r\n") == Error::bad_http);
  CHECK(header_error("a\r\n") == Error::bad_http);
  CHECK(header_error("a\xC3\xA4: c\r\n") == Error::bad_http);
  CHECK(header_error({"a\0: c\r\n", 7}) == Error::bad_http);
}

TEST_CASE("http head: the characters of a name are those of a token, all 256 tried") {
  constexpr std::string_view token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (int byte = 0; byte < 256; ++byte) {
    if (byte == ':') continue;
    const char c = static_cast<char>(byte);
    const bool good = token.find(c) != std::string_view::npos;
    CAPTURE(byte);
    CHECK((header_error(std::string("x") + c + ": y\r\n") == Error::none) == good);
    CHECK((header_error(std::string(1, c) + ": y\r\n\r\n") == Error::none) == good);
  }
}

TEST_CASE("http head: a value holds anything but control bytes, all 256 tried") {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool good = (byte >= 0x20 && byte != 0x7F) || c == '\t';
    CAPTURE(byte);
    CHECK((header_error(std::string("x: a") + c + "b\r\n") == Error::none) == good);
    CHECK((error(std::string("HTTP/1.1 200 a") + c + "b\r\n") == Error::none) == good);
  }
}

TEST_CASE("http head: a name longer than any that matters is told as empty, so is a value") {
  const std::string name(HttpHeadReader::max_name, 'n');
  const std::string value(HttpHeadReader::max_value, 'v');
  CHECK(headers(name + ": " + value + "\r\n") == name + "=" + value + ";");
  CHECK(headers(name + "n: v\r\n") == "=v;");
  CHECK(headers("n: " + value + "v\r\n") == "n=;");
  CHECK(headers("n: " + value + "   \r\n") == "n=" + value + ";");
  CHECK(headers("n: " + value + " v\r\n") == "n=;");
  CHECK(headers("n: " + std::string(1000, ' ') + value + "\r\n") == "n=" + value + ";");
  CHECK(headers(std::string(1000, 'n') + ": v\r\nn: " + std::string(1000, 'v') + "\r\na: b\r\n") == "=v;n=;a=b;");
}

#if PICOCLAUDE_SHORTCUTS
TEST_CASE("http head: plain bytes of a name or a value are taken at once, up to the first that is not, all 256 tried") {
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const char text[] = {'a', 'B', static_cast<char>(byte), 'c'};
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    HttpHeadReader name;
    for (const char c : std::string_view("HTTP/1.1 200 OK\r\nx")) name.step(c);
    CHECK(name.skip_text(text, text + 4) == (letter || (byte >= '0' && byte <= '9') || byte == '-' ? 4 : 2));
    HttpHeadReader value;
    for (const char c : std::string_view("HTTP/1.1 200 OK\r\nx: y")) value.step(c);
    CHECK(value.skip_text(text, text + 4) == (byte >= 0x20 && byte < 0x7F ? 4 : 2));
    HttpHeadReader reason;
    for (const char c : std::string_view("HTTP/1.1 200 ")) reason.step(c);
    CHECK(reason.skip_text(text, text + 4) == 0);
  }
}
#endif

TEST_CASE("http head: what follows an interim head is another one, and the limit counts on") {
  HttpHeadReader head;
  const auto feed = [&](std::string_view bytes) {
    HttpHeadPart part = HttpHeadPart::more;
    for (const char c : bytes) part = head.step(c);
    return part;
  };
  CHECK(feed("HTTP/1.1 100 Continue\r\nx: y\r\n\r\n") == HttpHeadPart::end);
  head.next_head();
  CHECK(feed("HTTP/1.1 200 OK\r\n\r\n") == HttpHeadPart::end);
  CHECK(head.status() == 200);
  head = {};
  std::size_t size = 0;
  Error stopped = Error::none;
  while (stopped == Error::none && size < 1'000'000) {
    for (const char c : std::string_view("HTTP/1.1 103 Hints\r\n\r\n")) {
      ++size;
      if (head.step(c) == HttpHeadPart::failed) stopped = head.error();
      if (stopped != Error::none) break;
    }
    head.next_head();
  }
  CHECK(stopped == Error::http_head_too_long);
  CHECK(size == PICOCLAUDE_MAX_HTTP_HEAD + 1);
}

TEST_CASE("http head: a head is bounded, to the byte") {
  const std::string start = "HTTP/1.1 200 OK\r\nx: ";
  const auto head = [&](std::size_t size) {
    return start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
  };
  CHECK(read(head(PICOCLAUDE_MAX_HTTP_HEAD - 1)).ended);
  CHECK(read(head(PICOCLAUDE_MAX_HTTP_HEAD)).ended);
  CHECK(error(head(PICOCLAUDE_MAX_HTTP_HEAD + 1)) == Error::http_head_too_long);
}

TEST_CASE("http head: a failed reader stays so, and keeps its reason") {
  HttpHeadReader head;
  CHECK(head.step('x') == HttpHeadPart::failed);
  for (int i = 0; i < 70'000; ++i) CHECK(head.step('H') == HttpHeadPart::failed);
  CHECK(head.error() == Error::bad_http);
}

TEST_SUITE_END();
