// What every recording must tell, by a scripted transport, for browser_test.py: name, lines, empty line.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_THINKING 1
#include <picoclaude.hpp>

#include "support/recordings.hpp"
#include "support/run.hpp"
#include "support/trace.hpp"

int main() {
  for (const recordings::Recording* recording : recordings::in("streams/")) {
    scripted::Blocking script;
    script.script = {{{{scripted::streamed(recording->body), scripted::Ending::close_notify}}}};
    picoclaude::Workspace<2048> memory;
    const picoclaude::Config config = scripted::config();
    picoclaude::Client client{script, memory, config};
    const picoclaude::Request request = scripted::question();
    trace::Trace trace;
    client.begin(request);
    while (const picoclaude::Event event = client.next()) trace.take(event);
    const std::string name(recording->name.substr(8, recording->name.size() - 12));
    std::printf("%s\n%s\n", name.c_str(), trace.finish(client).c_str());
  }
}
