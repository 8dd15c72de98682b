// Documents that the model may read and cite (API.md, sections 3.4 and 3.8): PDF, plain text, blocks, search results.
//
// Of the documents of one request, all may be cited or none.
#pragma once
#include "cache.hpp"
#include "media.hpp"

PICOCLAUDE_BEGIN

// What a document says of itself besides its content.
struct About {
  string_view title;       // 1 to 500 characters
  string_view context;     // told to the model, never cited
  bool citations = false;  // the answer may cite the document
};

#if PICOCLAUDE_ENABLE_DOCUMENTS
namespace detail {

constexpr Block make_document(MediaSource media, string_view text, const About& about) {
  Block block(text);
  block.type = BlockType::document;
  block.media = media;
  block.title = about.title;
  block.context = about.context;
  block.citations = about.citations;
  return block;
}

}  // namespace detail

// A PDF in memory: at most 600 pages, not encrypted.
constexpr Block pdf(string_view bytes, const About& about = {}) {
  return detail::make_document(MediaSource::bytes, bytes, about);
}

// A PDF that is read while it is sent.
// Lifetime: the source stays until the exchange is done; each attempt reads it again.
constexpr Block pdf(const Source& source, const About& about = {}) {
  Block block = detail::make_document(MediaSource::reader, {}, about);
  block.source = &source;
  return block;
}
Block pdf(const Source&& source, const About& about = {}) = delete;

// A PDF that the service fetches.
constexpr Block pdf_url(string_view url, const About& about = {}) {
  return detail::make_document(MediaSource::url, url, about);
}

// A document that was uploaded to the Files API.
constexpr Block document_file(string_view file_id, const About& about = {}) {
  return detail::make_document(MediaSource::file, file_id, about);
}

constexpr Block document_text(string_view text, const About& about = {}) {
  return detail::make_document(MediaSource::plain_text, text, about);
}

// A document of text and image blocks; citations name the block.
constexpr Block document_content(const Content& content, const About& about = {}) {
  Block block = detail::make_document(MediaSource::content, {}, about);
  block.content = content;
  return block;
}

// What a search of yours found. `content` is text blocks.
constexpr Block search_result(string_view source, string_view title, List<Block> content, bool citations = false) {
  Block block = detail::make_document(MediaSource::content, source, {title, {}, citations});
  block.type = BlockType::search_result;
  block.content = content;
  return block;
}

namespace detail {

// The end of a block that can be cited.
constexpr void render_cited(Window& window, const Block& block) {
  if (block.citations) window.raw(R"(,"citations":{"enabled":true})");
  render_cache_control(window, block.cache_control);
  window.raw("}");
}

}  // namespace detail
#else
#define PICOCLAUDE_OFF(function)                                                                                      \
  template <class... Arguments>                                                                                       \
  constexpr Block function(const Arguments&...) {                                                                     \
    static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_DOCUMENTS is 0: set it to 1 to use " #function "()"); \
    return {};                                                                                                        \
  }
PICOCLAUDE_OFF(pdf)
PICOCLAUDE_OFF(pdf_url)
PICOCLAUDE_OFF(document_file)
PICOCLAUDE_OFF(document_text)
PICOCLAUDE_OFF(document_content)
PICOCLAUDE_OFF(search_result)
#undef PICOCLAUDE_OFF
#endif
PICOCLAUDE_END
