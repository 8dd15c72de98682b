// A request to POST /v1/messages, and its body (API.md, section 3.1).
//
// A Request is an aggregate of views. Its body is a pure function of it, so that it is sent through a window of any
// size, measured before, sent again by a retry, and compared with its exact text in a static_assert.
#pragma once
#include "connector.hpp"
#include "content.hpp"
#include "context_management.hpp"
#include "output.hpp"
#include "server_tool.hpp"
#include "tool.hpp"

PICOCLAUDE_BEGIN

// Version of the API. The newer one refuses temperature, top_p and top_k (API.md, section 1.2).
enum class ApiVersion : std::uint8_t { v2026_10_21, v2023_06_01 };

enum class ServiceTier : std::uint8_t { unset, automatic, standard_only };

// A header to send besides those that the API needs.
struct Header {
  string_view name;   // lower case letters, digits and -
  string_view value;  // visible ASCII and blanks
};

namespace detail {
template <class T>
using ServicePart = Part<PICOCLAUDE_ENABLE_SERVER_TOOLS, T, OffServerTools>;
}

// Lifetime: the request and all that its views point to stay unchanged until the exchange is done.
struct Request {
  static constexpr std::uint32_t not_set = 0xFFFFFFFF;

  string_view model;                   // for example "claude-haiku-4-5"; any name is passed on
  std::uint32_t max_tokens = not_set;  // of the answer, thinking included; 0 only fills the cache
  Content system;                      // a string, or several text blocks
  string_view prompt;                  // short for one user message; sent behind `messages`
  List<Message> messages;
  // Messages as JSON text, separated by commas, in front of all others: Transcript::json().
  detail::Part<PICOCLAUDE_ENABLE_TRANSCRIPT, string_view, detail::OffTranscript> transcript{};
  List<string_view> stop_sequences;
  string_view user_id;  // metadata.user_id: opaque, at most 512 characters
  ServiceTier service_tier = ServiceTier::unset;
  string_view temperature;        // a JSON number from 0 to 1, as text: "0.7"; only with v2023_06_01
  string_view top_p;              // likewise
  std::uint32_t top_k = not_set;  // only with v2023_06_01
  bool stream = true;
  detail::Part<PICOCLAUDE_ENABLE_CACHING, CacheControl, detail::OffCaching> cache_control{};  // of its last block
  detail::Part<PICOCLAUDE_ENABLE_CACHING, bool, detail::OffCaching> diagnose_cache{};         // tell what was missed
  detail::Part<PICOCLAUDE_ENABLE_CACHING, string_view, detail::OffCaching> previous_message_id{};  // to compare with
  detail::Part<PICOCLAUDE_ENABLE_THINKING, Thinking, detail::OffThinking> thinking{};
  detail::Part<PICOCLAUDE_ENABLE_OUTPUT, Effort, detail::OffOutput> effort{};
  // The answer is to be JSON of this schema, a JSON object. Objects in it need "additionalProperties":false; limits of
  // numbers and lengths are not allowed. The answer comes as text; a refusal or max_tokens may cut it.
  detail::Part<PICOCLAUDE_ENABLE_OUTPUT, string_view, detail::OffOutput> output_schema{};
  // Tools that the model may call, and whether it may, must or must not.
  detail::Part<PICOCLAUDE_ENABLE_TOOLS, List<Tool>, detail::OffTools> tools{};
  detail::Part<PICOCLAUDE_ENABLE_TOOLS, ToolChoice, detail::OffTools> tool_choice{};
  // Tools of the service, behind `tools`; and what they work with.
  detail::ServicePart<List<ServerTool>> server_tools{};
  detail::ServicePart<string_view> container{};  // its id, as an answer told it; empty: a new one where one is needed
  detail::ServicePart<List<Skill>> skills{};     // at most 8
  detail::ServicePart<List<McpServer>> mcp_servers{};
  detail::ServicePart<List<ContextEdit>> context_edits{};
  detail::ServicePart<Compaction> compaction{};
  string_view extra;  // further members as raw JSON: R"("speed":"fast","inference_geo":"us")"

  ApiVersion version = ApiVersion::v2026_10_21;
  string_view beta;  // values of anthropic-beta, separated by commas without blanks
  List<Header> headers;
};

namespace detail {

// What a request's body is for. Token counting takes only what is input; a batch streams nothing.
enum class Purpose : std::uint8_t { message, count, batch };
constexpr bool is_counted(Purpose purpose) { return PICOCLAUDE_ENABLE_COUNT_TOKENS != 0 && purpose == Purpose::count; }
constexpr bool is_streamed(Purpose purpose) { return PICOCLAUDE_CALLS == 0 || purpose == Purpose::message; }

constexpr bool is_decimal(string_view number) {
  for (const char c : number) {
    if (!is_digit(c) && c != '.') return false;
  }
  return true;
}

constexpr Breakpoints breakpoints_of([[maybe_unused]] const Request& request) {
  Breakpoints breakpoints;
#if PICOCLAUDE_ENABLE_CACHING
#if PICOCLAUDE_ENABLE_TOOLS
  for (const Tool& tool : request.tools) breakpoints.add(tool.cache_control);
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
  for (const ServerTool& tool : request.server_tools) breakpoints.add(tool.cache_control);
#endif
  breakpoints.add(request.system.blocks);
  for (const Message& message : request.messages) breakpoints.add(message.content.blocks);
  breakpoints.add_whole(request.cache_control);
#endif
  return breakpoints;
}

constexpr string_view transcript_of(const Request& request) {
#if PICOCLAUDE_ENABLE_TRANSCRIPT
  return request.transcript;
#else
  static_cast<void>(request);
  return {};
#endif
}

// The first rule that must hold before anything is sent; check(request) knows more of them.
constexpr Error refusal_of(const Request& request, Purpose purpose = Purpose::message) {
  if (request.model.empty()) return Error::missing_model;
  if (request.max_tokens == Request::not_set && !is_counted(purpose)) return Error::missing_max_tokens;
  if (request.prompt.empty() && request.messages.empty() && transcript_of(request).empty())
    return Error::missing_messages;
  const bool sampling = !request.temperature.empty() || !request.top_p.empty() || request.top_k != Request::not_set;
  if (sampling && request.version == ApiVersion::v2026_10_21) return Error::sampling_refused;
  if (!is_decimal(request.temperature) || !is_decimal(request.top_p)) return Error::bad_request;
  if (!is_allowed(request.thinking, request.max_tokens)) return Error::bad_thinking;
  // Without that switch the window that measures the request tells.
  return PICOCLAUDE_ENABLE_CHECK ? breakpoints_of(request).error() : Error::none;
}

constexpr void render_messages(Window& window, const Request& request) {
  window.raw(R"(,"messages":[)");
  const std::size_t count = request.messages.size();
#if PICOCLAUDE_ENABLE_TRANSCRIPT
  window.raw(request.transcript);
  if (!request.transcript.empty() && (count != 0 || !request.prompt.empty())) window.raw(",");
#endif
  for (bool more = window.open(count); more; more = window.next(count)) {
    if (window.item() != 0) window.raw(",");
    render(window, request.messages[window.item()]);
  }
  if (!request.prompt.empty()) {
    if (count != 0) window.raw(",");
    window.raw(R"({"role":"user","content":)");
    json_string(window, request.prompt);
    window.raw("}");
  }
  window.raw("]");
}

constexpr void render_sampling(Window& window, const Request& request) {
  if (!request.temperature.empty()) {
    window.raw(R"(,"temperature":)");
    window.raw(request.temperature);
  }
  if (!request.top_p.empty()) {
    window.raw(R"(,"top_p":)");
    window.raw(request.top_p);
  }
  if (request.top_k != Request::not_set) {
    window.raw(R"(,"top_k":)");
    window.number(request.top_k);
  }
}

// What steers the answer and is no input.
constexpr void render_answering(Window& window, const Request& request) {
  if (!request.stop_sequences.empty()) {
    window.raw(R"(,"stop_sequences":[)");
    const std::size_t count = request.stop_sequences.size();
    for (bool more = window.open(count); more; more = window.next(count)) {
      if (window.item() != 0) window.raw(",");
      json_string(window, request.stop_sequences[window.item()]);
    }
    window.raw("]");
  }
  if (!request.user_id.empty()) {
    json_member(window, R"(,"metadata":{"user_id":)", request.user_id);
    window.raw("}");
  }
  if (request.service_tier != ServiceTier::unset) {
    if (request.service_tier == ServiceTier::automatic) {
      window.raw(R"(,"service_tier":"auto")");
    } else {
      window.raw(R"(,"service_tier":"standard_only")");
    }
  }
  render_sampling(window, request);
  render_diagnostics(window, request.diagnose_cache, request.previous_message_id);
  if (!request.extra.empty()) {
    window.raw(",");
    window.raw(request.extra);
  }
}

#if PICOCLAUDE_ENABLE_SERVER_TOOLS
// The program's own tools, then those of the service.
constexpr void render_all_tools(Window& window, const Request& request) {
#if PICOCLAUDE_ENABLE_TOOLS
  const std::size_t own = request.tools.size();
#else
  const std::size_t own = 0;
#endif
  const std::size_t count = own + request.server_tools.size();
  if (count == 0) return;
  window.raw(R"(,"tools":[)");
  for (bool more = window.open(count); more; more = window.next(count)) {
    if (window.item() != 0) window.raw(",");
#if PICOCLAUDE_ENABLE_TOOLS
    if (window.item() < own) {
      render(window, request.tools[window.item()]);
      continue;
    }
#endif
    render(window, request.server_tools[window.item() - own]);
  }
  window.raw("]");
}
#endif

// Without the closing brace.
constexpr void render_open(Window& window, const Request& request, Purpose purpose) {
#if PICOCLAUDE_ENABLE_CACHING
  window.marks = 0;
#endif
  window.raw(R"({"model":)");
  json_string(window, request.model);
  if (!is_counted(purpose)) {
    window.raw(R"(,"max_tokens":)");
    window.number(request.max_tokens);
  }
  // Tools, system, messages: the order of the prefix that is cached.
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
  render_all_tools(window, request);
#elif PICOCLAUDE_ENABLE_TOOLS
  render_list(window, R"(,"tools":)", request.tools, [](Window& out, const Tool& tool) {
    render(out, tool);
  });
#endif
  if (!request.system.empty()) {
    window.raw(R"(,"system":)");
    render(window, request.system);
  }
#if PICOCLAUDE_ENABLE_TOOLS
  render(window, request.tool_choice);
#endif
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
  render_mcp_servers(window, request.mcp_servers);
  render_context_management(window, request.context_edits);
  if (!is_counted(purpose)) {
    render_container(window, request.container, request.skills);
    render_compaction(window, request.compaction);
  }
#endif
  render_messages(window, request);
  render_thinking(window, request.thinking);
  render_output(window, request.effort, request.output_schema);
  render_cache_control(window, request.cache_control, 0);
  if (!is_counted(purpose)) render_answering(window, request);
  if (request.stream && is_streamed(purpose)) window.raw(R"(,"stream":true)");
}

constexpr void render(Window& window, const Request& request) {
  render_open(window, request, Purpose::message);
  window.raw("}");
}

}  // namespace detail
PICOCLAUDE_END
