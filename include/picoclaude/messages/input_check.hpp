// What every input must be before a function of the program sees it, and the model's answer when it is not.
#pragma once
#include "input_reader.hpp"
#include "tool_reply.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// The next token that ends at this byte of a text that is whole in memory. Numbers tell nothing here.
inline Json step_text(JsonReader& json, char c) {
  Json token = json.step(c);
  if (token == Json::number) token = json.step(c);
  if (token != Json::line_end) return token;
  json.blank();
  return Json::more;
}

// Does the member whose name ends before `text` ends repeat a name of the same object? `depth` is that of the object.
inline bool repeats(string_view text, unsigned depth, string_view name) {
  JsonReader json;
  bool found = false;
  for (const char c : text) {
    const Json token = step_text(json, c);
    if (json.depth() != depth) continue;
    if (token == Json::begin_object) found = false;
    if (token == Json::key && equal(json.text(), name)) found = true;
  }
  return found;
}

// One JSON object without duplicate names. Names are read again for each name: the cost is quadratic in the size of an
// input, which the room that holds it limits. Names longer than JsonReader::max_name are refused.
inline InputFault check_object(string_view input) {
  JsonReader json;
  bool begun = false;
  for (std::size_t at = 0; at < input.size(); ++at) {
    const Json token = step_text(json, input[at]);
    if (token == Json::failed) break;
    if (!begun && token != Json::more && token != Json::begin_object) return InputFault::not_an_object;
    begun = begun || token == Json::begin_object;
    if (token != Json::key) continue;
    if (json.text().empty()) return InputFault::too_long;
    if (repeats(slice(input, 0, at), json.depth(), json.text())) return InputFault::twice;
  }
  return json.finished() && begun ? InputFault::none : InputFault::not_json;
}

// In the order of InputFault, each ended by a NUL.
inline constexpr char reasons[] =
    "\0"
    "the input is not valid JSON\0"
    "the input is not an object\0"
    " is unknown\0"
    " is given twice\0"
    " is missing\0"
    " has the wrong type\0"
    " is out of range\0"
    " is too long\0"
    "the input does not fit into the room there is";

// Answers with an error of three parts; `reason` ends with a NUL.
inline void refuse(Literal before, string_view about, const char* reason, const ToolReply& reply) {
  char text[96];
  char* end = put(put(text, before), slice(about, 0, utf8_cut(about, 48)));
  while (*reason != '\0') *end++ = *reason++;
  reply.error({text, static_cast<std::size_t>(end - text)});
}

// Tells the model what was wrong: "Error: level is out of range".
inline void refuse_input(InputFault fault, string_view about, const ToolReply& reply) {
  const bool named = fault >= InputFault::unknown && fault <= InputFault::too_long;
  if (!named) about = {};
  if (named && about.empty()) about = "a member";
  const char* reason = reasons;
  for (auto skipped = static_cast<unsigned>(fault); skipped != 0; --skipped) {
    while (*reason++ != '\0') {}
  }
  refuse("Error: ", about, reason, reply);
}

inline bool accept_input(InputReader& reader, string_view input, const ToolReply& reply) {
  if (input.empty()) input = "{}";
  for (const char c : input) {
    if (!reader.step(c)) break;
  }
  if (reader.finish()) return true;
  refuse_input(reader.fault(), reader.about(), reply);
  return false;
}

}  // namespace detail
PICOCLAUDE_END
