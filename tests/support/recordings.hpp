// The recorded answers under tests/recordings and what must be made of them, from the pack that pack.py writes.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace recordings {

struct Field {
  std::string_view key;
  std::string_view value;
};

struct Recording {
  std::string_view name;  // "streams/01_text_basic.sse"
  std::string_view body;
  std::vector<Field> fields;

  // The first field with this key; empty when there is none.
  std::string_view operator[](std::string_view key) const {
    for (const Field& field : fields) {
      if (field.key == key) return field.value;
    }
    return {};
  }
  bool has(std::string_view key) const {
    for (const Field& field : fields) {
      if (field.key == key) return true;
    }
    return false;
  }
  // All fields with this key, one behind the other.
  std::string joined(std::string_view key) const {
    std::string all;
    for (const Field& field : fields) {
      if (field.key == key) all += field.value;
    }
    return all;
  }
  unsigned long number(std::string_view key) const {
    return std::strtoul(std::string((*this)[key]).c_str(), nullptr, 10);
  }
};

namespace detail {

inline std::string read_pack() {
  std::FILE* const file = std::fopen(PICOCLAUDE_RECORDINGS, "rb");
  if (file == nullptr) {
    std::fprintf(stderr, "cannot read %s\n", PICOCLAUDE_RECORDINGS);
    std::abort();
  }
  // Room for all of it at once: on a board there is none for a second copy.
  std::string all;
  std::fseek(file, 0, SEEK_END);
  all.reserve(static_cast<std::size_t>(std::ftell(file)));
  std::fseek(file, 0, SEEK_SET);
  static char part[65536];
  while (const std::size_t size = std::fread(part, 1, sizeof part, file)) all.append(part, size);
  std::fclose(file);
  return all;
}

inline std::vector<Recording> split(std::string_view pack) {
  std::vector<Recording> list;
  while (!pack.empty()) {
    const std::size_t blank = pack.find(' ');
    const std::size_t line = pack.find('\n');
    const std::string_view key = pack.substr(0, blank);
    const std::size_t size = std::strtoul(std::string(pack.substr(blank + 1, line - blank - 1)).c_str(), nullptr, 10);
    const std::string_view value = pack.substr(line + 1, size);
    pack.remove_prefix(line + 1 + size + 1);
    if (key == "file") {
      list.push_back({value, {}, {}});
    } else if (key == "body") {
      list.back().body = value;
    } else {
      list.back().fields.push_back({key, value});
    }
  }
  return list;
}

}  // namespace detail

inline const std::vector<Recording>& all() {
  static const std::string pack = detail::read_pack();
  static const std::vector<Recording> list = detail::split(pack);
  return list;
}

inline const Recording& get(std::string_view name) {
  for (const Recording& recording : all()) {
    if (recording.name == name) return recording;
  }
  std::fprintf(stderr, "there is no recording %.*s\n", static_cast<int>(name.size()), name.data());
  std::abort();
}

// Those in one folder, for example "streams/".
inline std::vector<const Recording*> in(std::string_view folder) {
  std::vector<const Recording*> list;
  for (const Recording& recording : all()) {
    if (recording.name.substr(0, folder.size()) == folder) list.push_back(&recording);
  }
  return list;
}

}  // namespace recordings
