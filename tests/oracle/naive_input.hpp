// What a typed tool takes, the slow and obvious way: the whole input as values, then each member by the declaration's
// words. Made for one declaration, which tests/fuzz/tool_input.cpp has too.
//
//   on      boolean
//   level   integer from -20 to 100
//   warmth  number from -40.0 to 85.0 in tenths, may be missing
//   note    text of at most 16 bytes without NUL, may be missing
//   mode    "off", "dim" or "full"
//   place   object of the integers x and, maybe, y
//   steps   at most 3 integers from 0 to 9, may be missing
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/naive_json.hpp"
#include "support/json_value.hpp"

namespace naive {

struct Input {
  bool on = false;
  long level = 0;
  long warmth = 0;
  std::string note;
  int mode = 0;
  long x = 0;
  long y = 0;
  std::vector<long> steps;

  bool operator==(const Input& other) const {
    return on == other.on && level == other.level && warmth == other.warmth && note == other.note &&
        mode == other.mode && x == other.x && y == other.y && steps == other.steps;
  }
};

// A number as it is written, in units of 10^-decimals and rounded away from 0. False: it is none of [low, high].
inline bool read_number(const json::Value& value, unsigned decimals, long low, long high, long& out) {
  const std::string& text = value.text;
  if (value.kind != '0' || text.find_first_of("eE") != std::string::npos) return false;
  const bool negative = text[0] == '-';
  const std::size_t point = text.find('.');
  const std::string whole =
      text.substr(negative ? 1 : 0, point == std::string::npos ? point : point - (negative ? 1 : 0));
  std::string fraction = point == std::string::npos ? "" : text.substr(point + 1);
  if (decimals == 0 && point != std::string::npos) return false;
  if (whole.size() > 12) return false;
  while (fraction.size() <= decimals) fraction += '0';
  const std::string units = whole + fraction.substr(0, decimals);
  const std::string rest = fraction.substr(decimals);
  const bool more = rest.find_first_not_of('0') != std::string::npos;
  const long size = std::stol(units);
  if (negative && size == 0 && !more) return false;
  const long exact = negative ? -size : size;
  const bool below = exact < low || (negative && more && exact == low);
  const bool above = exact > high || (!negative && more && exact == high);
  if (below || above) return false;
  out = rest[0] >= '5' ? exact + (negative ? -1 : 1) : exact;
  return true;
}

inline bool read_input(std::string_view text, Input& out) {
  std::string trace;
  if (!Json::read(text, 96, trace)) return false;
  const json::Value all = json::parse(text);  // a name twice makes it '?'
  if (all.kind != '{') return false;
  for (const auto& [name, value] : all.members) {
    if (name == "on") {
      if (value.kind != 't' && value.kind != 'f') return false;
      out.on = value.kind == 't';
    } else if (name == "level") {
      if (!read_number(value, 0, -20, 100, out.level)) return false;
    } else if (name == "warmth") {
      if (!read_number(value, 1, -400, 850, out.warmth)) return false;
    } else if (name == "note") {
      if (value.kind != '"' || value.text.size() > 16 || value.text.find('\0') != std::string::npos) return false;
      out.note = value.text;
    } else if (name == "mode") {
      const std::string words[] = {"off", "dim", "full"};
      for (out.mode = 0; out.mode < 3 && words[out.mode] != value.text;) ++out.mode;
      if (value.kind != '"' || out.mode == 3) return false;
    } else if (name == "place") {
      if (value.kind != '{' || !value.has("x")) return false;
      for (const auto& [inner, number] : value.members) {
        if (inner != "x" && inner != "y") return false;
        if (!read_number(number, 0, -0x7FFFFFFF, 0x7FFFFFFF, inner == "x" ? out.x : out.y)) return false;
      }
    } else if (name == "steps") {
      if (value.kind != '[' || value.items.size() > 3) return false;
      for (const json::Value& item : value.items) {
        out.steps.push_back(0);
        if (!read_number(item, 0, 0, 9, out.steps.back())) return false;
      }
    } else {
      return false;
    }
  }
  return all.has("on") && all.has("level") && all.has("mode") && all.has("place");
}

}  // namespace naive
