// refused: an HTTP transport needs: Io (start|header|begin_body|send|status|next_header|recv)\(
// also: an HTTP transport needs: |no member named|has no member
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#include <picoclaude.hpp>

struct Host {
  static constexpr bool follows_redirects = false;
};

void make(Host& host, picoclaude::Workspace<512>& memory, const picoclaude::Config& config) {
  picoclaude::Client<Host> client{host, memory, config};
}
