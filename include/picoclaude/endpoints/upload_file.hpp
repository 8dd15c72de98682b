// POST /v1/files: a file of any size, through a window of any size.
#pragma once
#include "../wire/multipart.hpp"
#include "file.hpp"

PICOCLAUDE_BEGIN

// Once it has succeeded, item.id names the file: in image and document blocks, and in other calls.
class UploadFile : public OneItem<File> {
 public:
  static constexpr std::uint32_t max_size = 500u * 1024 * 1024;  // bytes; beyond: request_too_long

  UploadFile(string_view name, string_view type, Source bytes)
      : OneItem(endpoint), filename(name), mime_type(type), content(bytes) {}
  // The whole file is in memory.
  UploadFile(string_view name, string_view type, string_view bytes)
      : UploadFile(name, type, Source{nullptr, nullptr, static_cast<std::uint32_t>(bytes.size())}) {
    memory_ = bytes.data();
  }
  UploadFile(const UploadFile&) = delete;
  UploadFile& operator=(const UploadFile&) = delete;

  string_view filename;  // 1 to 255 characters, none of < > : " | ? * \ / and no control characters: else bad_request
  string_view mime_type;
  Source content;                  // of a size that is known, or Source::unknown_size: then it is sent in chunks
  bool is_read_once = false;       // the content cannot be had a second time: once begun, the upload is not sent again
  std::uint32_t expires_in_s = 0;  // 3600 (an hour) to 7776000 (90 days); 0: never
  // Changes the boundary that ends the content. Contents that hold it cannot be sent: holds_boundary().
  std::uint32_t nonce = 0;

  // After request_changed: the content holds the boundary, that is, it is another upload's recording. Change `nonce`.
  bool holds_boundary() const { return holds_boundary_; }

 private:
  static constexpr std::size_t boundary_size = 26;

  static bool is_filename(string_view name) {
    std::size_t characters = 0;
    for (const char c : name) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || find("<>:\"|?*\\/", c) < 9) return false;
      if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++characters;
    }
    return characters != 0 && characters <= 255;
  }

  // "picoclaude" and sixteen letters that follow from name, size and nonce.
  void make_boundary() {
    std::uint32_t hash = 2166136261u ^ content.size ^ nonce * 2654435761u;
    for (const char c : filename) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    for (std::size_t at = 0; at < boundary_size; ++at) {
      hash ^= hash << 13;
      hash ^= hash >> 17;
      hash ^= hash << 5;
      boundary_[at] = at < 10 ? "picoclaude"[at] : static_cast<char>('a' + hash % 26);
    }
  }
  string_view boundary() const { return {boundary_, boundary_size}; }

  // The content, looked through on its way out.
  static std::size_t read_content(void* context, std::uint32_t offset, char* out, std::size_t size)
      PICOCLAUDE_NONBLOCKING {
    auto& call = *static_cast<UploadFile*>(context);
    if (offset == 0) call.search_.begin();
    std::size_t got = size;
    if (call.content.read != nullptr) {
      got = call.content.read(call.content.context, offset, out, size);
      if (got > size) return Source::failed;
    } else {
      std::memcpy(out, call.memory_ + offset, size);
    }
    call.holds_boundary_ = !call.search_.pass(call.boundary(), out, got);
    return call.holds_boundary_ ? Source::failed : got;
  }

  static Error start(void* subject) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<UploadFile>(subject);
    call.start_item();
    call.holds_boundary_ = false;
    call.make_boundary();
    if (!is_filename(call.filename) || call.mime_type.empty()) return Error::bad_request;
    if (call.expires_in_s != 0 && (call.expires_in_s < 3600 || call.expires_in_s > 7'776'000))
      return Error::bad_request;
    if (call.content.read == nullptr && call.memory_ == nullptr && call.content.size != 0) return Error::bad_request;
    const bool too_long = call.content.size > max_size && call.content.size != Source::unknown_size;
    return too_long ? Error::request_too_long : Error::none;
  }
  static detail::Repeat repeat(const void* subject) PICOCLAUDE_NONBLOCKING {
    return detail::as<UploadFile>(subject).is_read_once ? detail::Repeat::never : detail::Repeat::unsure;
  }
  static void render_path(Window& window, const void*) PICOCLAUDE_NONBLOCKING { window.raw("/v1/files"); }
  static void render_upload_headers(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    render_headers(window, subject);
    window.raw("content-type: multipart/form-data; boundary=");
    window.raw(detail::as<UploadFile>(subject).boundary());
    window.raw("\r\n");
  }
  static void render_body(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<UploadFile>(subject);
    const Source checked{read_content, const_cast<UploadFile*>(&call), call.content.size};
    detail::multipart_file(window, call.boundary(), "file", call.filename, call.mime_type, checked);
    if (call.expires_in_s != 0)
      detail::multipart_text(window, call.boundary(), "expires_in_seconds", call.expires_in_s);
    detail::multipart_end(window, call.boundary());
  }

  static constexpr detail::AnswerBody answer{false, start, repeat, begin_item, read_item, end_item, nullptr, nullptr};
  static constexpr detail::Endpoint endpoint{"POST ", render_path, render_upload_headers, render_body, {}, &answer};

  const char* memory_ = nullptr;
  detail::DelimiterSearch search_;
  bool holds_boundary_ = false;
  char boundary_[boundary_size] = {};
};

PICOCLAUDE_END
