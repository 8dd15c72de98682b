// POST /v1/messages/count_tokens: how many tokens a request's input has (API.md, section 3.9). It is an estimate.
#pragma once
#include "member_reader.hpp"
#include "resource.hpp"

PICOCLAUDE_BEGIN

// Sends what of the request is input. What only steers the answer stays out, and so does `extra`.
// Lifetime: the request and all that its views point to stay unchanged until the call is done.
class CountTokens : public detail::Call {
 public:
  explicit CountTokens(const Request& request) : Call(endpoint), request_(request) {}
  explicit CountTokens(const Request&& request) = delete;

  string_view extra;  // further members as raw JSON, such as this endpoint takes: R"("speed":"fast")"

  std::uint32_t input_tokens = 0;
  // With context management: the tokens before it.
  std::uint32_t original_input_tokens = 0;

 private:
  enum Word : std::uint8_t { unknown, data, input_tokens_, context_management_, original_input_tokens_ };
  static constexpr char word_list[] = "data input_tokens context_management original_input_tokens";
  static constexpr detail::WordTable<word_list> words{};

  static void take(void* into, detail::MemberReader& at, Json token) PICOCLAUDE_NONBLOCKING {
    auto& call = *static_cast<CountTokens*>(into);
    if (token != Json::number) return;
    if (at.level() == 1 && at.name() == input_tokens_) {
      call.input_tokens = at.number();
      call.counted_ = true;
    }
    if (at.level() == 2 && at.name(1) == context_management_ && at.name() == original_input_tokens_)
      call.original_input_tokens = at.number();
  }
  static constexpr detail::Members members{[](string_view word) PICOCLAUDE_NONBLOCKING {
                                             return words.find(word);
                                           },
      take};

  static Error start(void* subject) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<CountTokens>(subject);
    call.input_tokens = call.original_input_tokens = 0;
    return detail::refusal_of(call.request_, detail::Purpose::count);
  }
  static void begin(void* subject, EventReader&, std::uint32_t) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<CountTokens>(subject);
    call.reader_.begin(0);
    call.counted_ = false;
  }
  static Event read(void* subject, char*& next, char* end, Error& error) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<CountTokens>(subject);
    call.reader_.read_all(members, &call, next, end);
    error = call.reader_.error();
    return {};
  }
  static Error end(void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<CountTokens>(subject);
    const Error error = call.reader_.end();
    return error == Error::none && !call.counted_ ? Error::bad_json : error;
  }
  static void render_path(Window& window, const void*) PICOCLAUDE_NONBLOCKING {
    window.raw("/v1/messages/count_tokens");
  }
  static void render_headers(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    const Request& request = detail::as<CountTokens>(subject).request_;
    detail::render_headers(window, request.version, request.beta, request.headers);
  }
  static void render_body(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<CountTokens>(subject);
    detail::render_open(window, call.request_, detail::Purpose::count);
    if (!call.extra.empty()) {
      window.raw(",");
      window.raw(call.extra);
    }
    window.raw("}");
  }

  // Counting costs nothing, so it may be asked twice.
  static detail::Repeat repeat(const void*) PICOCLAUDE_NONBLOCKING { return detail::Repeat::safe; }
  static constexpr detail::AnswerBody answer{false, start, repeat, begin, read, end, nullptr, nullptr};
  static constexpr detail::Endpoint endpoint{
      "POST ", render_path, render_headers, render_body, "application/json", &answer};

  const Request& request_;
  detail::MemberReader reader_;
  bool counted_ = false;
};

PICOCLAUDE_END
