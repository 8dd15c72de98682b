// GET /v1/files/{id}/content: the bytes of a file, as they come.
#pragma once
#include "resource.hpp"

PICOCLAUDE_BEGIN

// Each event `data` brings the next bytes. They are the whole file only once the call has succeeded: however it is cut
// short, the call ends with an error. Then it is not sent again by itself, for bytes were told.
class DownloadFile : public ResourceCall {
 public:
  explicit DownloadFile(string_view file_id = {}) : ResourceCall(endpoint), id(file_id) {}

  string_view id;
  std::uint32_t size = 0;  // bytes that came so far

 private:
  static Error start(void* subject) PICOCLAUDE_NONBLOCKING {
    detail::as<DownloadFile>(subject).size = 0;
    return check_id(detail::as<DownloadFile>(subject).id);
  }
  static void begin(void*, EventReader&, std::uint32_t) PICOCLAUDE_NONBLOCKING {}
  static Event read(void* subject, char*& next, char* end, Error&) PICOCLAUDE_NONBLOCKING {
    const string_view bytes{next, static_cast<std::size_t>(end - next)};
    detail::as<DownloadFile>(subject).size += static_cast<std::uint32_t>(bytes.size());
    next = end;
    return {EventKind::data, 0, bytes};
  }
  static Error end(void*) PICOCLAUDE_NONBLOCKING { return Error::none; }
  static void render_path(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    render_id(window, "/v1/files/", detail::as<DownloadFile>(subject).id, "/content");
  }

  static constexpr detail::AnswerBody answer{true, start, is_safe, begin, read, end, nullptr, nullptr};
  static constexpr detail::Endpoint endpoint{"GET ", render_path, render_headers, nullptr, {}, &answer};
};

PICOCLAUDE_END
