#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_VISION 1
#define PICOCLAUDE_MAX_JSON_DEPTH 16
#include <picoclaude.hpp>

#include "mixed.hpp"
#include "support/run.hpp"

std::string asked_with_images() {
  const picoclaude::Block blocks[] = {picoclaude::image_file("file_1"), "Hello"};
  const picoclaude::Message messages[] = {picoclaude::user(blocks)};
  scripted::Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.request.prompt = {};
  bench.request.messages = messages;
  const std::string text = bench.ask().text;
  const std::string sent(bench.transport.request(0));
  return text + " " + sent.substr(sent.find("\"messages\""));
}
