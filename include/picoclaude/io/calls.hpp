// Calls besides Messages in one line, for programs that wait. Programs that tick use begin() and next().
#pragma once
#include "client.hpp"
#if PICOCLAUDE_ENABLE_COUNT_TOKENS
#include "../endpoints/count_tokens.hpp"
#endif

PICOCLAUDE_BEGIN

// Makes a call and hands each of its events to `take(const Event&)`.
template <class Transport, class Take>
Status run(Client<Transport>& client, detail::Call& call, Take&& take) {
  static_assert(
      detail::HasWait<Transport>::value, "run() needs a transport that waits: bool wait(std::uint32_t at_most_ms)");
  const Status refused = client.begin(call);
  if (!refused) return refused;
  while (!client.done()) {
    const Event event = client.next();
    if (event) take(event);
    if (!event && !client.done()) client.cancel();  // the transport gave control back: a one-shot call cannot wait on
  }
  return client.status();
}

// Makes a call whose result is all that matters.
template <class Transport>
Status run(Client<Transport>& client, detail::Call& call) {
  return run(client, call, [](const Event&) {});
}

// Makes a call that gives items, and hands each of them to `take`.
template <class Transport, class List, class Take, class = std::enable_if_t<std::is_base_of_v<detail::Call, List>>>
Status each(Client<Transport>& client, List& list, Take&& take) {
  return run(client, list, [&](const Event& event) {
    if (event.kind == EventKind::item) take(list.item);
  });
}

// Makes a call that gives bytes, and hands them to `take(string_view)`. They are whole only when the status is good.
template <class Transport, class Take>
Status fetch(Client<Transport>& client, detail::Call& call, Take&& take) {
  return run(client, call, [&](const Event& event) {
    if (event.kind == EventKind::data) take(event.text);
  });
}

// How many tokens the input of a request has. True: they were counted.
struct TokenCount {
  Status status;
  std::uint32_t input_tokens = 0;

  constexpr explicit operator bool() const { return static_cast<bool>(status); }
};

#if PICOCLAUDE_ENABLE_COUNT_TOKENS
template <class Transport>
TokenCount count_tokens(Client<Transport>& client, const Request& request) {
  CountTokens count{request};
  const Status status = run(client, count);
  return {status, count.input_tokens};
}
#else
template <class Transport>
TokenCount count_tokens(Client<Transport>&, const Request&) {
  static_assert(detail::off<Transport>, "PICOCLAUDE_ENABLE_COUNT_TOKENS is 0: set it to 1 to use this");
  return {};
}
#endif

PICOCLAUDE_END
