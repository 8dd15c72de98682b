#include "picoclaude/messages/event_reader.hpp"

#define READER_TRACE plain
#include "reader_trace.hpp"
