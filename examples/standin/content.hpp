// Checks the turns of a conversation and the blocks in them.

#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "caller.hpp"
#include "error.hpp"
#include "signature.hpp"

namespace standin {

// A value and where it stands, so that a refusal can name the place: "messages.0.content.1.source.data".
struct Place {
  const Json& value;
  std::string path;

  Place operator[](const char* name) const {
    const auto member = value.find(name);
    if (member == value.end()) refuse(path.empty() ? name : path + "." + name, "Field required");
    return {*member, path.empty() ? name : path + "." + name};
  }
  Place operator[](std::size_t index) const { return {value[index], path + "." + std::to_string(index)}; }

  bool has(const char* name) const { return value.contains(name) && !value[name].is_null(); }
  [[noreturn]] void refuse_with(const std::string& why) const { refuse(path, why); }

  const Place& must_be_object() const {
    if (!value.is_object()) refuse_with("Input should be an object");
    return *this;
  }
  const Place& must_be_array() const {
    if (!value.is_array()) refuse_with("Input should be a valid array");
    return *this;
  }
  const std::string& text() const {
    if (!value.is_string()) refuse_with("Input should be a valid string");
    return value.get_ref<const std::string&>();
  }
  bool flag() const {
    if (!value.is_boolean()) refuse_with("Input should be a valid boolean");
    return value.get<bool>();
  }
  std::uint64_t count() const {
    if (!value.is_number_integer() || value.get<double>() < 0) refuse_with("Input should be an integer of at least 0");
    return value.get<std::uint64_t>();
  }
  const std::string& one_of(std::initializer_list<std::string_view> choices) const {
    const auto& given = text();
    std::string list;
    for (const auto choice : choices) {
      if (given == choice) return given;
      list += (list.empty() ? "'" : ", '") + std::string(choice) + "'";
    }
    refuse_with("Input should be " + list);
  }
  void only(std::initializer_list<std::string_view> names) const {
    for (const auto& [name, ignored] : value.items()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        refuse(path.empty() ? name : path + "." + name, "Extra inputs are not permitted");
      }
    }
  }
};

// Bytes that `text` stands for; throws unless it is plain base64 with padding.
inline std::size_t base64_size(const Place& data) {
  const auto& text = data.text();
  const auto pad = text.find('=');
  const auto digits = std::string_view(text).substr(0, pad);
  const auto padding = text.size() - digits.size();
  if (text.empty() || text.size() % 4 != 0 || padding > 2 || (padding == 2 && text.back() != '=') ||
      !is_name(digits, text.size(), "+/")) {
    data.refuse_with("Invalid base64 data");
  }
  return text.size() / 4 * 3 - padding;
}

class ContentCheck {
 public:
  ContentCheck(const Caller& caller, std::string model) : caller_(caller), model_(std::move(model)) {}

  void messages(const Place& list) {
    list.must_be_array();
    if (list.value.empty()) list.refuse_with("at least one message is required");
    std::string previous;
    for (std::size_t i = 0; i < list.value.size(); ++i) {
      const auto message = list[i];
      message.must_be_object().only({"role", "content", "clear_at", "output_config"});
      const auto& role = message["role"].one_of({"user", "assistant", "system"});
      if (i == 0 && role != "user") throw ApiError{400, "messages: first message must use the \"user\" role"};
      if (role == "system") system_turn(list, i, previous);
      turn(message["content"], role);
      if (role != "system") settle(message["content"], role);
      previous = role;
    }
    const auto last = list[list.value.size() - 1];
    if (!open_calls_.empty()) unanswered(last);
    if (previous == "assistant") prefill(last["content"]);
  }

  // `system`: a string, or text blocks.
  void system(const Place& content) { turn(content, "system"); }

  // At most four explicit breakpoints in the whole request.
  void cache_control(const Place& owner) {
    if (!owner.has("cache_control")) return;
    const auto control = owner["cache_control"];
    control.must_be_object().only({"type", "ttl"});
    control["type"].one_of({"ephemeral"});
    if (control.has("ttl")) control["ttl"].one_of({"5m", "1h"});
    if (++breakpoints_ > 4) control.refuse_with("A maximum of 4 blocks with cache_control may be provided.");
  }

 private:
  void turn(const Place& content, const std::string& role) {
    if (content.value.is_string()) {
      if (content.value.empty() || content.text().empty()) content.refuse_with("text content must be non-empty");
      return;
    }
    content.must_be_array();
    if (content.value.empty() && role != "assistant") content.refuse_with("at least one block is required");
    for (std::size_t i = 0; i < content.value.size(); ++i) block(content[i], role);
  }

  void block(const Place& block, const std::string& role) {
    const auto& type = block.must_be_object()["type"].text();
    const auto allowed = [&](std::string_view wanted) {
      return role == wanted;
    };
    if (type == "text") {
      text(block, role);
    } else if (type == "thinking" && allowed("assistant")) {
      thinking(block);
    } else if (type == "redacted_thinking" && allowed("assistant")) {
      block["data"].text();
    } else if (type == "tool_use" && allowed("assistant")) {
      tool_use(block);
    } else if (type == "tool_result" && allowed("user")) {
      tool_result(block);
    } else if (type == "image" && allowed("user")) {
      image(block["source"].must_be_object());
    } else if (type == "document" && (allowed("user") || (allowed("assistant") && !caller_.is_newest()))) {
      document(block["source"].must_be_object());
    } else if (type == "search_result" && allowed("user")) {
      block["source"].text();
      block["title"].text();
      turn(block["content"], "user");
    } else if (!allowed("assistant") || is_user_only(type)) {
      // Server tools, compaction and the like go back in assistant turns as they came; nothing else goes anywhere else.
      if (type != "container_upload") block["type"].refuse_with("`" + type + "` is not allowed in this turn");
    }
    if (type != "thinking" && type != "redacted_thinking") cache_control(block);
  }

  static bool is_user_only(const std::string& type) {
    return type == "tool_result" || type == "image" || type == "search_result" || type == "document";
  }

  void text(const Place& block, const std::string& role) {
    block.only({"type", "text", "citations", "cache_control"});
    if (block["text"].text().empty()) block.refuse_with("text content blocks must be non-empty");
    if (caller_.is_newest() && role == "user" && block.has("citations") && !block["citations"].value.empty()) {
      block["citations"].refuse_with("citations are only allowed in assistant turns");
    }
  }

  void thinking(const Place& block) {
    block.only({"type", "thinking", "signature"});
    block["thinking"].text();
    const auto& signature = block["signature"].text();
    const bool ours = starts_with(signature, signature_start);
    if (ours && signature != signature_of(block["thinking"].text())) {
      block.refuse_with("Invalid `signature` in `thinking` block");
    }
  }

  void tool_use(const Place& block) {
    if (!is_name(block["id"].text(), 256)) block["id"].refuse_with("String should match pattern '^[a-zA-Z0-9_-]+$'");
    if (block["name"].text().empty()) block["name"].refuse_with("String should have at least 1 character");
    block["input"].must_be_object();
  }

  void tool_result(const Place& block) {
    block.only({"type", "tool_use_id", "content", "is_error", "cache_control", "toolset_name"});
    block["tool_use_id"].text();
    if (block.has("is_error")) block["is_error"].flag();
    if (block.has("content") && !block["content"].value.is_string()) {
      const auto content = block["content"];
      content.must_be_array();
      for (std::size_t i = 0; i < content.value.size(); ++i) {
        content[i].must_be_object()["type"].one_of(
            {"text", "image", "search_result", "document", "tool_reference", "browser_state"});
        this->block(content[i], content[i]["type"].text() == "text" ? "tool" : "user");
      }
    }
  }

  static void image(const Place& source) {
    if (source["type"].one_of({"base64", "url", "file"}) == "base64") {
      source.only({"type", "media_type", "data"});
      source["media_type"].one_of({"image/jpeg", "image/png", "image/gif", "image/webp"});
      base64_size(source["data"]);
    }
    reference(source);
  }

  void document(const Place& source) {
    const auto& type = source["type"].one_of({"base64", "text", "content", "url", "file"});
    if (type == "base64") {
      source["media_type"].one_of({"application/pdf"});
      base64_size(source["data"]);
    } else if (type == "text") {
      source["media_type"].one_of({"text/plain"});
      source["data"].text();
    } else if (type == "content") {
      turn(source["content"], "user");
    }
    reference(source);
  }

  static void reference(const Place& source) {
    if (source["type"].text() == "url") source["url"].text();
    if (source["type"].text() == "file") source["file_id"].text();
  }

  // A system turn follows a user turn and precedes an assistant turn or the end.
  static void system_turn(const Place& list, std::size_t at, const std::string& previous) {
    if (previous != "user" && !(previous == "assistant" && ends_in_server_result(list[at - 1]))) {
      list[at].refuse_with("a system message must directly follow a user message");
    }
    const bool last = at + 1 == list.value.size();
    if (!last && list[at + 1]["role"].text() != "assistant") {
      list[at].refuse_with("a system message must be followed by an assistant message or end the conversation");
    }
  }

  static bool ends_in_server_result(const Place& message) {
    const auto& content = message["content"].value;
    if (!content.is_array() || content.empty() || !content.back().contains("type")) return false;
    const auto type = content.back()["type"].get<std::string>();
    return type.size() > 12 && type.compare(type.size() - 12, 12, "_tool_result") == 0;
  }

  // Every tool_use is answered by a tool_result in the next user turn, before anything else in it.
  void settle(const Place& content, const std::string& role) {
    if (role == "assistant") {
      if (!open_calls_.empty()) unanswered(content);
    }
    bool results_over = false;
    for (std::size_t i = 0; content.value.is_array() && i < content.value.size(); ++i) {
      const auto block = content[i];
      const auto& type = block["type"].text();
      if (type == "tool_use") {
        if (!open_calls_.insert(block["id"].text()).second) block["id"].refuse_with("`tool_use` ids must be unique");
      } else if (type == "tool_result") {
        const auto& id = block["tool_use_id"].text();
        if (results_over) block.refuse_with("`tool_result` blocks must come first in the message");
        if (open_calls_.erase(id) == 0) {
          block.refuse_with("unexpected `tool_use_id` found in `tool_result` blocks: " + id +
              ". Each `tool_result` block must have a corresponding `tool_use` block in the previous "
              "message.");
        }
      } else {
        results_over = true;
      }
    }
    if (role == "user" && !open_calls_.empty()) unanswered(content);
  }

  [[noreturn]] void unanswered(const Place& place) const {
    place.refuse_with(
        "`tool_use` ids were found without `tool_result` blocks immediately after: " + *open_calls_.begin());
  }

  // A trailing assistant turn is a prefill, which models from Claude 4.6 on refuse.
  void prefill(const Place& content) const {
    if (model_.find("-4-5") == std::string::npos) {
      throw ApiError{400,
          "This model does not support assistant message prefill. The conversation must end with a "
          "user message."};
    }
    const auto& last = content.value;
    std::string text;
    if (last.is_string()) text = last.get<std::string>();
    if (last.is_array() && !last.empty()) text = last.back().value("text", "");
    if (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
      throw ApiError{400, "messages: final assistant content cannot end with trailing whitespace"};
    }
  }

  const Caller& caller_;
  std::string model_;
  std::set<std::string> open_calls_;
  int breakpoints_ = 0;
};

}  // namespace standin
