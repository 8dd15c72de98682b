// One content block of a request, and what may stand for several (API.md, section 3.4). Plain data: how each type of block
// is made and rendered stands in a file of its own.
#pragma once
#include "../base/error.hpp"
#include "../base/off.hpp"

PICOCLAUDE_BEGIN

struct Source;
struct Block;

// What a content block is. `raw` is a block whose JSON is given as it is.
enum class BlockType : std::uint8_t {
  text,
  image,
  document,
  search_result,
  thinking,
  redacted_thinking,
  tool_use,
  tool_result,
  raw,
};

// Where an image or a document is.
enum class MediaSource : std::uint8_t {
  bytes,       // in memory, sent as base64
  reader,      // read from a Source while it is sent as base64
  url,         // fetched by the service
  file,        // uploaded before; its file id
  plain_text,  // documents only
  content,     // documents only: text and image blocks
};

// How long the service keeps the prefix of the request that ends with a block; counted from its last use.
enum class CacheControl : std::uint8_t { none, ephemeral_5m, ephemeral_1h };

// A string, which is the same as one text block, or a list of blocks.
struct Content {
  string_view text;
  List<Block> blocks;

  constexpr Content() = default;
  constexpr Content(string_view words) : text(words) {}
  constexpr Content(const char* words) : text(words) {}
  constexpr Content(List<Block> list) : blocks(list) {}
  template <std::size_t N>
  constexpr Content(const Block (&array)[N]) : blocks(array) {}

  constexpr bool empty() const { return text.empty() && blocks.empty(); }
};

namespace detail {
inline constexpr bool has_media = PICOCLAUDE_ENABLE_VISION || PICOCLAUDE_ENABLE_DOCUMENTS;
inline constexpr bool has_content = PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_DOCUMENTS;
template <class T>
using ToolPart = Part<PICOCLAUDE_ENABLE_TOOLS, T, OffTools>;
template <class T>
using MediaPart = Part<has_media, T, OffVision>;
template <class T>
using DocumentPart = Part<PICOCLAUDE_ENABLE_DOCUMENTS, T, OffDocuments>;
}  // namespace detail

// Text, or made by one of the functions that are named like their type.
// Lifetime: its views are borrowed until the exchange is done.
struct Block {
  BlockType type = BlockType::text;
  detail::Part<PICOCLAUDE_ENABLE_CACHING, CacheControl, detail::OffCaching> cache_control{};
  detail::ToolPart<bool> is_error{};       // of a tool's result
  detail::MediaPart<MediaSource> media{};  // of an image or document
  detail::DocumentPart<bool> citations{};  // of a document or search result: may be cited
  string_view text;                        // or tool_use.input, raw JSON, bytes, URL, file id, redacted data
  detail::ToolPart<string_view> id{};      // tool_use.id, tool_use_id
  detail::ToolPart<string_view> name{};    // of the tool that is used
  detail::Part<PICOCLAUDE_ENABLE_THINKING, string_view, detail::OffThinking> signature{};
  detail::MediaPart<string_view> media_type{};  // of an image: "image/jpeg"
  detail::MediaPart<const Source*> source{};    // with MediaSource::reader
  detail::DocumentPart<string_view> title{};    // of a document or search result
  detail::DocumentPart<string_view> context{};  // of a document: told to the model, never cited
  // Of a tool's result, of a search result, or of a document with MediaSource::content.
  detail::Part<detail::has_content, Content, detail::OffTools> content{};

  constexpr Block() = default;
  constexpr Block(string_view words) : text(words) {}
  constexpr Block(const char* words) : text(words) {}
};

PICOCLAUDE_END
