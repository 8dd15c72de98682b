// The lines of an event stream (WHATWG HTML, section 9.2.6; API.md, section 6.1).
//
//   event = *( field / comment ) end-of-line        field = name [ ":" [ " " ] value ] end-of-line
//
// CR, LF and CRLF end a line. A leading byte order mark is skipped. Only `event` and `data` are told; comments, `id`,
// `retry` and unknown fields are skipped in no memory. What a data value holds is not this file's business.
#pragma once
#include "../base/view.hpp"

PICOCLAUDE_BEGIN

enum class Sse : std::uint8_t {
  nothing,     // the byte was framing, or part of what is skipped
  begin_data,  // a data line begins; the second one of an event stands for a LF
  begin_name,  // the value of an `event` line begins
  value,       // the byte belongs to the value that began last
  dispatch,    // a blank line: the event is complete
};

class SseReader {
 public:
  // The next byte is the first of a line, and the line before was complete.
  constexpr bool at_line_start() const { return state_ == State::line_start && !after_cr_; }
  // The next byte belongs to a data value, unless it is CR or LF.
  constexpr bool in_data() const { return state_ == State::value && field_ == Field::data; }

  Sse step(char c) {
    if (after_cr_) {
      after_cr_ = false;
      if (c == '\n') return Sse::nothing;
    }
    if (state_ < State::line_start && step_mark(c)) return Sse::nothing;
    if (c == '\n' || c == '\r') return end_line(c);
    switch (state_) {
      case State::line_start:
        place_ = c == names[0] ? 1 : c == names[event_name] ? event_name + 1 : 0;
        state_ = c == ':' ? State::value : State::name;  // a comment has no name
        return Sse::nothing;
      case State::name: return step_name(c);
      case State::after_colon: state_ = State::value; return c == ' ' ? Sse::nothing : Sse::value;
      default: return field_ == Field::other ? Sse::nothing : Sse::value;
    }
  }

  // A faster path has seen the name of a data line and its blank.
  constexpr void begin_data() {
    state_ = State::value;
    field_ = Field::data;
  }
  // A faster path has seen whole lines up to the end of an event.
  constexpr void end_event() {
    state_ = State::line_start;
    field_ = Field::other;
    place_ = 0;
  }

 private:
  enum class State : std::uint8_t { mark, mark_2, mark_3, line_start, name, after_colon, value };
  enum class Field : std::uint8_t { other, data, event };

  // EF BB BF at the very beginning. Anything else there is the first line.
  bool step_mark(char c) {
    constexpr unsigned char mark[3] = {0xEF, 0xBB, 0xBF};
    const auto at = static_cast<unsigned>(state_);
    if (static_cast<unsigned char>(c) == mark[at]) {
      state_ = static_cast<State>(at + 1);
      return true;
    }
    // A cut mark is the start of an unknown field's name.
    state_ = at == 0 ? State::line_start : State::name;
    return false;
  }

  Sse step_name(char c) {
    if (place_ != 0 && c == names[place_]) {
      ++place_;
      if (c == ':') return begin_value();
      return Sse::nothing;
    }
    place_ = 0;
    if (c == ':') state_ = State::value;
    return Sse::nothing;
  }

  Sse begin_value() {
    state_ = State::after_colon;
    field_ = place_ <= event_name ? Field::data : Field::event;
    place_ = 0;
    return field_ == Field::data ? Sse::begin_data : Sse::begin_name;
  }

  Sse end_line(char c) {
    after_cr_ = c == '\r';
    const bool blank = state_ == State::line_start;
    // A line that is only a name has an empty value.
    const bool whole_name = place_ != 0 && names[place_] == ':';
    const bool data = place_ < event_name;
    end_event();
    if (blank) return Sse::dispatch;
    if (!whole_name) return Sse::nothing;
    return data ? Sse::begin_data : Sse::begin_name;
  }

  static constexpr const char* names = "data:event:";
  static constexpr std::uint8_t event_name = 5;

  State state_ = State::mark;
  Field field_ = Field::other;
  std::uint8_t place_ = 0;  // in names: what the name at work must go on with; 0: it is another
  bool after_cr_ = false;
};

PICOCLAUDE_END
