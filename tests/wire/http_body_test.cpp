#include "picoclaude/wire/http_body.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;
using Framing = HttpBodyReader::Framing;

namespace {

struct Read {
  std::string data;
  std::size_t left = 0;  // bytes that were not taken when it was complete
  bool complete = false;
  bool failed = false;
};

Read read(HttpBodyReader body, std::string_view bytes, std::size_t most = 1'000'000) {
  Read result;
  while (!bytes.empty() && !body.complete()) {
    const std::size_t size = body.data(bytes.size() < most ? bytes.size() : most);
    if (size != 0) {
      result.data += bytes.substr(0, size);
      body.took(size);
      bytes.remove_prefix(size);
    } else {
      const bool good = body.step(bytes[0]);
      CHECK(good == !body.failed());
      if (!good) break;
      bytes.remove_prefix(1);
    }
  }
  result.left = bytes.size();
  result.complete = body.complete();
  result.failed = body.failed();
  return result;
}

Read chunked(std::string_view bytes, std::size_t most = 1'000'000) {
  return read(HttpBodyReader(Framing::chunked), bytes, most);
}

bool refused(std::string_view bytes) { return chunked(bytes).failed; }

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("http body: nothing, a length, or up to the end") {
  CHECK(HttpBodyReader().complete());
  CHECK(HttpBodyReader(Framing::none).complete());
  CHECK(HttpBodyReader(Framing::length, 0).complete());
  const Read some = read(HttpBodyReader(Framing::length, 3), "abcd");
  CHECK(some.data == "abc");
  CHECK(some.complete);
  CHECK(some.left == 1);
  CHECK_FALSE(read(HttpBodyReader(Framing::length, 3), "ab").complete);
  const Read endless = read(HttpBodyReader(Framing::until_close), "abc");
  CHECK(endless.data == "abc");
  CHECK_FALSE(endless.complete);
  CHECK(HttpBodyReader(Framing::until_close).ends_with_connection());
  CHECK_FALSE(HttpBodyReader(Framing::length, 3).ends_with_connection());
  CHECK_FALSE(HttpBodyReader(Framing::chunked).ends_with_connection());
}

TEST_CASE("http body: the largest length is 4 GiB less one") {
  HttpBodyReader body(Framing::length, 0xFFFFFFFF);
  for (int i = 0; i < 15; ++i) {
    CHECK(body.data(0x11111111) == 0x11111111);
    body.took(0x11111111);
  }
  CHECK(body.complete());
}

TEST_CASE("http body: chunks of any size, in hexadecimal of any case") {
  CHECK(chunked("3\r\nabc\r\n0\r\n\r\n").data == "abc");
  CHECK(chunked("3\r\nabc\r\n0\r\n\r\n").complete);
  CHECK(chunked("1\r\na\r\n1\r\nb\r\n0\r\n\r\n").data == "ab");
  CHECK(chunked("A\r\n0123456789\r\n0\r\n\r\n").data == "0123456789");
  CHECK(chunked("a\r\n0123456789\r\n0\r\n\r\n").data == "0123456789");
  CHECK(chunked("0000000a\r\n0123456789\r\n0\r\n\r\n").data == "0123456789");
  CHECK(chunked("0\r\n\r\n").complete);
  CHECK(chunked("000\r\n\r\n").complete);
  CHECK(chunked("3\r\nabc\r\n0\r\n\r\n", 1).data == "abc");
  CHECK(chunked("3\r\n\r\n0\r\n0\r\n\r\n").data == "\r\n0");
}

TEST_CASE("http body: what is behind the last chunk is not taken") {
  CHECK(chunked("0\r\n\r\nHTTP").left == 4);
  CHECK(chunked("1\r\na\r\n0\r\nx: y\r\n\r\nHTTP").left == 4);
}

TEST_CASE("http body: sizes below 4 GiB") {
  HttpBodyReader body(Framing::chunked);
  for (const char c : std::string_view("ffffffff\r\n")) CHECK(body.step(c));
  CHECK(body.data(100) == 100);
  CHECK(body.data(0xFFFFFFFF) == 0xFFFFFFFF);
  CHECK(refused("100000000"));
  CHECK(refused("fffffffff"));
  CHECK_FALSE(refused("00000000ffffffff"));
}

TEST_CASE("http body: a size is digits and nothing else") {
  CHECK(refused("\r\n"));
  CHECK(refused(";x\r\n"));
  CHECK(refused(" 3"));
  CHECK(refused("+3"));
  CHECK(refused("-3"));
  CHECK(refused("0x3"));
  CHECK(refused("g"));
  CHECK(refused("3\n"));
  CHECK(refused("3\rx"));
  CHECK(refused("3,"));
}

TEST_CASE("http body: CRLF only, around the data as well") {
  CHECK(refused("1\r\nab"));
  CHECK(refused("1\r\na\n"));
  CHECK(refused("1\r\na\rb"));
  CHECK(refused("0\r\n\n"));
  CHECK(refused("0\r\n\rx"));
  CHECK(refused("0\r\nx\n"));
  CHECK(refused("0\r\nx\rx"));
}

TEST_CASE("http body: extensions are skipped") {
  CHECK(chunked("3;name=value;x=\"y\"\r\nabc\r\n0;last\r\n\r\n").data == "abc");
  CHECK(chunked("3 ; a\r\nabc\r\n0\r\n\r\n").data == "abc");
  CHECK(chunked("3\t\r\nabc\r\n0\r\n\r\n").data == "abc");
  CHECK(refused("3;a\nb"));
  CHECK(refused({"3;a\0", 4}));
  CHECK(refused("3;\x7F"));
}

TEST_CASE("http body: trailers are skipped") {
  CHECK(chunked("0\r\na: b\r\nc: d\r\n\r\n").complete);
  CHECK(refused("0\r\n folded\r\n"));
  CHECK(refused("0\r\n\tfolded\r\n"));
  CHECK(refused({"0\r\n\0", 4}));
  CHECK(refused("0\r\n\x80"));  // no field's name begins so, whatever the sign of char
  CHECK(refused("0\r\na\x01"));
  CHECK(chunked("0\r\na: \xC3\xA4\r\n\r\n").complete);
}

TEST_CASE("http body: a size line and the trailers are bounded") {
  const std::string most(PICOCLAUDE_MAX_CHUNK_LINE - 4, 'x');  // "1;" ... CRLF
  CHECK(chunked("1;" + most + "\r\na\r\n0\r\n\r\n").complete);
  CHECK(refused("1;" + most + "x\r\na\r\n0\r\n\r\n"));
  const std::string trailers(PICOCLAUDE_MAX_CHUNK_LINE - 4, 'x');  // ... CRLF CRLF
  CHECK(chunked("0\r\n" + trailers + "\r\n\r\n").complete);
  CHECK(refused("0\r\n" + trailers + "x\r\n\r\n"));
  std::string many;
  while (many.size() <= PICOCLAUDE_MAX_CHUNK_LINE) many += "a:\r\n";
  CHECK(refused("0\r\n" + many));
  CHECK(refused(std::string(PICOCLAUDE_MAX_CHUNK_LINE + 1, '0')));
  CHECK_FALSE(refused(std::string(PICOCLAUDE_MAX_CHUNK_LINE, '0')));
}

TEST_CASE("http body: every byte of extensions and trailers is taken or refused") {
  for (unsigned code = 0; code < 256; ++code) {
    CAPTURE(code);
    const char c = static_cast<char>(code);
    const bool visible = code >= 0x20 && code != 0x7F;
    CHECK(refused(std::string("1;") + c) == !(visible || c == '\t' || c == '\r'));
    CHECK(refused(std::string("0\r\na") + c) == !(visible || c == '\t' || c == '\r'));
    CHECK(refused(std::string("0\r\n") + c) == !((code > 0x20 && code < 0x7F) || c == '\r'));
  }
}

#if PICOCLAUDE_WIDE
TEST_CASE("http body: a size line that is skipped at once is the one that bytes spell, and nothing else is skipped") {
  constexpr char symbols[] = {'\r', '\n', '0', '7', 'a', 'F', ';', 'g'};
  const auto at_end_of_chunk = [] {
    HttpBodyReader body(Framing::chunked);
    for (const char c : {'1', '\r', '\n'}) CHECK(body.step(c));
    body.took(1);
    return body;
  };
  const auto check = [&](const std::string& text) {
    HttpBodyReader fast = at_end_of_chunk();
    const char* const end = text.data() + text.size();
    const auto skipped = static_cast<std::size_t>(fast.skip_size_line(text.data(), end) - text.data());
    HttpBodyReader slow = at_end_of_chunk();
    std::size_t at = 0;
    while (at < text.size() && slow.data(1) == 0 && slow.step(text[at])) ++at;
    // A plain line of up to 6 digits of a chunk that has data, with 12 bytes to look at.
    const bool plain =
        slow.data(1) != 0 && text.substr(0, at).find(';') == std::string::npos && at <= 2 + 6 + 2 && text.size() >= 12;
    if (skipped != (plain ? at : 0)) {
      CAPTURE(text);
      CHECK(skipped == (plain ? at : 0));
    }
    if (skipped != 0 && fast.data(~std::size_t{0}) != slow.data(~std::size_t{0})) CHECK(text == "");
  };
  for (unsigned number = 0; number < 8u * 8 * 8 * 8 * 8; ++number) {
    std::string tail;
    for (unsigned at = 0; at < 5; ++at) tail += symbols[number >> (3 * at) & 7];
    check("\r\n" + tail + "xxxxx");
    check("\r\n" + tail + "xxxx");
  }
  for (const char* const text : {"\r\n1\r\n", "\r\n12345\r\n", "\r\n123456\r\n", "\r\n1234567\r\n", "\r\n12345678\r\n",
           "\r\n123456789\r\n", "\r\n00000001\r\n", "\r\n123\r", "\r\n123", "\r\n1234567", "\n\n1\r\nx", "\r\r1\r\nx",
           "x\n1\r\nxx", "\r\n1\rxy", "\r\n1\n\nxx", "\r\n12\r\nx", "\r\n0\r\n\r\n"}) {
    check(text);
    check(std::string(text) + "xxxxxxxxxx");
  }
  HttpBodyReader other(Framing::chunked);
  const std::string line = "\r\n5\r\nabcdefgh";
  CHECK(other.skip_size_line(line.data(), line.data() + line.size()) == line.data());
  HttpBodyReader body = at_end_of_chunk();
  CHECK(body.skip_size_line(line.data(), line.data() + line.size()) == line.data() + 5);
  CHECK(body.data(100) == 5);
  // The next line has its whole length again.
  body.took(5);
  CHECK(body.step('\r'));
  CHECK(body.step('\n'));
  for (unsigned at = 0; at < PICOCLAUDE_MAX_CHUNK_LINE; ++at) CHECK(body.step('0'));
  CHECK_FALSE(body.step('0'));
}
#endif

TEST_CASE("http body: a failed reader stays so, and takes nothing") {
  HttpBodyReader body(Framing::chunked);
  CHECK_FALSE(body.step('x'));
  for (int i = 0; i < 70'000; ++i) CHECK_FALSE(body.step('0'));
  CHECK(body.data(10) == 0);
  CHECK_FALSE(body.complete());
}

TEST_SUITE_END();
