// check(request): the first rule that a request breaks, before anything is sent.
//
//   static_assert(picoclaude::check(request) == picoclaude::Rule::none);
//
// begin() asks it as well: bad_request, and Status::native is the Rule. What only the service can know (whether the model
// takes images, how large they are, whether a URL can be reached) is not checked.
#pragma once
#include "check_messages.hpp"
#include "check_tools.hpp"

PICOCLAUDE_BEGIN

#if PICOCLAUDE_ENABLE_CHECK
namespace detail {

constexpr Rule rule_of(Error error) {
  switch (error) {
    case Error::none: return Rule::none;
    case Error::missing_model: return Rule::missing_model;
    case Error::missing_max_tokens: return Rule::missing_max_tokens;
    case Error::missing_messages: return Rule::missing_messages;
    case Error::sampling_refused: return Rule::sampling_refused;
    case Error::bad_thinking: return Rule::bad_thinking;
    case Error::bad_cache_control: return Rule::breakpoint_order;
    default: return Rule::bad_number;
  }
}

constexpr Rule check_members(const Request& request) {
  if (character_count(request.user_id) > 512) return Rule::user_id_too_long;
  for (const string_view sequence : request.stop_sequences) {
    if (sequence.empty()) return Rule::empty_stop_sequence;
  }
  if (!request.extra.empty() && request.extra[0] != '"') return Rule::not_a_member;
#if PICOCLAUDE_ENABLE_OUTPUT
  if (!request.output_schema.empty() && request.output_schema[0] != '{') return Rule::not_an_object;
#endif
  return Rule::none;
}

// What documents, images and structured output forbid each other.
constexpr Rule check_together([[maybe_unused]] const Request& request, const BlockCensus& census) {
  if (census.images > 600) return Rule::too_many_images;
  if (census.cited && census.uncited) return Rule::mixed_citations;
#if PICOCLAUDE_ENABLE_OUTPUT
  if (request.output_schema.empty()) return Rule::none;
  if (census.cited) return Rule::citations_with_schema;
  if (request.prompt.empty() && !request.messages.empty() &&
      request.messages[request.messages.size() - 1].role == Role::assistant) {
    return Rule::prefill_with_schema;
  }
#endif
  return Rule::none;
}

constexpr Rule check_all_tools([[maybe_unused]] const Request& request) {
  Rule rule = Rule::none;
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
  rule = check_service(request);
  const bool service_tools = !request.server_tools.empty();
#else
  const bool service_tools = false;
#endif
#if PICOCLAUDE_ENABLE_TOOLS
  if (rule == Rule::none) rule = check_tools(request);
  if (rule == Rule::none) rule = check_tool_choice(request, service_tools);
#else
  static_cast<void>(service_tools);
#endif
  return rule;
}

constexpr Rule check_size(const Request& request) {
  constexpr std::uint32_t most = 32 * 1024 * 1024;
  Window window;
  render(window, request);
  if (window.error() == Error::bad_text) return Rule::not_utf8;
  return window.error() != Error::none || window.size() > most ? Rule::body_too_large : Rule::none;
}

}  // namespace detail

constexpr Rule check(const Request& request) {
  using namespace detail;
  if (breakpoints_of(request).count() > max_marks) return Rule::too_many_breakpoints;
  Rule rule = rule_of(refusal_of(request));
  BlockCensus census;
  if (rule == Rule::none) rule = check_members(request);
  if (rule == Rule::none && !request.system.blocks.empty()) {
    rule = check_blocks(request.system.blocks, Within::system, request.version, census);
  }
  if (rule == Rule::none) rule = check_messages(request, census);
  if (rule == Rule::none) rule = check_all_tools(request);
  if (rule == Rule::none) rule = check_together(request, census);
  if (rule == Rule::none) rule = check_size(request);
  return rule;
}
#else
template <class Asked>
constexpr Rule check(const Asked&) {
  static_assert(detail::off<Asked>, "PICOCLAUDE_ENABLE_CHECK is 0: set it to 1 to use check()");
  return {};
}
#endif
PICOCLAUDE_END
