// An input that a model may write: the tool runs if and only if a naive reader of the same declaration takes it, once,
// with the same values; otherwise the model is told why, once.
#define PICOCLAUDE_ENABLE_TOOLS 1
#include "fuzz.hpp"
#include "oracle/naive_input.hpp"

namespace {

using namespace picoclaude;

struct Place {
  int x;
  int y;
};

constexpr auto set_lamp = tool("set_lamp", "Sets a lamp.", boolean("on", ""), integer("level", "").range(-20, 100),
    number("warmth", "").decimals(1).range(-400, 850).optional(), string("note", "").max_size(16).optional(),
    enumeration("mode", "", "off", "dim", "full"), object("place", "", integer("x"), integer("y").optional()),
    array("steps", "", integer().range(0, 9)).max_count(3).optional());

struct Told {
  unsigned errors = 0;
};

bool take(void* context, const Content&, bool is_error) {
  static_cast<Told*>(context)->errors += is_error ? 1 : 0;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  const std::size_t offset = choices.below(8);
  const std::string text = choices.rest();
  alignas(8) static char memory[1024];

  unsigned runs = 0;
  naive::Input ours;
  const auto function = [&](bool on, int level, int warmth, string_view note, int mode, Place place, Items<int> steps,
                            const ToolReply&) {
    ++runs;
    ours = {on, level, warmth, std::string(note), mode, place.x, place.y, {}};
    for (std::size_t at = 0; at < steps.size(); ++at) ours.steps.push_back(steps[at]);
  };
  auto lamp = set_lamp.calls(function);
  Told told;
  lamp.run(text, {memory + offset, sizeof memory - offset}, ToolReply(take, &told));

  naive::Input expected;
  const bool good = naive::read_input(text, expected);
  PROMISE(runs == (good ? 1u : 0u));
  PROMISE(told.errors == 1 - runs);
  PROMISE(!good || ours == expected);

  // The check of raw tools takes any object without duplicate names.
  const InputFault fault = detail::check_object(text);
  std::string trace;
  const bool valid = naive::Json::read(text, PICOCLAUDE_MAX_JSON_DEPTH, trace);
  PROMISE(fault == InputFault::not_json || fault == InputFault::not_an_object || valid || fault == InputFault::twice ||
      fault == InputFault::too_long);
  PROMISE(fault != InputFault::none || (valid && json::parse(text).kind == '{'));
  PROMISE(!valid || json::parse(text).kind != '{' || fault == InputFault::none || fault == InputFault::too_long);
  PROMISE(!good || fault == InputFault::none);
  return 0;
}
