// refused: PICOCLAUDE_ENABLE_HTTP_TRANSPORT is 0
// also: no member named|has no member|no type named
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#include <picoclaude.hpp>

struct Host {
  static constexpr bool follows_redirects = false;
  std::uint32_t now_ms();
  void close();
};

bool begin(picoclaude::Client<Host>& client, const picoclaude::Request& request) {
  return static_cast<bool>(client.begin(request));
}
