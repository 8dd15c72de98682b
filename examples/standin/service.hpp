// The endpoints: which method and path answers what.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "answer.hpp"
#include "batches.hpp"
#include "caller.hpp"
#include "files.hpp"
#include "http.hpp"
#include "messages.hpp"
#include "misbehaviour.hpp"
#include "models.hpp"
#include "play.hpp"
#include "reply.hpp"
#include "threads.hpp"

namespace standin {

class Service {
 public:
  // `prefix` is a gateway's path before /v1; `scheme`, the host that was asked and it make absolute addresses.
  Service(std::string key, std::string recordings, std::string scheme, std::string prefix)
      : key_(std::move(key)),
        recordings_(std::move(recordings)),
        scheme_(std::move(scheme)),
        prefix_(std::move(prefix)) {}

  Reply answer(const Request& request, const Misbehaviour& wish) {
    const auto caller = check_caller(request, key_);
    const auto path = inner_path(request);
    if (starts_with(path, "/v1/messages/batches")) return batches(request, caller, path);
    if (starts_with(path, "/v1/messages")) return messages(request, caller, wish, path);
    if (starts_with(path, "/v1/models")) return models(request, path);
    if (starts_with(path, "/v1/files")) return files(request, wish, path);
    throw ApiError{404, "Not found"};
  }

  const Recordings& recordings() const { return recordings_; }

 private:
  // Matches a method and a path in which `{}` stands for one segment; answers that segment.
  class Route {
   public:
    Route(const Request& request, std::string_view path) : request_(request), path_(path) {}

    std::optional<std::string> operator()(std::string_view method, std::string_view pattern) {
      const auto gap = pattern.find("{}");
      const auto start = pattern.substr(0, gap);
      const auto end = gap == std::string_view::npos ? std::string_view() : pattern.substr(gap + 2);
      if (gap == std::string_view::npos) return fits(method, path_ == pattern, {});
      if (path_.size() <= start.size() + end.size() || !starts_with(path_, start)) return std::nullopt;
      const auto segment = path_.substr(start.size(), path_.size() - start.size() - end.size());
      const bool same_end = path_.substr(path_.size() - end.size()) == end;
      return fits(method, same_end && segment.find('/') == std::string_view::npos, segment);
    }

    [[noreturn]] void missed() const {
      if (known_) throw ApiError{405, "Method Not Allowed"};
      throw ApiError{404, "Not found"};
    }

   private:
    std::optional<std::string> fits(std::string_view method, bool same_path, std::string_view segment) {
      known_ = known_ || same_path;
      if (!same_path || request_.method != method) return std::nullopt;
      return std::string(segment);
    }

    const Request& request_;
    std::string_view path_;
    bool known_ = false;
  };

  std::string inner_path(const Request& request) const {
    if (!starts_with(request.path, prefix_)) throw ApiError{404, "Not found"};
    return request.path.substr(prefix_.size());
  }

  Reply messages(const Request& request, const Caller& caller, const Misbehaviour& wish, const std::string& path) {
    Route route{request, path};
    if (route("POST", "/v1/messages")) return message(json_body(request), caller, wish);
    if (route("POST", "/v1/messages/count_tokens")) {
      const auto body = json_body(request);
      MessagesCheck{caller, Purpose::count}(body);
      return Reply::json({{"input_tokens", input_tokens(body)}});
    }
    route.missed();
  }

  Reply message(const Json& sent, const Caller& caller, const Misbehaviour& wish) {
    const auto body = threads_.completed(sent);
    MessagesCheck{caller, Purpose::create}(body);
    if (wish.has("play")) return Reply::stream(recordings_.stream(wish.text("play")));
    const auto message = Answer(body, wish).message();
    threads_.keep(body, message);
    if (!body.value("stream", false)) return Reply::json(message);
    return Reply::stream(Events(message, wish).take());
  }

  Reply batches(const Request& request, const Caller& caller, const std::string& path) {
    Route route{request, path};
    if (route("POST", "/v1/messages/batches")) {
      return Reply::json(batches_.create(json_body(request), caller, scheme_ + request.header("host") + prefix_));
    }
    if (route("GET", "/v1/messages/batches")) return Reply::json(batches_.list(request));
    if (const auto id = route("GET", "/v1/messages/batches/{}")) return Reply::json(batches_.poll(*id));
    if (const auto id = route("DELETE", "/v1/messages/batches/{}")) return Reply::json(batches_.remove(*id));
    if (const auto id = route("POST", "/v1/messages/batches/{}/cancel")) return Reply::json(batches_.cancel(*id));
    if (const auto id = route("GET", "/v1/messages/batches/{}/results")) {
      return {200, "application/x-jsonl", batches_.results(*id), true, {}};
    }
    route.missed();
  }

  static Reply models(const Request& request, const std::string& path) {
    Route route{request, path};
    if (route("GET", "/v1/models")) return Reply::json(Models::list(request));
    if (const auto name = route("GET", "/v1/models/{}")) return Reply::json(Models::one(*name));
    route.missed();
  }

  Reply files(const Request& request, const Misbehaviour& wish, const std::string& path) {
    Route route{request, path};
    if (route("POST", "/v1/files")) return Reply::json(files_.upload(request, wish));
    if (route("GET", "/v1/files")) return Reply::json(files_.list(request));
    if (const auto id = route("GET", "/v1/files/{}")) return Reply::json(files_.metadata(*id));
    if (const auto id = route("DELETE", "/v1/files/{}")) return Reply::json(files_.remove(*id));
    if (const auto id = route("GET", "/v1/files/{}/content")) return files_.content(*id);
    route.missed();
  }

  std::string key_;
  Recordings recordings_;
  std::string scheme_;
  std::string prefix_;
  Threads threads_;
  Batches batches_;
  Files files_;
};

}  // namespace standin
