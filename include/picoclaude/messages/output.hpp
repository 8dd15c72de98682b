// How the answer is to be: effort and form (API.md, section 3.6).
#pragma once
#include "../base/off.hpp"
#include "../base/window.hpp"

PICOCLAUDE_BEGIN

// How much the model spends on an answer. `unset`: its own default.
enum class Effort : std::uint8_t { unset, low, medium, high, xhigh, max };

namespace detail {

// The member "output_config" of a request, with the comma in front.
constexpr void render_output(Window& window, Effort effort, string_view schema) {
  if (effort == Effort::unset && schema.empty()) return;
  window.raw(R"(,"output_config":{)");
  if (effort != Effort::unset) {
    window.raw(R"("effort":")");
    window.word("\0low\0medium\0high\0xhigh\0max", static_cast<unsigned>(effort));
    window.raw(R"(")");
  }
  if (!schema.empty()) {
    if (effort != Effort::unset) window.raw(",");
    window.raw(R"("format":{"type":"json_schema","schema":)");
    window.raw(schema);
    window.raw("}");
  }
  window.raw("}");
}
constexpr void render_output(Window&, OffOutput, OffOutput) {}

}  // namespace detail
PICOCLAUDE_END
