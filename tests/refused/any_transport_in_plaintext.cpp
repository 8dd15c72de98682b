// refused: a transport without TLS: the key would be readable on its way
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#include <picoclaude.hpp>
#include <picoclaude/io/socket.hpp>

void choose(picoclaude::Socket& socket) { picoclaude::AnyTransport any{socket}; }
