// The smallest sensible JSON value that fits a JSON schema.

#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "error.hpp"
#include "text.hpp"

namespace standin {

class Instance {
 public:
  // `variant`: which of several words.
  explicit Instance(const Json& root, std::size_t variant = 0) : root_(root), variant_(variant) {}

  Json make() const { return of(root_, "value", 0); }

 private:
  static constexpr int depth_max = 32;           // a schema may refer to itself
  static constexpr std::size_t size_max = 1000;  // of arrays and strings, whatever the schema asks for

  Json of(const Json& schema, const std::string& name, int depth) const {
    if (!schema.is_object() || depth > depth_max) return nullptr;
    for (const auto* fixed : {"const", "default"}) {
      if (schema.contains(fixed)) return schema[fixed];
    }
    for (const auto* list : {"enum", "examples"}) {
      if (schema.contains(list) && !schema[list].empty()) return schema[list][variant_ % schema[list].size()];
    }
    if (schema.contains("$ref")) return of(resolve(schema["$ref"].get<std::string>()), name, depth + 1);
    for (const auto* list : {"anyOf", "oneOf", "allOf"}) {
      if (schema.contains(list) && !schema[list].empty()) return of(schema[list].front(), name, depth + 1);
    }
    const auto type = type_of(schema);
    if (type == "object") return object(schema, depth);
    if (type == "array") return array(schema, name, depth);
    if (type == "string") return text(schema, name);
    if (type == "integer") return std::llround(std::ceil(lowest(schema, 1)));
    if (type == "number") return lowest(schema, 0.5);
    if (type == "boolean") return true;
    return nullptr;
  }

  static std::string type_of(const Json& schema) {
    if (!schema.contains("type")) return schema.contains("properties") ? "object" : "string";
    const auto& type = schema["type"];
    if (type.is_string()) return type.get<std::string>();
    for (const auto& choice : type) {
      if (choice != "null") return choice.get<std::string>();
    }
    return "null";
  }

  Json object(const Json& schema, int depth) const {
    Json result = Json::object();
    if (!schema.contains("properties")) return result;
    const auto required = schema.value("required", Json::array());
    for (const auto& [name, inner] : schema["properties"].items()) {
      const auto needed = std::find(required.begin(), required.end(), Json(name)) != required.end();
      if (needed) result[name] = of(inner, name, depth + 1);
    }
    return result;
  }

  Json array(const Json& schema, const std::string& name, int depth) const {
    Json result = Json::array();
    const auto count = std::max<std::size_t>(1, schema.value("minItems", std::size_t{0}));
    for (std::size_t i = 0; i < std::min(count, size_max) && schema.contains("items"); ++i) {
      result.push_back(of(schema["items"], name, depth + 1));
    }
    return result;
  }

  static Json text(const Json& schema, const std::string& name) {
    const auto format = schema.value("format", "");
    if (format == "date") return "2026-11-21";
    if (format == "date-time") return "2026-11-21T12:00:00Z";
    if (format == "time") return "12:00:00Z";
    if (format == "email") return "someone@example.org";
    if (format == "uri") return "https://example.org/";
    if (format == "uuid") return "00000000-0000-4000-8000-000000000000";
    std::string result = "some " + name;
    const auto longest = schema.value("maxLength", std::size_t{256});
    const auto shortest = std::min(schema.value("minLength", std::size_t{0}), size_max);
    result = shortened(result, longest);
    if (result.size() < shortest) result.append(shortest - result.size(), '.');
    return result;
  }

  static double lowest(const Json& schema, double fallback) {
    double result = fallback;
    if (schema.contains("maximum")) result = std::min(result, schema["maximum"].get<double>());
    if (schema.contains("minimum")) result = std::max(result, schema["minimum"].get<double>());
    if (schema.contains("exclusiveMinimum")) result = std::max(result, schema["exclusiveMinimum"].get<double>() + 1);
    return result;
  }

  const Json& resolve(const std::string& reference) const {
    static const Json nothing;
    if (!starts_with(reference, "#")) return nothing;
    try {
      return root_.at(Json::json_pointer(reference.substr(1)));
    } catch (const Json::exception&) {
      return nothing;
    }
  }

  const Json& root_;
  std::size_t variant_;
};

}  // namespace standin
