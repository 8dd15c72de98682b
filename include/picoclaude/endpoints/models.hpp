// GET /v1/models: all models, or one by its id or alias.
#pragma once
#include "item_call.hpp"
#include "model.hpp"

PICOCLAUDE_BEGIN
namespace detail {

template <>
struct Resource<Model> {
  static constexpr const char* path = "/v1/models/";
  static constexpr const char* list_path = "/v1/models";
  static constexpr Members members{
      ModelMembers::find, [](void* into, MemberReader& at, Json token) PICOCLAUDE_NONBLOCKING {
        ModelMembers::take(*static_cast<Model*>(into), at, token);
      }};
};

}  // namespace detail

// Which models to list. Without a choice: the active and the deprecated ones.
struct ModelFilter {
  string_view after_id;  // begin behind this one
  bool active = false;
  bool deprecated = false;
  bool retired = false;

 protected:
  static constexpr bool by_token = false;
  string_view cursor() const { return after_id; }
  static constexpr Error refusal(bool) { return Error::none; }
  // True: nothing was written.
  bool render(Window& window) const {
    bool first = true;
    const auto choose = [&](bool wanted, string_view name) {
      if (!wanted) return;
      window.raw(first ? "?lifecycle%5B%5D=" : "&lifecycle%5B%5D=");
      window.raw(name);
      first = false;
    };
    choose(active, "active");
    choose(deprecated, "deprecated");
    choose(retired, "retired");
    return first;
  }
};

using GetModel = ItemCall<Model, detail::Verb::get>;
using ListModels = ListCall<Model, ModelFilter>;  // newest first

PICOCLAUDE_END
