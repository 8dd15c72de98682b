// The order of messages, and calls with their results (API.md, section 3.3).
//
// Neighbouring messages of one role are one turn. A raw block may be anything, so that nothing is held against it; nor is
// anything held against the first message behind a transcript, which is not looked into.
#pragma once
#include "check_block.hpp"

PICOCLAUDE_BEGIN
#if PICOCLAUDE_ENABLE_CHECK
namespace detail {

constexpr Rule check_message(const Message& message, ApiVersion version, BlockCensus& census) {
  const Content& content = message.content;
  if (content.blocks.empty()) {
    if (content.text.empty()) return Rule::empty_content;
    return is_blank(content.text) ? Rule::empty_text : Rule::none;
  }
  const Within within = message.role == Role::user ? Within::user
      : message.role == Role::assistant            ? Within::assistant
                                                   : Within::system;
  return check_blocks(content.blocks, within, version, census);
}

// May a system message follow this one?
constexpr bool may_precede_system(const Message& message) {
  const List<Block> blocks = message.content.blocks;
  if (message.role != Role::assistant) return message.role == Role::user;
  return !blocks.empty() && blocks[blocks.size() - 1].type == BlockType::raw;
}

// May the system message at `at` stand there? `more`: a user's message follows behind the last.
constexpr bool is_well_placed(List<Message> messages, std::size_t at, bool begun, bool more) {
  if (at == 0 ? !begun : !may_precede_system(messages[at - 1])) return false;
  return at + 1 == messages.size() ? !more : messages[at + 1].role == Role::assistant;
}

#if PICOCLAUDE_ENABLE_TOOLS

// The messages [begin, end) of one role.
struct Turn {
  List<Message> messages;
  std::size_t begin = 0;
  std::size_t end = 0;

  constexpr Turn next() const {
    Turn turn{messages, end, end};
    while (turn.end < messages.size() && messages[turn.end].role == messages[turn.begin].role) ++turn.end;
    return turn;
  }
  constexpr bool is(Role role) const { return begin != end && messages[begin].role == role; }

  // How many blocks of this type have this id; blocks whose type nobody knows count as well.
  constexpr unsigned count(BlockType type, string_view id, bool raw_too) const {
    unsigned number = 0;
    for (std::size_t at = begin; at < end; ++at) {
      for (const Block& block : messages[at].content.blocks) {
        if (block.type == type && equal(block.id, id)) ++number;
        if (block.type == BlockType::raw && raw_too) ++number;
      }
    }
    return number;
  }
};

// The results of a turn against the calls of the turn before.
constexpr Rule check_results(const Turn& calls, const Turn& results) {
  bool other = false;
  for (std::size_t at = results.begin; at < results.end; ++at) {
    if (results.messages[at].content.blocks.empty()) other = true;
    for (const Block& block : results.messages[at].content.blocks) {
      if (block.type != BlockType::tool_result) {
        other = other || block.type != BlockType::raw;
        continue;
      }
      if (other) return Rule::result_behind_other;
      if (!calls.is(Role::assistant) || calls.count(BlockType::tool_use, block.id, true) == 0 ||
          results.count(BlockType::tool_result, block.id, false) != 1) {
        return Rule::stray_tool_result;
      }
    }
  }
  return Rule::none;
}

// Every call of a turn needs a result in the next one. The last turn may be left open only by a prompt behind it.
constexpr Rule check_calls(const Turn& calls, const Turn& results) {
  for (std::size_t at = calls.begin; at < calls.end; ++at) {
    for (const Block& block : calls.messages[at].content.blocks) {
      if (block.type != BlockType::tool_use) continue;
      if (!results.is(Role::user) || results.count(BlockType::tool_result, block.id, true) == 0) {
        return Rule::missing_tool_result;
      }
    }
  }
  return Rule::none;
}

constexpr Rule check_turns(List<Message> messages, bool begun) {
  Turn before{messages, 0, 0};
  Rule rule = Rule::none;
  for (Turn turn = before.next(); turn.begin != turn.end && rule == Rule::none; turn = turn.next()) {
    if (turn.is(Role::assistant)) {
      rule = check_calls(turn, turn.next());
    } else if (turn.is(Role::user) && (!begun || turn.begin != 0)) {
      rule = check_results(before, turn);
    }
    before = turn;
  }
  return rule;
}

#else
constexpr Rule check_turns(List<Message>, bool) { return Rule::none; }
#endif

// The text that an assistant's last message ends with, which the answer goes on from.
constexpr string_view prefill_of(const Message& message) {
  const List<Block> blocks = message.content.blocks;
  if (blocks.empty()) return message.content.text;
  const Block& last = blocks[blocks.size() - 1];
  return last.type == BlockType::text ? last.text : string_view{};
}

constexpr Rule check_messages(const Request& request, BlockCensus& census) {
  const List<Message> messages = request.messages;
  const bool begun = !transcript_of(request).empty();
  if (messages.size() > 100'000) return Rule::too_many_messages;
  for (std::size_t at = 0; at < messages.size(); ++at) {
    const Rule rule = check_message(messages[at], request.version, census);
    if (rule != Rule::none) return rule;
    if (messages[at].role == Role::system && !is_well_placed(messages, at, begun, !request.prompt.empty())) {
      return Rule::system_misplaced;
    }
  }
  if (!request.prompt.empty() && is_blank(request.prompt)) return Rule::empty_text;
  if (messages.empty()) return Rule::none;
  if (!begun && messages[0].role != Role::user) return Rule::first_not_user;
  const Message& last = messages[messages.size() - 1];
  if (request.prompt.empty() && last.role == Role::assistant) {
    const string_view prefill = prefill_of(last);
    if (!prefill.empty() && is_blank(slice(prefill, prefill.size() - 1))) return Rule::prefill_ends_in_blank;
  }
  return check_turns(messages, begun);
}

}  // namespace detail
#endif
PICOCLAUDE_END
