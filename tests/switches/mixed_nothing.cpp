#define PICOCLAUDE_ENABLE_MBEDTLS 0
#include <picoclaude.hpp>

#include "mixed.hpp"
#include "support/run.hpp"

std::string asked_with_nothing() {
  scripted::Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.request.prompt = "Hello";
  const std::string text = bench.ask().text;
  const std::string sent(bench.transport.request(0));
  return text + " " + sent.substr(sent.find("\"messages\""));
}
