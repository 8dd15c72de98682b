// http_parser and simdjson's On-Demand parser.
#include <simdjson.h>

#include "peer.hpp"

namespace {

using namespace simdjson;

class Json {
 public:
  void event(const char* bytes, std::size_t size, bench::Sink& sink) {
    ondemand::document document;
    ondemand::object members;
    if (parser_.iterate(bytes, size, size + SIMDJSON_PADDING).get(document)) return;
    if (document.get_object().get(members)) return;
    std::int64_t index = -1;
    unsigned kind = 0;
    std::string_view text;
    for (auto member : members) {
      ondemand::raw_json_string key;
      if (member.key().get(key)) return;
      if (key.unsafe_is_equal("index")) {
        if (member.value().get_int64().get(index)) return;
      } else if (key.unsafe_is_equal("delta")) {
        ondemand::object delta;
        if (member.value().get_object().get(delta)) return;
        for (auto part : delta) {
          std::string_view name;
          if (part.unescaped_key().get(name)) return;
          const unsigned found = bench::payload_kind(name);
          if (found == 0 || part.value().get_string().get(text)) continue;
          kind = found;
        }
      }
    }
    if (kind != 0 && index >= 0 && !text.empty()) {
      sink.take(static_cast<bench::Kind>(kind), static_cast<unsigned>(index), text.data(), text.size());
    }
  }

 private:
  ondemand::parser parser_;
};

}  // namespace

BENCH_PEER(bench::WholeEvents<Json>)
