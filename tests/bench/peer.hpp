// What a program without picoclaude builds around a JSON parser: http_parser for HTTP/1.1, lines of an event stream, and
// the walk through a delta's members.
#pragma once
#include <http_parser.h>

#include "contest.hpp"

namespace bench {

// ---- the delta --------------------------------------------------------------------------------------------------------

// 0: a member that is no payload.
inline unsigned payload_kind(std::string_view member) {
  if (member == "text") return text;
  if (member == "thinking") return thinking;
  if (member == "partial_json") return tool_input;
  if (member == "signature") return signature;
  return 0;
}

// Follows a parser's calls through one event's JSON, and gives the payload to the sink. Payload before `index` is kept.
class Delta {
 public:
  void begin(Sink& sink) {
    sink_ = &sink;
    depth_ = 0;
    in_delta_ = false;
    is_index_ = false;
    kind_ = 0;
    index_ = none;
    early_.clear();
  }

  void open() {
    ++depth_;
    if (depth_ == 2) in_delta_ = is_delta_;
    is_delta_ = is_index_ = false;
    kind_ = 0;
  }
  void close() {
    if (--depth_ == 1) in_delta_ = false;
  }
  void key(const char* name, std::size_t size) {
    const std::string_view member(name, size);
    is_index_ = depth_ == 1 && member == "index";
    is_delta_ = depth_ == 1 && member == "delta";
    kind_ = depth_ == 2 && in_delta_ ? payload_kind(member) : 0;
  }
  bool wants_string() const { return kind_ != 0; }
  void string(const char* bytes, std::size_t size) {
    if (kind_ == 0 || size == 0) return;
    if (index_ != none) return sink_->take(static_cast<Kind>(kind_), index_, bytes, size);
    early_kind_ = static_cast<Kind>(kind_);
    early_.append(bytes, size);
  }
  void integer(long long value) {
    if (!is_index_) return;
    index_ = static_cast<unsigned>(value);
    if (early_.empty()) return;
    sink_->take(early_kind_, index_, early_.data(), early_.size());
    early_.clear();
  }

 private:
  static constexpr unsigned none = ~0u;

  Sink* sink_ = nullptr;
  int depth_ = 0;
  bool in_delta_ = false;
  bool is_delta_ = false;
  bool is_index_ = false;
  unsigned kind_ = 0;
  unsigned index_ = none;
  Kind early_kind_ = text;
  std::string early_;
};

// ---- the event stream (WHATWG HTML, section 9.2.6) ----------------------------------------------------------------------

enum class EventType : unsigned char { other, stop, error };

inline EventType event_type(std::string_view name) {
  if (name == "message_stop") return EventType::stop;
  return name == "error" ? EventType::error : EventType::other;
}

// For parsers that need an event in one piece: Json::event(bytes, size, sink). An event that lies in one read is not
// copied.
template <class Json>
class WholeEvents : public Json {
 public:
  bool stopped() const { return stopped_; }
  void begin() {
    stopped_ = false;
    first_ = true;
  }

  void body(char* bytes, std::size_t size, Sink& sink) {
    char* const end = bytes + size;
    while (bytes != end) {
      if (after_cr_ && *bytes == '\n') ++bytes;
      after_cr_ = false;
      if (bytes == end) break;
      char* const stop = line_end(bytes, end);
      if (stop == end) {
        keep(bytes, static_cast<std::size_t>(end - bytes));
        break;
      }
      const auto length = static_cast<std::size_t>(stop - bytes);
      if (kept_ == 0) {
        line(bytes, length, sink);
      } else {
        keep(bytes, length);
        const std::size_t kept = kept_;
        kept_ = 0;
        line(line_, kept, sink);
        if (data_ >= line_ && data_ < line_ + sizeof line_) own_data();
      }
      after_cr_ = *stop == '\r';
      bytes = stop + 1;
    }
    own_data();
  }

 private:
  static constexpr std::size_t room = 8192;

  static char* line_end(char* bytes, char* end) {
    if (end - bytes < 16) {  // not worth two calls
      while (bytes != end && *bytes != '\n' && *bytes != '\r') ++bytes;
      return bytes;
    }
    auto* stop = static_cast<char*>(std::memchr(bytes, '\n', static_cast<std::size_t>(end - bytes)));
    if (stop == nullptr) stop = end;
    auto* const cr = static_cast<char*>(std::memchr(bytes, '\r', static_cast<std::size_t>(stop - bytes)));
    return cr == nullptr ? stop : cr;
  }

  void keep(const char* bytes, std::size_t size) {
    if (size > room - kept_) size = room - kept_;
    if (size == 1) {
      line_[kept_] = *bytes;
    } else {
      std::memcpy(line_ + kept_, bytes, size);
    }
    kept_ += size;
  }

  // The read's buffer is about to be used again.
  void own_data() {
    if (data_ == nullptr || data_ == own_) return;
    if (size_ > room) size_ = room;
    std::memcpy(own_, data_, size_);
    data_ = own_;
  }

  void line(char* bytes, std::size_t size, Sink& sink) {
    if (first_ && size >= 3 && std::memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
      bytes += 3;
      size -= 3;
    }
    first_ = false;
    if (size == 0) return dispatch(sink);
    if (size >= 5 && std::memcmp(bytes, "data:", 5) == 0) {
      const std::size_t skip = size > 5 && bytes[5] == ' ' ? 6 : 5;
      add_data(bytes + skip, size - skip);
    } else if (size >= 6 && std::memcmp(bytes, "event:", 6) == 0) {
      const std::size_t skip = size > 6 && bytes[6] == ' ' ? 7 : 6;
      type_ = event_type({bytes + skip, size - skip});
    }
  }

  void add_data(char* bytes, std::size_t size) {
    if (data_ == nullptr) {
      data_ = bytes;
      size_ = size;
      return;
    }
    own_data();
    if (size >= room - size_) size = room - size_ - 1;
    own_[size_++] = '\n';
    std::memcpy(own_ + size_, bytes, size);
    size_ += size;
  }

  void dispatch(Sink& sink) {
    if (data_ != nullptr) Json::event(data_, size_, sink);
    if (type_ == EventType::stop) stopped_ = true;
    data_ = nullptr;
    type_ = EventType::other;
  }

  EventType type_ = EventType::other;
  bool stopped_ = false;
  bool after_cr_ = false;
  bool first_ = true;
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t kept_ = 0;
  char line_[room + padding];
  char own_[room + padding];
};

// For parsers that take pieces: Json::begin(sink), piece(bytes, size), end().
template <class Json>
class PiecesOfEvents : public Json {
 public:
  bool stopped() const { return stopped_; }
  void begin() {
    stopped_ = false;
    mark_ = 0;
  }

  void body(char* bytes, std::size_t size, Sink& sink) {
    char* const end = bytes + size;
    while (bytes != end) {
      if (state_ != State::data) {
        step(*bytes++, sink);
        continue;
      }
      char* stop = bytes;
      while (stop != end && *stop != '\n' && *stop != '\r') ++stop;
      if (stop != bytes) Json::piece(bytes, static_cast<std::size_t>(stop - bytes));
      bytes = stop;
      if (bytes != end) step(*bytes++, sink);
    }
  }

 private:
  enum class State : unsigned char { line, name, blank, data, event, skip };

  void step(char c, Sink& sink) {
    if (after_cr_ && c == '\n') {
      after_cr_ = false;
      return;
    }
    after_cr_ = c == '\r';
    if (mark_ < 3 && c == "\xEF\xBB\xBF"[mark_]) {
      ++mark_;
      return;
    }
    mark_ = 3;
    if (c == '\n' || c == '\r') return end_line();
    switch (state_) {
      case State::line: state_ = State::name; [[fallthrough]];
      case State::name:
        if (c != ':') return keep(c);
        is_data_ = kept_ == 4 && std::memcmp(name_, "data", 4) == 0;
        state_ = is_data_ || (kept_ == 5 && std::memcmp(name_, "event", 5) == 0) ? State::blank : State::skip;
        kept_ = 0;
        if (is_data_) begin_data(sink);
        return;
      case State::blank:
        state_ = is_data_ ? State::data : State::event;
        if (c == ' ') return;
        if (is_data_) return Json::piece(&c, 1);
        return keep(c);
      case State::event: return keep(c);
      default: return;
    }
  }

  void keep(char c) {
    if (kept_ < sizeof name_) name_[kept_++] = c;
  }

  void begin_data(Sink& sink) {
    char line_feed = '\n';
    if (has_data_) {
      Json::piece(&line_feed, 1);
    } else {
      Json::begin(sink);
    }
    has_data_ = true;
  }

  void end_line() {
    if (state_ == State::event) type_ = event_type({name_, kept_});
    if (state_ == State::line) {
      if (has_data_) Json::end();
      if (type_ == EventType::stop) stopped_ = true;
      has_data_ = false;
      type_ = EventType::other;
    }
    state_ = State::line;
    kept_ = 0;
  }

  State state_ = State::line;
  EventType type_ = EventType::other;
  bool stopped_ = false;
  bool after_cr_ = false;
  bool has_data_ = false;
  bool is_data_ = false;
  unsigned mark_ = 0;
  std::size_t kept_ = 0;
  char name_[24];
};

// ---- HTTP ---------------------------------------------------------------------------------------------------------------

template <class Events>
class Peer {
 public:
  static constexpr unsigned kinds = all_kinds;

  Peer() {
    http_parser_settings_init(&settings_);
    settings_.on_body = [](http_parser* parser, const char* bytes, std::size_t size) {
      auto& self = *static_cast<Peer*>(parser->data);
      self.events_.body(const_cast<char*>(bytes), size, *self.sink_);
      return 0;
    };
    settings_.on_message_complete = [](http_parser* parser) {
      static_cast<Peer*>(parser->data)->complete_ = true;
      return 0;
    };
    http_parser_init(&parser_, HTTP_RESPONSE);
    parser_.data = this;
  }

  bool answer(Source& source, Sink& sink) {
    sink_ = &sink;
    complete_ = false;
    events_.begin();
    while (const std::size_t size = source.read(buffer_, largest_read)) {
      if (http_parser_execute(&parser_, &settings_, buffer_, size) != size) return false;
    }
    return complete_ && events_.stopped();
  }

 private:
  http_parser parser_;
  http_parser_settings settings_;
  Sink* sink_ = nullptr;
  bool complete_ = false;
  Events events_;
  char buffer_[largest_read + padding];
};

// ---- for parsers that leave escapes as they are ---------------------------------------------------------------------------

inline unsigned hex(const char* digits) {
  unsigned value = 0;
  for (int at = 0; at < 4; ++at) {
    const char c = digits[at];
    value = value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

inline char* write_utf8(char* out, unsigned code) {
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
    return out;
  }
  if (code < 0x800) {
    *out++ = static_cast<char>(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      *out++ = static_cast<char>(0xE0 | code >> 12);
    } else {
      *out++ = static_cast<char>(0xF0 | code >> 18);
      *out++ = static_cast<char>(0x80 | (code >> 12 & 63));
    }
    *out++ = static_cast<char>(0x80 | (code >> 6 & 63));
  }
  *out++ = static_cast<char>(0x80 | (code & 63));
  return out;
}

// In place; how many bytes it are.
inline std::size_t unescape(char* text, std::size_t size) {
  const char* from = text;
  const char* const end = text + size;
  char* out = text;
  while (from != end) {
    auto* stop = static_cast<const char*>(std::memchr(from, '\\', static_cast<std::size_t>(end - from)));
    if (stop == nullptr) stop = end;
    std::memmove(out, from, static_cast<std::size_t>(stop - from));
    out += stop - from;
    from = stop;
    if (from == end) break;
    const char c = from[1];
    from += 2;
    if (c == 'u') {
      unsigned code = hex(from);
      from += 4;
      if (code >= 0xD800 && code < 0xDC00) {
        code = 0x10000 + ((code & 0x3FF) << 10) + (hex(from + 2) & 0x3FF);
        from += 6;
      }
      out = write_utf8(out, code);
    } else {
      *out++ = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'b' ? '\b' : c == 'f' ? '\f' : c;
    }
  }
  return static_cast<std::size_t>(out - text);
}

}  // namespace bench

#ifdef BENCH_CURL
#include "curl_peer.hpp"
#define BENCH_PEER(Events) \
  int main(int count, char** words) { return bench::contest<bench::CurlPeer<Events>>(count, words); }
#else
#define BENCH_PEER(Events) \
  int main(int count, char** words) { return bench::contest<bench::Peer<Events>>(count, words); }
#endif
