// Event streams as the HTML standard says them (section 9.2.6), the slow and obvious way: the whole text is cut into
// lines first.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace naive {

// What is told: N name and D data lines, "!" for a dispatch, as the library's reader orders them. A line that has not
// ended tells as much of its value as there is, once its field is known.
inline std::string read_sse(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  struct Line {
    std::string_view text;
    bool ended;
  };
  std::vector<Line> lines;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r' && text[at] != '\n') continue;
    lines.push_back({text.substr(begin, at - begin), true});
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') ++at;
    begin = at + 1;
  }
  lines.push_back({text.substr(begin), false});
  std::string told;
  for (const Line& line : lines) {
    if (line.text.empty()) {
      if (line.ended) told += "!";
      continue;
    }
    const std::size_t colon = line.text.find(':');
    if (colon == 0 || (colon == std::string_view::npos && !line.ended)) continue;
    const std::string_view field = line.text.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view() : line.text.substr(colon + 1);
    if (!value.empty() && value[0] == ' ') value.remove_prefix(1);
    if (field == "data") told += "D" + std::string(value);
    if (field == "event") told += "N" + std::string(value);
  }
  return told;
}

}  // namespace naive
