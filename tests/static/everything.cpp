// Every template of the library, made: what analyzers do not see made, they do not look into.
#include "../effects/entry_points.hpp"

namespace {

[[maybe_unused]] bool hear(pc::string_view (*key)(void*)) {
  pc::Config config;
  config.key_source = key;
  pc::Workspace<2048> memory;
  pc::Request request;
#if PICOCLAUDE_ENABLE_MBEDTLS
  pc::MbedtlsTransport tls{pc::system_roots()};
  pc::AnyTransport link{tls};
#else
  Waiting plain;
  pc::AnyTransport link{plain};
#endif
  pc::Client claude{link, memory, config};
  char answer[100];
  const pc::Reply reply = claude.ask(request, answer);
#if PICOCLAUDE_ENABLE_MBEDTLS
  tls.close();
#endif
  return static_cast<bool>(reply);
}

}  // namespace
