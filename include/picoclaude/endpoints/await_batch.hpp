// Waits until a batch has ended, by asking for it again and again.
#pragma once
#include "../wire/date.hpp"
#include "batch.hpp"

PICOCLAUDE_BEGIN

// After each look an event `item`, and what was seen in `item`; the call is done when the batch has ended. Once the batch
// was seen, an outage of the network or of the service does not end the call: it goes on looking. cancel() ends it.
class AwaitBatch : public OneItem<Batch> {
 public:
  explicit AwaitBatch(string_view batch_id = {}) : OneItem(endpoint), id(batch_id) {}

  string_view id;
  // Between two looks; each pause is half as long again as the one before.
  std::uint32_t shortest_ms = 5'000;
  std::uint32_t longest_ms = 60'000;
  // is_expiring() from so long before the results are gone.
  std::uint32_t warning_s = 2 * 24 * 60 * 60;

  // Until the results can no longer be fetched, 29 days after the batch was created. By the service's own clock; 0: they
  // are gone, or it is not known.
  std::uint32_t results_left_s() const {
    const std::uint32_t created = parse_rfc3339(item.created_at);
    if (created == 0 || date_ == 0 || (item.has_ended() && !item.has_results)) return 0;
    constexpr std::uint32_t kept = 29 * 24 * 60 * 60;
    return date_ - created < kept ? kept - (date_ - created) : date_ < created ? kept : 0;
  }
  // Fetch the results now.
  bool is_expiring() const { return date_ != 0 && item.has_ended() && results_left_s() < warning_s; }

 private:
  // What passes: the network, and the service's own troubles.
  static bool passes(Error error) {
    switch (error) {
      case Error::tls_clock_not_set:
      case Error::tls_expired:
      case Error::tls_not_yet_valid:
      case Error::tls_unknown_ca:
      case Error::tls_wrong_host:
      case Error::tls_refused:
      case Error::tls_no_entropy:
      case Error::transport_broken: return false;
      case Error::truncated:
      case Error::conflict:
      case Error::rate_limit:
      case Error::api_error:
      case Error::timeout:
      case Error::overloaded:
      case Error::request_timeout: return true;
      default: return blame(error) == Blame::network;
    }
  }

  static Error start(void* subject) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<AwaitBatch>(subject);
    call.start_item();
    call.seen_ = false;
    call.pause_ms_ = call.shortest_ms;
    return check_id(call.id);
  }
  static void begin(void* subject, EventReader& messages, std::uint32_t date) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<AwaitBatch>(subject);
    begin_item(subject, messages, date);
    call.date_ = date;
  }
  static Event read(void* subject, char*& next, char* end, Error& error) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<AwaitBatch>(subject);
    const bool whole = call.reader_.read(detail::Resource<Batch>::members, &call.item, next, end);
    error = call.reader_.error();
    return {whole ? EventKind::item : EventKind::none, 0, {}};
  }
  static Error end(void* subject) PICOCLAUDE_NONBLOCKING {
    const Error error = end_item(subject);
    if (error == Error::none) detail::as<AwaitBatch>(subject).seen_ = true;
    return error;
  }
  static bool resumes(void*) PICOCLAUDE_NONBLOCKING { return true; }
  static std::uint32_t more_ms(void* subject, Error error) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<AwaitBatch>(subject);
    if (error == Error::none ? call.item.has_ended() : !call.seen_ || !passes(error))
      return detail::AnswerBody::no_more;
    const std::uint32_t pause = call.pause_ms_ < call.longest_ms ? call.pause_ms_ : call.longest_ms;
    call.pause_ms_ = pause + pause / 2;
    return pause;
  }
  static void render_path(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    render_id(window, detail::Resource<Batch>::path, detail::as<AwaitBatch>(subject).id);
  }

  static constexpr detail::AnswerBody answer{false, start, is_safe, begin, read, end, resumes, more_ms};
  static constexpr detail::Endpoint endpoint{"GET ", render_path, render_headers, nullptr, {}, &answer};

  std::uint32_t date_ = 0;
  std::uint32_t pause_ms_ = 0;
  bool seen_ = false;
};

PICOCLAUDE_END
