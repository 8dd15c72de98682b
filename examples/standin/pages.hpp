// Lists a page at a time, in the two ways of the API.

#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"
#include "http.hpp"
#include "text.hpp"

namespace standin {

inline std::string query_value(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.query) {
    if (key == name) return value;
  }
  return {};
}

inline std::vector<std::string> query_values(const Request& request, std::string_view name) {
  std::vector<std::string> result;
  for (const auto& [key, value] : request.query) {
    if (key == name) result.push_back(value);
  }
  return result;
}

inline std::size_t page_limit(const Request& request) {
  const auto text = query_value(request, "limit");
  if (text.empty()) return 20;
  const auto limit = number(text);
  if (!limit || *limit < 1 || *limit > 1000) refuse("limit", "Input should be between 1 and 1000");
  return *limit;
}

// Batches and models: after_id or before_id, has_more, first_id, last_id. `items` are newest first.
inline Json page_by_id(const Request& request, const std::vector<Json>& items) {
  const auto limit = page_limit(request);
  const auto after = query_value(request, "after_id");
  const auto before = query_value(request, "before_id");
  if (!after.empty() && !before.empty()) throw ApiError{400, "Only one of after_id and before_id may be given"};
  const auto position = [&](const std::string& id) {
    const auto found = std::find_if(items.begin(), items.end(), [&](const Json& item) {
      return item["id"] == id;
    });
    if (found == items.end()) throw ApiError{400, "Invalid cursor: " + id};
    return static_cast<std::size_t>(found - items.begin());
  };
  std::size_t begin = after.empty() ? 0 : position(after) + 1;
  std::size_t end = before.empty() ? items.size() : position(before);
  const bool has_more = end - begin > limit;
  if (has_more && before.empty()) end = begin + limit;
  if (has_more && !before.empty()) begin = end - limit;
  Json data = Json::array();
  for (auto i = begin; i < end; ++i) data.push_back(items[i]);
  const Json first = data.empty() ? Json() : data.front()["id"];
  const Json last = data.empty() ? Json() : data.back()["id"];
  return {{"data", std::move(data)}, {"has_more", has_more}, {"first_id", first}, {"last_id", last}};
}

// Files: an opaque `page`, next_page.
inline Json page_by_token(const Request& request, const std::vector<Json>& items) {
  constexpr std::string_view token_start = "page_";
  const auto limit = page_limit(request);
  const auto token = query_value(request, "page");
  std::size_t begin = 0;
  if (!token.empty()) {
    const auto offset = starts_with(token, token_start) ? number(token.substr(token_start.size())) : std::nullopt;
    if (!offset) refuse("page", "Invalid page token");
    begin = std::min<std::size_t>(*offset, items.size());
  }
  const auto end = std::min(items.size(), begin + limit);
  Json data = Json::array();
  for (auto i = begin; i < end; ++i) data.push_back(items[i]);
  const Json next = end < items.size() ? Json(std::string(token_start) + std::to_string(end)) : Json();
  return {{"data", std::move(data)}, {"next_page", next}};
}

}  // namespace standin
