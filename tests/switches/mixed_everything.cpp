#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_VISION 1
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#define PICOCLAUDE_ENABLE_CACHING 1
#define PICOCLAUDE_ENABLE_THINKING 1
#define PICOCLAUDE_ENABLE_OUTPUT 1
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#define PICOCLAUDE_ENABLE_CHECK 1
#define PICOCLAUDE_ENABLE_BUDGET 1
#define PICOCLAUDE_ENABLE_PREFIX 1
#define PICOCLAUDE_ENABLE_RATE_LIMITS 1
#define PICOCLAUDE_ENABLE_HTTP_DATE 1
#include <picoclaude.hpp>

#include "mixed.hpp"
#include "support/run.hpp"

std::string asked_with_everything() {
  const picoclaude::Block blocks[] = {picoclaude::cached("Hello")};
  const picoclaude::Message messages[] = {picoclaude::user(blocks)};
  scripted::Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.request.prompt = {};
  bench.request.messages = messages;
  const std::string text = bench.ask().text;
  const std::string sent(bench.transport.request(0));
  return text + " " + sent.substr(sent.find("\"messages\""));
}
