// The words of the Messages API that the readers know. Their order is their number: group by group, so that a group
// maps to its enum by subtraction.
#pragma once
#include "../base/words.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// clang-format off
enum class Word : std::uint8_t {
  unknown,
  // Events (API.md, section 6.3), in the order of EventType.
  ping,
  error,
  message_start,
  content_block_start,
  content_block_delta,
  content_block_stop,
  message_delta,
  message_stop,
#if PICOCLAUDE_BLOCKS
  data,  // a payload that comes with the start of its block
#endif
  // Payloads of a delta, in the order of the first BlockKinds.
  text,
  thinking,
  signature,
  partial_json,
  text_delta,
  thinking_delta,
  signature_delta,
  input_json_delta,
  // Blocks.
  redacted_thinking,
  tool_use,
  // Members.
  type,
  index,
  delta,
  content_block,
  message,
  usage,
  stop_reason,
  stop_details,
  category,
  explanation,
  details,
  error_code,
  id,
  name,
#if PICOCLAUDE_BLOCKS
  input,
#endif
#if PICOCLAUDE_RAW_BLOCKS
  server_tool_use,
  mcp_tool_use,
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
  container,
#endif
#if PICOCLAUDE_ENABLE_TRANSCRIPT || PICOCLAUDE_CITATIONS
  citation,
  citations,
#endif
#if PICOCLAUDE_MESSAGES
  content,
#endif
#if PICOCLAUDE_CITATIONS
  // Strings of a citation, then its numbers: what it is of, where it starts, where it ends.
  cited_text,
  document_title,
  title,
  url,
  source,
  document_index,
  search_result_index,
  start_char_index,
  start_page_number,
  start_block_index,
  end_char_index,
  end_page_number,
  end_block_index,
  // Its kinds, in the order of Citation::Kind.
  char_location,
  page_location,
  content_block_location,
  web_search_result_location,
  search_result_location,
#endif
  // Usage, in the order of the members of Usage.
  input_tokens,
  output_tokens,
  cache_creation_input_tokens,
  cache_read_input_tokens,
#if PICOCLAUDE_ENABLE_CACHING
  ephemeral_5m_input_tokens,
  ephemeral_1h_input_tokens,
  cache_creation,
  cache_miss_reason,
  cache_missed_input_tokens,
#endif
  // Stop reasons, in the order of StopReason.
  end_turn,
  max_tokens,
  stop_sequence,
  pause_turn,
  refusal,
  model_context_window_exceeded,
  compaction,
  // Errors, in the order of Error.
  invalid_request_error,
  authentication_error,
  billing_error,
  permission_error,
  not_found_error,
  conflict_error,
  request_too_large,
  rate_limit_error,
  api_error,
  timeout_error,
  overloaded_error,
  contract_spend_limit_reached,
  enforced_spend_limit_reached,
  // Reasons of a refusal, in the order of Refusal.
  cyber,
  bio,
  frontier_llm,
  reasoning_extraction,
  general_harms,
};

inline constexpr char word_list[] =
    "ping error message_start content_block_start content_block_delta content_block_stop message_delta message_stop "
#if PICOCLAUDE_BLOCKS
    "data "
#endif
    "text thinking signature partial_json "
    "text_delta thinking_delta signature_delta input_json_delta "
    "redacted_thinking tool_use "
    "type index delta content_block message usage stop_reason stop_details category explanation details "
    "error_code id name "
#if PICOCLAUDE_BLOCKS
    "input "
#endif
#if PICOCLAUDE_RAW_BLOCKS
    "server_tool_use mcp_tool_use "
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
    "container "
#endif
#if PICOCLAUDE_ENABLE_TRANSCRIPT || PICOCLAUDE_CITATIONS
    "citation citations "
#endif
#if PICOCLAUDE_MESSAGES
    "content "
#endif
#if PICOCLAUDE_CITATIONS
    "cited_text document_title title url source document_index search_result_index "
    "start_char_index start_page_number start_block_index end_char_index end_page_number end_block_index "
    "char_location page_location content_block_location web_search_result_location search_result_location "
#endif
    "input_tokens output_tokens cache_creation_input_tokens cache_read_input_tokens "
#if PICOCLAUDE_ENABLE_CACHING
    "ephemeral_5m_input_tokens ephemeral_1h_input_tokens cache_creation cache_miss_reason "
    "cache_missed_input_tokens "
#endif
    "end_turn max_tokens stop_sequence pause_turn refusal model_context_window_exceeded compaction "
    "invalid_request_error authentication_error billing_error permission_error not_found_error "
    "conflict_error request_too_large rate_limit_error api_error timeout_error overloaded_error "
    "contract_spend_limit_reached enforced_spend_limit_reached "
    "cyber bio frontier_llm reasoning_extraction general_harms";

inline constexpr WordTable<word_list> words{};

static_assert(
    words.find("general_harms") == static_cast<std::uint8_t>(Word::general_harms), "enum and list differ");
static_assert(
    words.find("stop_sequence") == static_cast<std::uint8_t>(Word::stop_sequence), "enum and list differ");

constexpr Word find_word(string_view text) { return static_cast<Word>(words.find(text)); }

// The place of `word` in the group that starts with `first`, or `count` when it is not in it.
constexpr std::uint8_t place_in(Word word, Word first, std::uint8_t count) {
  const auto place =
      static_cast<std::uint8_t>(static_cast<std::uint8_t>(word) - static_cast<std::uint8_t>(first));
  return place < count ? place : count;
}

}  // namespace detail
PICOCLAUDE_END
