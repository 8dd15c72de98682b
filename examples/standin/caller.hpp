// Who calls, and with which version of the API: the headers that every endpoint checks first.

#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"
#include "http.hpp"
#include "text.hpp"

namespace standin {

constexpr std::string_view newest_version = "2026-10-21";
constexpr std::string_view classic_version = "2023-06-01";

// Beta values are a name and a date; these are the names that the service knows.
constexpr std::array<std::string_view, 35> beta_names{"computer-use-", "output-128k-", "output-300k-", "mcp-client-",
    "dev-full-thinking-", "interleaved-thinking-", "code-execution-", "context-1m-", "context-management-", "compact-",
    "model-context-window-exceeded-", "fast-mode-", "advisor-tool-", "thinking-token-count-",
    "thinking-display-updates-", "thinking-binding-controls-", "server-side-fallback-", "fallback-credit-",
    "mid-conversation-", "inline-tools-", "structured-outputs-", "task-budgets-", "message-threads-", "user-profiles-",
    "message-batches-", "prompt-caching-", "pdfs-", "token-counting-", "token-efficient-tools-", "extended-cache-ttl-",
    "cache-diagnosis-", "files-api-", "skills-", "fine-grained-tool-streaming-", "oauth-"};

struct Caller {
  std::string version;
  std::vector<std::string> betas;

  bool is_newest() const { return version == newest_version; }
  bool has_beta(std::string_view start) const {
    return std::any_of(betas.begin(), betas.end(), [&](const auto& beta) {
      return starts_with(beta, start);
    });
  }
};

// `key` is the only one accepted; empty accepts any that does not say it is invalid.
inline void check_key(const Request& request, const std::string& key) {
  const auto* api_key = request.find("x-api-key");
  const auto* authorization = request.find("authorization");
  if (api_key && authorization) throw ApiError{400, "Send either x-api-key or Authorization, not both"};
  std::string given;
  if (api_key) given = *api_key;
  if (authorization) {
    if (!starts_with(*authorization, "Bearer ")) throw ApiError{401, "Invalid authorization header"};
    given = authorization->substr(7);
  }
  if (given.empty()) throw ApiError{401, "x-api-key header is required"};
  if (key.empty() ? given.find("invalid") != std::string::npos : given != key) {
    throw ApiError{401, api_key ? "invalid x-api-key" : "Invalid bearer token"};
  }
}

inline void check_once(const Request& request, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    const auto count = std::count_if(request.headers.begin(), request.headers.end(), [&](const auto& header) {
      return header.first == name;
    });
    if (count > 1) refuse(std::string(name), "header was sent twice");
  }
}

inline Caller check_caller(const Request& request, const std::string& key) {
  check_once(request, {"x-api-key", "authorization", "anthropic-version", "content-type"});
  check_key(request, key);
  Caller caller;
  const auto* version = request.find("anthropic-version");
  if (!version) refuse("anthropic-version", "header is required");
  if (*version != newest_version && *version != classic_version) {
    refuse("anthropic-version", "\"" + *version + "\" is not a valid version");
  }
  caller.version = *version;
  for (const auto& [name, value] : request.headers) {
    if (name != "anthropic-beta") continue;
    for (const auto part : split(value, ',')) {
      const std::string beta(trimmed(part));
      const auto known = std::any_of(beta_names.begin(), beta_names.end(), [&](std::string_view start) {
        return starts_with(beta, start);
      });
      if (!known) throw ApiError{400, "Unexpected value(s) `" + beta + "` for the `anthropic-beta` header."};
      caller.betas.push_back(beta);
    }
  }
  return caller;
}

// The body as JSON: strict, and without duplicate members, which a careless writer produces and most readers hide.
inline Json parse_json(const std::string& text) {
  constexpr int depth_max = 200;
  std::vector<std::vector<std::string>> open;  // the names seen so far in each open object
  const auto watch = [&open](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > depth_max) throw ApiError{400, "The request body is nested too deeply"};
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key) {
      auto& names = open.back();
      const auto name = parsed.get<std::string>();
      if (std::find(names.begin(), names.end(), name) != names.end()) {
        throw ApiError{400, "The request body has the member `" + name + "` twice"};
      }
      names.push_back(name);
    }
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const Json::parse_error& error) {
    throw ApiError{400, std::string("The request body is not valid JSON: ") + error.what()};
  }
}

inline Json json_body(const Request& request) {
  const auto type = lower(request.header("content-type"));
  if (trimmed(std::string_view(type).substr(0, type.find(';'))) != "application/json") {
    throw ApiError{400, "Content-Type must be application/json"};
  }
  auto body = parse_json(request.body);
  if (!body.is_object()) throw ApiError{400, "The request body must be a JSON object"};
  return body;
}

}  // namespace standin
