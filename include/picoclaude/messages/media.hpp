// Where an image or a document is: its member "source" (API.md, section 3.4).
#pragma once
#include "../wire/base64.hpp"
#include "../wire/json_writer.hpp"
#include "block.hpp"

PICOCLAUDE_BEGIN
#if PICOCLAUDE_ENABLE_VISION || PICOCLAUDE_ENABLE_DOCUMENTS
namespace detail {

constexpr void render_base64(Window& window, const Block& block, string_view media_type) {
  window.raw(R"(,"source":{"type":"base64","media_type":)");
  json_string(window, media_type);
  window.raw(R"(,"data":")");
  if (block.media == MediaSource::reader) {
    base64(window, *block.source);
  } else {
    base64(window, block.text);
  }
  window.raw(R"("})");
}

constexpr void render_media(Window& window, const Block& block, string_view media_type) {
  switch (block.media) {
    case MediaSource::url: window.raw(R"(,"source":{"type":"url","url":)"); break;
    case MediaSource::file: window.raw(R"(,"source":{"type":"file","file_id":)"); break;
    default: return render_base64(window, block, media_type);
  }
  json_string(window, block.text);
  window.raw("}");
}

}  // namespace detail
#endif
PICOCLAUDE_END
