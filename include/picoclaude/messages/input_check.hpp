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

constexpr string_view reason(InputFault fault) {
  switch (fault) {
    case InputFault::not_json: return "the input is not valid JSON";
    case InputFault::not_an_object: return "the input is not an object";
    case InputFault::unknown: return " is unknown";
    case InputFault::twice: return " is given twice";
    case InputFault::missing: return " is missing";
    case InputFault::wrong_type: return " has the wrong type";
    case InputFault::out_of_range: return " is out of range";
    case InputFault::too_long: return " is too long";
    default: return "the input does not fit into the room there is";
  }
}

// Tells the model what was wrong: "Error: level is out of range".
inline void refuse_input(InputFault fault, string_view about, const ToolReply& reply) {
  char text[96] = "Error: ";
  const bool named = fault >= InputFault::unknown && fault <= InputFault::too_long;
  if (named && about.empty()) about = "a member";
  char* end = text + 7;
  if (named) end = put(end, about);
  end = put(end, reason(fault));
  reply.error({text, static_cast<std::size_t>(end - text)});
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
