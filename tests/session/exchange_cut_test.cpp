// An answer tells the same however it is cut, though what is whole is taken at once.
#include "picoclaude/session/exchange.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

// What an exchange makes of an answer in pieces that end at these places. The rest stands behind the end of what came:
// " beyond" tells that it was looked at.
std::string told(const std::string& answer, const std::vector<std::size_t>& cuts) {
  const Config config = scripted::config();
  const Request request = scripted::question();
  Exchange exchange;
  CHECK(exchange.begin(config, detail::messages_endpoint, &request) == Error::none);
  char sent[1000];
  while (exchange.render(sent, sizeof sent) != 0) {}
  std::string bytes = std::string(EventReader::margin, ' ') + answer;
  char* const first = &bytes[EventReader::margin];
  char* next = first;
  std::string out;
  bool beyond = false;
  const auto read = [&](std::size_t to) {
    while (const Event event = exchange.read(next, first + to)) {
      out += event.text;
      if (event.kind == EventKind::end) out += "end";
    }
    beyond = beyond || (next != first + to && !exchange.done());
  };
  for (const std::size_t cut : cuts) {
    if (!beyond) read(cut < answer.size() ? cut : answer.size());
  }
  if (!beyond) read(answer.size());
  if (beyond) out += " beyond";
  return out + "|" + std::to_string(static_cast<int>(exchange.error())) + " " +
      std::to_string(exchange.answer().status) + " " + std::string(exchange.answer().request_id()) + " " +
      std::to_string(exchange.answer().retry_after_ms) + (exchange.reusable() ? " reusable" : "") +
      (exchange.done() ? " done " : " open ") + std::to_string(first + answer.size() - next);
}

std::string told_slowly(const std::string& answer) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = 1; at < answer.size(); ++at) cuts.push_back(at);
  return told(answer, cuts);
}

const std::string head =
    "HTTP/1.1 200 OK\r\nrequest-id: req_011CSHoEeqs5C35K2UUqR7Fy\r\nretry-after:\t 2 \r\n"
    "content-type: text/event-stream; charset=utf-8\r\nX-Some-Name_!: \x7F? no\r\n";

}  // namespace

TEST_SUITE_BEGIN("session");

TEST_CASE("cut: heads and chunks, at every byte") {
  std::string clean = head;
  clean.erase(clean.find('\x7F'), 1);
  const std::string answer = clean + "transfer-encoding: chunked\r\n\r\n" +
      scripted::chunked(scripted::hello.substr(0, 200), 50).substr(0, 200 + 4 * 6) + "00001a\r\n" +
      std::string(scripted::hello.substr(200, 26)) + "\r\n";
  const std::string rest(scripted::hello.substr(226));
  char size[16];
  std::snprintf(size, sizeof size, "%x\r\n", static_cast<unsigned>(rest.size()));
  const std::string whole = answer + size + rest + "\r\n0\r\n\r\n" + "more";
  const std::string once = told(whole, {});
  CHECK(once.substr(0, 7) == "Hi!end|");
  CHECK(once.find("req_011CSHoEeqs5C35K2UUqR7Fy 2000") != std::string::npos);
  CHECK(once == told_slowly(whole));
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    if (told(whole, {cut}) == once && told(whole, {cut, cut + 1}) == once && told(whole, {cut, cut + 11}) == once)
      continue;
    CAPTURE(cut);
    CHECK(told(whole, {cut}) == once);
    CHECK(told(whole, {cut, cut + 1}) == once);
    CHECK(told(whole, {cut, cut + 11}) == once);
  }
}

TEST_CASE("cut: a head or a size line that is usual but for one byte is read as it is byte by byte") {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nrequest-id: req_1\r\ncontent-type: text/event-stream\r\n"
      "transfer-encoding: chunked\r\n\r\n5\r\nevent\r\n00000f\r\n: message_start\r\n1\r\n\n\r\n0\r\n\r\n";
  for (std::size_t at = 0; at < answer.size(); ++at) {
    for (const char symbol : std::string_view("\0\t\n\r 19:;Aafgz\x1F\x7F\x80-_!", 19)) {
      std::string other = answer;
      other[at] = symbol;
      if (told(other, {}) == told_slowly(other)) continue;
      CAPTURE(other);
      CHECK(told(other, {}) == told_slowly(other));
    }
  }
}

TEST_CASE("cut: a head is as long as it may be, whether it comes at once or byte by byte") {
  const std::string line = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx: ";
  for (const std::size_t more : {0u, 1u, 2u, 3u}) {
    // The blank line is of the head too.
    const std::string answer =
        line + std::string(PICOCLAUDE_MAX_HTTP_HEAD - line.size() - 4 - 1 + more, 'x') + "\r\n\r\n";
    const std::string once = told(answer, {});
    CHECK(once == told_slowly(answer));
    const std::string error = "|" + std::to_string(static_cast<int>(Error::http_head_too_long)) + " ";
    CHECK((once.find(error) != std::string::npos) == (more > 1));
  }
}

TEST_CASE("cut: a head of 64 KB and more that comes at once is too long") {
  for (const std::size_t size : {65536u - 51u, 65536u, 70000u, 131072u}) {
    const std::string answer = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx: " + std::string(size, 'x');
    CHECK(told(answer, {}).substr(0, 3) == "|" + std::to_string(static_cast<int>(Error::http_head_too_long)));
    CHECK(told(answer + "\r\n\r\n", {}).substr(0, 3) ==
        "|" + std::to_string(static_cast<int>(Error::http_head_too_long)));
  }
}

TEST_SUITE_END();
