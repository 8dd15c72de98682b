// Reads JSON (RFC 8259) in pieces of any size, decodes strings in place, allocates nothing.
//
// step() is the grammar: one byte, at most one token. read() may only be faster. The reader never looks back, never
// recurses, and its size does not depend on the text. Bad UTF-8 and lone surrogates are refused: bad_utf8.
// CR and LF are left to the caller, who knows whether they end a line (SSE, JSON Lines) or are blanks: blank().
#pragma once
#include "../base/error.hpp"
#include "../base/scan.hpp"
#include "../base/text.hpp"

PICOCLAUDE_BEGIN

enum class Json : std::uint8_t {
  more,  // all bytes were read, nothing to tell yet
  begin_object,
  end_object,
  begin_array,
  end_array,
  key,           // text() is the member's name; empty when it is longer than any name of the API
  begin_string,  // a string value begins: choose collect() or deliver() now, else it is skipped
  text,          // a piece of a delivered string, decoded, cut at code points: text()
  end_string,    // text() is the whole string if it was collected; empty when it was too long for that
  number,        // integer() tells its value; the byte behind the number is not taken yet
  yes,
  no,
  null,
  line_end,  // a CR or LF comes next and is not taken
  failed,    // error() tells why; for good
};

template <unsigned MaxDepth>
class BasicJsonReader {
  static_assert(MaxDepth > 0 && MaxDepth < 256 && MaxDepth % 8 == 0, "8 levels are one byte");

 public:
  static constexpr unsigned max_name = 32;  // "model_context_window_exceeded" has 29

  // What becomes of the string value that begins.
  enum class Strings : std::uint8_t { skip, collect, deliver };

  constexpr void collect() { strings_ = Strings::collect; }
  constexpr void deliver() { strings_ = Strings::deliver; }

  // Reads up to the next token. Moves `next` behind what was taken. Decoded text overwrites the bytes it came from.
  // Lifetime of text(): until the next call, or until the bytes change.
  Json read(char*& next, char* end) PICOCLAUDE_NONBLOCKING {
    while (next != end) {
#if PICOCLAUDE_SHORTCUTS
      if (end - next > 1 && strings_ != Strings::deliver) {
        const Json token = read_quickly(next, end);
        if (token != Json::more) return token;
        if (next == end) break;
      }
#endif
      if (state_ == State::in_string) {
        const Json token = read_string(next, end);
        if (token != Json::more) return token;
        if (next == end) break;
      }
      const Json token = step(*next);
      if (token == Json::number || token == Json::line_end) return token;
      ++next;
      if (token != Json::more) return token;
    }
    return Json::more;
  }

  // One byte. `number` and `line_end` are told before that byte is taken: step() it again.
  Json step(char c) PICOCLAUDE_NONBLOCKING {
    if (state_ >= State::in_string) return step_string(c);
    if (state_ >= State::minus) return step_number(c);
    if (state_ == State::literal) return step_literal(c);
    if (state_ == State::failed) return Json::failed;
    if (c == ' ' || c == '\t') return Json::more;
    if (c == '\n' || c == '\r') return Json::line_end;
    return step_structure(c);
  }

  // The line break that was told is a blank: between tokens it is nothing, inside one it is an error.
  void blank() {
    if (state_ >= State::literal) fail(Error::bad_json);
  }

  // Behind a whole value: another one follows. Nothing else is left of the one before.
  constexpr void restart() { state_ = State::value; }

  // The text is at its end: was it one whole value?
  constexpr bool finished() const { return ended() || (depth_ == 0 && is_whole_number()); }
  // Was the end of one whole value read? Of a number it is the byte behind.
  constexpr bool ended() const { return state_ == State::done; }
  constexpr bool untouched() const { return state_ == State::value && depth_ == 0; }

  constexpr Error error() const { return error_; }
  constexpr unsigned depth() const { return depth_; }
  constexpr string_view text() const { return {text_, size_}; }
  // Inside a string, and between two of its code points.
  constexpr bool in_string() const { return state_ == State::in_string; }

  // The number's value; false when it is negative, fractional, written with an exponent or above 2^32-1.
  constexpr bool integer(std::uint32_t& value) const {
    if (!exact_) return false;
    value = number_;
    return true;
  }

  // The next byte is the first of a string that is delivered.
  constexpr void begin_text() {
    begin_string(false);
    deliver();
  }

  // The closing brace of two nested objects was seen by a faster path: the same as stepping `"`, `}`, `}` at depth 2.
  constexpr void close_text_and_two_objects() {
    state_ = State::done;
    strings_ = Strings::skip;
    depth_ = 0;
    nesting_[0] = 0;
  }
  // Inside a string value in an object in an object.
  constexpr bool in_text_of_two_objects() const {
    return state_ == State::in_string && !is_key_ && depth_ == 2 && nesting_[0] == 6;
  }

 private:
  // The order matters: what follows `literal` is inside a token, what follows `in_string` is inside a string.
  enum class State : std::uint8_t {
    value,        // a value must come
    first_value,  // a value or ]
    first_key,    // a key or }
    key,          // a key must come
    colon,
    after,  // a comma or the end of what is open
    done,
    failed,
    literal,  // true, false, null
    minus,
    zero,
    integer,
    dot,
    fraction,
    exponent,
    exponent_sign,
    exponent_digits,
    in_string,
    code_point,  // inside a multi-byte code point
    escape,      // behind a backslash
    hex,         // behind \u, unit_size_ digits seen
    pair,        // behind the first half of a surrogate pair: a backslash must come
    pair_u,      // its u must come
  };

  constexpr Json fail(Error error) {
    state_ = State::failed;
    error_ = error;
    return Json::failed;
  }

  constexpr bool in_object() const { return (nesting_[depth_ / 8] >> (depth_ % 8) & 1) != 0; }

  constexpr bool is_whole_number() const {
    return state_ == State::zero || state_ == State::integer || state_ == State::fraction ||
        state_ == State::exponent_digits;
  }

  constexpr void after_value() { state_ = depth_ == 0 ? State::done : State::after; }

  constexpr Json open(bool object) {
    if (depth_ == MaxDepth) return fail(Error::json_too_deep);
    ++depth_;
    if (object) nesting_[depth_ / 8] = static_cast<std::uint8_t>(nesting_[depth_ / 8] | 1u << (depth_ % 8));
    state_ = object ? State::first_key : State::first_value;
    return object ? Json::begin_object : Json::begin_array;
  }

  constexpr Json close(Json token) {
    nesting_[depth_ / 8] = static_cast<std::uint8_t>(nesting_[depth_ / 8] & ~(1u << (depth_ % 8)));
    --depth_;
    after_value();
    return token;
  }

  constexpr void begin_string(bool is_key) {
    state_ = State::in_string;
    is_key_ = is_key;
    strings_ = is_key ? Strings::collect : Strings::skip;
    size_ = 0;
    collected_ = 0;
  }

  Json step_structure(char c) {
    switch (state_) {
      case State::after:
        if (c == ',') {
          state_ = in_object() ? State::key : State::value;
          return Json::more;
        }
        if (c == '}' && in_object()) return close(Json::end_object);
        if (c == ']' && !in_object()) return close(Json::end_array);
        break;
      case State::colon:
        if (c != ':') break;
        state_ = State::value;
        return Json::more;
      case State::first_key:
        if (c == '}') return close(Json::end_object);
        [[fallthrough]];
      case State::key:
        if (c != '"') break;
        begin_string(true);
        return Json::more;
      case State::first_value:
        if (c == ']') return close(Json::end_array);
        [[fallthrough]];
      case State::value: return step_value(c);
      default: break;
    }
    return fail(Error::bad_json);
  }

  Json step_value(char c) {
    switch (c) {
      case '"': begin_string(false); return Json::begin_string;
      case '{': return open(true);
      case '[': return open(false);
      case 't': return begin_literal(0);
      case 'f': return begin_literal(5);
      case 'n': return begin_literal(11);
      default: break;
    }
    if (c != '-' && !is_digit(c)) return fail(Error::bad_json);
    exact_ = c != '-';
    number_ = exact_ ? static_cast<std::uint32_t>(c - '0') : 0;
    state_ = c == '-' ? State::minus : c == '0' ? State::zero : State::integer;
    return Json::more;
  }

  Json begin_literal(std::uint8_t at) {
    state_ = State::literal;
    literal_ = static_cast<std::uint8_t>(at + 1);
    return Json::more;
  }

  Json step_literal(char c) {
    constexpr const char* words = "true\0false\0null";
    if (c != words[literal_]) return fail(Error::bad_json);
    if (words[++literal_] != '\0') return Json::more;
    const Json token = literal_ == 4 ? Json::yes : literal_ == 10 ? Json::no : Json::null;
    literal_ = 0;
    after_value();
    return token;
  }

  PICOCLAUDE_INLINE Json step_number(char c) {
    if (is_digit(c)) return step_digit(c);
    if (c == '.' && (state_ == State::zero || state_ == State::integer)) {
      exact_ = false;
      state_ = State::dot;
      return Json::more;
    }
    if ((c == 'e' || c == 'E') && is_whole_number() && state_ != State::exponent_digits) {
      exact_ = false;
      state_ = State::exponent;
      return Json::more;
    }
    if ((c == '+' || c == '-') && state_ == State::exponent) {
      state_ = State::exponent_sign;
      return Json::more;
    }
    if (!is_whole_number()) return fail(Error::bad_json);
    after_value();
    return Json::number;
  }

  Json step_digit(char c) {
    if (state_ == State::zero) return fail(Error::bad_json);
    if (state_ == State::minus) {
      state_ = c == '0' ? State::zero : State::integer;
    } else if (state_ == State::integer) {
      add_digit(static_cast<std::uint32_t>(c - '0'));
    } else {
      state_ = state_ <= State::fraction ? State::fraction : State::exponent_digits;
    }
    return Json::more;
  }

  void add_digit(std::uint32_t digit) {
    const std::uint32_t sum = number_ * 10 + digit;
    if (number_ > 429496729u || sum < digit) exact_ = false;
    number_ = sum;
  }

  Json step_string(char c) {
    if (state_ == State::in_string) {
      if (c == '"') return end_string();
      if (c == '\n' || c == '\r') return Json::line_end;
    }
    const unsigned size = decode(c);
    if (state_ == State::failed) return Json::failed;
    return size == 0 ? Json::more : give(unit_, size);
  }

  Json end_string() {
    text_ = name_;
    size_ = strings_ == Strings::collect && collected_ <= max_name ? collected_ : 0;
    strings_ = Strings::skip;
    if (is_key_) {
      is_key_ = false;
      state_ = State::colon;
      return Json::key;
    }
    after_value();
    return Json::end_string;
  }

  // Decoded bytes of a string go where the string goes.
  Json give(const char* bytes, std::size_t size) {
    if (strings_ == Strings::deliver) {
      text_ = bytes;
      size_ = size;
      return Json::text;
    }
    if (strings_ == Strings::collect) {
      for (std::size_t i = 0; i < size && collected_ <= max_name; ++i) {
        if (collected_ < max_name) name_[collected_] = bytes[i];
        ++collected_;
      }
    }
    return Json::more;
  }

  // One byte inside a string, other than its end: how many decoded bytes stand in unit_ now.
  unsigned decode(char c) {
    switch (state_) {
      case State::in_string:
        unit_[0] = c;
        if (detail::is_plain(c)) return 1;
        if (c == '\\') {
          state_ = State::escape;
          return 0;
        }
        if (utf8_size(c) < 2)
          return fail_string(static_cast<unsigned char>(c) < 0x20 ? Error::bad_json : Error::bad_utf8);
        unit_size_ = 1;
        state_ = State::code_point;
        return 0;
      case State::code_point:
        if (!utf8_continues(unit_[0], unit_size_, c)) return fail_string(Error::bad_utf8);
        unit_[unit_size_++] = c;
        return unit_size_ == utf8_size(unit_[0]) ? end_unit(unit_size_) : 0;
      case State::escape: return decode_escape(c);
      case State::hex: return decode_hex(c);
      case State::pair:
        if (c != '\\') return fail_string(Error::bad_utf8);
        state_ = State::pair_u;
        return 0;
      default:  // pair_u
        if (c != 'u') return fail_string(Error::bad_utf8);
        state_ = State::hex;
        return 0;
    }
  }

  unsigned fail_string(Error error) {
    fail(error);
    return 0;
  }

  unsigned end_unit(unsigned size) {
    unit_size_ = 0;
    code_ = 0;
    high_ = 0;
    state_ = State::in_string;
    return size;
  }

  unsigned decode_escape(char c) {
    if (c == 'u') {
      state_ = State::hex;
      return 0;
    }
    const std::size_t at = find("\"\\/bfnrt", c);
    if (at == 8) return fail_string(Error::bad_json);
    unit_[0] = "\"\\/\b\f\n\r\t"[at];
    return end_unit(1);
  }

  unsigned decode_hex(char c) {
    const int digit = hex_value(c);
    if (digit < 0) return fail_string(Error::bad_json);
    code_ = static_cast<std::uint16_t>(code_ << 4 | digit);
    if (++unit_size_ < 4) return 0;
    const unsigned half = code_ & 0xFC00u;
    if ((high_ != 0) != (half == 0xDC00)) return fail_string(Error::bad_utf8);
    if (half == 0xD800) {
      high_ = code_;
      code_ = 0;
      unit_size_ = 0;
      state_ = State::pair;
      return 0;
    }
    std::uint32_t code = code_;
    if (high_ != 0) code = 0x10000u + ((high_ & 0x3FFu) << 10 | (code & 0x3FFu));
    return end_unit(utf8_write(unit_, code));
  }

#if PICOCLAUDE_SHORTCUTS
  // What stands between two strings, and whole names and words where they are: faster, never different.
  Json read_quickly(char*& next, char* end) {
    if (state_ == State::in_string) return collected_ == 0 ? read_whole_string(next, end) : Json::more;
    for (; next != end && state_ < State::failed; ++next) {
      const char c = *next;
      if (c == ' ') continue;
      if (state_ == State::colon && c == ':') {
        state_ = State::value;
      } else if (state_ == State::after && c == ',') {
        state_ = in_object() ? State::key : State::value;
      } else if (c == '"' && (state_ == State::key || state_ == State::first_key)) {
        begin_string(true);
        return read_whole_string(++next, end);
      } else {
        break;
      }
    }
    return Json::more;
  }

  // A plain string that is not delivered, if all of it is here: it stays where it is.
  Json read_whole_string(char*& next, char* end) {
    const char* const quote = detail::skip_plain(next, end);
    const auto size = static_cast<std::size_t>(quote - next);
    const bool collects = strings_ == Strings::collect;
    if (quote == end || *quote != '"' || (collects && size > max_name)) return Json::more;
    const Json token = end_string();
    if (collects) {
      text_ = next;
      size_ = size;
    }
    next += size + 1;
    return token;
  }
#endif

  // Whole runs of a string at once. Decoded text is never longer than its source, so it is written over it.
  Json read_string(char*& next, char* end) {
    char* const begin = next;
    char* out = next;
    while (next != end) {
      char* const stop = next + (detail::skip_plain(next, end) - next);
      if (out == next) {
        out = stop;
      } else if (stop != next) {
        std::memmove(out, next, static_cast<std::size_t>(stop - next));
        out += stop - next;
      }
      next = stop;
      if (next == end || *next == '"' || static_cast<unsigned char>(*next) < 0x20) break;
#if PICOCLAUDE_RAW_BLOCKS || PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_CITATIONS
      // What is not delivered stays as it is: it may be wanted as it came.
      if (*next == '\\' && strings_ != Strings::deliver) break;
#endif
      unsigned size = 0;
      do {
        size = decode(*next++);
      } while (size == 0 && next != end && state_ != State::failed);
      if (size == 0) break;
      for (unsigned i = 0; i < size; ++i) out[i] = unit_[i];
      out += size;
    }
    if (state_ == State::failed) --next;  // so that it is told, behind the text before it
    if (out == begin) return Json::more;
    return give(begin, static_cast<std::size_t>(out - begin));
  }

  State state_ = State::value;
  std::uint8_t depth_ = 0;
  bool is_key_ = false;
  Strings strings_ = Strings::skip;
  std::uint8_t literal_ = 0;
  std::uint8_t unit_size_ = 0;  // bytes of a code point, or digits of an escape, seen so far
  std::uint8_t collected_ = 0;  // bytes in name_; max_name + 1: too long
  bool exact_ = false;
  Error error_ = Error::none;
  char unit_[4] = {};                            // the code point at work
  std::uint16_t code_ = 0;                       // the escape at work
  std::uint16_t high_ = 0;                       // the first half of a surrogate pair
  std::uint8_t nesting_[MaxDepth / 8 + 1] = {};  // one bit a level, from the second on: 1 is an object
  std::uint32_t number_ = 0;
  const char* text_ = nullptr;
  std::size_t size_ = 0;
  char name_[max_name] = {};
};

using JsonReader = BasicJsonReader<PICOCLAUDE_MAX_JSON_DEPTH>;

PICOCLAUDE_END
