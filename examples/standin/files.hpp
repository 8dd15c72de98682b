// /v1/files, in memory.
//
// One difference on purpose: what was uploaded can be downloaded again (unless `sealed` is asked for), because no tool
// runs here that would make a downloadable file.

#pragma once

#include <ctime>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "answer.hpp"
#include "error.hpp"
#include "http.hpp"
#include "misbehaviour.hpp"
#include "multipart.hpp"
#include "pages.hpp"
#include "reply.hpp"
#include "text.hpp"

namespace standin {

class Files {
 public:
  Json upload(const Request& request, const Misbehaviour& wish) {
    const auto now = std::time(nullptr);
    File file;
    Json expires_at;
    bool found = false;
    const auto parts = Multipart::parts(request);
    for (const auto& part : parts) {
      if (part.name == "file") {
        if (found) refuse("file", "only one file can be uploaded at a time");
        if (!part.has_filename) refuse("file", "the part needs a filename");
        found = true;
        file.bytes = part.bytes;
        file.info = {{"id", fresh_id("file_")}, {"type", "file"},
            {"filename", checked_name(part.filename, part.content_type)},
            {"mime_type", part.content_type.empty() ? "application/octet-stream" : part.content_type},
            {"size_bytes", part.bytes.size()}, {"created_at", timestamp(now)}, {"downloadable", !wish.has("sealed")}};
      } else if (part.name == "expires_in_seconds") {
        const auto seconds = number(part.bytes);
        if (!seconds || *seconds < 3600 || *seconds > 7'776'000) {
          refuse("expires_in_seconds", "Input should be between 3600 and 7776000");
        }
        expires_at = timestamp(now + static_cast<std::time_t>(*seconds));
      } else {
        refuse(part.name, "Extra inputs are not permitted");
      }
    }
    if (!found) refuse("file", "Field required");
    file.info["expires_at"] = expires_at;
    const std::lock_guard lock(mutex_);
    files_.push_front(std::move(file));
    return files_.front().info;
  }

  Json list(const Request& request) {
    const std::lock_guard lock(mutex_);
    const auto ids = query_values(request, "ids[]");
    if (ids.size() > 100) refuse("ids", "at most 100 ids are allowed");
    if (!ids.empty() && !(query_value(request, "limit") + query_value(request, "page")).empty()) {
      refuse("ids", "cannot be combined with limit or page");
    }
    std::vector<Json> items;
    for (const auto& file : files_) {
      const bool wanted = ids.empty() || std::find(ids.begin(), ids.end(), file.info["id"]) != ids.end();
      if (wanted) items.push_back(file.info);
    }
    return page_by_token(request, items);
  }

  Json metadata(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return find(id).info;
  }

  Reply content(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto& file = find(id);
    if (file.info["downloadable"] == false) {
      throw ApiError{400, "File " + id + " is not downloadable", {{"error_code", "file_not_downloadable"}}};
    }
    return {200, file.info["mime_type"].get<std::string>(), {file.bytes}, false, {}};
  }

  Json remove(const std::string& id) {
    const std::lock_guard lock(mutex_);
    find(id);
    for (auto file = files_.begin(); file != files_.end(); ++file) {
      if (file->info["id"] != id) continue;
      files_.erase(file);
      break;
    }
    return {{"id", id}, {"type", "file_deleted"}};
  }

 private:
  struct File {
    Json info;
    std::string bytes;
  };

  // The last path component; refused when it has what a file name must not have.
  static std::string checked_name(const std::string& given, const std::string& content_type) {
    const auto slash = given.rfind('/');
    const auto name = slash == std::string::npos ? given : given.substr(slash + 1);
    if (name.empty()) return "unnamed." + content_type.substr(content_type.find('/') + 1);
    const bool clean = std::none_of(name.begin(), name.end(), [](unsigned char byte) {
      return byte < ' ' || std::string_view("<>:\"|?*\\").find(static_cast<char>(byte)) != std::string_view::npos;
    });
    if (name.size() > 255 || !clean) refuse("file", "Invalid filename");
    return name;
  }

  File& find(const std::string& id) {
    for (auto& file : files_) {
      if (file.info["id"] == id) return file;
    }
    throw ApiError{404, "File not found: " + id};
  }

  std::mutex mutex_;
  std::deque<File> files_;  // newest first
};

}  // namespace standin
