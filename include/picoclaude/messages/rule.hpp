// The rules that a request must keep, as far as they can be known before it is sent (API.md, sections 1.4 and 3).
#pragma once
#include "../base/view.hpp"

PICOCLAUDE_BEGIN

enum class Rule : std::uint8_t {
  none,  // no rule is broken

  // The request as a whole.
  missing_model,
  missing_max_tokens,
  missing_messages,
  sampling_refused,  // temperature, top_p or top_k under an API version that has them not
  bad_number,        // temperature or top_p is no number
  user_id_too_long,  // more than 512 characters
  empty_stop_sequence,
  not_a_member,       // `extra` does not begin with the name of a member
  not_an_object,      // a schema does not begin with {
  not_utf8,           // some string
  body_too_large,     // more than 32 MB
  too_many_messages,  // more than 100,000
  too_many_images,    // more than 600

  // Messages and their blocks.
  first_not_user,
  empty_text,             // a text without anything but blanks
  empty_content,          // a message without any block
  prefill_ends_in_blank,  // the assistant's message at the end
  system_misplaced,       // a system message that is first, or does not follow a user's, or is followed by one
  system_not_text,        // the system prompt or a system message holds other blocks than text
  block_in_wrong_role,    // thinking and tool_use are the assistant's, all others but text the user's
  block_in_wrong_place,   // a block inside a block that cannot hold it
  too_deep,               // blocks in blocks in blocks

  // Images and documents.
  empty_source,           // no bytes, no URL, no file id
  bad_media_type,         // none of image/jpeg, image/png, image/gif, image/webp
  image_too_large,        // more than 10 MB of base64
  bad_title,              // empty where it is needed, or more than 500 characters
  mixed_citations,        // some documents may be cited and some not
  citations_with_schema,  // structured output cannot cite

  // Thinking, output, cache.
  bad_thinking,          // budget_tokens below 1024, not below max_tokens, or without meaning
  thinking_forces_tool,  // thinking with a budget together with tool_choice any or tool
  prefill_with_schema,   // structured output cannot go on from a prefill
  too_many_breakpoints,  // more than 4
  breakpoint_order,      // 5 minutes before an hour
  cached_thinking,       // cache_control on thinking

  // Tools.
  bad_tool_name,  // not 1 to 128 letters, digits, _ and -
  duplicate_tool_name,
  too_many_strict_tools,  // more than 20
  unknown_tool_choice,    // the tool that must be called is not offered
  no_tools_to_choose,     // tool_choice without tools
  bad_call_id,            // not letters, digits, _ and -
  missing_tool_result,    // a tool_use without its tool_result at the start of the next message
  stray_tool_result,      // a tool_result without its tool_use in the message before, or twice
  result_behind_other,    // a tool_result behind other blocks

  // Tools of the service.
  both_domain_lists,   // allowed and blocked domains
  unknown_mcp_server,  // a toolset without its server, or a server without its toolset
  too_many_skills,     // more than 8
  compaction_with_edits,
  missing_beta,  // Request::beta lacks a value that a member needs
};

// The enumerator's own name, for example "empty_text". Lifetime: for ever.
constexpr string_view name(Rule rule) {
  switch (rule) {
    case Rule::none: return "none";
    case Rule::missing_model: return "missing_model";
    case Rule::missing_max_tokens: return "missing_max_tokens";
    case Rule::missing_messages: return "missing_messages";
    case Rule::sampling_refused: return "sampling_refused";
    case Rule::bad_number: return "bad_number";
    case Rule::user_id_too_long: return "user_id_too_long";
    case Rule::empty_stop_sequence: return "empty_stop_sequence";
    case Rule::not_a_member: return "not_a_member";
    case Rule::not_an_object: return "not_an_object";
    case Rule::not_utf8: return "not_utf8";
    case Rule::body_too_large: return "body_too_large";
    case Rule::too_many_messages: return "too_many_messages";
    case Rule::too_many_images: return "too_many_images";
    case Rule::first_not_user: return "first_not_user";
    case Rule::empty_text: return "empty_text";
    case Rule::empty_content: return "empty_content";
    case Rule::prefill_ends_in_blank: return "prefill_ends_in_blank";
    case Rule::system_misplaced: return "system_misplaced";
    case Rule::system_not_text: return "system_not_text";
    case Rule::block_in_wrong_role: return "block_in_wrong_role";
    case Rule::block_in_wrong_place: return "block_in_wrong_place";
    case Rule::too_deep: return "too_deep";
    case Rule::empty_source: return "empty_source";
    case Rule::bad_media_type: return "bad_media_type";
    case Rule::image_too_large: return "image_too_large";
    case Rule::bad_title: return "bad_title";
    case Rule::mixed_citations: return "mixed_citations";
    case Rule::citations_with_schema: return "citations_with_schema";
    case Rule::bad_thinking: return "bad_thinking";
    case Rule::thinking_forces_tool: return "thinking_forces_tool";
    case Rule::prefill_with_schema: return "prefill_with_schema";
    case Rule::too_many_breakpoints: return "too_many_breakpoints";
    case Rule::breakpoint_order: return "breakpoint_order";
    case Rule::cached_thinking: return "cached_thinking";
    case Rule::bad_tool_name: return "bad_tool_name";
    case Rule::duplicate_tool_name: return "duplicate_tool_name";
    case Rule::too_many_strict_tools: return "too_many_strict_tools";
    case Rule::unknown_tool_choice: return "unknown_tool_choice";
    case Rule::no_tools_to_choose: return "no_tools_to_choose";
    case Rule::bad_call_id: return "bad_call_id";
    case Rule::missing_tool_result: return "missing_tool_result";
    case Rule::stray_tool_result: return "stray_tool_result";
    case Rule::result_behind_other: return "result_behind_other";
    case Rule::both_domain_lists: return "both_domain_lists";
    case Rule::unknown_mcp_server: return "unknown_mcp_server";
    case Rule::too_many_skills: return "too_many_skills";
    case Rule::compaction_with_edits: return "compaction_with_edits";
    case Rule::missing_beta: return "missing_beta";
  }
  return "?";
}

PICOCLAUDE_END
