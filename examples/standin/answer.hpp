// Makes up the Message that answers a request: no model, but enough sense that a chat feels alive.

#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actor.hpp"
#include "cache.hpp"
#include "error.hpp"
#include "instance.hpp"
#include "misbehaviour.hpp"
#include "signature.hpp"
#include "text.hpp"

namespace standin {

// `start` and a number, as long as the service's ids are: "msg_01Standin000000000000007".
inline std::string fresh_id(std::string_view start) {
  static std::atomic<unsigned> count{0};
  char digits[32];
  std::snprintf(digits, sizeof digits, "01Standin%015u", ++count);
  return std::string(start) + digits;
}

// The pieces that count as one token each: a word with the space before it, long words in parts.
inline std::vector<std::string_view> tokens(std::string_view text) {
  constexpr std::size_t longest = 12;
  std::vector<std::string_view> result;
  while (!text.empty()) {
    auto size = std::min(text.find_first_of(" \n", 1), text.size());
    const auto part = shortened(text, std::min(size, longest));
    size = part.empty() ? size : part.size();
    result.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return result;
}

// What a conversation holds, as far as the answer depends on it.
class Conversation {
 public:
  explicit Conversation(const Json& request) {
    for (const auto& message : request["messages"]) {
      if (message["role"] != "user") continue;
      texts_.emplace_back();
      results_.clear();
      const auto& content = message["content"];
      if (content.is_string()) texts_.back() = content.get<std::string>();
      if (content.is_array()) {
        for (const auto& block : content) read(block);
      }
    }
  }

  std::size_t turn() const { return texts_.size(); }
  const std::string& first() const { return texts_.front(); }
  const std::string& last() const { return texts_.back(); }
  const std::vector<const Json*>& results() const { return results_; }

  // "1 image (image/png, 67 bytes) and 1 document (text/plain, 12 bytes)", or nothing.
  std::string attachments() const {
    std::string result;
    for (const auto& [kind, list] : {std::pair{"image", &images_}, std::pair{"document", &documents_}}) {
      if (list->empty()) continue;
      std::string details;
      for (const auto& item : *list) details += (details.empty() ? "" : "; ") + item;
      result += (result.empty() ? "" : " and ") + std::to_string(list->size()) + " " + kind +
          (list->size() == 1 ? "" : "s") + " (" + details + ")";
    }
    return result;
  }

 private:
  void read(const Json& block) {
    const auto type = block["type"].get<std::string>();
    if (type == "text") {
      auto& text = texts_.back();
      text += (text.empty() ? "" : "\n") + block["text"].get<std::string>();
    }
    if (type == "tool_result") results_.push_back(&block);
    if (type == "image") images_.push_back(describe(block["source"]));
    if (type == "document") documents_.push_back(describe(block["source"]));
  }

  static std::string describe(const Json& source) {
    const auto type = source["type"].get<std::string>();
    if (type == "url") return "by URL";
    if (type == "file") return source["file_id"].get<std::string>();
    if (type == "content") return "given as blocks";
    const auto& data = source["data"].get_ref<const std::string&>();
    const auto size =
        type == "base64" ? data.size() / 4 * 3 - (data.size() - std::min(data.find('='), data.size())) : data.size();
    return source["media_type"].get<std::string>() + ", " + std::to_string(size) + " bytes";
  }

  std::vector<std::string> texts_;  // of the user's turns
  std::vector<const Json*> results_;
  std::vector<std::string> images_;
  std::vector<std::string> documents_;
};

class Answer {
 public:
  Answer(const Json& request, const Misbehaviour& wish)
      : request_(request), wish_(wish), cache_(request), talk_(request), actor_(request, talk_.last()) {}

  Json message() {
    const auto max_tokens = request_["max_tokens"].get<std::uint64_t>();
    if (max_tokens == 0) {
      stop_reason_ = "max_tokens";
    } else {
      think();
      const auto* tool = wanted_tool();
      if (tool) {
        call(*tool);
      } else {
        say(text(), max_tokens);
      }
    }
    return {{"model", request_["model"]}, {"id", fresh_id("msg_")}, {"type", "message"}, {"role", "assistant"},
        {"content", content_}, {"container", nullptr}, {"diagnostics", nullptr}, {"stop_reason", stop_reason_},
        {"stop_sequence", stop_sequence_}, {"stop_details", nullptr}, {"usage", usage()}};
  }

 private:
  Json usage() const {
    const Json thinking = thinking_tokens_ == 0 ? Json() : Json{{"thinking_tokens", thinking_tokens_}};
    const Json written = {
        {"ephemeral_5m_input_tokens", cache_.written_5m()}, {"ephemeral_1h_input_tokens", cache_.written_1h()}};
    return {{"input_tokens", cache_.rest()}, {"cache_creation_input_tokens", cache_.written_5m() + cache_.written_1h()},
        {"cache_read_input_tokens", cache_.read()}, {"cache_creation", written}, {"output_tokens", output_tokens_},
        {"output_tokens_details", thinking}, {"server_tool_use", nullptr}, {"service_tier", "standard"},
        {"inference_geo", "global"}, {"speed", nullptr}};
  }

  // Text is shown when it was asked for; newer models sign without showing, unless told otherwise.
  void think() {
    const auto thinking = request_.value("thinking", Json::object());
    const auto type = thinking.value("type", "disabled");
    if (type != "adaptive" && type != "enabled") return;
    const auto display =
        thinking.contains("display") && !thinking["display"].is_null() ? thinking["display"].get<std::string>() : "";
    const auto model = request_["model"].get<std::string>();
    const bool classic = model.find("-4-5") != std::string::npos || model.find("-4-6") != std::string::npos;
    std::string thought = "The user wrote " + std::to_string(talk_.last().size()) + " bytes in turn " +
        std::to_string(talk_.turn()) + ". A short answer will do.";
    thinking_tokens_ = tokens(thought).size();
    output_tokens_ += thinking_tokens_;
    if (display == "omitted" || (display.empty() && !classic)) thought.clear();
    const auto signature = signature_of(thought);
    content_.push_back({{"type", "thinking"}, {"thinking", thought}, {"signature", signature}});
  }

  // The tool to ask for, or none: the chosen one, else one that the prompt names, else the first.
  const Json* wanted_tool() const {
    const auto choice = request_.value("tool_choice", Json{{"type", "auto"}});
    const auto type = choice.value("type", "auto");
    if (!request_.contains("tools") || request_["tools"].is_null() || type == "none") return nullptr;
    if (!talk_.results().empty() && !wish_.has("loop") && type == "auto") return nullptr;
    if (actor_.plays() && type == "auto") return acted_tool();
    const Json* first = nullptr;
    for (const auto& tool : request_["tools"]) {
      if (!is_ours_to_call(tool)) continue;
      const auto name = tool["name"].get<std::string>();
      if (type == "tool" ? choice["name"] == name : talk_.last().find(name) != std::string::npos) return &tool;
      if (!first && type != "tool") first = &tool;
    }
    return first;
  }

  // An actor uses a tool in two turns of three.
  const Json* acted_tool() const {
    const auto& tools = request_["tools"];
    const auto chosen = actor_.choose(tools.size() + (tools.size() + 1) / 2);
    return chosen < tools.size() && is_ours_to_call(tools[chosen]) ? &tools[chosen] : nullptr;
  }

  // Tools that the client runs and whose input we can make up.
  static bool is_ours_to_call(const Json& tool) {
    const auto type = tool.contains("type") && tool["type"].is_string() ? tool["type"].get<std::string>() : "custom";
    return type == "custom" || starts_with(type, "bash_") || starts_with(type, "memory_");
  }

  Json input(const Json& tool) const {
    const auto variant = actor_.plays() ? actor_.choose(1000) : 0;
    if (tool.contains("input_schema")) return Instance(tool["input_schema"], variant).make();
    if (tool["name"] == "memory") return {{"command", "view"}, {"path", "/memories"}};
    return {{"command", "echo hello"}};
  }

  void call(const Json& tool) {
    const auto name = tool["name"].get<std::string>();
    if (!actor_.plays()) add_text("I will use " + name + ".");
    for (auto left = wish_.value("calls").value_or(1); left > 0; --left) {
      const auto arguments = input(tool);
      output_tokens_ += 4 + arguments.dump().size() / 4;
      content_.push_back({{"type", "tool_use"}, {"id", fresh_id("toolu_")}, {"name", name}, {"input", arguments},
          {"caller", {{"type", "direct"}}}});
    }
    stop_reason_ = "tool_use";
  }

  std::string text() const {
    if (const auto words = wish_.value("words")) return many_words(*words);
    const auto format = request_.value("output_config", Json::object()).value("format", Json());
    if (format.is_object()) return Instance(format["schema"]).make().dump();
    if (actor_.plays()) return actor_.line();
    if (!talk_.results().empty()) return about_results();
    const auto attached = talk_.attachments();
    if (!attached.empty()) return "I see " + attached + ". You asked: \"" + quoted(talk_.last()) + "\"";
    return known_answer().value_or(echo());
  }

  static std::string quoted(std::string_view text) {
    constexpr std::size_t room = 400;
    return std::string(shortened(text, room)) + (text.size() > room ? "..." : "");
  }

  static std::string many_words(std::uint64_t count) {
    static constexpr std::array words{"one", "small", "stream", "of", "words", "that", "nobody", "had", "to", "keep"};
    std::string result;
    for (std::uint64_t i = 0; i < count; ++i) result += (i == 0 ? "" : " ") + std::string(words[i % words.size()]);
    return result;
  }

  std::string about_results() const {
    std::string result;
    for (const auto* block : talk_.results()) {
      const auto& content = block->contains("content") ? (*block)["content"] : Json("");
      const auto text = content.is_string() ? content.get<std::string>() : content.dump();
      const bool failed = block->value("is_error", false);
      result += (result.empty() ? "" : " ") + std::string(failed ? "The tool failed: \"" : "The tool says: \"") +
          quoted(text) + "\".";
    }
    return result;
  }

  std::optional<std::string> known_answer() const {
    struct Known {
      std::string_view question;
      std::string_view answer;
    };
    static constexpr std::array known{
        Known{"moons of jupiter",
            "Io, Europa and Ganymede. Galileo saw them in January 1610, together with Callisto, as "
            "four small lights beside Jupiter."},
        Known{"capital of france", "The capital of France is Paris."},
        Known{"haiku", "A short loop wakes up,\nreads one byte, and sleeps again.\nThe moon has no heap."},
        Known{"joke", "There are 10 kinds of people: those who read binary, and those who do not."},
        Known{"your name",
            "I am the stand-in server of picoclaude: I speak the Messages API, but no model is behind me."},
        Known{"hello", "Hello! What shall we build today?"},
        Known{"unicode", "Grüße, 你好, שלום, and a rocket: 🚀."},
    };
    const auto prompt = lower(talk_.last());
    const auto counting = prompt.find("count to ");
    if (counting != std::string::npos) {
      const auto digits = std::string_view(prompt).substr(counting + 9);
      const auto until = number(digits.substr(0, digits.find_first_not_of("0123456789")));
      if (until && *until <= 100'000) return counted(*until);
    }
    for (const auto& [question, answer] : known) {
      if (prompt.find(question) != std::string::npos) return std::string(answer);
    }
    return std::nullopt;
  }

  static std::string counted(std::uint64_t until) {
    std::string result;
    for (std::uint64_t i = 1; i <= until; ++i) result += (i == 1 ? "" : ", ") + std::to_string(i);
    return result + ".";
  }

  std::string echo() const {
    std::string result = "You said: \"" + quoted(talk_.last()) + "\"";
    if (talk_.turn() > 1) {
      result += " This is turn " + std::to_string(talk_.turn()) + "; we began with \"" + quoted(talk_.first()) + "\"";
    }
    return result + " I am only the stand-in server, so I cannot say much more.";
  }

  // Adds the text as far as max_tokens and the stop sequences let it.
  void say(std::string_view text, std::uint64_t max_tokens) {
    for (const auto& sequence : request_.value("stop_sequences", Json::array())) {
      const auto at = text.find(sequence.get_ref<const std::string&>());
      if (at == std::string_view::npos) continue;
      text = text.substr(0, at);
      stop_reason_ = "stop_sequence";
      stop_sequence_ = sequence;
    }
    const auto pieces = tokens(text);
    const auto room = max_tokens > output_tokens_ ? max_tokens - output_tokens_ : 0;
    if (pieces.size() > room) {
      std::size_t size = 0;
      for (std::size_t i = 0; i < room; ++i) size += pieces[i].size();
      text = text.substr(0, size);
      stop_reason_ = "max_tokens";
      stop_sequence_ = nullptr;
    }
    add_text(text);
  }

  void add_text(std::string_view text) {
    output_tokens_ += tokens(text).size();
    content_.push_back({{"type", "text"}, {"text", text}, {"citations", nullptr}});
  }

  const Json& request_;
  const Misbehaviour& wish_;
  Cache cache_;
  Conversation talk_;
  Actor actor_;
  Json content_ = Json::array();
  Json stop_reason_ = "end_turn";
  Json stop_sequence_ = nullptr;
  std::uint64_t output_tokens_ = 0;
  std::uint64_t thinking_tokens_ = 0;
};

}  // namespace standin
