// From the service's words and statuses to an Error (API.md, section 7).
#pragma once
#include "../base/error.hpp"
#include "words.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// error.type; Error::unknown_error when it is not one of the API's.
constexpr Error error_of(Word type) {
  constexpr auto count = static_cast<std::uint8_t>(
      static_cast<unsigned>(Error::overloaded) - static_cast<unsigned>(Error::invalid_request) + 1);
  const std::uint8_t place = place_in(type, Word::invalid_request_error, count);
  return place == count ? Error::unknown_error
                        : static_cast<Error>(static_cast<unsigned>(Error::invalid_request) + place);
}

// error.details.error_code: a spend cap is reached, so that waiting does not help.
constexpr bool is_spend_cap(Word code) {
  return code == Word::contract_spend_limit_reached || code == Word::enforced_spend_limit_reached;
}

// An HTTP status of 300 and above, when its body tells nothing better.
constexpr Error error_of_status(unsigned status) {
  switch (status) {
    case 401: return Error::authentication;
    case 402: return Error::billing;
    case 403: return Error::permission;
    case 404: return Error::not_found;
    case 408: return Error::request_timeout;
    case 409: return Error::conflict;
    case 413: return Error::request_too_large;
    case 429: return Error::rate_limit;
    case 504: return Error::timeout;
    case 529: return Error::overloaded;
    default: break;
  }
  return status >= 500 ? Error::api_error : status >= 400 ? Error::invalid_request : Error::redirected;
}

}  // namespace detail
PICOCLAUDE_END
