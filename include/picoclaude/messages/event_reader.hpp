// From the bytes of an event stream to events (API.md, section 6).
//
// An event counts at its blank line; its text leaves before. The reader never waits for a line's end, and never tells
// that an answer is complete without its message_stop.
#pragma once
#include "../wire/sse.hpp"
#include "event_shortcut.hpp"
#include "event_token.hpp"
#if PICOCLAUDE_ENABLE_PREFIX
#include "event_prefix.hpp"
#endif

PICOCLAUDE_BEGIN

class EventReader {
 public:
  // An event stream, or the JSON body of an error, or of a message that was not streamed.
  enum class Body : std::uint8_t { events, error, message };

  // Bytes in front of those to be read that must be free: text that is held may need them.
  static constexpr std::size_t margin = 4;

  constexpr EventReader() = default;
  constexpr explicit EventReader(Body body) : body_(body) {}

  // Before the first byte: they are the JSON of an error.
  constexpr void expect_error() { body_ = Body::error; }

#if PICOCLAUDE_MESSAGES
  // Before the first byte: they are the JSON of a message.
  constexpr void expect_message() {
    body_ = Body::message;
    members_.expect_message();
  }
  constexpr bool expects_message() const { return body_ == Body::message; }
#if PICOCLAUDE_ENABLE_BATCHES
  // As advance(), for a message that stands on one line among other things. All of it was read when message_read().
  bool advance_message(char*& next, char* end) PICOCLAUDE_NONBLOCKING {
    members_.clear_event();
    while (next != end && members_.error() == Error::none && !message_read()) {
      if (members_.read(next, end)) members_.refuse(Error::bad_json);
      if (members_.event()) return true;
    }
    return false;
  }
  constexpr bool message_read() const { return members_.message_read(); }
#endif
  // They were the last ones. True: the message was whole, and the event `end` is the event() now. Else: error().
  bool end_message() { return members_.end_message(); }
#endif

  // Reads up to the next event, and moves `next` behind what was taken. No event and no error(): all bytes were taken.
  // Decoded text overwrites its source.
  Event read(char*& next, char* end) PICOCLAUDE_NONBLOCKING { return advance(next, end) ? event() : Event{}; }

  // The same. True: there is an event().
  bool advance(char*& next, char* end) PICOCLAUDE_NONBLOCKING {
    members_.clear_event();
    while (next != end && members_.error() == Error::none && !members_.complete()) {
#if PICOCLAUDE_ENABLE_PREFIX
      if (body_ == Body::events) {
        read_quickly(next, end);
      } else {
        read_some(next, end);
      }
#else
      read_some(next, end);
#endif
      if (members_.event()) return true;
    }
    return false;
  }
  constexpr const Event& event() const { return members_.event(); }

  // The blank line that ends message_stop was read.
  constexpr bool complete() const { return members_.complete(); }
  // Why reading stopped: the bytes are wrong, or the service sent an error event.
  constexpr Error error() const { return members_.error(); }
  // What an error body says of itself, none when it said nothing that could be read.
  constexpr Error service_error() const { return members_.service_error(); }

  constexpr const Usage& usage() const { return members_.usage(); }
  constexpr StopReason stop_reason() const { return members_.stop_reason(); }
  constexpr Refusal refusal() const { return members_.refusal(); }
  constexpr std::uint16_t block_count() const { return members_.block_count(); }
#if PICOCLAUDE_CITATIONS
  constexpr const Citation& citation() const { return members_.citation(); }
#else
  static constexpr Citation citation() { return {}; }
#endif
#if PICOCLAUDE_ENABLE_THINKING
  constexpr bool only_thought() const { return members_.only_thought(); }
#else
  static constexpr bool only_thought() { return false; }
#endif
#if PICOCLAUDE_ENABLE_CACHING
  constexpr const detail::CacheReport& cache_report() const { return members_.cache_report(); }
#else
  static constexpr detail::CacheReport cache_report() { return {}; }
#endif

  // Text whose block is not known yet. Before the caller reuses its bytes it moves it and tells where it is.
  constexpr Room held() const { return members_.held(); }
  constexpr void held_moved(char* to) { members_.held_moved(to); }

 private:
  // JSON up to an event or a line's end, or one byte of a line.
  void read_some(char*& next, char* end) {
    if (body_ == Body::events && !sse_.in_data()) return read_line(next, end);
    while (!read_token(next, end)) {
      if (next == end || members_.event() || members_.error() != Error::none) return;
    }
  }

  // True: a line ended.
  bool read_token(char*& next, char* end) {
    if (!members_.read(next, end)) return false;
    if (body_ == Body::events) {
      sse_.step(*next);
    } else {
      members_.blank();
    }
    ++next;
    return true;
  }

  void read_line(char*& next, char* end) {
#if PICOCLAUDE_SHORTCUTS
    if (end - next > 6 && sse_.at_line_start()) {
#if !PICOCLAUDE_ENABLE_PREFIX
      if (take_delta(next, end)) return;
#endif
      if (skip_line(next, end)) return;
    }
#else
    static_cast<void>(end);
#endif
    switch (sse_.step(*next)) {
      case Sse::begin_data: members_.begin_data(); break;
      case Sse::begin_name: members_.begin_name(); break;
      case Sse::value:
        if (sse_.in_data()) return;  // not taken: it belongs to the JSON
        members_.add_to_name(*next);
        break;
      case Sse::dispatch: end_event(); break;
      default: break;
    }
    ++next;
  }

#if PICOCLAUDE_WIDE
  // A whole delta, where a machine looks at many bytes at once: faster, never different.
  bool take_delta(char*& next, const char* end) {
    detail::WholeDelta delta;
    if (!members_.untouched() || !delta.read(next, end) || !members_.take_whole(delta)) return false;
    next = delta.behind();
    return true;
  }
#else
  static constexpr bool take_delta(char*&, const char*) { return false; }
#endif

#if PICOCLAUDE_SHORTCUTS
  // The start of a data line, or a whole `event` line, if they are here: faster, never different.
  bool skip_line(char*& next, const char* end) {
    const string_view bytes{next, static_cast<std::size_t>(end - next)};
    if (starts_with(bytes, "data: ")) {
      sse_.begin_data();
      members_.begin_data();
      next += 6;
      return true;
    }
    if (!starts_with(bytes, "event: ")) return false;
    const char* const name = next + 7;
    const char* const line = detail::skip_plain(name, end);
    if (line == end || *line != '\n') return false;
    members_.begin_name();
    for (const char* at = name; at != line; ++at) members_.add_to_name(*at);
    next += line + 1 - next;
    return true;
  }
#endif

#if !PICOCLAUDE_ENABLE_PREFIX
  void end_event() { members_.end(); }
#else
  // ---- faster where an event is like the one before -----------------------------------------------------------------

  struct Position {
    SseReader sse;
    bool plain = false;  // the payload and the rest of the delta may be taken at once
    detail::EventMembers::Position members;
  };

  void end_event() {
    if (!members_.end()) prefix_.forget();
  }

  bool at_event() const { return sse_.at_line_start() && members_.untouched(); }

  void read_quickly(char*& next, char* end) {
    if (prefix_.comparing()) return compare_prefix(next, end);
    if (prefix_.recording()) return record_prefix(next, end);
    if (*next != '"' || !take_tail(next, end)) read_some(next, end);
    if (at_event()) prefix_.begin_event();
  }

  void compare_prefix(char*& next, char* end) {
    const Position& position = prefix_.state();
    const bool whole = prefix_.untouched();
    if (whole && !position.plain && take_delta(next, end)) return;
    char* begin = next;
    if (prefix_.compare(next, end)) {
      if (position.plain && take_rest(next, end)) return;
      sse_ = position.sse;
      members_.restore(position.members);
    } else if (!prefix_.comparing()) {
      if (whole && take_delta(begin, end)) {
        next = begin;
        return prefix_.begin_event();
      }
      const Room bytes = prefix_.compared();
      for (char* at = bytes.data; at != bytes.data + bytes.size;) read_some(at, bytes.data + bytes.size);
    }
  }

  void record_prefix(char*& next, char* end) {
    prefix_.record(next, end);
    const char* const begin = next;
    if (sse_.in_data()) {
      read_token(next, end);
    } else {
      read_line(next, end);
    }
    prefix_.recorded(static_cast<std::size_t>(next - begin));
    if (prefix_.recording() && members_.at_payload()) {
      Position& position = prefix_.remember();
      position.sse = sse_;
      members_.save(position.members);
      position.plain = detail::EventMembers::is_plain(position.members);
    } else if (at_event()) {
      prefix_.begin_event();
    }
  }

  // Text and the whole rest of its delta, if all of it is there: nothing is left to be remembered but the text.
  bool take_rest(char*& next, char* end) {
    const char* const quote = detail::skip_plain(next, end);
    if (quote != end && *quote != '"' && prefix_.state().members.is_told()) {
      decode_rest(next, end);
      return true;
    }
    const char* const behind = find_end(quote, end);
    if (behind == nullptr) return false;
    members_.give_plain(prefix_.state().members, {next, static_cast<std::size_t>(quote - next)});
    next += behind - next;
    prefix_.begin_event();
    return true;
  }

  // The same where something is to be decoded. What is not all there is left to the ordinary reader.
  void decode_rest(char*& next, char* end) {
    const Position& position = prefix_.state();
    JsonReader json = position.members.json;
    const Json token = json.read(next, end);
    const char* const behind = token == Json::text && json.in_string() ? find_end(next, end) : nullptr;
    if (behind != nullptr) {
      members_.give_plain(position.members, json.text());
      next += behind - next;
      prefix_.begin_event();
    } else {
      sse_ = position.sse;
      members_.restore(position.members);
      members_.go_on(json, token, next);
    }
  }

  // The rest of a delta behind its text.
  bool take_tail(char*& next, const char* end) {
    if (!sse_.in_data() || !members_.in_plain_payload()) return false;
    const char* const behind = find_end(next, end);
    if (behind == nullptr) return false;
    members_.close_plain_payload();
    sse_.end_event();
    next += behind - next;
    end_event();
    return true;
  }

  // Quote, brace, padding, brace, blank line: what stands behind them, or null.
  static const char* find_end(const char* at, const char* end) {
    if (end - at < 5 || at[0] != '"' || at[1] != '}') return nullptr;
    at += 2;
    while (at != end && *at == ' ') ++at;
    return end - at >= 3 && at[0] == '}' && at[1] == '\n' && at[2] == '\n' ? at + 3 : nullptr;
  }
#endif

  Body body_ = Body::events;
  SseReader sse_;
  detail::EventMembers members_;
#if PICOCLAUDE_ENABLE_PREFIX
  detail::EventPrefix<Position> prefix_;
#endif
};

PICOCLAUDE_END
