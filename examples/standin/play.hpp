// A Message as the events of a stream, and recordings of streams, cut where a server would pause.

#pragma once

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "answer.hpp"
#include "error.hpp"
#include "misbehaviour.hpp"
#include "text.hpp"

namespace standin {

class Events {
 public:
  Events(const Json& message, const Misbehaviour& wish) : wish_(wish) {
    auto start = message;
    start["content"] = Json::array();
    start["stop_reason"] = nullptr;
    start["stop_sequence"] = nullptr;
    start["usage"]["output_tokens"] = 1;
    start["usage"]["output_tokens_details"] = nullptr;
    emit("message_start", {{"message", std::move(start)}});
    std::size_t index = 0;
    for (const auto& block : message["content"]) add_block(index++, block);
    const auto& usage = message["usage"];
    emit("message_delta",
        {{"delta",
             {{"stop_reason", message["stop_reason"]}, {"stop_sequence", message["stop_sequence"]},
                 {"stop_details", message["stop_details"]}}},
            {"usage",
                {{"input_tokens", usage["input_tokens"]},
                    {"cache_creation_input_tokens", usage["cache_creation_input_tokens"]},
                    {"cache_read_input_tokens", usage["cache_read_input_tokens"]},
                    {"output_tokens", usage["output_tokens"]},
                    {"output_tokens_details", usage["output_tokens_details"]}}}});
    if (!wish.has("no-stop")) emit("message_stop", Json::object());
    if (wish.has("error-midstream")) break_off();
  }

  std::vector<std::string> take() { return std::move(events_); }

 private:
  void add_block(std::size_t index, const Json& block) {
    const auto type = block["type"].get<std::string>();
    auto start = block;
    if (type == "text") start["text"] = "";
    if (type == "thinking") start["thinking"] = start["signature"] = "";
    if (type == "tool_use") start["input"] = Json::object();
    emit("content_block_start", {{"index", index}, {"content_block", std::move(start)}});
    if (index == 0) emit("ping", Json::object());
    if (type == "text") deltas(index, "text_delta", "text", block["text"].get<std::string>());
    if (type == "thinking") {
      deltas(index, "thinking_delta", "thinking", block["thinking"].get<std::string>());
      delta(index, "signature_delta", "signature", block["signature"].get<std::string>());
    }
    if (type == "tool_use") {
      delta(index, "input_json_delta", "partial_json", "");
      if (!block["input"].empty()) deltas(index, "input_json_delta", "partial_json", block["input"].dump());
    }
    emit("content_block_stop", {{"index", index}});
  }

  // One to three tokens a delta, as the service sends them.
  void deltas(std::size_t index, const char* type, const char* member, const std::string& text) {
    const auto pieces = tokens(text);
    for (std::size_t i = 0; i < pieces.size();) {
      std::string together;
      for (auto left = 1 + random_() % 3; left > 0 && i < pieces.size(); --left) together += pieces[i++];
      delta(index, type, member, together);
    }
  }

  void delta(std::size_t index, const char* type, const char* member, const std::string& text) {
    emit("content_block_delta", {{"index", index}, {"delta", {{"type", type}, {member, text}}}});
  }

  // The service hides the length of a token behind a random run of spaces before the last brace.
  void emit(const std::string& name, const Json& members) {
    if (name == "ping") {
      events_.push_back("event: ping\ndata: {\"type\": \"ping\"}\n\n");
      return;
    }
    Json event = {{"type", name}};
    event.update(members);
    auto data = event.dump(-1, ' ', wish_.has("escape"));
    data.insert(data.size() - 1, random_() % 16, ' ');
    events_.push_back("event: " + name + "\ndata: " + data + "\n\n");
  }

  void break_off() {
    events_.resize(events_.size() / 2);
    emit("error", {{"error", {{"type", "overloaded_error"}, {"message", "Overloaded"}}}});
  }

  const Misbehaviour& wish_;
  std::minstd_rand random_{7};  // the same on every run
  std::vector<std::string> events_;
};

class Recordings {
 public:
  explicit Recordings(std::string folder) : folder_(std::move(folder)) {}

  // streams/NAME.sse, cut after each blank line.
  std::vector<std::string> stream(const std::string& name) const {
    const auto bytes = read("streams", name, ".sse");
    std::vector<std::string> pieces;
    std::size_t from = 0;
    std::size_t line = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] != '\n' && bytes[i] != '\r') continue;
      const bool blank = i == line;
      if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') ++i;
      line = i + 1;
      if (!blank) continue;
      pieces.push_back(bytes.substr(from, line - from));
      from = line;
    }
    if (from < bytes.size()) pieces.push_back(bytes.substr(from));
    return pieces;
  }

  // http/NAME.http: a whole answer.
  std::string answer(const std::string& name) const { return read("http", name, ".http"); }

 private:
  std::string read(const std::string& folder, const std::string& name, const std::string& ending) const {
    if (folder_.empty()) refuse("x-standin", "no recordings: start the stand-in with --recordings DIR");
    if (!is_name(name, 100)) refuse("x-standin", "`" + name + "` is not the name of a recording");
    std::ifstream file(folder_ + "/" + folder + "/" + name + ending, std::ios::binary);
    if (!file) refuse("x-standin", "no recording " + folder + "/" + name + ending);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string folder_;
};

}  // namespace standin
