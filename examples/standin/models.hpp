// GET /v1/models and /v1/models/{id or alias}.

#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"
#include "http.hpp"
#include "pages.hpp"

namespace standin {

class Models {
 public:
  static Json list(const Request& request) {
    auto wanted = query_values(request, "lifecycle[]");
    if (wanted.empty()) wanted = {"active", "deprecated"};
    std::vector<Json> items;
    for (const auto& model : models) {
      if (std::find(wanted.begin(), wanted.end(), model.lifecycle) != wanted.end()) items.push_back(info(model));
    }
    return page_by_id(request, items);
  }

  static Json one(const std::string& name) {
    for (const auto& model : models) {
      if (model.id == name || model.alias == name) return info(model);
    }
    throw ApiError{404, "model: " + name};
  }

 private:
  struct Model {
    std::string_view id;
    std::string_view alias;
    std::string_view display_name;
    std::string_view line;
    std::string_view created_at;
    std::string_view lifecycle;
    int max_input_tokens;
    int max_tokens;
    bool classic;  // thinking by budget, not adaptive
  };

  static constexpr std::array models{
      Model{"claude-fable-5-2", "", "Claude Fable 5.2", "fable", "2026-10-20T00:00:00Z", "active", 1'000'000, 128'000,
          false},
      Model{"claude-haiku-5-5", "", "Claude Haiku 5.5", "haiku", "2026-10-06T00:00:00Z", "active", 1'000'000, 128'000,
          false},
      Model{"claude-sonnet-5-5", "", "Claude Sonnet 5.5", "sonnet", "2026-10-06T00:00:00Z", "active", 1'000'000,
          128'000, false},
      Model{"claude-opus-5-5", "", "Claude Opus 5.5", "opus", "2026-09-22T00:00:00Z", "active", 1'000'000, 128'000,
          false},
      Model{"claude-haiku-4-5-20251001", "claude-haiku-4-5", "Claude Haiku 4.5", "haiku", "2025-10-15T00:00:00Z",
          "active", 200'000, 64'000, true},
      Model{"claude-sonnet-4-5-20250929", "claude-sonnet-4-5", "Claude Sonnet 4.5", "sonnet", "2025-09-29T00:00:00Z",
          "deprecated", 200'000, 64'000, true},
      Model{"claude-3-haiku-20240307", "", "Claude Haiku 3", "haiku", "2024-03-07T00:00:00Z", "retired", 200'000, 4'096,
          true},
  };

  static Json info(const Model& model) {
    const bool over = model.lifecycle != "active";
    return {{"id", model.id}, {"type", "model"}, {"display_name", model.display_name}, {"created_at", model.created_at},
        {"lifecycle", model.lifecycle}, {"deprecated_at", over ? Json("2026-09-30T00:00:00Z") : Json()},
        {"retires_at", over ? Json("2026-11-30T00:00:00Z") : Json()}, {"line", model.line},
        {"max_input_tokens", model.max_input_tokens}, {"max_tokens", model.max_tokens},
        {"capabilities", capabilities(model.classic)}};
  }

  static Json capabilities(bool classic) {
    const Json yes = {{"supported", true}};
    const Json no = {{"supported", false}};
    const Json modern = classic ? no : yes;
    const Json old = classic ? yes : no;
    return {{"batch", yes}, {"citations", yes}, {"code_execution", yes}, {"image_input", yes}, {"pdf_input", yes},
        {"structured_outputs", yes},
        {"context_management",
            {{"supported", true}, {"clear_thinking_20251015", yes}, {"clear_tool_uses_20250919", yes},
                {"compact_20260112", modern}}},
        {"effort",
            {{"supported", !classic}, {"low", modern}, {"medium", modern}, {"high", modern}, {"xhigh", modern},
                {"max", modern}}},
        {"server_tools", {{"supported", true}, {"web_search", yes}, {"code_execution", yes}}},
        {"thinking",
            {{"supported", true},
                {"types", {{"adaptive", modern}, {"between_tools", modern}, {"disabled", yes}, {"enabled", old}}}}}};
  }
};

}  // namespace standin
