// How an endpoint is called, and how its answer is read: functions, one constant for each endpoint.
#pragma once
#include "../base/words.hpp"
#include "../messages/event.hpp"
#include "../messages/request.hpp"
#include "../wire/http_request.hpp"

PICOCLAUDE_BEGIN

class EventReader;

namespace detail {

// May a call be sent again when nobody knows what became of it?
enum class Repeat : std::uint8_t {
  unsure,  // it may do its work twice: only when nothing of it was sent
  safe,    // twice is the same as once
  never,   // its body cannot be had a second time: not once a byte of it was sent
};

// How a success is read that is no event stream. `subject` is the call, for example a CountTokens.
// It is complete only by its framing: Content-Length, last chunk, or an authenticated end of the connection.
struct AnswerBody {
  static constexpr std::uint32_t no_more = 0xFFFFFFFF;

  bool any_type;  // else JSON only
  // A call begins: forgets what the last one left; refuses what is wrong.
  Error (*start)(void* subject) PICOCLAUDE_NONBLOCKING;
  Repeat (*repeat)(const void* subject) PICOCLAUDE_NONBLOCKING;
  // A body begins. `messages`: reads what messages are in it. `date`: the answer's own Date in seconds since 1970, 0 when
  // it is not known.
  void (*begin)(void* subject, EventReader& messages, std::uint32_t date) PICOCLAUDE_NONBLOCKING;
  // Reads up to the next event. No event and no error: all bytes were taken.
  Event (*read)(void* subject, char*& next, char* end, Error& error) PICOCLAUDE_NONBLOCKING;
  // The body is whole: is it what it should be?
  Error (*end)(void* subject) PICOCLAUDE_NONBLOCKING;
  // Events were told: can it go on behind the last one? null: no.
  bool (*resumes)(void* subject) PICOCLAUDE_NONBLOCKING;
  // After a success, or after `error` when all retries are used up: the pause before it is sent again, or no_more.
  // null: no more.
  std::uint32_t (*more_ms)(void* subject, Error error) PICOCLAUDE_NONBLOCKING;
};

// `subject` is what the endpoint sends, for example a Request.
struct Endpoint {
  string_view start;                                                     // method and blank
  void (*path)(Window&, const void* subject) PICOCLAUDE_NONBLOCKING;     // begins with a slash
  void (*headers)(Window&, const void* subject) PICOCLAUDE_NONBLOCKING;  // anthropic-version and others
  void (*body)(Window&, const void* subject) PICOCLAUDE_NONBLOCKING;     // null: no body
  string_view content_type;
  const AnswerBody* answer = nullptr;  // null: an event stream
};

// What Client::begin() takes besides a Request.
class Call {
 public:
  constexpr const Endpoint& endpoint() const { return *endpoint_; }

 protected:
  constexpr explicit Call(const Endpoint& endpoint) : endpoint_(&endpoint) {}

 private:
  const Endpoint* endpoint_;
};

// Headers that belong to this library.
inline constexpr char reserved_headers[] = "host connection content-length transfer-encoding x-api-key authorization";
inline constexpr WordTable<reserved_headers> reserved{};

constexpr void render_headers(Window& window, ApiVersion version, string_view beta, List<Header> headers) {
  if (version == ApiVersion::v2023_06_01) {
    window.raw("anthropic-version: 2023-06-01\r\n");
  } else {
    window.raw("anthropic-version: 2026-10-21\r\n");
  }
  http_header(window, "anthropic-beta: ", beta);
  for (bool more = window.open(headers.size()); more; more = window.next(headers.size())) {
    const Header& header = headers[window.item()];
    if (!is_header_name(header.name) || reserved.find(header.name) != reserved.unknown) window.fail(Error::bad_header);
    window.raw(header.name);
    window.raw(": ");
    window.header(header.value);
    window.raw("\r\n");
  }
}

}  // namespace detail
PICOCLAUDE_END
