// The switches of every program in this folder.
#pragma once
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#include <picoclaude.hpp>
