// How a tool answers the call that it was run for.
#pragma once
#include "content.hpp"

PICOCLAUDE_BEGIN

// The first answer counts; a tool that gives none answers with nothing. What is given is copied at once.
class ToolReply {
 public:
  // Takes one answer. False: there was no room for it.
  using Take = bool (*)(void* context, const Content& content, bool is_error) PICOCLAUDE_NONBLOCKING;

  constexpr ToolReply(Take take, void* context) : take_(take), context_(context) {}

  bool text(string_view words) const { return take_(context_, Content(words), false); }
  // Text or blocks, for example an image.
  bool content(const Content& content) const { return take_(context_, content, false); }
  // Why the tool could not do it, so that the model can try something else.
  bool error(string_view words) const { return take_(context_, Content(words), true); }

 private:
  Take take_;
  void* context_;
};

PICOCLAUDE_END
