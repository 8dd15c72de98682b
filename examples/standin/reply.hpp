// An answer on its way out: head, framing, pace, and the misbehaviour that touches bytes.

#pragma once

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "error.hpp"
#include "http.hpp"
#include "misbehaviour.hpp"
#include "stream.hpp"
#include "text.hpp"

namespace standin {

struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::string> pieces;  // of the body; a pause lies between two of them
  bool streamed = false;            // chunked, because the size is not known beforehand
  Fields headers;

  static Reply json(const Json& body, int status = 200) {
    return {status, "application/json", {body.dump()}, false, {}};
  }
  static Reply stream(std::vector<std::string> pieces) {
    return {200, "text/event-stream; charset=utf-8", std::move(pieces), true, {{"Cache-Control", "no-cache"}}};
  }
};

// What `status=` asks for.
inline Reply error_reply(int status, const Misbehaviour& wish, const std::string& request_id) {
  ApiError error{status, default_message(status)};
  if (wish.has("error-code")) error.details = {{"error_code", wish.text("error-code")}};
  auto reply = Reply::json(error_body(error, request_id), status);
  if (wish.has("html")) {
    reply.content_type = "text/html; charset=UTF-8";
    reply.pieces = {"<html><head><title>" + std::to_string(status) + "</title></head><body>" + default_message(status) +
        "</body></html>\n"};
  }
  if (wish.has("empty")) reply.pieces = {};
  for (const auto& [key, name] :
      {std::pair{"retry-after", "retry-after"}, std::pair{"retry-after-ms", "retry-after-ms"},
          std::pair{"should-retry", "x-should-retry"}, std::pair{"redirect", "Location"}}) {
    if (wish.has(key)) reply.headers.emplace_back(name, wish.text(key));
  }
  return reply;
}

class Sender {
 public:
  Sender(Stream& stream, const Misbehaviour& wish, int pace_ms)
      : stream_(stream),
        wish_(wish),
        pace_ms_(static_cast<int>(wish.value("slow").value_or(static_cast<std::uint64_t>(pace_ms)))) {}

  // Sends the answer; throws Gone when the misbehaviour ends the connection.
  void send(const Reply& reply, const std::string& request_id, bool close) {
    Stop::sleep(static_cast<int>(wish_.value("wait").value_or(0)));
    chunked_ = reply.streamed || wish_.has("chunk") || wish_.has("bad-chunk");
    stream_.write(head(reply, request_id, close));
    bool first = true;
    for (const auto& piece : reply.pieces) {
      if (!std::exchange(first, false)) Stop::sleep(pace_ms_);
      payload(piece);
    }
    finish();
  }

  // Ends the connection as `cut-how` says.
  void end(Ending fallback) { stream_.end(ending(fallback)); }

 private:
  std::string head(const Reply& reply, const std::string& request_id, bool close) const {
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " " + reason_phrase(reply.status) + "\r\n";
    const auto field = [&text](std::string_view name, const std::string& value) {
      text.append(name).append(": ").append(value).append("\r\n");
    };
    field("Date", http_date());
    if (!reply.pieces.empty()) field("Content-Type", reply.content_type);
    if (chunked_) {
      field("Transfer-Encoding", "chunked");
    } else {
      std::size_t size = 0;
      for (const auto& piece : reply.pieces) size += piece.size();
      field("Content-Length", std::to_string(size));
    }
    field("Connection", close ? "close" : "keep-alive");
    field("request-id", request_id);
    field("anthropic-organization-id", "00000000-0000-4000-8000-000000000000");
    rate_limits(field, reply.status == 429);
    for (const auto& [name, value] : reply.headers) field(name, value);
    return text + "\r\n";
  }

  template <class Field>
  static void rate_limits(Field field, bool exhausted) {
    struct Limit {
      const char* name;
      const char* limit;
      const char* remaining;
    };
    static constexpr std::array limits{Limit{"requests", "1000", "999"}, Limit{"input-tokens", "2000000", "1999000"},
        Limit{"output-tokens", "400000", "400000"}, Limit{"tokens", "2400000", "2399000"}};
    const auto reset = timestamp(std::time(nullptr) + (exhausted ? 7 : 1));
    for (const auto& limit : limits) {
      const auto start = std::string("anthropic-ratelimit-") + limit.name;
      field(start + "-limit", limit.limit);
      field(start + "-remaining", exhausted ? "0" : limit.remaining);
      field(start + "-reset", reset);
    }
  }

  static std::string http_date() {
    const auto now = std::time(nullptr);
    char text[40];
    std::tm utc{};
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", ::gmtime_r(&now, &utc));
    return text;
  }

  void payload(std::string_view piece) {
    const auto size = wish_.value("chunk");
    if (!size) return emit(piece);
    carry_ += piece;
    while (carry_.size() >= *size) {
      emit(std::string_view(carry_).substr(0, *size));
      carry_.erase(0, *size);
    }
  }

  void finish() {
    if (!carry_.empty()) emit(carry_);
    if (chunked_) stream_.write(spoils_chunk() ? "zz\r\n\r\n" : "0\r\n\r\n");
  }

  // One chunk, or bytes of a body whose size was told; as far as `cut` and `stall` let it.
  void emit(std::string_view bytes) {
    if (bytes.empty()) return;
    const auto limit = std::min(wish_.value("cut").value_or(UINT64_MAX), wish_.value("stall").value_or(UINT64_MAX));
    const auto allowed = std::min<std::uint64_t>(bytes.size(), limit - sent_);
    if (allowed > 0) {
      std::string framed;
      if (chunked_) framed = spoils_chunk() ? "zz\r\n" : hexadecimal(bytes.size()) + "\r\n";
      framed.append(bytes.substr(0, allowed));
      if (chunked_ && allowed == bytes.size()) framed += "\r\n";
      stream_.write(framed);
      ++chunks_;
    }
    sent_ += allowed;
    if (sent_ < limit) return;
    if (wish_.has("stall") && sent_ == wish_.value("stall")) {
      stream_.wait_for_leave(forever);
    } else {
      stream_.end(ending(Ending::fin));
    }
    throw Gone{};
  }

  bool spoils_chunk() { return wish_.has("bad-chunk") && chunks_ == 1; }

  static std::string hexadecimal(std::size_t size) {
    char digits[20];
    std::snprintf(digits, sizeof digits, "%zx", size);
    return digits;
  }

  Ending ending(Ending fallback) const {
    const auto how = wish_.text("cut-how");
    if (how == "fin") return Ending::fin;
    if (how == "reset") return Ending::reset;
    if (how == "notify") return Ending::notify;
    return fallback;
  }

  Stream& stream_;
  const Misbehaviour& wish_;
  int pace_ms_;
  bool chunked_ = false;
  std::string carry_;
  std::uint64_t sent_ = 0;
  std::size_t chunks_ = 0;
};

}  // namespace standin
