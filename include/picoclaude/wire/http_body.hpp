// Finds the bytes of an HTTP/1.1 body (RFC 9112, sections 6 and 7) between its framing.
//
//   chunked = *( size [ ";" extension ] CRLF data CRLF ) 1*"0" [ ";" extension ] CRLF *( trailer CRLF ) CRLF
//
// CRLF only. Sizes are hexadecimal digits and nothing else, below 4 GiB. Extensions and trailers are skipped, bounded.
#pragma once
#include "../base/error.hpp"
#include "../base/text.hpp"

PICOCLAUDE_BEGIN

class HttpBodyReader {
 public:
  // The values are those of the states that a body begins in.
  enum class Framing : std::uint8_t { none, length, until_close = 3, chunked };

  constexpr HttpBodyReader() = default;
  constexpr explicit HttpBodyReader(Framing framing, std::uint32_t length = 0) { begin(framing, length); }

  // `length` counts for Framing::length only.
  constexpr void begin(Framing framing, std::uint32_t length) {
    static_assert(static_cast<int>(State::until_close) == static_cast<int>(Framing::until_close) &&
            static_cast<int>(State::size_start) == static_cast<int>(Framing::chunked),
        "the enums differ");
    left_ = framing == Framing::length ? length : 0;
    state_ = framing == Framing::length && length == 0 ? State::end : static_cast<State>(framing);
  }

  // How many of the next `size` bytes are the body's own; they are told to took(). 0: step() the next byte.
  constexpr std::size_t data(std::size_t size) const {
    if (state_ >= State::until_close) return state_ == State::until_close ? size : 0;
    return size < left_ ? size : left_;
  }
  constexpr void took(std::size_t size) {
    if (state_ == State::until_close) return;
    left_ -= static_cast<std::uint32_t>(size);
    if (left_ == 0) state_ = state_ == State::length ? State::end : State::data_cr;
  }

#if PICOCLAUDE_SHORTCUTS
  // Steps over the end of a chunk and a plain size line at once, if both are there: faster, never different.
  const char* skip_size_line(const char* next, const char* end) {
    if (state_ != State::data_cr || end - next < 12 || next[0] != '\r' || next[1] != '\n') return next;
    const char* at = next + 2;
    std::uint32_t size = 0;
    for (int digit = hex_value(*at); digit >= 0; digit = hex_value(*at)) {
      size = size << 4 | static_cast<std::uint32_t>(digit);
      ++at;
      if (at - next > 8) return next;
    }
    if (size == 0 || at[0] != '\r' || at[1] != '\n') return next;
    left_ = size;
    state_ = State::chunk;
    return at + 2;
  }
#endif

  // One byte of framing. False: error().
  bool step(char c) PICOCLAUDE_NONBLOCKING {
    const bool good = line_++ < PICOCLAUDE_MAX_CHUNK_LINE && takes(c);
    if (!good) state_ = State::failed;
    return good;
  }

  // The body is complete by its own framing.
  constexpr bool complete() const { return state_ == State::end; }
  // The body is complete when the connection ends, if that end is authenticated.
  constexpr bool ends_with_connection() const { return state_ == State::until_close; }
  constexpr bool failed() const { return state_ == State::failed; }

 private:
  enum class State : std::uint8_t {
    end,  // left_ is 0 here
    length,
    chunk,
    until_close,
    size_start,
    size,
    extension,
    size_lf,
    data_cr,
    data_lf,
    trailer_start,
    trailer,
    trailer_lf,
    last_lf,
    failed
  };

  bool takes(char c) {
    switch (state_) {
      case State::size_start:
      case State::size: return takes_size(c);
      case State::extension: return takes_text(c, State::size_lf);
      case State::size_lf:
        line_ = 0;
        state_ = left_ == 0 ? State::trailer_start : State::chunk;
        return c == '\n';
      case State::data_cr: state_ = State::data_lf; return c == '\r';
      case State::data_lf:
        line_ = 0;
        state_ = State::size_start;
        return c == '\n';
      case State::trailer_start:
        state_ = c == '\r' ? State::last_lf : State::trailer;
        return (static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F) || c == '\r';
      case State::trailer: return takes_text(c, State::trailer_lf);
      case State::trailer_lf: state_ = State::trailer_start; return c == '\n';
      case State::last_lf: state_ = State::end; return c == '\n';
      default: return false;  // a byte behind the end
    }
  }

  // Anything but control bytes, up to the CR.
  bool takes_text(char c, State after) {
    if (c == '\r') state_ = after;
    return c == '\r' || c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  }

  bool takes_size(char c) {
    const int digit = hex_value(c);
    if (digit >= 0) {
      if (left_ > 0x0FFFFFFF) return false;
      left_ = left_ << 4 | static_cast<std::uint32_t>(digit);
      state_ = State::size;
      return true;
    }
    if (state_ == State::size_start) return false;
    state_ = c == '\r' ? State::size_lf : State::extension;
    return c == '\r' || c == ';' || c == ' ' || c == '\t';
  }

  State state_ = State::end;
  std::uint16_t line_ = 0;  // bytes of the framing at work
  std::uint32_t left_ = 0;  // bytes of data
};

PICOCLAUDE_END
