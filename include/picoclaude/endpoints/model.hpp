// A model as the service describes it: its limits and what it can do (API.md, section 9.2).
#pragma once
#include "../base/words.hpp"
#include "member_reader.hpp"

PICOCLAUDE_BEGIN

// What a model can do. The API names them by a path; here the path is the name.
enum class Capability : std::uint8_t {
  batch,
  citations,
  code_execution,
  image_input,
  pdf_input,
  structured_outputs,
  context_management,
  clear_thinking,
  clear_tool_uses,
  compact,
  effort,
  effort_low,
  effort_medium,
  effort_high,
  effort_xhigh,
  effort_max,
  server_tools,
  server_web_search,
  server_code_execution,
  thinking,
  thinking_adaptive,
  thinking_between_tools,
  thinking_disabled,
  thinking_enabled,
};

// `other`: one that this library does not know. `unknown`: not told.
enum class Lifecycle : std::uint8_t { unknown, active, deprecated, retired, other };
enum class ModelLine : std::uint8_t { unknown, haiku, sonnet, opus, fable, mythos, other };

struct Model {
  SmallText<95> id;  // a longer one is refused: out_of_room
  SmallText<63> display_name;
  SmallText<31> created_at;  // RFC 3339, as all times
  SmallText<31> deprecated_at;
  SmallText<31> retires_at;
  Lifecycle lifecycle = Lifecycle::unknown;
  ModelLine line = ModelLine::unknown;
  std::uint32_t max_input_tokens = 0;  // 0: not told
  std::uint32_t max_tokens = 0;        // 0: not told
  bool tells_capabilities = false;     // else supports() knows nothing
  std::uint32_t capabilities = 0;      // one bit a Capability

  constexpr bool supports(Capability capability) const {
    return (capabilities >> static_cast<unsigned>(capability) & 1u) != 0;
  }
};

namespace detail {

class ModelMembers {
 public:
  static void take(Model& model, MemberReader& at, Json token) {
    if (at.level() == 1) {
      take_member(model, at, token);
    } else if (at.name(1) == capabilities) {
      if (at.level() == 2 && token == Json::begin_object) model.tells_capabilities = true;
      if (at.name() == supported && token == Json::yes) support(model, at);
    }
  }
  static std::uint8_t find(string_view word) PICOCLAUDE_NONBLOCKING { return words.find(word); }

 private:
  // clang-format off
  enum Word : std::uint8_t {
    unknown, data, has_more, last_id, next_page,
    id, display_name, created_at, deprecated_at, retires_at, lifecycle, line, max_input_tokens, max_tokens,
    capabilities, supported, types,
    active, deprecated, retired,
    haiku, sonnet, opus, fable, mythos,
    // What is a member of `capabilities`, then what is a member of those, group by group.
    batch, citations, code_execution, image_input, pdf_input, structured_outputs, context_management, effort,
    server_tools, thinking,
    clear_thinking, clear_tool_uses, compact,
    low, medium, high, xhigh, max,
    web_search,
    adaptive, between_tools, disabled, enabled,
  };
  static constexpr char word_list[] =
      "data has_more last_id next_page "
      "id display_name created_at deprecated_at retires_at lifecycle line max_input_tokens max_tokens "
      "capabilities supported types "
      "active deprecated retired "
      "haiku sonnet opus fable mythos "
      "batch citations code_execution image_input pdf_input structured_outputs context_management effort "
      "server_tools thinking "
      "clear_thinking_20251015 clear_tool_uses_20250919 compact_20260112 "
      "low medium high xhigh max "
      "web_search "
      "adaptive between_tools disabled enabled";
  // clang-format on
  static constexpr WordTable<word_list> words{};
  static_assert(words.count() == enabled, "enum and list differ");

  static void take_member(Model& model, MemberReader& at, Json token) {
    const std::uint8_t name = at.name();
    if (token == Json::begin_object && name == unknown) model = Model{};
    if (token == Json::number && name == max_input_tokens) model.max_input_tokens = at.number();
    if (token == Json::number && name == max_tokens) model.max_tokens = at.number();
    if (token == Json::end_string) take_word(model, at);
    if (token != Json::begin_string) return;
    switch (name) {
      case id: at.keep(model.id); break;
      case display_name: at.keep(model.display_name); break;
      case created_at: at.keep(model.created_at); break;
      case deprecated_at: at.keep(model.deprecated_at); break;
      case retires_at: at.keep(model.retires_at); break;
      case lifecycle:
      case line: at.collect(); break;
      default: break;
    }
  }

  static void take_word(Model& model, MemberReader& at) {
    const std::uint8_t word = words.find(at.word());
    if (at.name() == lifecycle)
      model.lifecycle =
          word >= active && word <= retired ? static_cast<Lifecycle>(word - active + 1) : Lifecycle::other;
    if (at.name() == line)
      model.line = word >= haiku && word <= mythos ? static_cast<ModelLine>(word - haiku + 1) : ModelLine::other;
    if (at.name() == id && model.id.is_cut()) at.fail(Error::out_of_room);
  }

  static void support(Model& model, const MemberReader& at) {
    // capabilities.GROUP.supported, capabilities.GROUP.MEMBER.supported, capabilities.thinking.types.MEMBER.supported
    const std::uint8_t group = at.name(2);
    const int deepest = at.level();
    std::uint8_t member = deepest == 4 ? at.name(3) : std::uint8_t{0};
    if (deepest == 5 && group == thinking && at.name(3) == types) member = at.name(4);
    const int place = deepest == 3 ? place_of_group(group) : member != 0 ? place_of(group, member) : -1;
    if (place >= 0) model.capabilities |= 1u << place;
  }

  static int place_of_group(std::uint8_t group) {
    switch (group) {
      case context_management: return static_cast<int>(Capability::context_management);
      case effort: return static_cast<int>(Capability::effort);
      case server_tools: return static_cast<int>(Capability::server_tools);
      case thinking: return static_cast<int>(Capability::thinking);
      default: return group >= batch && group <= structured_outputs ? group - batch : -1;
    }
  }

  static int place_of(std::uint8_t group, std::uint8_t member) {
    const auto within = [member](std::uint8_t first, std::uint8_t last, Capability place) {
      return member >= first && member <= last ? static_cast<int>(place) + member - first : -1;
    };
    switch (group) {
      case context_management: return within(clear_thinking, compact, Capability::clear_thinking);
      case effort: return within(low, max, Capability::effort_low);
      case server_tools:
        if (member == code_execution) return static_cast<int>(Capability::server_code_execution);
        return within(web_search, web_search, Capability::server_web_search);
      case thinking: return within(adaptive, enabled, Capability::thinking_adaptive);
      default: return -1;
    }
  }
};

}  // namespace detail
PICOCLAUDE_END
