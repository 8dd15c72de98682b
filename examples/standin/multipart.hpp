// Reads a multipart/form-data body.
//
//   body = *( "--" boundary CRLF *( field CRLF ) CRLF bytes CRLF ) "--" boundary "--"       RFC 7578, RFC 2046 5.1.1

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"
#include "http.hpp"
#include "text.hpp"

namespace standin {

struct Part {
  std::string name;
  std::string filename;
  bool has_filename = false;
  std::string content_type;
  std::string_view bytes;
};

class Multipart {
 public:
  // The parts of the body, which must outlive them.
  static std::vector<Part> parts(const Request& request) {
    const auto type = request.header("content-type");
    if (!starts_with(lower(type), "multipart/form-data"))
      throw ApiError{400, "Content-Type must be multipart/form-data"};
    const auto boundary = parameter(type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > 70) malformed("the boundary must have 1 to 70 characters");
    const auto opening = "--" + *boundary;
    const auto delimiter = "\r\n" + opening;
    std::string_view rest = request.body;
    if (!starts_with(rest, opening)) malformed("it must begin with its boundary");
    rest.remove_prefix(opening.size());
    std::vector<Part> result;
    while (!starts_with(rest, "--")) {
      if (!starts_with(rest, "\r\n")) malformed("a boundary must end its line");
      rest.remove_prefix(2);
      const auto end = rest.find(delimiter);
      if (end == std::string_view::npos) malformed("the closing boundary is missing");
      result.push_back(part(rest.substr(0, end)));
      rest.remove_prefix(end + delimiter.size());
    }
    return result;
  }

 private:
  [[noreturn]] static void malformed(const std::string& why) {
    throw ApiError{400, "Malformed multipart body: " + why};
  }

  static Part part(std::string_view text) {
    const auto blank = text.find("\r\n\r\n");
    if (blank == std::string_view::npos) malformed("a part without a blank line");
    Part result;
    result.bytes = text.substr(blank + 4);
    for (auto line : split(text.substr(0, blank), '\n')) {
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      const auto colon = line.find(':');
      if (colon == std::string_view::npos) malformed("a part's header field without a colon");
      const auto name = lower(line.substr(0, colon));
      const std::string value(trimmed(line.substr(colon + 1)));
      if (name == "content-type") result.content_type = value;
      if (name != "content-disposition") continue;
      if (!starts_with(lower(value), "form-data;")) malformed("Content-Disposition must be form-data");
      result.name = parameter(value, "name").value_or("");
      const auto filename = parameter(value, "filename");
      result.has_filename = filename.has_value();
      result.filename = filename.value_or("");
    }
    if (result.name.empty()) malformed("a part without a name");
    return result;
  }

  // `; name=value` or `; name="value"`, where quotes are escaped by a backslash or as %22.
  static std::optional<std::string> parameter(const std::string& text, std::string_view name) {
    for (auto at = text.find(';'); at != std::string::npos; at = text.find(';', at)) {
      do {
        ++at;
      } while (at < text.size() && text[at] == ' ');
      const auto equals = text.find('=', at);
      if (equals == std::string::npos) return std::nullopt;
      const auto key = lower(std::string_view(text).substr(at, equals - at));
      at = equals + 1;
      std::string value;
      if (at < text.size() && text[at] == '"') {
        for (++at; at < text.size() && text[at] != '"'; ++at) {
          if (text[at] == '\\' && at + 1 < text.size()) ++at;
          value += text[at];
        }
      } else {
        value = text.substr(at, text.find(';', at) - at);
      }
      if (key == name) return unescaped(value);
    }
    return std::nullopt;
  }

  static std::string unescaped(std::string text) {
    for (auto at = text.find("%22"); at != std::string::npos; at = text.find("%22", at + 1)) text.replace(at, 3, "\"");
    return text;
  }
};

}  // namespace standin
