// The order of events and the inputs of tools against naive models, as oracle_cases.hpp does for what reads bytes; it is
// included in the same way, with small limits and with those of production.
#pragma once
#include "oracle/naive_input.hpp"
#include "oracle/naive_order.hpp"
#include "oracle_cases.hpp"

#include "picoclaude/messages/event_order.hpp"
#include "picoclaude/messages/typed_tool.hpp"

namespace {

// ---- the order of events ---------------------------------------------------------------------------------------------

Error take(EventOrder& order, const naive::OrderEvent& event) {
  const auto block = static_cast<std::uint16_t>(event.block);
  switch (event.what) {
    case 'S': return order.message_start();
    case 'b': return order.block_start(block, static_cast<BlockKind>(event.kind));
    case 'd': return order.block_delta(block);
    case 'e': return order.block_stop(block);
    case 'D': return order.message_delta();
    default: return order.message_stop(event.what == 'M');
  }
}

// The events of one answer, in both machines.
struct Orders {
  EventOrder ours;
  naive::Order expected{PICOCLAUDE_MAX_OPEN_BLOCKS};
  std::string story;

  // False: they differ.
  bool take(const naive::OrderEvent& event) {
    story += event.what + std::to_string(event.block) + ' ';
    const Error error = ::take(ours, event);
    const std::string refused = expected.take(event);
    bool same = error ==
        (refused.empty()             ? Error::none
                : refused == "order" ? Error::bad_event_order
                                     : Error::too_many_blocks);
    same = same && ours.block_count() == expected.count('b') && ours.open_count() == expected.open_count();
    for (unsigned block = 0; block <= event.block + 1; ++block) {
      const auto* const found = ours.find(static_cast<std::uint16_t>(block));
      same = same && (found == nullptr ? -1 : static_cast<int>(found->kind)) == expected.open_kind(block);
    }
    same = same && (ours.phase() == EventOrder::Phase::stopped) == (expected.count('M') != 0);
    if (!same) differs(story, std::to_string(static_cast<int>(error)), refused);
    return same;
  }
};

// Every answer of up to `left` more events.
unsigned long every_order(const Orders& so_far, unsigned left) {
  constexpr naive::OrderEvent events[] = {{'S', 0, 0}, {'b', 0, 1}, {'b', 1, 2}, {'b', 2, 4}, {'d', 0, 0}, {'d', 1, 0},
      {'e', 0, 0}, {'e', 1, 0}, {'e', 2, 0}, {'D', 0, 0}, {'M', 0, 0}, {'m', 0, 0}};
  unsigned long count = 0;
  for (const naive::OrderEvent& event : events) {
    Orders next = so_far;
    ++count;
    if (next.take(event) && left > 1) count += every_order(next, left - 1);
  }
  return count;
}

void all_of_event_orders() {
  failures = 0;
  unsigned long count = every_order(Orders(), 6 - ORACLE_SHORTER);
  // Longer ones, most of whose blocks are those that may come.
  Random random;
  constexpr char whats[] = "bbbbbbbbbbddddeeeD";
  for (unsigned long i = 0; i < (deep_count(60'000, 2'000'000) >> ORACLE_SHORTER); ++i, ++count) {
    Orders orders;
    bool same = orders.take({'S', 0, 0});
    for (unsigned length = random(60); same && length != 0; --length) {
      const char what = random(40) == 0 ? "SDMm"[random(4)] : whats[random(sizeof whats - 1)];
      const unsigned blocks = orders.expected.count('b');
      const unsigned block = what == 'b' && random(8) != 0 ? blocks : random(blocks + 2);
      same = orders.take({what, block, random(6)});
    }
  }
  CHECK(failures == 0);
  MESSAGE(count << " answers");
}

// ---- the inputs of tools ---------------------------------------------------------------------------------------------

struct Place {
  int x;
  int y;
};

// As naive_input.hpp has it.
constexpr auto set_lamp = tool("set_lamp", "Sets a lamp.", boolean("on", ""), integer("level", "").range(-20, 100),
    number("warmth", "").decimals(1).range(-400, 850).optional(), string("note", "").max_size(16).optional(),
    enumeration("mode", "", "off", "dim", "full"), object("place", "", integer("x"), integer("y").optional()),
    array("steps", "", integer().range(0, 9)).max_count(3).optional());

bool count_errors(void* context, const Content&, bool is_error) {
  *static_cast<unsigned*>(context) += is_error ? 1 : 0;
  return true;
}

unsigned long taken = 0;

// The function runs if and only if the naive reader takes the input, once, with the same values.
void input(std::string_view text) {
  alignas(8) static char memory[1024];
  unsigned runs = 0;
  unsigned errors = 0;
  naive::Input ours;
  const auto function = [&](bool on, int level, int warmth, string_view note, int mode, Place place, Items<int> steps,
                            const ToolReply&) {
    ++runs;
    ours = {on, level, warmth, std::string(note), mode, place.x, place.y, {}};
    for (std::size_t at = 0; at < steps.size(); ++at) ours.steps.push_back(steps[at]);
  };
  auto lamp = set_lamp.calls(function);
  lamp.run(text, {memory, sizeof memory}, ToolReply(count_errors, &errors));
  naive::Input expected;
  // An empty input is an empty object.
  const bool good = !text.empty() && naive::read_input(text, expected);
  taken += good ? 1 : 0;
  if (runs != (good ? 1u : 0u) || errors != 1 - runs) return differs(text, runs != 0 ? "runs" : "refused", "not so");
  if (good && !(ours == expected)) differs(text, "other values", "the same");
}

// What raw tools get: one object, no name twice, no name that is empty or too long to be compared.
void raw_input(std::string_view text) {
  std::string trace;
  const bool valid = naive::Json::read(text, PICOCLAUDE_MAX_JSON_DEPTH, trace);
  const bool single = valid && json::parse(text).kind == '{';
  const InputFault fault = picoclaude::detail::check_object(text);
  // Such a name is refused before what is wrong behind it.
  const bool has_long_name = text.size() > JsonReader::max_name + 3 || text.find("\"\"") != std::string_view::npos;
  if (fault == InputFault::too_long ? !has_long_name : (fault == InputFault::none) != single)
    differs(text, std::to_string(static_cast<int>(fault)), single ? "accepted" : "refused");
  if (single) ++taken;
}

void all_of_tool_inputs() {
  failures = 0;
  taken = 0;
  const std::vector<std::string> members[] = {{"", R"("on":true)", R"("on":false)", R"("on":1)", R"("on":null)"},
      {"", R"("level":0)", R"("level":-20)", R"("level":-21)", R"("level":101)", R"("level":1e1)", R"("level":"1")"},
      {"", R"("mode":"off")", R"("mode":"full")", R"("mode":"on")", R"("mode":1)"},
      {"", R"("place":{"x":1})", R"("place":{"y":-2,"x":7})", R"("place":{"y":1})", R"("place":{"x":{"x":1}})",
          R"("place":[1])"},
      {"", R"("note":"")", R"("note":"sixteen bytes \u00e9")", R"("note":"seventeen bytes!!")", R"("note":"\u0000")"},
      {"", R"("warmth":-40)", R"("warmth":84.95)", R"("warmth":85.01)", R"("warmth":-0)"},
      {"", R"("steps":[])", R"("steps":[1,2,3])", R"("steps":[1,2,3,4])", R"("steps":[[1]])"}};
  unsigned long count = 0;
  std::size_t chosen[7] = {};
  unsigned long combination = 0;
  for (bool more = true; more; ++combination) {
    if (combination % 8 == 0 || ORACLE_SHORTER == 0) {
      ++count;
      std::string text;
      for (std::size_t at = 0; at < 7; ++at) {
        const std::string& member = members[at][chosen[at]];
        if (!member.empty()) text += (text.empty() ? "{" : ",") + member;
      }
      input(text.empty() ? "{}" : text + "}");
    }
    more = false;
    for (std::size_t at = 0; at < 7 && !more; ++at) {
      more = ++chosen[at] < members[at].size();
      if (!more) chosen[at] = 0;
    }
  }
  // In another order, with names twice, and broken.
  Random random;
  for (unsigned long i = 0; i < (deep_count(200'000, 5'000'000) >> ORACLE_SHORTER); ++i, ++count) {
    std::string text;
    const unsigned first = random(7);
    for (unsigned at = 0; at < 7 + random(2); ++at) {
      const auto& choices = members[(first + at * 3) % 7];
      text += (text.empty() ? "{" : ",") + choices[1 + random(random(3) == 0 ? 4 : 2)];
    }
    text += "}";
    if (random(3) == 0) text[random(static_cast<std::uint32_t>(text.size()))] = static_cast<char>(random(256));
    input(text);
    raw_input(text);
  }
  CHECK(taken > 1000);
  const unsigned long typed = taken;
  constexpr std::string_view pieces[] = {"{", "}", "[", "]", ",", ":", "\"a\"", "\"a\":1", "\"b\":2", "\"a\":{", "1",
      "{\"a\":", "{\"b\":[", "]}", "\"\\u0061\":3", "\"b\":[", " ", "\"thirty-three bytes are in this one.\":1"};
  count += random_texts(pieces, deep_count(1'000'000, 20'000'000), 9, raw_input);
  for (unsigned depth = 1; depth <= PICOCLAUDE_MAX_JSON_DEPTH + 2; ++depth) {
    std::string text = "1";
    for (unsigned level = 0; level < depth; ++level) text = "{\"a\":" + text + "}";
    raw_input(text);
    CHECK((picoclaude::detail::check_object(text) == InputFault::none) == (depth <= PICOCLAUDE_MAX_JSON_DEPTH));
  }
  CHECK(taken > typed + 100);
  CHECK(failures == 0);
  MESSAGE(count << " inputs, " << taken << " of them taken");
}

}  // namespace
