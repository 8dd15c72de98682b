// Plays a part: when `system` says how somebody speaks, `for example: "..." "..."`, these are the lines.
//
// Which line, and which tool, is decided by the conversation alone, so that a run can be repeated.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text.hpp"

namespace standin {

class Actor {
 public:
  Actor(const Json& request, std::string_view last) {
    for (const char byte : last) choice_ = (choice_ ^ static_cast<unsigned char>(byte)) * 16777619u;
    const auto part = request.value("system", Json());
    if (!part.is_string()) return;
    const auto& text = part.get_ref<const std::string&>();
    auto at = text.find("for example:");
    while (at != std::string::npos) {
      const auto begin = text.find('"', at);
      const auto end = begin == std::string::npos ? begin : text.find('"', begin + 1);
      if (end == std::string::npos) break;
      lines_.push_back(text.substr(begin + 1, end - begin - 1));
      at = end + 1;
    }
  }

  bool plays() const { return lines_.size() > 1; }
  const std::string& line() const { return lines_[choice_ % lines_.size()]; }
  // Any of `count`, another one for each conversation.
  std::size_t choose(std::size_t count) const { return choice_ / 7 % count; }

 private:
  std::vector<std::string> lines_;
  std::uint32_t choice_ = 2166136261u;
};

}  // namespace standin
