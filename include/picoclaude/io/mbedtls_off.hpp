// Without mbedTLS: says so when the default transport is used.
#pragma once
#include "roots.hpp"

PICOCLAUDE_BEGIN

template <class Below = void>
class MbedtlsTransport {
  static_assert(sizeof(Below*) == 0, "MbedtlsTransport needs PICOCLAUDE_ENABLE_MBEDTLS=1 and the headers of mbedTLS");

 public:
  template <class... Parts>
  explicit MbedtlsTransport(const Roots&, Parts&&...) {}
};

PICOCLAUDE_END
