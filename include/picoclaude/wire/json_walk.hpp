// Walks through JSON text that is whole in memory and known to be valid, without reading what it says.
#pragma once
#include "../base/text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

constexpr bool is_json_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr std::size_t skip_blanks(string_view text, std::size_t at) {
  while (at < text.size() && is_json_blank(text[at])) ++at;
  return at;
}

// Where the value that begins at `at` ends. Beyond the text when it does not.
constexpr std::size_t skip_json_value(string_view text, std::size_t at) {
  unsigned depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c != '"') continue;
      in_string = false;
    } else if (c == '{' || c == '[') {
      ++depth;
      continue;
    } else if (c == '"') {
      in_string = true;
      continue;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;  // the end of what a number stood in
      --depth;
    } else if (depth != 0 || (c != ',' && !is_json_blank(c))) {
      continue;
    } else {
      return at;
    }
    if (depth == 0) return at + 1;
  }
  return at;
}

// The members of an object, or the elements of an array, one after the other.
struct JsonWalk {
  string_view text;       // begins with { or [
  std::size_t begin = 0;  // of the member: of its name, or of the element
  std::size_t value = 0;  // where the value begins
  std::size_t end = 0;    // where the value ends

  constexpr explicit JsonWalk(string_view json) : text(json) {}

  constexpr bool next() {
    begin = skip_blanks(text, end == 0 ? 1 : end);
    if (begin < text.size() && text[begin] == ',') begin = skip_blanks(text, begin + 1);
    if (begin >= text.size() || text[begin] == '}' || text[begin] == ']') return false;
    value = begin;
    if (text[0] == '{') {
      value = skip_blanks(text, skip_json_value(text, begin));
      value = skip_blanks(text, value + 1);  // behind the colon
    }
    end = skip_json_value(text, value);
    return true;
  }

  // Finds the member with this name, which has no escapes.
  constexpr bool find(Literal name) {
    while (next()) {
      if (starts_with(slice(text, begin + 1), name) && starts_with(slice(text, begin + 1 + name.size()), "\""))
        return true;
    }
    return false;
  }

  constexpr string_view value_text() const { return slice(text, value, end - value); }
  // Without its quotes, as it stands.
  constexpr string_view string() const { return slice(text, value + 1, end - value - 2); }
};

}  // namespace detail
PICOCLAUDE_END
