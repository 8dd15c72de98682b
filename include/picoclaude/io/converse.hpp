// Asks with a whole conversation, and adds the answer to it.
//
//   talk.user("And then?");
//   const auto reply = picoclaude::converse(claude, request, talk, [](picoclaude::string_view text) { ... });
#pragma once
#include "../session/transcript.hpp"
#include "client.hpp"

#if PICOCLAUDE_ENABLE_TRANSCRIPT
PICOCLAUDE_BEGIN

// The request is copied; its transcript is `talk`. Needs a transport that waits.
// Errors: those of the exchange; out_of_room: the answer did not fit, and `talk` is as it was before.
template <class Client, class Take>
Reply converse(Client& client, Request request, Transcript& talk, Take&& take) {
  static_assert(Client::can_wait, "converse() needs a transport that waits: bool wait(std::uint32_t at_most_ms)");
  Reply reply;
  Error full = Error::none;
  request.transcript = talk.json();
  reply.status = client.begin(request);
  if (!reply.status) return reply;
  while (!client.done()) {
    const Event event = client.next();
    if (!event && !client.done()) client.cancel();  // the transport gave control back
    if (!event) continue;
    full = talk.take(event);
    if (event.kind != EventKind::text) continue;
    reply.size += event.text.size();
    take(event.text);
  }
  reply.status = client.status();
  reply.stop_reason = client.stop_reason();
  if (!reply.status) talk.drop_turn();
  if (reply.status && full != Error::none) reply.status.error = full;
  return reply;
}

PICOCLAUDE_END
#endif
