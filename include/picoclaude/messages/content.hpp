// What messages are made of: a string, or a list of content blocks (API.md, sections 3.3 and 3.4).
#pragma once
#include "../base/off.hpp"
#include "../wire/json_writer.hpp"
#include "message.hpp"

PICOCLAUDE_BEGIN

// What a content block of a request is (API.md, section 3.4). `raw` is a block whose JSON is given as it is.
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

struct Block;

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

// One content block of a request; text, or made by one of the functions below.
// Lifetime: its views are borrowed until the exchange is done.
struct Block {
  BlockType type = BlockType::text;
  detail::Part<PICOCLAUDE_ENABLE_TOOLS, bool, detail::OffTools> is_error{};     // of a tool's result
  string_view text;                                                             // or tool_use.input, or raw JSON
  detail::Part<PICOCLAUDE_ENABLE_TOOLS, string_view, detail::OffTools> id{};    // tool_use.id, tool_use_id
  detail::Part<PICOCLAUDE_ENABLE_TOOLS, string_view, detail::OffTools> name{};  // of the tool that is used
  detail::Part<PICOCLAUDE_ENABLE_TOOLS, Content, detail::OffTools> content{};   // of a tool's result

  constexpr Block() = default;
  constexpr Block(string_view words) : text(words) {}
  constexpr Block(const char* words) : text(words) {}
};

struct Message {
  Role role = Role::user;
  Content content;
};

constexpr Message user(Content content) { return {Role::user, content}; }
constexpr Message assistant(Content content) { return {Role::assistant, content}; }
// In mid-conversation, on the models that know it; never the first (API.md, section 3.3).
constexpr Message system(Content content) { return {Role::system, content}; }

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
constexpr Block tool_result(string_view id, Content content, bool is_error = false) {
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

constexpr void render(Window& window, const Block& block);

constexpr void render(Window& window, List<Block> blocks) {
  window.raw("[");
  for (bool more = window.open(blocks.size()); more; more = window.next(blocks.size())) {
    if (window.item() != 0) window.raw(",");
    render(window, blocks[window.item()]);
  }
  window.raw("]");
}

constexpr void render(Window& window, const Content& content) {
  if (content.blocks.empty()) {
    json_string(window, content.text);
  } else {
    render(window, content.blocks);
  }
}

#if PICOCLAUDE_ENABLE_TOOLS
constexpr void render_tool_use(Window& window, const Block& block) {
  window.raw(R"({"type":"tool_use","id":)");
  json_string(window, block.id);
  window.raw(R"(,"name":)");
  json_string(window, block.name);
  if (block.text.empty()) return window.raw(R"(,"input":{}})");
  window.raw(R"(,"input":)");
  window.raw(block.text);
  window.raw("}");
}

constexpr void render_tool_result(Window& window, const Block& block) {
  window.raw(R"({"type":"tool_result","tool_use_id":)");
  json_string(window, block.id);
  if (!block.content.empty()) {
    window.raw(R"(,"content":)");
    render(window, block.content);
  }
  if (block.is_error) return window.raw(R"(,"is_error":true})");
  window.raw(R"(,"is_error":false})");
}
#endif

constexpr void render(Window& window, const Block& block) {
  switch (block.type) {
#if PICOCLAUDE_ENABLE_TOOLS
    case BlockType::tool_use: return render_tool_use(window, block);
    case BlockType::tool_result: return render_tool_result(window, block);
#endif
    default: break;
  }
  window.raw(R"({"type":"text","text":)");
  json_string(window, block.text);
  window.raw("}");
}

constexpr void render(Window& window, const Message& message) {
  switch (message.role) {
    case Role::user: window.raw(R"({"role":"user","content":)"); break;
    case Role::assistant: window.raw(R"({"role":"assistant","content":)"); break;
    case Role::system: window.raw(R"({"role":"system","content":)"); break;
  }
  render(window, message.content);
  window.raw("}");
}

}  // namespace detail
PICOCLAUDE_END
