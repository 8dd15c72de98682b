// An HTTP transport behind the face of a byte transport: what Client uses when it is given one.
//
// The head that the exchange renders is taken apart into method, URL and headers; the status and the headers of the
// answer are put together to a head of HTTP/1.0, whose body ends with the connection. So everything above is the same
// code for both seams, the checks of what comes from outside included. The framing, the connections and the redirects
// that are never followed are the host's.
#pragma once
#include "../base/wipe.hpp"
#include "../base/words.hpp"
#include "../session/settings.hpp"
#include "http_transport.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// Headers that are the host's own matter and are not passed on; in the order of their names.
enum class HostHeader : std::uint8_t { none, content_length, host, transfer_encoding, connection, content_encoding };
inline constexpr char host_header_list[] = "content-length host transfer-encoding connection content-encoding";
inline constexpr WordTable<host_header_list> host_headers{};

}  // namespace detail

template <class Host>
class HttpBytes {
 public:
  static constexpr bool tells_end = true;  // closed() is the host's word that the body is complete

  // `line` must hold the URL and the longest header of the request; a Client gives the first quarter of its workspace.
  // Lifetime: all three must outlive the object.
  HttpBytes(Host& host, Room line, const Config& config) : host_(host), line_(line), config_(config) {
    detail::check_http_transport<Host>();
  }
  HttpBytes(const HttpBytes&) = delete;
  HttpBytes& operator=(const HttpBytes&) = delete;

  // The host connects when it has the request.
  Io open(const char*, std::uint16_t) {
    out_ = Out::method;
    in_ = In::status;
    at_ = size_ = body_size_ = 0;
    return Io::ok();
  }

  // Errors: those of the host; workspace_too_small; bad_request for a body of unknown size.
  Io send(const char* data, std::size_t size) {
    std::size_t taken = 0;
    while (out_ != Out::body && taken != size) {
      const Io io = take(data[taken]);
      if (io.kind() == Io::Kind::wait && taken != 0) break;
      if (io.kind() != Io::Kind::ok) return io;
      ++taken;
    }
    return taken != 0 ? Io::moved(taken) : host_.send(data, size);
  }

  Io recv(char* data, std::size_t room) {
    if (out_ != Out::body) return Io::wait();
    if (in_ == In::body && at_ == size_) return host_.recv(data, room);
    if (at_ == size_) {
      const Io io = in_ == In::status ? ask_status() : ask_header();
      if (io.kind() != Io::Kind::ok) return io;
    }
    const std::size_t left = size_ - at_;
    const std::size_t some = left < room ? left : room;
    std::memcpy(data, line_.data + at_, some);
    at_ += some;
    return Io::moved(some);
  }

  void close() {
    host_.close();
    if (out_ != Out::body) forget_line();
  }
  std::uint32_t now_ms() { return host_.now_ms(); }

  template <class H = Host, std::enable_if_t<detail::HasWait<H>::value, int> = 0>
  bool wait(std::uint32_t at_most_ms) {
    return host_.wait(at_most_ms);
  }

 private:
  enum class Out : std::uint8_t { method, url, version, name, value, body };
  enum class In : std::uint8_t { status, headers, body };

  using Own = detail::HostHeader;

  static Io only_ok(Io io) {
    const bool broken = io.kind() == Io::Kind::moved || io.kind() == Io::Kind::closed;
    return broken ? Io::failed(Error::transport_broken) : io;
  }

  // ---- out ----------------------------------------------------------------------------------------------------------

  // One byte of the request's head. Not ok: it was not taken.
  Io take(char c) {
    if (c == '\n') return end_line();
    if (c == '\r' || out_ == Out::version) return Io::ok();
    if (out_ == Out::url && c == ' ') {
      out_ = Out::version;
      return Io::ok();
    }
    if (out_ == Out::value && c == ' ' && at_ == second_) return Io::ok();
    if (out_ == Out::method && c == ' ')
      return begin_second(Out::url) && put(config_.base_url.root) ? Io::ok() : too_small();
    if (out_ == Out::name && c == ':') return begin_second(Out::value) ? Io::ok() : too_small();
    return put({&c, 1}) ? Io::ok() : too_small();
  }

  static Io too_small() { return Io::failed(Error::workspace_too_small); }

  bool begin_second(Out out) {
    out_ = out;
    if (!put({"\0", 1})) return false;
    second_ = at_;
    return true;
  }

  // One byte stays free for the NUL at the end.
  bool put(string_view bytes) {
    if (bytes.size() >= line_.size - at_) return false;
    std::memcpy(line_.data + at_, bytes.data(), bytes.size());
    at_ += bytes.size();
    return true;
  }

  Io end_line() {
    const bool blank = at_ == 0;
    if (!blank) line_.data[at_] = '\0';
    const Io io = blank        ? host_.begin_body(body_size_)
        : out_ == Out::version ? host_.start(line_.data, line_.data + second_)
                               : pass_header();
    if (io.kind() != Io::Kind::ok) return only_ok(io);
    forget_line();
    out_ = blank ? Out::body : Out::name;
    return io;
  }

  // It may hold the key.
  void forget_line() {
    detail::wipe({line_.data, at_});
    at_ = 0;
  }

  Io pass_header() {
    const string_view value{line_.data + second_, at_ - second_};
    switch (static_cast<Own>(detail::host_headers.find({line_.data, second_ - 1}))) {
      case Own::none: return host_.header(line_.data, value.data());
      case Own::content_length: return parse_decimal(value, body_size_) ? Io::ok() : Io::failed(Error::bad_request);
      // The host is told a size, and frames the body itself.
      case Own::transfer_encoding: return Io::failed(Error::bad_request);
      default: return Io::ok();
    }
  }

  // ---- in -----------------------------------------------------------------------------------------------------------

  Io ask_status() {
    std::uint16_t code = 0;
    const Io io = host_.status(code);
    if (io.kind() != Io::Kind::ok) return only_ok(io);
    if (code < 200 || code > 599) return Io::failed(Error::transport_broken);
    at_ = size_ = 0;
    char digits[3] = {'0', '0', '0'};
    for (; code >= 100; code = static_cast<std::uint16_t>(code - 100)) ++digits[0];
    for (; code >= 10; code = static_cast<std::uint16_t>(code - 10)) ++digits[1];
    digits[2] = static_cast<char>('0' + code);
    append("HTTP/1.0 ");
    append({digits, 3});
    append("\r\n");
    in_ = In::headers;
    return io;
  }

  Io ask_header() {
    string_view name;
    string_view value;
    const Io io = host_.next_header(name, value);
    if (io.kind() != Io::Kind::ok) return only_ok(io);
    at_ = size_ = 0;
    if (name.empty()) {
      in_ = In::body;
      append("\r\n");
    } else if (name.size() + value.size() + 4 > line_.size || !append_name(name)) {
      // Not passed on, but counted as part of the head. What matters is short.
      size_ = 0;
      append("x:\r\n");
    } else {
      append(":");
      append(value);
      append("\r\n");
    }
    if (has_control()) {  // it could be two lines: pass on what is refused
      size_ = 0;
      append("\n");
    }
    return io;
  }

  void append(string_view bytes) {
    std::memcpy(line_.data + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  // False: it is the host's own matter.
  bool append_name(string_view name) {
    for (const char c : name) line_.data[size_++] = to_lower(c);
    const auto found = static_cast<Own>(detail::host_headers.find({line_.data, size_}));
    return found == Own::none || (found == Own::content_encoding && !detail::DecodesContent<Host>::value);
  }

  // In front of the end of the line.
  bool has_control() const {
    for (std::size_t i = 0; i + 2 < size_; ++i) {
      if (static_cast<unsigned char>(line_.data[i]) < 0x20 && line_.data[i] != '\t') return true;
    }
    return false;
  }

  Host& host_;
  Room line_;  // of the request's head: [0, at_); of the answer's head: [at_, size_) is still to be given
  const Config& config_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  std::size_t second_ = 0;  // where the URL or the value begins
  std::uint32_t body_size_ = 0;
  Out out_ = Out::method;
  In in_ = In::status;
};

namespace detail {

// How a Client moves bytes through an HTTP transport.
template <class Host>
struct Seam<Host, std::enable_if_t<OwnsHttp<Host>::value>> {
  using Face = HttpBytes<Host>;
  static constexpr bool unsent(Error error) {
    return error == Error::name_not_found || error == Error::connect_failed || error == Error::connect_timeout;
  }
  static constexpr Room rest(Room memory) { return {memory.data + memory.size / 4, memory.size - memory.size / 4}; }
  static Face face(Host& host, Room memory, const Config& config) {
    return Face{host, Room{memory.data, memory.size / 4}, config};
  }
};

}  // namespace detail
PICOCLAUDE_END
