// POST /v1/messages/batches: up to 100,000 requests, answered within a day, at half the price.
//
// The requests are not in memory: the caller hands out each when it is asked for. They are asked for once before, to
// check and to measure all of them, so that nothing wrong is sent and the length is exact; and again while they are sent.
#pragma once
#include "../messages/request.hpp"
#include "batch.hpp"

PICOCLAUDE_BEGIN

struct BatchItem {
  string_view custom_id;            // 1 to 64 of A-Z a-z 0-9 _ -; each only once in a batch, which is not checked here
  const Request* params = nullptr;  // its `stream`, `beta` and `headers` are not sent
};

// Lifetime: what give() returns, and all that it points to, is borrowed until the next call of give().
struct BatchSource {
  // Request `at`, from 0 to count - 1. The same one may be asked for again, and must be the same then.
  BatchItem (*give)(void* context, std::uint32_t at) PICOCLAUDE_NONBLOCKING = nullptr;
  void* context = nullptr;
  std::uint32_t count = 0;
};

// Once it has succeeded, keep item.id: only with it the results can be fetched.
class CreateBatch : public OneItem<Batch> {
 public:
  static constexpr std::uint32_t max_count = 100'000;
  static constexpr std::uint32_t max_size = 256u * 1024 * 1024;  // bytes; beyond: request_too_long

  explicit CreateBatch(BatchSource requests = {}) : OneItem(endpoint), source(requests) {}

  BatchSource source;

  // After a refusal: which request was refused.
  std::uint32_t refused_at() const { return at_; }

 private:
  static bool is_custom_id(string_view id) {
    for (const char c : id) {
      const char low = to_lower(c);
      if (!is_digit(c) && !(low >= 'a' && low <= 'z') && c != '_' && c != '-') return false;
    }
    return !id.empty() && id.size() <= 64;
  }

  Error refusal_of(const BatchItem& given) const {
    if (!is_custom_id(given.custom_id) || given.params == nullptr) return Error::bad_request;
    // One version for all of them: the call's.
    if (given.params->version != version || given.params->max_tokens == 0) return Error::bad_request;
    return detail::refusal_of(*given.params, detail::Purpose::batch);
  }

  static void render_item(Window& window, const BatchItem& given) {
    window.raw(R"({"custom_id":")");
    window.raw(given.custom_id);
    window.raw(R"(","params":)");
    detail::render_open(window, *given.params, detail::Purpose::batch);
    window.raw("}}");
  }

  void render(Window& window) const {
    window.raw(R"({"requests":[)");
    for (bool more = window.open(source.count); more; more = window.next(source.count)) {
      const BatchItem given = source.give(source.context, window.item());
      if (window.measuring()) {
        at_ = window.item();
        const Error refusal = refusal_of(given);
        if (refusal != Error::none) return window.fail(refusal);
      }
      if (window.item() != 0) window.raw(",");
      render_item(window, given);
      if (window.measuring() && window.error() != Error::none) return;
    }
    window.raw("]}");
    if (window.measuring() && window.size() > max_size) window.fail(Error::request_too_long);
  }

  static Error start(void* subject) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<CreateBatch>(subject);
    call.start_item();
    call.at_ = 0;
    const bool good = call.source.give != nullptr && call.source.count != 0 && call.source.count <= max_count;
    return good ? Error::none : Error::bad_request;
  }
  static void render_path(Window& window, const void*) PICOCLAUDE_NONBLOCKING { window.raw("/v1/messages/batches"); }
  static void render_body(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    detail::as<CreateBatch>(subject).render(window);
  }

  static constexpr detail::AnswerBody answer{
      false, start, is_unsure, begin_item, read_item, end_item, nullptr, nullptr};
  static constexpr detail::Endpoint endpoint{
      "POST ", render_path, render_headers, render_body, "application/json", &answer};

  mutable std::uint32_t at_ = 0;
};

PICOCLAUDE_END
