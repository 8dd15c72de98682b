// Checks the body of a Messages request as the service would: what it refuses, the service refuses.

#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "caller.hpp"
#include "content.hpp"
#include "error.hpp"

namespace standin {

// The three places where the parameters of a message stand.
enum class Purpose { create, count, batch };

class MessagesCheck {
 public:
  MessagesCheck(const Caller& caller, Purpose purpose) : caller_(caller), purpose_(purpose) {}

  // `path` is where the parameters stand: empty, or "requests.0.params".
  void operator()(const Json& body, const std::string& path = {}) {
    const Place request{body, path};
    request.must_be_object();
    if (request["model"].text().empty()) request["model"].refuse_with("String should have at least 1 character");
    if (purpose_ != Purpose::count) limits(request);
    members(request);
    if (!starts_with(request["model"].text(), "claude-")) {
      throw ApiError{404, "model: " + request["model"].text()};
    }
    ContentCheck content{caller_, request["model"].text()};
    content.cache_control(request);
    if (request.has("system")) content.system(request["system"]);
    tools(request, content);
    content.messages(request["messages"]);
    sampling(request);
    options(request);
    thinking(request);
    output(request);
  }

 private:
  void limits(const Place& request) const {
    const auto max_tokens = request["max_tokens"].count();
    if (max_tokens == 0 && purpose_ == Purpose::batch) request["max_tokens"].refuse_with("must be at least 1");
    if (max_tokens > 300'000) request["max_tokens"].refuse_with("is above the model's maximum");
  }

  void members(const Place& request) const {
    static const std::set<std::string> common{
        "model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control", "speed"};
    static const std::set<std::string> creating{"max_tokens", "stream", "stop_sequences", "metadata", "service_tier",
        "container", "inference_geo", "diagnostics", "temperature", "top_p", "top_k"};
    static const std::map<std::string, std::string> beta{{"mcp_servers", "mcp-client-"},
        {"context_management", "context-management-"}, {"compaction", "compact-"}, {"thread", "message-threads-"},
        {"fallbacks", "server-side-fallback-"}, {"fallback_credit_token", "fallback-credit-"},
        {"billing_policy", "user-profiles-billing-"}, {"output_format", "structured-outputs-"}};
    for (const auto& [name, ignored] : request.value.items()) {
      const auto needed = beta.find(name);
      const bool known = common.count(name) != 0 || (purpose_ != Purpose::count && creating.count(name) != 0) ||
          (needed != beta.end() && caller_.has_beta(needed->second));
      if (!known) refuse(request.path.empty() ? name : request.path + "." + name, "Extra inputs are not permitted");
    }
    if (purpose_ == Purpose::batch && request.has("stream") && request["stream"].flag()) {
      request["stream"].refuse_with("streaming is not supported in batches");
    }
  }

  void sampling(const Place& request) const {
    for (const auto* name : {"temperature", "top_p", "top_k"}) {
      if (!request.value.contains(name)) continue;
      if (caller_.is_newest()) refuse(name, "this parameter is not supported in API version 2026-10-21");
      if (!request[name].value.is_number()) request[name].refuse_with("Input should be a valid number");
    }
  }

  static void options(const Place& request) {
    if (request.has("stream")) request["stream"].flag();
    if (request.has("service_tier")) request["service_tier"].one_of({"auto", "standard_only"});
    if (request.has("speed")) request["speed"].one_of({"standard", "fast"});
    if (request.has("stop_sequences")) {
      const auto list = request["stop_sequences"];
      list.must_be_array();
      for (std::size_t i = 0; i < list.value.size(); ++i) {
        if (trimmed(list[i].text()).empty()) list[i].refuse_with("each stop sequence must contain non-whitespace");
      }
    }
    if (request.has("metadata")) {
      const auto metadata = request["metadata"];
      metadata.must_be_object().only({"user_id"});
      if (metadata.has("user_id") && metadata["user_id"].text().size() > 512) {
        metadata["user_id"].refuse_with("String should have at most 512 characters");
      }
    }
  }

  static void tools(const Place& request, ContentCheck& content) {
    std::set<std::string> names;
    if (request.has("tools")) {
      const auto list = request["tools"];
      list.must_be_array();
      for (std::size_t i = 0; i < list.value.size(); ++i) {
        const auto tool = list[i];
        tool.must_be_object();
        content.cache_control(tool);
        if (!tool.has("type") || tool["type"].text() == "custom") {
          custom_tool(tool);
        } else if (!typed_tool(tool)) {
          continue;  // a toolset has no name of its own
        }
        if (!names.insert(tool["name"].text()).second) tool["name"].refuse_with("Tool names must be unique.");
      }
    }
    if (!request.has("tool_choice")) return;
    const auto choice = request["tool_choice"];
    const auto& type = choice.must_be_object()["type"].one_of({"auto", "any", "tool", "none"});
    if (type == "tool" && names.count(choice["name"].text()) == 0) {
      choice["name"].refuse_with("Tool '" + choice["name"].text() + "' not found in provided tools");
    }
    if (names.empty() && (type == "any" || type == "tool")) {
      choice.refuse_with("tool_choice may only be specified while providing tools");
    }
  }

  static void custom_tool(const Place& tool) {
    tool.only({"name", "description", "input_schema", "type", "cache_control", "strict", "eager_input_streaming",
        "defer_loading", "allowed_callers", "input_examples"});
    if (!is_name(tool["name"].text(), 128)) {
      tool["name"].refuse_with("String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
    }
    tool["input_schema"].must_be_object()["type"].one_of({"object"});
  }

  // A tool of Anthropic's; false for a toolset.
  static bool typed_tool(const Place& tool) {
    const auto& type = tool["type"].text();
    if (starts_with(type, "computer_toolset_") || starts_with(type, "browser_toolset_") || type == "mcp_toolset") {
      return false;
    }
    static constexpr std::array kinds{"bash_", "text_editor_", "memory_", "web_search_", "web_fetch_",
        "code_execution_", "computer_", "tool_search_tool_", "advisor_"};
    const auto known = std::any_of(kinds.begin(), kinds.end(), [&](const char* kind) {
      return starts_with(type, kind);
    });
    if (!known) tool["type"].refuse_with("Input tag '" + type + "' does not match any of the expected tags");
    return !tool["name"].text().empty();
  }

  void thinking(const Place& request) const {
    if (!request.has("thinking")) return;
    const auto thinking = request["thinking"];
    const auto& type = thinking.must_be_object()["type"].one_of({"adaptive", "enabled", "disabled", "between_tools"});
    if (type != "enabled") return;
    const auto budget = thinking["budget_tokens"].count();
    if (budget < 1024) thinking["budget_tokens"].refuse_with("Input should be greater than or equal to 1024");
    if (purpose_ != Purpose::count && budget >= request["max_tokens"].count()) {
      request["max_tokens"].refuse_with("must be greater than `thinking.budget_tokens`");
    }
  }

  static void output(const Place& request) {
    if (!request.has("output_config")) return;
    const auto config = request["output_config"];
    config.must_be_object().only({"effort", "format", "task_budget"});
    if (config.has("effort")) config["effort"].one_of({"low", "medium", "high", "xhigh", "max"});
    if (!config.has("format")) return;
    const auto format = config["format"];
    format.must_be_object()["type"].one_of({"json_schema"});
    closed_objects(format["schema"].must_be_object());
  }

  // Structured output needs `additionalProperties: false` on every object.
  static void closed_objects(const Place& schema) {
    if (schema.value.is_object() && schema.value.value("type", Json()) == "object" &&
        schema.value.value("additionalProperties", Json()) != false) {
      schema.refuse_with("For 'object' type, 'additionalProperties' must be explicitly set to false");
    }
    if (!schema.value.is_structured()) return;
    for (const auto& [name, inner] : schema.value.items()) {
      if (name != "enum" && name != "const" && name != "default") closed_objects({inner, schema.path + "." + name});
    }
  }

  const Caller& caller_;
  Purpose purpose_;
};

}  // namespace standin
