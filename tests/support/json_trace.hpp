// What a JSON reader tells, as one line of text.
#pragma once
#include <string>

#include "picoclaude/wire/json_reader.hpp"

namespace json_trace {

using picoclaude::Error;
using picoclaude::Json;

enum class Take { collect, deliver, skip };

template <class Reader>
void add(std::string& out, const Reader& reader, Json token) {
  std::uint32_t number = 0;
  switch (token) {
    case Json::begin_object: out += "{ "; break;
    case Json::end_object: out += "} "; break;
    case Json::begin_array: out += "[ "; break;
    case Json::end_array: out += "] "; break;
    case Json::key: out += "k<" + std::string(reader.text()) + "> "; break;
    case Json::begin_string: out += "\""; break;
    case Json::text: out += std::string(reader.text()); break;
    case Json::end_string: out += std::string(reader.text()) + "\" "; break;
    case Json::number: out += reader.integer(number) ? std::to_string(number) + " " : "# "; break;
    case Json::yes: out += "true "; break;
    case Json::no: out += "false "; break;
    case Json::null: out += "null "; break;
    case Json::failed:
      out += reader.error() == Error::bad_json     ? "bad_json"
          : reader.error() == Error::bad_utf8      ? "bad_utf8"
          : reader.error() == Error::json_too_deep ? "too_deep"
                                                   : "?";
      break;
    default: break;
  }
}

// Through read(), in pieces of `size` bytes. CR and LF are blanks. At the end: "." when it was one whole value, "..."
// when more must come.
template <class Reader = picoclaude::JsonReader>
std::string read(std::string_view bytes, Take take = Take::collect, std::size_t size = ~std::size_t{0}) {
  Reader reader;
  std::string out;
  while (!bytes.empty()) {
    std::string piece(bytes.substr(0, size));
    bytes.remove_prefix(piece.size());
    char* next = piece.data();
    char* const end = next + piece.size();
    while (next != end) {
      const Json token = reader.read(next, end);
      if (token == Json::line_end) {
        reader.blank();
        ++next;
      }
      add(out, reader, token);
      if (token == Json::failed) return out;
      if (token == Json::begin_string && take == Take::collect) reader.collect();
      if (token == Json::begin_string && take == Take::deliver) reader.deliver();
    }
  }
  return out + (reader.finished() ? "." : "...");
}

// Through step(), byte by byte.
template <class Reader = picoclaude::JsonReader>
std::string step(std::string_view bytes, Take take = Take::collect) {
  Reader reader;
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const Json token = reader.step(bytes[at]);
    if (token == Json::line_end) reader.blank();
    add(out, reader, token);
    if (token == Json::failed) return out;
    if (token == Json::begin_string && take == Take::collect) reader.collect();
    if (token == Json::begin_string && take == Take::deliver) reader.deliver();
    if (token != Json::number) ++at;
  }
  return out + (reader.finished() ? "." : "...");
}

}  // namespace json_trace
