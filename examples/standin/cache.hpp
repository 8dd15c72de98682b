// Pretends to keep prefixes of requests, so that programs see the usage that the service would tell.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "text.hpp"

namespace standin {

// An estimate over what the service counts: tools, system, messages.
inline std::uint64_t input_tokens(const Json& request) {
  std::size_t size = 0;
  for (const auto* part : {"tools", "system", "messages"}) {
    if (request.contains(part)) size += request[part].dump().size();
  }
  return 3 + size / 4;
}

class Cache {
 public:
  // Looks for the longest prefix that is kept, and keeps those that the request marks.
  explicit Cache(const Json& request) : total_(input_tokens(request)) {
    const auto model = request["model"].get<std::string>();
    const bool large = model.find("haiku-4-5") != std::string::npos || model.find("opus-4-5") != std::string::npos;
    least_ = large ? 4096 : 1024;
    prefix_ = model;
    add_all(request, "tools");
    add_all(request, "system");
    for (const auto& message : request["messages"]) {
      prefix_ += message["role"].get<std::string>();
      add_all(message, "content");
    }
    if (request.contains("cache_control") && request["cache_control"].is_object()) mark(request["cache_control"]);
    settle();
  }

  std::uint64_t read() const { return read_; }
  std::uint64_t written_5m() const { return written_[0]; }
  std::uint64_t written_1h() const { return written_[1]; }
  std::uint64_t rest() const { return total_ - std::min(total_, read_ + written_[0] + written_[1]); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Prefix {
    std::size_t hash;
    std::uint64_t tokens;
    int life = -1;  // 0: 5 minutes, 1: an hour, -1: not marked
  };

  void add_all(const Json& owner, const char* name) {
    if (!owner.contains(name) || owner[name].is_null()) return;
    if (!owner[name].is_array()) return add(owner[name]);
    for (const auto& element : owner[name]) add(element);
  }

  void add(const Json& element) {
    Json kept = element;
    if (kept.is_object()) kept.erase("cache_control");
    prefix_ += kept.is_string() ? Json{{"type", "text"}, {"text", kept}}.dump() : kept.dump();
    prefixes_.push_back({std::hash<std::string>()(prefix_), prefix_.size() / 4});
    if (element.is_object() && element.contains("cache_control") && element["cache_control"].is_object()) {
      mark(element["cache_control"]);
    }
  }

  void mark(const Json& control) {
    if (!prefixes_.empty()) prefixes_.back().life = control.value("ttl", "5m") == "1h" ? 1 : 0;
  }

  void settle() {
    static std::mutex mutex;
    static std::map<std::size_t, Clock::time_point> kept;
    const std::lock_guard<std::mutex> lock(mutex);
    const auto now = Clock::now();
    const auto last = std::find_if(prefixes_.rbegin(), prefixes_.rend(), [](const Prefix& prefix) {
      return prefix.life >= 0;
    });
    const auto end = last.base();
    for (auto prefix = prefixes_.begin(); prefix != end; ++prefix) {
      const auto found = kept.find(prefix->hash);
      if (found != kept.end() && found->second > now) read_ = prefix->tokens;
    }
    auto known = read_;
    for (auto prefix = prefixes_.begin(); prefix != end; ++prefix) {
      if (prefix->life < 0 || prefix->tokens < least_) continue;
      kept[prefix->hash] = now + (prefix->life == 1 ? std::chrono::minutes(60) : std::chrono::minutes(5));
      if (prefix->tokens > known) written_[prefix->life] += prefix->tokens - known;
      known = std::max(known, prefix->tokens);
    }
  }

  std::uint64_t total_;
  std::uint64_t least_ = 0;
  std::string prefix_;
  std::vector<Prefix> prefixes_;
  std::uint64_t read_ = 0;
  std::uint64_t written_[2] = {};
};

}  // namespace standin
