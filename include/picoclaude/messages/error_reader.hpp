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
  if (status < 400) return Error::redirected;
  // Behind 400, in the order of Error from invalid_request on.
  constexpr unsigned char statuses[] = {0, 1, 2, 3, 4, 9, 13, 29, 100, 104, 129, 8};
  unsigned place = 0;
  while (place != sizeof statuses && statuses[place] != status - 400) ++place;
  if (place == sizeof statuses) return status >= 500 ? Error::api_error : Error::invalid_request;
  return static_cast<Error>(static_cast<unsigned>(Error::invalid_request) + place);
}

}  // namespace detail
PICOCLAUDE_END
