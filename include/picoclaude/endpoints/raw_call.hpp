// Any method, path and body, with the client's authentication, retries and status: an endpoint that this library does not
// know is no wall.
#pragma once
#include "../wire/json_reader.hpp"
#include "resource.hpp"

PICOCLAUDE_BEGIN

class RawCall : public ResourceCall {
 public:
  // `path` as it travels, with its query, percent-encoded: "/v1/skills?limit=5". Behind the path of the base URL.
  explicit RawCall(string_view http_method = {}, string_view http_path = {})
      : ResourceCall(own_), method(http_method), path(http_path) {}
  RawCall(const RawCall&) = delete;
  RawCall& operator=(const RawCall&) = delete;

  string_view method;  // up to 7 capitals; not HEAD and CONNECT: else bad_request
  string_view path;
  // The body: text, or else the bytes of `content`. Without either, and with GET, DELETE and OPTIONS, none is sent.
  string_view body;
  Source content;             // of a size that is known, or Source::unknown_size: then it is sent in chunks
  bool is_read_once = false;  // the content cannot be had a second time: once begun, the call is not sent again
  string_view content_type = "application/json";

  // The answer is JSON, to be told token by token: each event `token`. Otherwise it is bytes: each event `data`.
  bool tells_tokens = false;

  // Of the last event `token`. Its text: a member's name (empty when it is longer than 32 bytes), or a piece of a string.
  // begin_string, any number of text, end_string: a string.
  Json token() const { return token_; }
  // Of a number: its value; false when it is negative, a fraction or above 2^32 - 1.
  bool integer(std::uint32_t& value) const { return json_.integer(value); }
  // Arrays and objects that are open behind the token.
  unsigned depth() const { return json_.depth(); }

 private:
  static bool is_method(string_view name) {
    for (const char c : name) {
      if (c < 'A' || c > 'Z') return false;
    }
    return !name.empty() && name.size() <= 7 && !equal(name, "HEAD") && !equal(name, "CONNECT");
  }
  static bool is_path(string_view text) {
    for (const char c : text) {
      if (c <= ' ' || c > '~' || c == '#') return false;
    }
    return starts_with(text, "/");
  }

  bool has_content() const { return !body.empty() || content.read != nullptr; }
  bool is(Literal name) const { return equal(method, name); }
  bool has_no_body() const { return is("GET") || is("DELETE") || is("OPTIONS"); }

  static Error start(void* subject) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<RawCall>(subject);
    if (!is_method(call.method) || !is_path(call.path)) return Error::bad_request;
    std::memcpy(call.start_, call.method.data(), call.method.size());
    call.start_[call.method.size()] = ' ';
    call.own_.start = {call.start_, call.method.size() + 1};
    call.own_.body = call.has_content() || !call.has_no_body() ? render_body : nullptr;
    return Error::none;
  }
  static detail::Repeat repeat(const void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<RawCall>(subject);
    if (call.is_read_once) return detail::Repeat::never;
    return call.has_no_body() || call.is("PUT") ? detail::Repeat::safe : detail::Repeat::unsure;
  }
  static void begin(void* subject, EventReader&, std::uint32_t) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<RawCall>(subject);
    call.json_ = {};
    call.token_ = Json::more;
  }
  static Event read(void* subject, char*& next, char* end, Error& error) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<RawCall>(subject);
    if (call.tells_tokens) return call.read_token(next, end, error);
    const string_view bytes{next, static_cast<std::size_t>(end - next)};
    next = end;
    return {EventKind::data, 0, bytes};
  }
  Event read_token(char*& next, char* end, Error& error) {
    while (next != end) {
      token_ = json_.read(next, end);
      if (token_ == Json::failed) {
        error = json_.error();
        return {};
      }
      if (token_ == Json::begin_string) json_.deliver();
      if (token_ == Json::line_end) {
        json_.blank();
        ++next;
      } else if (token_ != Json::more) {
        const bool told = token_ == Json::key || token_ == Json::text;
        return {EventKind::token, 0, told ? json_.text() : string_view{}};
      }
    }
    return {};
  }
  static Error end(void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<RawCall>(subject);
    return call.tells_tokens && !call.json_.finished() ? Error::bad_json : Error::none;
  }
  static void render_path(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    window.raw(detail::as<RawCall>(subject).path);
  }
  static void render_raw_headers(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<RawCall>(subject);
    render_headers(window, subject);
    if (call.has_content()) detail::http_header(window, "content-type: ", call.content_type);
  }
  static void render_body(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<RawCall>(subject);
    if (call.content.read == nullptr) {
      window.raw(call.body);
    } else {
      window.bytes(call.content);
    }
  }

  static constexpr detail::AnswerBody answer{true, start, repeat, begin, read, end, nullptr, nullptr};

  detail::Endpoint own_{{}, render_path, render_raw_headers, nullptr, {}, &answer};
  char start_[8] = {};
  Json token_ = Json::more;
  JsonReader json_;
};

PICOCLAUDE_END
