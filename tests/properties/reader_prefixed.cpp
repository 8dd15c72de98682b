#define PICOCLAUDE_ENABLE_PREFIX 1
#include "picoclaude/messages/event_reader.hpp"

#define READER_TRACE prefixed
#include "reader_trace.hpp"
