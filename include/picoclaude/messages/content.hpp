// What messages are made of: a string, or a list of content blocks (API.md, sections 3.3 and 3.4).
#pragma once
#include "../wire/json_writer.hpp"
#include "message.hpp"

PICOCLAUDE_BEGIN

// One content block of a request. Lifetime: its views are borrowed until the exchange is done.
struct Block {
  string_view text;

  constexpr Block() = default;
  constexpr Block(string_view words) : text(words) {}
  constexpr Block(const char* words) : text(words) {}
};

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

struct Message {
  Role role = Role::user;
  Content content;
};

constexpr Message user(Content content) { return {Role::user, content}; }
constexpr Message assistant(Content content) { return {Role::assistant, content}; }
// In mid-conversation, on the models that know it; never the first (API.md, section 3.3).
constexpr Message system(Content content) { return {Role::system, content}; }

namespace detail {

constexpr void render(Window& window, const Block& block) {
  window.raw(R"({"type":"text","text":)");
  json_string(window, block.text);
  window.raw("}");
}

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
