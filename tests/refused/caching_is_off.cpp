// refused: PICOCLAUDE_ENABLE_CACHING is 0
#include <picoclaude.hpp>

picoclaude::Block prompt = picoclaude::cached("Long prompt");

void cache(picoclaude::Request& request) {
  request.cache_control = picoclaude::CacheControl::ephemeral_5m;
  request.diagnose_cache = true;
  request.previous_message_id = "msg_1";
}
