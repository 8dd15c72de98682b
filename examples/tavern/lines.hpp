// What somebody in a story says when the network, the service or the purse fails: never an error code.
#pragma once
#include <picoclaude.hpp>

namespace tavern {

inline picoclaude::string_view excuse(const picoclaude::Status& status) {
  using picoclaude::Blame;
  using picoclaude::Error;
  switch (status.error) {
    case Error::cancelled: return "Never mind.";
    case Error::spent: return "I have said enough for today.";
    case Error::overloaded:
    case Error::rate_limit: return "It is too loud in here. Ask me again in a while.";
    case Error::first_byte_timeout:
    case Error::idle_timeout:
    case Error::total_timeout: return "I... no, I have lost the thread.";
    case Error::authentication:
    case Error::permission:
    case Error::billing: return "The landlord does not let me talk.";
    default: break;
  }
  switch (blame(status.error)) {
    case Blame::network: return "Hm? I cannot hear you over the storm.";
    case Blame::peer: return "I... no, I have lost the thread.";
    case Blame::service: return "My head aches. Another time.";
    default: return "I do not know what to say.";
  }
}

}  // namespace tavern
