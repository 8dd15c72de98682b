// /v1/messages/batches, in memory.
//
// A batch ends at its second look: created and first polled it is in progress, then it has ended. Results are in
// reverse order and without a last line feed, because the API promises neither order nor line feed.

#pragma once

#include <cstdint>
#include <ctime>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "answer.hpp"
#include "caller.hpp"
#include "error.hpp"
#include "http.hpp"
#include "messages.hpp"
#include "misbehaviour.hpp"
#include "pages.hpp"
#include "text.hpp"

namespace standin {

class Batches {
 public:
  // `origin` is where the results will be found: "https://localhost:1234".
  Json create(const Json& body, const Caller& caller, const std::string& origin) {
    check(body);
    Batch batch;
    batch.id = fresh_id("msgbatch_");
    batch.origin = origin;
    batch.created = std::time(nullptr);
    for (const auto& item : body["requests"]) batch.results.push_front(result(item, caller));
    const std::lock_guard lock(mutex_);
    batches_.push_front(std::move(batch));
    return describe(batches_.front());
  }

  Json list(const Request& request) {
    const std::lock_guard lock(mutex_);
    std::vector<Json> items;
    for (const auto& batch : batches_) items.push_back(describe(batch));
    return page_by_id(request, items);
  }

  Json poll(const std::string& id) {
    const std::lock_guard lock(mutex_);
    auto& batch = find(id);
    if (batch.ended == 0 && (batch.polls++ > 0 || batch.cancelled != 0)) batch.ended = std::time(nullptr);
    return describe(batch);
  }

  Json cancel(const std::string& id) {
    const std::lock_guard lock(mutex_);
    auto& batch = find(id);
    if (batch.ended != 0) throw ApiError{400, "Batch " + id + " has already ended"};
    if (batch.cancelled == 0) {
      batch.cancelled = std::time(nullptr);
      for (auto& line : batch.results) line["result"] = {{"type", "canceled"}};
    }
    return describe(batch);
  }

  Json remove(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (find(id).ended == 0) throw ApiError{400, "Batch " + id + " is still in progress; cancel it first"};
    for (auto batch = batches_.begin(); batch != batches_.end(); ++batch) {
      if (batch->id != id) continue;
      batches_.erase(batch);
      break;
    }
    return {{"id", id}, {"type", "message_batch_deleted"}};
  }

  // JSON Lines, a line a piece.
  std::vector<std::string> results(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto& batch = find(id);
    if (batch.ended == 0) throw ApiError{404, "Batch " + id + " has no results yet"};
    std::vector<std::string> lines;
    for (const auto& line : batch.results) lines.push_back(line.dump() + "\n");
    if (!lines.empty()) lines.back().pop_back();
    return lines;
  }

 private:
  struct Batch {
    std::string id;
    std::string origin;
    std::time_t created = 0;
    std::time_t cancelled = 0;
    std::time_t ended = 0;
    int polls = 0;
    std::deque<Json> results;
  };

  static void check(const Json& body) {
    const Place batch{body, ""};
    batch.only({"requests"});
    const auto requests = batch["requests"];
    requests.must_be_array();
    if (requests.value.empty() || requests.value.size() > 100'000) {
      requests.refuse_with("between 1 and 100000 requests are required");
    }
    std::set<std::string> ids;
    for (std::size_t i = 0; i < requests.value.size(); ++i) {
      const auto item = requests[i];
      item.must_be_object().only({"custom_id", "params"});
      const auto& id = item["custom_id"].text();
      if (!is_name(id, 64)) item["custom_id"].refuse_with("String should match pattern '^[a-zA-Z0-9_-]{1,64}$'");
      if (!ids.insert(id).second) item["custom_id"].refuse_with("custom_id must be unique");
      const auto params = item["params"];
      params.must_be_object();
      if (params.has("stream") && params["stream"].flag()) params["stream"].refuse_with("is not supported in batches");
    }
  }

  // A request that the Messages endpoint would refuse becomes an errored line; the batch goes on.
  static Json result(const Json& item, const Caller& caller) {
    Json outcome;
    try {
      MessagesCheck{caller, Purpose::batch}(item["params"]);
      const Misbehaviour none;
      auto message = Answer(item["params"], none).message();
      message["usage"]["service_tier"] = "batch";
      outcome = {{"type", "succeeded"}, {"message", std::move(message)}};
    } catch (const ApiError& error) {
      outcome = {{"type", "errored"}, {"error", error_body(error, fresh_id("req_"))}};
    }
    return {{"custom_id", item["custom_id"]}, {"result", std::move(outcome)}};
  }

  Batch& find(const std::string& id) {
    for (auto& batch : batches_) {
      if (batch.id == id) return batch;
    }
    throw ApiError{404, "Batch " + id + " not found"};
  }

  static Json describe(const Batch& batch) {
    constexpr std::time_t day = 24 * 60 * 60;
    const auto time_or_null = [](std::time_t when) {
      return when == 0 ? Json() : Json(timestamp(when));
    };
    const auto status = batch.ended != 0 ? "ended" : batch.cancelled != 0 ? "canceling" : "in_progress";
    Json counts = {{"processing", 0}, {"succeeded", 0}, {"errored", 0}, {"canceled", 0}, {"expired", 0}};
    for (const auto& line : batch.results) {
      const auto type = batch.ended == 0 ? "processing" : line["result"]["type"].get<std::string>();
      counts[type] = counts[type].get<int>() + 1;
    }
    return {{"id", batch.id}, {"type", "message_batch"}, {"processing_status", status},
        {"request_counts", std::move(counts)}, {"created_at", timestamp(batch.created)},
        {"expires_at", timestamp(batch.created + day)}, {"ended_at", time_or_null(batch.ended)},
        {"cancel_initiated_at", time_or_null(batch.cancelled)}, {"archived_at", nullptr},
        {"results_url",
            batch.ended == 0 ? Json() : Json(batch.origin + "/v1/messages/batches/" + batch.id + "/results")}};
  }

  std::mutex mutex_;
  std::deque<Batch> batches_;  // newest first
};

}  // namespace standin
