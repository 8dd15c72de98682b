// What the head of an answer says: status, framing, whether to try again (API.md, sections 1.3 and 8.1).
#pragma once
#include <cstring>

#include "../base/words.hpp"
#include "../wire/http_body.hpp"
#include "rate_limit.hpp"
#include "retry_date.hpp"

PICOCLAUDE_BEGIN

class Answer : public detail::AnswerLimits<PICOCLAUDE_ENABLE_RATE_LIMITS>,
               public detail::AnswerDate<PICOCLAUDE_ENABLE_HTTP_DATE || PICOCLAUDE_ENABLE_BATCHES> {
 public:
  enum class Type : std::uint8_t { none, other, event_stream, json };

  std::uint16_t status = 0;
  Type type = Type::none;
  bool closes = false;        // the connection ends with this answer
  bool encoded = false;       // a content-encoding
  bool should_retry = false;  // x-should-retry: true
  bool should_not = false;    // x-should-retry: false
  std::uint32_t retry_after_ms = 0;

  constexpr string_view request_id() const { return {id_, id_size_}; }

  // One header; the name is in lower case. `value` is empty when it was longer than anything the API sends.
  Error take(string_view name, string_view value) {
    take_limit(name, value);
    take_date(name, value);
    const auto which = static_cast<Name>(names.find(name));
    const Value word = value_of(which == Name::content_type ? slice(value, 0, find(value, ';')) : value);
    switch (which) {
      case Name::content_length: return take_length(value);
      case Name::transfer_encoding:
        if (chunked_ || word != Value::chunked) return Error::bad_transfer_encoding;
        chunked_ = true;
        break;
      case Name::connection:
        if (word == Value::close) closes = true;
        break;
      case Name::content_type:
        type = word == Value::event_stream ? Type::event_stream : word == Value::json ? Type::json : Type::other;
        break;
      case Name::content_encoding: encoded = word != Value::identity; break;
      case Name::retry_after:
        if (!exact_delay_) retry_after_ms = parse_delay(value, 0x7FFFFFFF / 1000) * 1000;
        break;
      case Name::retry_after_ms:
        if (const std::uint32_t delay = parse_delay(value, 0x7FFFFFFF); delay != 0) {
          retry_after_ms = delay;
          exact_delay_ = true;
        }
        break;
      case Name::x_should_retry:
        should_retry = word == Value::yes;
        should_not = word == Value::no;
        break;
      case Name::request_id:
        id_size_ = value.size() > sizeof id_ ? 0 : static_cast<std::uint8_t>(value.size());
        std::memcpy(id_, value.data(), id_size_);
        break;
      default: break;
    }
    if (retry_after_ms == 0) retry_after_ms = delay_ms();
    return Error::none;
  }

  // How the body is framed, at the end of the head (RFC 9112, section 6.3).
  Error framing(HttpBodyReader& body) const {
    if (chunked_ && has_length_) return Error::bad_transfer_encoding;
    using Framing = HttpBodyReader::Framing;
    const bool empty = status == 204 || status == 304;
    body.begin(empty      ? Framing::none
            : chunked_    ? Framing::chunked
            : has_length_ ? Framing::length
                          : Framing::until_close,
        length_);
    return Error::none;
  }

 private:
  enum class Name : std::uint8_t {
    unknown,
    content_length,
    transfer_encoding,
    connection,
    content_type,
    content_encoding,
    retry_after,
    retry_after_ms,
    x_should_retry,
    request_id
  };
  static constexpr char name_list[] =
      "content-length transfer-encoding connection content-type content-encoding retry-after retry-after-ms "
      "x-should-retry request-id";
  static constexpr detail::WordTable<name_list> names{};

  static constexpr std::size_t max_word = 20;  // "text/event-stream" has 17
  enum class Value : std::uint8_t { unknown, chunked, close, identity, yes, no, event_stream, json };
  static constexpr char value_list[] = "chunked close identity true false text/event-stream application/json";
  static constexpr detail::WordTable<value_list> values{};

  // In any case, and with blanks behind it.
  static constexpr Value value_of(string_view value) {
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    char word[max_word] = {};
    std::size_t size = 0;
    for (const char c : slice(value, 0, sizeof word)) word[size++] = to_lower(c);
    return static_cast<Value>(values.find({word, size}));
  }

  // The same length again is tolerated.
  Error take_length(string_view value) {
    std::uint32_t length = 0;
    if (!parse_decimal(value, length) || (has_length_ && length != length_)) return Error::bad_content_length;
    has_length_ = true;
    length_ = length;
    return Error::none;
  }

  // A fraction is rounded up, a longer delay is cut to `most`. What is not a number is nothing.
  static constexpr std::uint32_t parse_delay(string_view value, std::uint32_t most) {
    const std::size_t point = find(value, '.');
    std::uint32_t delay = 0;
    if (!parse_decimal(slice(value, 0, point), delay)) return 0;
    if (point != value.size()) ++delay;
    return delay < most ? delay : most;
  }

  bool chunked_ = false;
  bool has_length_ = false;
  bool exact_delay_ = false;  // retry-after-ms goes before retry-after
  std::uint8_t id_size_ = 0;
  std::uint32_t length_ = 0;
  char id_[PICOCLAUDE_MAX_REQUEST_ID] = {};
};

PICOCLAUDE_END
