// Which blocks may stand where, and what each of them needs (API.md, section 3.4).
#pragma once
#include "content.hpp"
#include "request.hpp"
#include "rule.hpp"

PICOCLAUDE_BEGIN
#if PICOCLAUDE_ENABLE_CHECK
namespace detail {

// What blocks stand in.
enum class Within : std::uint8_t { system, user, assistant, tool_result, document, search_result };

constexpr bool is_blank(string_view text) {
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return false;
  }
  return true;
}

// Code points, not bytes.
constexpr std::size_t character_count(string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

// letters, digits, _ and -
constexpr bool is_identifier(string_view text, std::size_t most) {
  for (const char c : text) {
    const char low = to_lower(c);
    if (!is_digit(low) && (low < 'a' || low > 'z') && low != '_' && low != '-') return false;
  }
  return !text.empty() && text.size() <= most;
}

constexpr bool may_stand(BlockType type, Within within, ApiVersion version) {
  switch (type) {
    case BlockType::text:
    case BlockType::raw: return true;
    case BlockType::thinking:
    case BlockType::redacted_thinking:
    case BlockType::tool_use: return within == Within::assistant;
    case BlockType::tool_result: return within == Within::user;
    case BlockType::image: return within == Within::user || within == Within::tool_result || within == Within::document;
    case BlockType::document:
      if (within == Within::assistant) return version == ApiVersion::v2023_06_01;
      break;
    default: break;  // search_result
  }
  return within == Within::user || within == Within::tool_result;
}

// What a walk over all blocks has seen.
struct BlockCensus {
  std::uint32_t images = 0;
  bool cited = false;    // a document or search result that may be cited
  bool uncited = false;  // one that may not
};

#if PICOCLAUDE_ENABLE_VISION || PICOCLAUDE_ENABLE_DOCUMENTS
constexpr Rule check_media(const Block& block) {
  const bool reads = block.media == MediaSource::reader;
#if PICOCLAUDE_ENABLE_DOCUMENTS
  if (block.media == MediaSource::content) return block.content.empty() ? Rule::empty_content : Rule::none;
#endif
  if (reads ? block.source == nullptr || block.source->size == 0 : block.text.empty()) return Rule::empty_source;
  return Rule::none;
}
#endif

#if PICOCLAUDE_ENABLE_VISION
constexpr Rule check_image(const Block& block) {
  constexpr std::size_t most = 10 * 1024 * 1024 / 4 * 3;
  const bool inside = block.media == MediaSource::bytes || block.media == MediaSource::reader;
  if (!inside) return check_media(block);
  bool known = false;
  for (const string_view type :
      {string_view("image/jpeg"), string_view("image/png"), string_view("image/gif"), string_view("image/webp")}) {
    known = known || equal(block.media_type, type);
  }
  if (!known) return Rule::bad_media_type;
  const Rule rule = check_media(block);
  if (rule != Rule::none) return rule;
  const std::size_t size = block.media == MediaSource::reader ? block.source->size : block.text.size();
  return size > most ? Rule::image_too_large : Rule::none;
}
#endif

#if PICOCLAUDE_ENABLE_DOCUMENTS
constexpr Rule check_document(const Block& block, BlockCensus& census) {
  (block.citations ? census.cited : census.uncited) = true;
  if (character_count(block.title) > 500) return Rule::bad_title;
  if (block.type == BlockType::document) return check_media(block);
  if (block.text.empty()) return Rule::empty_source;
  if (block.title.empty()) return Rule::bad_title;
  return block.content.blocks.empty() ? Rule::empty_content : Rule::none;
}
#endif

// What a block needs by itself.
constexpr Rule check_alone(const Block& block, [[maybe_unused]] BlockCensus& census) {
  switch (block.type) {
    case BlockType::text: return is_blank(block.text) ? Rule::empty_text : Rule::none;
#if PICOCLAUDE_ENABLE_VISION
    case BlockType::image: ++census.images; return check_image(block);
#endif
#if PICOCLAUDE_ENABLE_DOCUMENTS
    case BlockType::document:
    case BlockType::search_result: return check_document(block, census);
#endif
#if PICOCLAUDE_ENABLE_TOOLS
    case BlockType::tool_use:
      if (!is_identifier(block.name, 200)) return Rule::bad_tool_name;
      [[fallthrough]];
    case BlockType::tool_result: return is_identifier(block.id, ~std::size_t{0}) ? Rule::none : Rule::bad_call_id;
#endif
#if PICOCLAUDE_ENABLE_THINKING && PICOCLAUDE_ENABLE_CACHING
    case BlockType::thinking:
    case BlockType::redacted_thinking:
      return block.cache_control == CacheControl::none ? Rule::none : Rule::cached_thinking;
#endif
    default: return Rule::none;
  }
}

constexpr Rule check_block(const Block& block, Within within, ApiVersion version, BlockCensus& census) {
  const Rule rule = check_alone(block, census);
  if (rule != Rule::none) return rule;
  if (may_stand(block.type, within, version)) return Rule::none;
  if (within == Within::system) return Rule::system_not_text;
  return within == Within::user || within == Within::assistant ? Rule::block_in_wrong_role : Rule::block_in_wrong_place;
}

#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_DOCUMENTS
constexpr Within inside(const Block& block) {
  return block.type == BlockType::tool_result ? Within::tool_result
      : block.type == BlockType::document     ? Within::document
                                              : Within::search_result;
}
#endif

// A list and what is in it. Blocks are at most three lists deep: a result's search result's text.
constexpr Rule check_blocks(List<Block> blocks, Within within, ApiVersion version, BlockCensus& census) {
  for (const Block& block : blocks) {
    Rule rule = check_block(block, within, version, census);
#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_DOCUMENTS
    for (const Block& inner : block.content.blocks) {
      if (rule == Rule::none) rule = check_block(inner, inside(block), version, census);
      for (const Block& innermost : inner.content.blocks) {
        if (rule == Rule::none) rule = check_block(innermost, inside(inner), version, census);
        if (rule == Rule::none && !innermost.content.blocks.empty()) rule = Rule::too_deep;
      }
    }
#endif
    if (rule != Rule::none) return rule;
  }
  return Rule::none;
}

}  // namespace detail
#endif
PICOCLAUDE_END
