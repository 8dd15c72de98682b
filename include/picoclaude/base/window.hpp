// The room of one render call, and where the next call goes on.
//
// A request is written by plain functions that name its pieces one after the other. A Window lets through what fits
// into its room; the next Window, started from cursor(), skips what was written before: finished pieces at one compare
// each, finished elements of lists at none. So the bytes of a request are a pure function of the request, whatever the
// sizes of the windows, and the work is linear.
#pragma once
#include "error.hpp"
#include "scan.hpp"
#include "text.hpp"

PICOCLAUDE_BEGIN

// Where rendering goes on. {} is the start. 32 bytes.
struct Cursor {
  // messages, content, tool result's content, search result's content; around them the requests of a batch
  static constexpr unsigned max_depth = 4 + PICOCLAUDE_ENABLE_BATCHES;

  std::uint32_t offset = 0;                 // source bytes of the piece at work that were written
  std::uint32_t item[max_depth] = {};       // the element at work of each open list
  std::uint16_t piece[max_depth + 1] = {};  // pieces finished, outside of lists and in the element of each open list
  std::uint8_t depth = 0;                   // open lists
  std::uint8_t pending = 0;                 // bytes of an escape that were written
};

// A source of bytes that are not in memory, for example a picture on a card. It states its size; read() answers how many
// bytes it gave, 0 on failure, and is asked for the same place again when the request is sent again.
struct Source {
  using Read = std::size_t(void* context, std::uint32_t offset, char* out, std::size_t size) PICOCLAUDE_NONBLOCKING;

  // Only for UploadFile and RawCall, and over a byte transport: read() answers 0 at the end, and `failed` on failure.
  static constexpr std::uint32_t unknown_size = 0xFFFFFFFF;
  static constexpr std::size_t failed = ~std::size_t{0};

  Read* read = nullptr;
  void* context = nullptr;
  std::uint32_t size = 0;

  // Exactly `count` bytes, or false.
  constexpr bool read_all(std::uint32_t offset, char* out, std::uint32_t count) const {
    while (count != 0) {
      const std::size_t got = read(context, offset, out, count);
      if (got == 0 || got > count) return false;
      offset += static_cast<std::uint32_t>(got);
      out += got;
      count -= static_cast<std::uint32_t>(got);
    }
    return true;
  }
};

namespace detail {
inline constexpr std::uint32_t decimal_units[] = {
    1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
}

class Window {
 public:
  // Measures: nothing is written, size() is told, text is checked.
  constexpr Window() : room_(0xFFFFFFFFu) {}
  constexpr Window(char* out, std::size_t room, const Cursor& from)
      : out_(out), room_(static_cast<std::uint32_t>(room)), at_(from) {
    resume_depth_ = from.depth;
    skip_ = from.piece[0];
    at_.depth = 0;
  }

  // Bytes written by this window.
  constexpr std::uint32_t size() const { return size_; }
  // Everything was written. Ask at the end of the render function.
  constexpr bool finished() const { return !full_; }
  constexpr const Cursor& cursor() const { return at_; }
  constexpr Error error() const { return error_; }
  constexpr bool measuring() const { return out_ == nullptr; }

#if PICOCLAUDE_ENABLE_CACHING
  unsigned marks = 0;  // what was seen of the cache's marks: theirs to use who write them
#endif

  constexpr void fail(Error error) {
    if (error_ == Error::none) error_ = error;
    full_ = true;
  }

  // ---- pieces -------------------------------------------------------------------------------------------------------

  // Bytes as they are. As two arguments: compilers for small machines write a view to the stack before they pass it.
  constexpr void raw(const char* bytes, std::size_t size) {
    if (!begin()) return;
    // What is shorter than it was in the last window, against the rules, has no rest.
    const std::size_t from = at_.offset < size ? at_.offset : size;
    end(copy(bytes + from, size - from));
  }
  PICOCLAUDE_INLINE constexpr void raw(string_view bytes) { raw(bytes.data(), bytes.size()); }
  constexpr void raw(Literal literal) { raw(literal.data(), literal.size()); }
  template <std::size_t N>
  PICOCLAUDE_INLINE constexpr void raw(const char (&literal)[N]) {
    raw(Literal(literal));
  }

  // Word `number`, counted from 0, of a list of words that each end with a NUL: "one\0two\0three".
  constexpr void word(const char* words, unsigned number) {
    std::size_t size = 0;
    while (words[size] != '\0' || number-- != 0) {
      if (words[size++] != '\0') continue;
      words += size;
      size = 0;
    }
    raw(words, size);
  }

  // A decimal number. Without division: small machines have none.
  constexpr void number(std::uint32_t value) {
    char digits[10] = {};
    unsigned size = 0;
    for (const std::uint32_t unit : detail::decimal_units) {
      char digit = '0';
      for (; value >= unit; value -= unit) ++digit;
      if (size != 0 || digit != '0' || unit == 1) digits[size++] = digit;
    }
    raw({digits, size});
  }

  // A value for an HTTP header: visible ASCII and blanks, nothing that could end the line.
  constexpr void header(string_view value) {
    if (measuring()) {
      for (const char c : value) {
        if (c < 0x20 || c > 0x7E) return fail(Error::bad_header);
      }
    }
    raw(value);
  }

  // The bytes of a source as they are.
  void bytes(const Source& source) {
#if PICOCLAUDE_ENDLESS
    if (source.size == Source::unknown_size) return endless(source);
#endif
    if (!begin()) return;
    if (measuring()) {
      if (source.size > room_) return fail(Error::request_too_long);
      count(source.size);
    } else {
      while (at_.offset != source.size && room_ != 0) {
        const std::uint32_t left = source.size - at_.offset;
        const std::size_t got = source.read(source.context, at_.offset, out_ + size_, left < room_ ? left : room_);
        if (got == 0 || got > left || got > room_) return fail(Error::request_changed);
        at_.offset += static_cast<std::uint32_t>(got);
        count(static_cast<std::uint32_t>(got));
      }
    }
    end(measuring() || at_.offset == source.size);
  }

#if PICOCLAUDE_ENDLESS
  // The size is not known before: what is measured has no end.
  constexpr bool is_endless() const { return endless_; }

 private:
  void endless(const Source& source) {
    endless_ = true;
    if (!begin()) return;
    std::size_t got = measuring() ? 0 : 1;
    while (got != 0 && room_ != 0) {
      got = source.read(source.context, at_.offset, out_ + size_, room_);
      if (got > room_) return fail(Error::request_changed);
      at_.offset += static_cast<std::uint32_t>(got);
      count(static_cast<std::uint32_t>(got));
    }
    end(got == 0);
  }

 public:
#endif

  // ---- lists --------------------------------------------------------------------------------------------------------

  // for (bool more = window.open(n); more; more = window.next(n)) render element window.item().
  constexpr bool open(std::size_t count) {
    if (full_) return false;
    if (skip_ != 0) {
      --skip_;
      return false;
    }
    if (at_.depth < resume_depth_) {
      ++at_.depth;
      skip_ = at_.piece[at_.depth];
      return true;
    }
    if (count == 0) {
      ++at_.piece[at_.depth];
      return false;
    }
    if (at_.depth == Cursor::max_depth) {
      fail(Error::bad_request);
      return false;
    }
    ++at_.depth;
    at_.item[at_.depth - 1] = 0;
    at_.piece[at_.depth] = 0;
    return true;
  }
  constexpr std::uint32_t item() const { return at_.item[at_.depth - 1]; }
  constexpr bool next(std::size_t count) {
    if (full_) return false;
    at_.piece[at_.depth] = 0;
    resume_depth_ = 0;
    if (++at_.item[at_.depth - 1] < count) return true;
    at_.item[at_.depth - 1] = 0;
    --at_.depth;
    ++at_.piece[at_.depth];
    return false;
  }

  // ---- for the writers of pieces: if (window.begin()) window.end(all of it was written) ------------------------------

  constexpr std::uint32_t offset() const { return at_.offset; }
  constexpr std::uint32_t room() const { return room_; }
  // An escape or a group of base64 was cut by the end of the last window.
  constexpr bool in_unit() const { return at_.pending != 0; }

  // Is anything of the next piece to be written now?
  constexpr bool begin() {
    if (full_) return false;
    if (skip_ != 0) {
      --skip_;
      return false;
    }
    if (room_ == 0) full_ = true;
    return !full_;
  }

  constexpr void end(bool whole) {
    if (error_ != Error::none) return;
    if (!whole) {
      full_ = true;
      return;
    }
    at_.offset = 0;
    ++at_.piece[at_.depth];
  }

  PICOCLAUDE_INLINE constexpr void count(std::uint32_t size) {
    room_ -= size;
    size_ += size;
    if (measuring() && room_ == 0) fail(Error::request_too_long);
  }

  // As many bytes of the piece as there is room for. True: all of them.
  constexpr bool copy(const char* bytes, std::size_t size) {
    const std::uint32_t some = size < room_ ? static_cast<std::uint32_t>(size) : room_;
    if (!measuring()) put(out_ + size_, {bytes, some});
    at_.offset += some;
    count(some);
    return some == size;
  }

  // Only measuring: a piece of so many groups of letters.
  constexpr bool count_groups(std::uint32_t groups) {
    if (groups > room_ / 4) return fail(Error::request_too_long), false;
    count(groups * 4);
    return true;
  }

  // Bytes that stand for `source_size` bytes of the piece were written to place().
  constexpr char* place() { return out_ + size_; }
  constexpr void wrote(std::uint32_t source_size, std::uint32_t size) {
    at_.offset += source_size;
    count(size);
  }

  // A few bytes that stand for `source_size` bytes of the piece. False: the room ended in their middle.
  constexpr bool unit(const char* bytes, unsigned size, unsigned source_size) {
    while (at_.pending != size) {
      if (room_ == 0) return false;
      if (!measuring()) out_[size_] = bytes[at_.pending];
      ++at_.pending;
      count(1);
    }
    at_.pending = 0;
    at_.offset += source_size;
    return true;
  }

 private:
  char* out_ = nullptr;
  std::uint32_t room_;
  std::uint32_t size_ = 0;
  Cursor at_;
  std::uint8_t resume_depth_ = 0;
  std::uint16_t skip_ = 0;
  bool full_ = false;
#if PICOCLAUDE_ENDLESS
  bool endless_ = false;
#endif
  Error error_ = Error::none;
};

PICOCLAUDE_END
