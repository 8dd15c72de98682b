// Answers of the simulated server, with what a client must make of them: of any size, framing and writing, right or
// wrong. The server knows what it said; nothing here reads an answer.
#pragma once
#include "picoclaude.hpp"
#include "simulation/random.hpp"

#define SIMULATION_ABI PICOCLAUDE_CAT(with_, PICOCLAUDE_ABI)

namespace simulation {
inline namespace SIMULATION_ABI {

using picoclaude::Error;
using picoclaude::StopReason;

inline constexpr std::uint32_t never = 0xFFFFFFFF;

// All that must be known of an answer to judge a client.
struct Facts {
  std::uint16_t http = 200;
  Error error = Error::none;     // once `decided_at` bytes of it were read
  std::uint32_t head_end = 0;    // bytes up to the end of the head, interim heads included
  std::uint32_t decided_at = 0;  // bytes after which the client knows how it ends; never: only by the connection
  std::uint32_t size = 0;        // bytes
  bool until_close = false;      // the body ends with the connection
  bool is_message = false;       // JSON, not streamed
  bool should_retry = false;     // x-should-retry: true
  bool should_not = false;       // x-should-retry: false
  std::uint32_t retry_after_ms = 0;
  StopReason stop_reason = StopReason::none;
  std::uint32_t input_tokens = 0;
  std::uint32_t output_tokens = 0;
  std::uint32_t letter_at = never;   // a byte that is a letter of the text
  std::uint32_t letter_in_text = 0;  // which one
};

struct Script : Facts {
  Bytes<64 * 1024> bytes;
  Bytes<8 * 1024> text;  // that the program must get

  // For the writer.
  Bytes<8 * 1024> body;
  std::uint32_t decided_in_body = never;
  std::uint32_t letter_in_body = never;
};

inline constexpr Error by_status(unsigned http) {
  constexpr struct {
    unsigned http;
    Error error;
  } table[] = {{401, Error::authentication}, {402, Error::billing}, {403, Error::permission}, {404, Error::not_found},
      {408, Error::request_timeout}, {409, Error::conflict}, {413, Error::request_too_large}, {429, Error::rate_limit},
      {504, Error::timeout}, {529, Error::overloaded}};
  for (const auto& entry : table) {
    if (entry.http == http) return entry.error;
  }
  return http >= 500 ? Error::api_error : http >= 400 ? Error::invalid_request : Error::redirected;
}

class Writer {
 public:
  Writer(Script& script, Random& random) : script_(script), random_(random), body_(script.body) {
    static_cast<Facts&>(script) = {};
    script.bytes.clear();
    script.text.clear();
    script.body.clear();
    script.decided_in_body = script.letter_in_body = never;
  }

  // 200 and events. `whole`: with all that belongs to it.
  void stream(bool whole) {
    constexpr std::string_view ends[] = {"\n", "\n", "\n", "\r\n", "\r"};
    end_ = random_.of(ends);
    is_named_ = !random_.one_in(4);
    form_ = random_.below(4);
    script_.input_tokens = random_.below(100'000);
    const unsigned fate = whole ? 0 : random_.below(6);  // 1: an error; 2: the end is missing
    start_message();
    const std::uint32_t blocks = random_.below(3);
    for (std::uint32_t index = 0; index < blocks; ++index) {
      block(index);
      if (fate == 1 && index == 0) return service_error();
    }
    if (fate == 1) return service_error();
    if (fate == 2) {  // a server that stops, in good order for HTTP
      script_.error = Error::truncated;
      return;
    }
    end_message();
  }

  // 200 and one JSON document.
  void message() {
    script_.is_message = true;
    script_.input_tokens = random_.below(1000);
    body_ << R"({"id":"msg_1","type":"message","role":"assistant","model":"m","content":[)";
    const std::uint32_t blocks = random_.below(3);
    for (std::uint32_t index = 0; index < blocks; ++index) {
      if (index != 0) body_ << ',';
      body_ << R"({"type":"text","text":")";
      letters(40);
      body_ << "\"}";
    }
    body_ << R"(],"stop_reason":)";
    stop_reason();
    body_ << R"(,"usage":{"input_tokens":)";
    body_.number(script_.input_tokens) << R"(,"output_tokens":)";
    script_.output_tokens = random_.below(1000);
    body_.number(script_.output_tokens) << "}}";
  }

  // 400 to 529 and the service's JSON.
  void service_status() {
    constexpr struct {
      std::uint16_t http;
      std::string_view type;
      Error error;
    } table[] = {{400, "invalid_request_error", Error::invalid_request},
        {401, "authentication_error", Error::authentication}, {402, "billing_error", Error::billing},
        {403, "permission_error", Error::permission}, {404, "not_found_error", Error::not_found},
        {408, "a_new_error", Error::request_timeout}, {409, "conflict_error", Error::conflict},
        {413, "request_too_large", Error::request_too_large}, {422, "a_new_error", Error::invalid_request},
        {429, "rate_limit_error", Error::rate_limit}, {429, "rate_limit_error", Error::spend_limit},
        {500, "api_error", Error::api_error}, {503, "api_error", Error::api_error},
        {504, "timeout_error", Error::timeout}, {529, "overloaded_error", Error::overloaded},
        {529, "overloaded_error", Error::overloaded}};
    const auto& entry = table[random_.below(sizeof table / sizeof *table)];
    script_.http = entry.http;
    script_.error = entry.error;
    body_ << R"({"type":"error","error":{"type":")" << entry.type << R"(","message":"No. )";
    for (std::uint32_t left = random_.below(40); left != 0; --left) body_ << 'o';
    body_ << '"';
    if (entry.error == Error::spend_limit) body_ << R"(,"details":{"error_code":"enforced_spend_limit_reached"})";
    body_ << "}}";
  }

  // Somebody else's page: a captive portal, a proxy, a redirect.
  void page() {
    constexpr std::uint16_t statuses[] = {200, 301, 302, 307, 308, 403, 502, 503};
    script_.http = random_.of(statuses);
    script_.error = script_.http == 200 ? Error::wrong_content_type : by_status(script_.http);
    body_ << "<html>Hello</html>";
  }

  // The head, and the body in a framing.
  void frame(bool may_end_with_connection) {
    const bool is_page = body_.view().substr(0, 1) == "<";
    head(is_page);
    if (script_.decided_in_body == never && script_.error == Error::none && !script_.is_message) std::abort();
    const unsigned framing = random_.below(may_end_with_connection ? 6 : 5);
    if (framing < 3) {
      chunks();
    } else if (framing < 5) {
      script_.bytes << "Content-Length: ";
      script_.bytes.number(body_.size()) << "\r\n\r\n";
      script_.head_end = script_.bytes.size();
      piece(0, body_.size());
    } else {
      script_.until_close = true;
      script_.bytes << "\r\n";
      script_.head_end = script_.bytes.size();
      piece(0, body_.size());
    }
    script_.size = script_.bytes.size();
    if (is_page) {
      script_.decided_at = script_.head_end;
    } else if (script_.decided_in_body == never) {
      script_.decided_at = script_.until_close ? never : script_.size;
    }
  }

 private:
  void event(std::string_view name) {
    if (random_.one_in(12)) body_ << ": still here" << end_;
    if (is_named_) body_ << "event: " << name << end_;
    body_ << "data: ";
  }
  void end_event() { body_ << end_ << end_; }
  // This event decides what the client says: at the first byte of its blank line.
  void end_event_that_decides() {
    body_ << end_;
    script_.decided_in_body = body_.size() + 1;
    body_ << end_;
  }

  void start_message() {
    event("message_start");
    body_ << R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
          << R"("model":"m","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":)";
    body_.number(script_.input_tokens) << R"(,"output_tokens":1}}})";
    script_.output_tokens = 1;
    end_event();
  }

  void block(std::uint32_t index) {
    event("content_block_start");
    body_ << R"({"type":"content_block_start","index":)";
    body_.number(index) << R"(,"content_block":{"type":"text","text":""}})";
    end_event();
    for (std::uint32_t left = random_.below(5); left != 0; --left) {
      if (random_.one_in(10)) {
        event("ping");
        body_ << R"({"type":"ping"})";
        end_event();
      }
      if (random_.one_in(20)) {
        event("news");
        body_ << R"({"type":"news","of":[1,{"x":null},"\u00e9"],"index":7})";
        end_event();
      }
      delta(index);
    }
    event("content_block_stop");
    body_ << R"({"type":"content_block_stop","index":)";
    body_.number(index) << "}";
    end_event();
  }

  void delta(std::uint32_t index) {
    event("content_block_delta");
    switch (form_) {
      case 0:
      case 1:
        body_ << R"({"type":"content_block_delta","index":)";
        body_.number(index) << R"(,"delta":{"type":"text_delta","text":")";
        letters(20);
        body_ << "\"}}";
        break;
      case 2:
        body_ << R"({ "delta" : {"text":")";
        letters(20);
        body_ << R"(", "type":"text_delta"}, "index": )";
        body_.number(index) << R"(, "type":"content_block_delta"})";
        break;
      default:
        body_ << R"({"index":)";
        body_.number(index)
            << R"(,"type":"content_block_delta","new":{"text":"no"},"delta":{"type":"text_delta","text":")";
        letters(80);
        body_ << R"(","more":[]}})";
        break;
    }
    end_event();
    if (random_.one_in(16)) form_ = random_.below(4);
  }

  // Characters of the text, written in any way that JSON has.
  void letters(std::uint32_t most) {
    constexpr struct {
      std::string_view written;
      std::string_view meant;
    } odd[] = {{"\\n", "\n"}, {"\\\"", "\""}, {"\\\\", "\\"}, {"\\u00e9", "\xC3\xA9"}, {"\xC3\xA9", "\xC3\xA9"},
        {"\xE4\xB8\x96", "\xE4\xB8\x96"}, {"\\ud83d\\ude00", "\xF0\x9F\x98\x80"},
        {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"}, {"\\u0000", std::string_view("\0", 1)}, {"\\/", "/"},
        {" event: x", " event: x"}};
    for (std::uint32_t left = random_.below(most + 1); left != 0; --left) {
      if (random_.one_in(8)) {
        const auto& pair = odd[random_.below(sizeof odd / sizeof *odd)];
        body_ << pair.written;
        script_.text << pair.meant;
      } else {
        if (script_.letter_in_body == never || random_.one_in(50)) {
          script_.letter_in_body = body_.size();
          script_.letter_in_text = script_.text.size();
        }
        const char letter = static_cast<char>('a' + random_.below(24));
        body_ << letter;
        script_.text << letter;
      }
    }
  }

  void stop_reason() {
    constexpr struct {
      std::string_view name;
      StopReason reason;
    } table[] = {{"end_turn", StopReason::end_turn}, {"end_turn", StopReason::end_turn},
        {"max_tokens", StopReason::max_tokens}, {"stop_sequence", StopReason::stop_sequence},
        {"pause_turn", StopReason::pause_turn}, {"refusal", StopReason::refusal},
        {"model_context_window_exceeded", StopReason::model_context_window_exceeded}, {"a_new_one", StopReason::other}};
    const auto& entry = table[random_.below(sizeof table / sizeof *table)];
    script_.stop_reason = entry.reason;
    body_ << '"' << entry.name << R"(","stop_sequence":)"
          << (entry.reason == StopReason::stop_sequence ? "\"Stop\"" : "null");
  }

  void end_message() {
    event("message_delta");
    body_ << R"({"type":"message_delta","delta":{"stop_reason":)";
    stop_reason();
    script_.output_tokens = random_.below(100'000);
    body_ << R"(},"usage":{"output_tokens":)";
    body_.number(script_.output_tokens) << "}}";
    end_event();
    event("message_stop");
    body_ << R"({"type":"message_stop"})";
    end_event_that_decides();
  }

  void service_error() {
    event("error");
    if (random_.one_in(2)) {
      body_ << R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})";
      script_.error = Error::overloaded;
    } else {
      body_ << R"({"error":{"message":"Oh","type":"api_error"},"type":"error"})";
      script_.error = Error::api_error;
    }
    end_event_that_decides();
  }

  void head(bool is_page) {
    auto& out = script_.bytes;
    for (std::uint32_t left = random_.one_in(8) ? random_.between(1, 3) : 0; left != 0; --left)
      out << (random_.one_in(2) ? "HTTP/1.1 100 Continue\r\n\r\n" : "HTTP/1.1 103 Early\r\nretry-after: 9\r\n\r\n");
    out << "HTTP/1.1 ";
    out.number(script_.http) << (random_.one_in(4) ? "" : " Whatever") << "\r\n";
    if (random_.one_in(3)) out << "date: Sat, 21 Nov 2026 10:00:00 GMT\r\nCF-Ray: 8f0 -\r\n";
    if (random_.one_in(16)) out << "x-long: 0123456789012345678901234567890123456789012345678901234567890123456789\r\n";
    if (is_page) {
      out << "Content-Type: text/html\r\nlocation: https://example.com/\r\n";
    } else if (script_.http == 200 && !script_.is_message) {
      out << (random_.one_in(2) ? "content-type: text/event-stream\r\n"
                                : "Content-Type: text/event-stream; charset=utf-8\r\n");
    } else {
      out << "content-type: application/json\r\n";
    }
    if (script_.http >= 400 || random_.one_in(64)) advice();
    out << "request-id: req_1\r\n";
    if (random_.one_in(8)) out << "connection: close\r\n";
  }

  void advice() {
    if (random_.one_in(2)) {
      constexpr std::uint32_t seconds[] = {1, 2, 7, 30, 300};
      const std::uint32_t delay = random_.of(seconds);
      script_.bytes << "Retry-After: ";
      script_.bytes.number(delay) << "\r\n";
      script_.retry_after_ms = delay * 1000;
    }
    const unsigned word = random_.below(8);
    script_.should_retry = word == 0;
    script_.should_not = word == 1;
    if (word < 2) script_.bytes << "x-should-retry: " << (word == 0 ? "true" : "false") << "\r\n";
  }

  void chunks() {
    auto& out = script_.bytes;
    out << "transfer-encoding: chunked\r\n\r\n";
    script_.head_end = out.size();
    constexpr std::uint32_t sizes[] = {1, 5, 17, 200, 200, 4000, 4000, 4000};
    const std::uint32_t most = random_.of(sizes);
    const bool extends = random_.one_in(10);
    for (std::uint32_t at = 0; at < body_.size();) {
      std::uint32_t size = random_.between(1, most);
      if (size > body_.size() - at) size = body_.size() - at;
      out.number(size, 16) << (extends ? ";a=b\r\n" : "\r\n");
      piece(at, size);
      out << "\r\n";
      at += size;
    }
    out << "0\r\n" << (random_.one_in(10) ? "trailer: 1\r\n" : "") << "\r\n";
  }

  // Bytes of the body, and where what matters came to stand.
  void piece(std::uint32_t at, std::uint32_t size) {
    const std::uint32_t begin = script_.bytes.size();
    script_.bytes << body_.view().substr(at, size);
    const std::uint32_t decided = script_.decided_in_body;
    if (decided != never && decided > at && decided <= at + size) script_.decided_at = begin + decided - at;
    const std::uint32_t letter = script_.letter_in_body;
    if (letter != never && letter >= at && letter < at + size) script_.letter_at = begin + letter - at;
  }

  Script& script_;
  Random& random_;
  Bytes<8 * 1024>& body_;
  std::string_view end_ = "\n";
  bool is_named_ = true;
  unsigned form_ = 0;
};

}  // namespace SIMULATION_ABI
}  // namespace simulation
