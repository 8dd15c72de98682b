// Image blocks (API.md, sections 1.4 and 3.4): jpeg, png, gif or webp, at most 8000 x 8000 pixels and 10 MB of base64.
//
// A picture is never copied: its bytes become base64 while they are sent, from memory or from a reader.
#pragma once
#include "cache.hpp"
#include "media.hpp"

PICOCLAUDE_BEGIN

#if PICOCLAUDE_ENABLE_VISION
// A picture in memory. `media_type` is "image/jpeg", "image/png", "image/gif" or "image/webp".
constexpr Block image(string_view media_type, string_view bytes) {
  Block block(bytes);
  block.type = BlockType::image;
  block.media_type = media_type;
  return block;
}

// A picture that is read while it is sent, for example from a card.
// Lifetime: the source stays until the exchange is done; each attempt reads it again.
constexpr Block image(string_view media_type, const Source& source) {
  Block block = image(media_type, string_view{});
  block.media = MediaSource::reader;
  block.source = &source;
  return block;
}
Block image(string_view media_type, const Source&& source) = delete;

// A picture that the service fetches.
constexpr Block image_url(string_view url) {
  Block block = image({}, url);
  block.media = MediaSource::url;
  return block;
}

// A picture that was uploaded to the Files API.
constexpr Block image_file(string_view file_id) {
  Block block = image({}, file_id);
  block.media = MediaSource::file;
  return block;
}
#else
template <class... Arguments>
constexpr Block image(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_VISION is 0: set it to 1 to use image()");
  return {};
}
template <class... Arguments>
constexpr Block image_url(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_VISION is 0: set it to 1 to use image_url()");
  return {};
}
template <class... Arguments>
constexpr Block image_file(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_VISION is 0: set it to 1 to use image_file()");
  return {};
}
#endif

#if PICOCLAUDE_ENABLE_VISION
namespace detail {

constexpr void render_image(Window& window, const Block& block) {
  window.raw(R"({"type":"image")");
  render_media(window, block, block.media_type);
  render_cache_control(window, block.cache_control);
  window.raw("}");
}

}  // namespace detail
#endif
PICOCLAUDE_END
