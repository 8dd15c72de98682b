// Reads the head of an HTTP/1.1 answer (RFC 9112, section 4), one byte at a time, without keeping it.
//
//   head = "HTTP/1." ( "0" / "1" ) SP 3DIGIT [ SP reason ] CRLF *( name ":" OWS value OWS CRLF ) CRLF
//
// CRLF only: a bare LF or CR is refused, and so are folded lines, blanks before the colon, and names that are no tokens.
// Names are told in lower case. Names and values that are longer than what the API needs are told as empty.
#pragma once
#include "../base/clear.hpp"
#include "../base/error.hpp"
#include "../base/text.hpp"

PICOCLAUDE_BEGIN

enum class HttpHeadPart : std::uint8_t { more, header, end, failed };

class HttpHeadReader {
 public:
  static constexpr unsigned max_name = PICOCLAUDE_ENABLE_RATE_LIMITS ? 48 : 20;
  static constexpr unsigned max_value = PICOCLAUDE_MAX_REQUEST_ID < 40 ? 40 : PICOCLAUDE_MAX_REQUEST_ID;

  HttpHeadPart step(char c) PICOCLAUDE_NONBLOCKING {
    if (size_++ >= PICOCLAUDE_MAX_HTTP_HEAD) return fail(Error::http_head_too_long);
    switch (state_) {
      case State::version: return step_version(c);
      case State::status: return step_status(c);
      case State::after_status:
        if (c == ' ') {
          state_ = State::reason;
          return HttpHeadPart::more;
        }
        [[fallthrough]];
      case State::reason: return step_text(c, State::line_feed);
      case State::line_start: return begin_line(c);
      case State::name: return step_name(c);
      case State::before_value:
        if (c == ' ' || c == '\t') return HttpHeadPart::more;
        state_ = State::value;
        [[fallthrough]];
      case State::value: return step_value(c);
      case State::line_feed:
      case State::header_line_feed:
      case State::last_line_feed: return end_line(c);
      default: return HttpHeadPart::failed;
    }
  }

#if PICOCLAUDE_SHORTCUTS
  // Takes the next plain bytes of a name or value, and answers how many: faster, never different.
  std::size_t skip_text(const char* begin, const char* end) {
    const char* at = begin;
    const std::size_t room = PICOCLAUDE_MAX_HTTP_HEAD - size_;
    if (static_cast<std::size_t>(end - begin) > room) end = begin + room;
    if (state_ == State::name) {
      while (at != end && is_plain_token(*at)) add_to_name(*at++);
    } else if (state_ == State::value) {
      while (at != end && *at >= ' ' && *at < 0x7F) add_to_value(*at++);
    }
    size_ = static_cast<std::uint16_t>(size_ + (at - begin));
    return static_cast<std::size_t>(at - begin);
  }
#endif

  // Behind an interim answer. The limit counts on.
  void next_head() {
    const std::uint16_t size = size_;
    detail::clear(*this);
    size_ = size;
  }

  constexpr unsigned status() const { return status_; }
  constexpr bool http_1_0() const { return minor_ == 0; }
  constexpr Error error() const { return error_; }
  // The header that was told last. Lifetime: until the next step().
  constexpr string_view name() const { return {name_, name_size_ <= max_name ? name_size_ : 0u}; }
  constexpr string_view value() const {
    unsigned size = value_size_ <= max_value ? value_size_ : 0u;
    while (size != 0 && (value_[size - 1] == ' ' || value_[size - 1] == '\t')) --size;
    return {value_, size};
  }

 private:
  enum class State : std::uint8_t {
    version,
    status,
    after_status,
    reason,
    line_feed,
    line_start,
    name,
    before_value,
    value,
    header_line_feed,
    last_line_feed,
    failed
  };

  HttpHeadPart fail(Error error) {
    if (state_ != State::failed) error_ = error;
    state_ = State::failed;
    return HttpHeadPart::failed;
  }

  HttpHeadPart step_version(char c) {
    constexpr string_view start = "HTTP/1.";
    if (name_size_ < start.size()) {
      if (c != start[name_size_]) return fail(Error::bad_http);
    } else if (name_size_ == start.size()) {
      if (c != '0' && c != '1') return fail(Error::bad_http);
      minor_ = static_cast<std::uint8_t>(c - '0');
    } else {
      if (c != ' ') return fail(Error::bad_http);
      state_ = State::status;
      name_size_ = 0;
      return HttpHeadPart::more;
    }
    ++name_size_;
    return HttpHeadPart::more;
  }

  HttpHeadPart step_status(char c) {
    if (!is_digit(c) || (name_size_ == 0 && (c == '0' || c > '5'))) return fail(Error::bad_http);
    status_ = static_cast<std::uint16_t>(status_ * 10 + (c - '0'));
    if (++name_size_ == 3) {
      name_size_ = 0;
      state_ = State::after_status;
    }
    return HttpHeadPart::more;
  }

  // Anything but control bytes, up to the CR.
  HttpHeadPart step_text(char c, State after) {
    if (c == '\r') {
      state_ = after;
    } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F || state_ == State::after_status) {
      return fail(Error::bad_http);
    }
    return HttpHeadPart::more;
  }

  HttpHeadPart begin_line(char c) {
    name_size_ = 0;
    value_size_ = 0;
    if (c == '\r') {
      state_ = State::last_line_feed;
      return HttpHeadPart::more;
    }
    state_ = State::name;
    return c == ':' ? fail(Error::bad_http) : step_name(c);
  }

  static constexpr bool is_plain_token(char c) {
    const char low = to_lower(c);
    return (low >= 'a' && low <= 'z') || is_digit(c) || c == '-';
  }
  // tchar of RFC 9110, section 5.6.2
  static constexpr bool is_token(char c) { return is_plain_token(c) || find("!#$%&'*+.^_`|~", c) < 14; }

  void add_to_name(char c) {
    if (name_size_ < max_name) name_[name_size_] = to_lower(c);
    if (name_size_ <= max_name) ++name_size_;
  }
  void add_to_value(char c) {
    if (value_size_ < max_value) value_[value_size_] = c;
    if (value_size_ <= max_value && (c != ' ' || value_size_ < max_value)) ++value_size_;
  }

  HttpHeadPart step_name(char c) {
    if (c == ':') {
      state_ = State::before_value;
      return HttpHeadPart::more;
    }
    if (!is_token(c)) return fail(Error::bad_http);
    add_to_name(c);
    return HttpHeadPart::more;
  }

  HttpHeadPart step_value(char c) {
    if (c != '\r') add_to_value(c);
    return step_text(c, State::header_line_feed);
  }

  HttpHeadPart end_line(char c) {
    if (c != '\n') return fail(Error::bad_http);
    const State ended = state_;
    state_ = State::line_start;
    if (ended == State::line_feed) return HttpHeadPart::more;
    return ended == State::header_line_feed ? HttpHeadPart::header : HttpHeadPart::end;
  }

  State state_ = State::version;
  std::uint8_t minor_ = 0;
  Error error_ = Error::none;
  std::uint8_t name_size_ = 0;   // also counts the places of the first line
  std::uint8_t value_size_ = 0;  // max + 1: too long
  std::uint16_t status_ = 0;
  std::uint16_t size_ = 0;
  char name_[max_name] = {};
  char value_[max_value] = {};
};

PICOCLAUDE_END
