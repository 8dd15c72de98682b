// http_parser and nlohmann's json: what most people write.
#include <nlohmann/json.hpp>

#include "peer.hpp"

namespace {

class Json {
 public:
  void event(const char* bytes, std::size_t size, bench::Sink& sink) {
    const auto event = nlohmann::json::parse(bytes, bytes + size, nullptr, false);
    if (event.is_discarded()) return;
    const auto index = event.find("index");
    const auto delta = event.find("delta");
    if (index == event.end() || delta == event.end()) return;
    for (auto part = delta->begin(); part != delta->end(); ++part) {
      const unsigned kind = bench::payload_kind(part.key());
      if (kind == 0) continue;
      const auto& text = part.value().get_ref<const std::string&>();
      if (!text.empty()) sink.take(static_cast<bench::Kind>(kind), index->get<unsigned>(), text.data(), text.size());
    }
  }
};

}  // namespace

BENCH_PEER(bench::WholeEvents<Json>)
