// Message threads (beta): the server keeps the conversation, the client sends only what is new.
//
//   {"thread": {"type": "create"}}                                      begins one; the answer's id names it
//   {"thread": {"type": "continue", "previous_message_id": "msg_..."}}  goes on after that answer

#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>

#include "content.hpp"
#include "error.hpp"

namespace standin {

class Threads {
 public:
  // The request with everything that the server already knows put back in.
  Json completed(const Json& body) {
    const Place request{body, ""};
    if (!request.has("thread")) return body;
    const auto thread = request["thread"];
    if (thread.must_be_object()["type"].one_of({"create", "continue"}) == "create") return body;
    for (const auto* fixed : {"system", "tools"}) {
      if (request.has(fixed)) request[fixed].refuse_with("cannot be sent when a thread is continued");
    }
    auto whole = find(thread["previous_message_id"].text());
    request["messages"].must_be_array();
    for (const auto& message : body["messages"]) whole["messages"].push_back(message);
    for (const auto& [name, value] : body.items()) {
      if (name != "messages") whole[name] = value;
    }
    return whole;
  }

  // Keeps the conversation up to and with `answer`, when it is a thread.
  void keep(const Json& request, const Json& answer) {
    if (!request.contains("thread") || request["thread"].is_null()) return;
    Json known = {{"messages", request["messages"]}};
    for (const auto* fixed : {"system", "tools"}) {
      if (request.contains(fixed)) known[fixed] = request[fixed];
    }
    known["messages"].push_back({{"role", "assistant"}, {"content", answer["content"]}});
    const std::lock_guard lock(mutex_);
    kept_.emplace_back(answer["id"].get<std::string>(), std::move(known));
    if (kept_.size() > kept_count_max) kept_.pop_front();
  }

 private:
  static constexpr std::size_t kept_count_max = 100;

  Json find(const std::string& id) {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, known] : kept_) {
      if (name == id) return known;
    }
    throw ApiError{404, "No thread continues from " + id, {{"error_code", "thread_not_found"}}};
  }

  std::mutex mutex_;
  std::deque<std::pair<std::string, Json>> kept_;
};

}  // namespace standin
