// What messages are made of: a string, or a list of content blocks (API.md, sections 3.3 and 3.4).
#pragma once
#include "../wire/json_writer.hpp"
#include "cache.hpp"
#include "document.hpp"
#include "image.hpp"
#include "message.hpp"
#include "thinking.hpp"

PICOCLAUDE_BEGIN

struct Message {
  Role role = Role::user;
  Content content;
};

constexpr Message user(Content content) { return {Role::user, content}; }
constexpr Message assistant(Content content) { return {Role::assistant, content}; }
// In mid-conversation, on the models that know it; never the first (API.md, section 3.3). Where <cstdlib> is included it
// is called by its whole name, picoclaude::system(): behind a using-directive strings go to the one of C, whose int does
// not compile as a message.
constexpr Message system(Content content) { return {Role::system, content}; }

#if PICOCLAUDE_ENABLE_SERVER_TOOLS
// A block as JSON, for example one that the model wrote with a tool of the service: given back as it came.
constexpr Block raw_block(string_view json) {
  Block block(json);
  block.type = BlockType::raw;
  return block;
}
#else
template <class... Arguments>
constexpr Block raw_block(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_SERVER_TOOLS is 0: set it to 1 to use raw_block()");
  return {};
}
#endif

#if PICOCLAUDE_ENABLE_TOOLS
// A call that the model made, given back to it. `input` is the JSON object of its arguments, as it came.
constexpr Block tool_use(string_view id, string_view name, string_view input) {
  Block block(input);
  block.type = BlockType::tool_use;
  block.id = id;
  block.name = name;
  return block;
}

// What a tool answered to the call `id`. With `is_error`: why it could not.
constexpr Block tool_result(string_view id, const Content& content, bool is_error = false) {
  Block block;
  block.type = BlockType::tool_result;
  block.id = id;
  block.content = content;
  block.is_error = is_error;
  return block;
}
#else
template <class... Arguments>
constexpr Block tool_use(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_TOOLS is 0: set it to 1 to use tool_use()");
  return {};
}
template <class... Arguments>
constexpr Block tool_result(const Arguments&...) {
  static_assert(detail::off<Arguments...>, "PICOCLAUDE_ENABLE_TOOLS is 0: set it to 1 to use tool_result()");
  return {};
}
#endif

namespace detail {

#if PICOCLAUDE_ENABLE_TOOLS
constexpr void render_tool_use(Window& window, const Block& block) {
  window.raw(R"({"type":"tool_use","id":)");
  json_string(window, block.id);
  window.raw(R"(,"name":)");
  json_string(window, block.name);
  window.raw(R"(,"input":)");
  if (block.text.empty()) {
    window.raw("{}");
  } else {
    window.raw(block.text);
  }
  render_cache_control(window, block.cache_control);
  window.raw("}");
}

constexpr void begin_tool_result(Window& window, const Block& block) {
  window.raw(R"({"type":"tool_result","tool_use_id":)");
  json_string(window, block.id);
  if (!block.content.empty()) window.raw(R"(,"content":)");
  if (!block.content.text.empty() && block.content.blocks.empty()) json_string(window, block.content.text);
}

constexpr void end_tool_result(Window& window, const Block& block) {
  if (block.is_error) {
    window.raw(R"(,"is_error":true)");
  } else {
    window.raw(R"(,"is_error":false)");
  }
  render_cache_control(window, block.cache_control);
  window.raw("}");
}
#endif

#if PICOCLAUDE_ENABLE_DOCUMENTS
constexpr void begin_document(Window& window, const Block& block) {
  window.raw(R"({"type":"document")");
  if (block.media == MediaSource::plain_text) {
    window.raw(R"(,"source":{"type":"text","media_type":"text/plain","data":)");
    json_string(window, block.text);
    window.raw("}");
  } else if (block.media == MediaSource::content) {
    window.raw(R"(,"source":{"type":"content","content":)");
    if (block.content.blocks.empty()) json_string(window, block.content.text);
  } else {
    render_media(window, block, "application/pdf");
  }
}

constexpr void end_document(Window& window, const Block& block) {
  if (block.media == MediaSource::content) window.raw("}");
  json_member(window, R"(,"title":)", block.title);
  json_member(window, R"(,"context":)", block.context);
  render_cited(window, block);
}

constexpr void begin_search_result(Window& window, const Block& block) {
  window.raw(R"({"type":"search_result","source":)");
  json_string(window, block.text);
  window.raw(R"(,"title":)");
  json_string(window, block.title);
  window.raw(R"(,"content":)");
}
#endif

// A block up to the blocks that it holds; all of it when it holds none.
constexpr void begin_block(Window& window, const Block& block) {
  switch (block.type) {
#if PICOCLAUDE_ENABLE_TOOLS
    case BlockType::tool_use: return render_tool_use(window, block);
    case BlockType::tool_result: return begin_tool_result(window, block);
#endif
#if PICOCLAUDE_ENABLE_VISION
    case BlockType::image: return render_image(window, block);
#endif
#if PICOCLAUDE_ENABLE_DOCUMENTS
    case BlockType::document: return begin_document(window, block);
    case BlockType::search_result: return begin_search_result(window, block);
#endif
#if PICOCLAUDE_ENABLE_THINKING
    case BlockType::thinking:
    case BlockType::redacted_thinking: return render_thinking_block(window, block);
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
    case BlockType::raw: return window.raw(block.text);
#endif
    default: break;
  }
  window.raw(R"({"type":"text","text":)");
  json_string(window, block.text);
  render_cache_control(window, block.cache_control);
  window.raw("}");
}

#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_DOCUMENTS
constexpr bool holds_blocks(const Block& block) {
  switch (block.type) {
#if PICOCLAUDE_ENABLE_TOOLS
    case BlockType::tool_result: return !block.content.blocks.empty();
#endif
#if PICOCLAUDE_ENABLE_DOCUMENTS
    case BlockType::document: return block.media == MediaSource::content && !block.content.blocks.empty();
    case BlockType::search_result: return true;
#endif
    default: return false;
  }
}

// Behind the blocks that it holds.
constexpr void end_block(Window& window, const Block& block) {
  switch (block.type) {
#if PICOCLAUDE_ENABLE_TOOLS
    case BlockType::tool_result: return end_tool_result(window, block);
#endif
#if PICOCLAUDE_ENABLE_DOCUMENTS
    case BlockType::document: return end_document(window, block);
    case BlockType::search_result: return render_cited(window, block);
#endif
    default: break;
  }
}

// Blocks in blocks, without recursion: the stack of a small machine is counted in bytes.
constexpr void render(Window& window, List<Block> blocks) {
  constexpr unsigned max_depth = 3;  // a message's, a tool result's, a search result's
  List<Block> open[max_depth] = {blocks};
  unsigned depth = 0;
  window.raw("[");
  bool more = window.open(blocks.size());
  while (window.finished()) {
    if (more) {
      if (window.item() != 0) window.raw(",");
      const Block& block = open[depth][window.item()];
      begin_block(window, block);
      if (holds_blocks(block)) {
        if (++depth == max_depth) return window.fail(Error::bad_request);
        open[depth] = block.content.blocks;
        window.raw("[");
        more = window.open(open[depth].size());
        continue;
      }
      end_block(window, block);
    } else {
      window.raw("]");
      if (depth == 0) return;
      --depth;
      end_block(window, open[depth][window.item()]);
    }
    more = window.next(open[depth].size());
  }
}
#else
constexpr void render(Window& window, List<Block> blocks) {
  window.raw("[");
  for (bool more = window.open(blocks.size()); more; more = window.next(blocks.size())) {
    if (window.item() != 0) window.raw(",");
    begin_block(window, blocks[window.item()]);
  }
  window.raw("]");
}
#endif

// One block alone, for example of a transcript.
constexpr void render(Window& window, const Block& block) {
  begin_block(window, block);
#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_DOCUMENTS
  if (holds_blocks(block)) render(window, block.content.blocks);
  end_block(window, block);
#endif
}

constexpr void render(Window& window, const Content& content) {
  if (content.blocks.empty()) {
    json_string(window, content.text);
  } else {
    render(window, content.blocks);
  }
}

constexpr void render(Window& window, const Message& message) {
  window.raw(R"({"role":")");
  window.word("user\0assistant\0system", static_cast<unsigned>(message.role));
  window.raw(R"(","content":)");
  render(window, message.content);
  window.raw("}");
}

}  // namespace detail
PICOCLAUDE_END
