// What an answer tells of the cache besides its usage (API.md, section 4.7).
#pragma once
#include "../base/view.hpp"
#include "../wire/json_reader.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// A word of the API's or an id, kept; what is longer is kept as nothing.
struct KeptWord {
  char bytes[JsonReader::max_name] = {};
  std::uint8_t size = 0;

  constexpr string_view text() const { return {bytes, size}; }
  void keep(string_view text) {
    size = static_cast<std::uint8_t>(text.size());
    std::memcpy(bytes, text.data(), text.size());
  }
};

struct CacheReport {
  KeptWord message_id;   // to compare the next request with
  KeptWord miss_reason;  // diagnostics.cache_miss_reason.type
  std::uint32_t missed_input_tokens = 0;
};

}  // namespace detail
PICOCLAUDE_END
