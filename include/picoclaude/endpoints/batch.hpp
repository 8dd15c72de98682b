// A message batch as the service describes it (API.md, section 9.1).
#pragma once
#include "../base/words.hpp"
#include "item_call.hpp"

PICOCLAUDE_BEGIN

// `other`: one that this library does not know; the batch has not ended. `unknown`: not told.
enum class BatchStatus : std::uint8_t { unknown, in_progress, canceling, ended, other };

// Requests by what became of them. All but `processing` are 0 until the batch has ended.
struct BatchCounts {
  std::uint32_t processing = 0;
  std::uint32_t succeeded = 0;
  std::uint32_t errored = 0;
  std::uint32_t canceled = 0;
  std::uint32_t expired = 0;
};

struct Batch {
  SmallText<95> id;  // a longer one is refused: out_of_room
  BatchStatus status = BatchStatus::unknown;
  BatchCounts counts;
  SmallText<31> created_at;  // RFC 3339, as all times
  SmallText<31> expires_at;  // when processing ends, at the latest
  SmallText<31> ended_at;
  SmallText<31> cancel_initiated_at;
  SmallText<31> archived_at;  // since then the results are gone
  bool has_results = false;   // they can be fetched now

  constexpr bool has_ended() const { return status == BatchStatus::ended; }
};

namespace detail {

class BatchMembers {
 public:
  static void take(Batch& batch, MemberReader& at, Json token) {
    if (at.level() == 2 && at.name(1) == request_counts && token == Json::number) take_count(batch, at);
    if (at.level() != 1) return;
    const std::uint8_t name = at.name();
    if (token == Json::begin_object && name == unknown) batch = Batch{};
    if (token == Json::end_string) take_word(batch, at);
    if (token == Json::begin_string) keep(batch, at);
  }
  static std::uint8_t find(string_view word) PICOCLAUDE_NONBLOCKING { return words.find(word); }

 private:
  // clang-format off
  enum Word : std::uint8_t {
    unknown, data, has_more, last_id, next_page,
    id, processing_status, request_counts,
    created_at, expires_at, ended_at, cancel_initiated_at, archived_at, results_url,
    processing, succeeded, errored, canceled, expired,
    in_progress, canceling, ended,
  };
  static constexpr char word_list[] =
      "data has_more last_id next_page "
      "id processing_status request_counts "
      "created_at expires_at ended_at cancel_initiated_at archived_at results_url "
      "processing succeeded errored canceled expired "
      "in_progress canceling ended";
  // clang-format on
  static constexpr WordTable<word_list> words{};
  static_assert(words.count() == ended, "enum and list differ");

  static void take_count(Batch& batch, const MemberReader& at) {
    std::uint32_t* const counts[] = {&batch.counts.processing, &batch.counts.succeeded, &batch.counts.errored,
        &batch.counts.canceled, &batch.counts.expired};
    const std::uint8_t name = at.name();
    if (name >= processing && name <= expired) *counts[name - processing] = at.number();
  }

  static void keep(Batch& batch, MemberReader& at) {
    switch (at.name()) {
      case id: at.keep(batch.id); break;
      case created_at: at.keep(batch.created_at); break;
      case expires_at: at.keep(batch.expires_at); break;
      case ended_at: at.keep(batch.ended_at); break;
      case cancel_initiated_at: at.keep(batch.cancel_initiated_at); break;
      case archived_at: at.keep(batch.archived_at); break;
      case results_url: batch.has_results = true; break;
      case processing_status: at.collect(); break;
      default: break;
    }
  }

  static void take_word(Batch& batch, MemberReader& at) {
    if (at.name() == id && batch.id.is_cut()) at.fail(Error::out_of_room);
    if (at.name() != processing_status) return;
    const std::uint8_t word = words.find(at.word());
    batch.status =
        word >= in_progress && word <= ended ? static_cast<BatchStatus>(word - in_progress + 1) : BatchStatus::other;
  }
};

template <>
struct Resource<Batch> {
  static constexpr const char* path = "/v1/messages/batches/";
  static constexpr const char* list_path = "/v1/messages/batches";
  static constexpr Members members{
      BatchMembers::find, [](void* into, MemberReader& at, Json token) PICOCLAUDE_NONBLOCKING {
        BatchMembers::take(*static_cast<Batch*>(into), at, token);
      }};
};

}  // namespace detail

// Which batches to list.
struct BatchFilter {
  string_view after_id;  // begin behind this one

 protected:
  static constexpr bool by_token = false;
  string_view cursor() const { return after_id; }
  static constexpr Error refusal(bool) { return Error::none; }
  bool render(Window&) const { return true; }
};

using GetBatch = ItemCall<Batch, detail::Verb::get>;
using ListBatches = ListCall<Batch, BatchFilter>;                    // newest first
using CancelBatch = ItemCall<Batch, detail::Verb::cancel>;           // what was answered already keeps its result
using DeleteBatch = ItemCall<Batch, detail::Verb::remove, Deleted>;  // only once it has ended

PICOCLAUDE_END
