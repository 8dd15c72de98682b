// What stands in the place of calls that are switched off: types that say the name of the switch when they are used.
#pragma once
#include "../base/off.hpp"

PICOCLAUDE_BEGIN

#define PICOCLAUDE_OFF_CALL(Name, SWITCH)                                            \
  struct Name {                                                                      \
    template <class... Parts>                                                        \
    explicit Name(const Parts&...) {                                                 \
      static_assert(detail::off<Parts...>, SWITCH " is 0: set it to 1 to use this"); \
    }                                                                                \
  };

#if !PICOCLAUDE_ENABLE_COUNT_TOKENS
PICOCLAUDE_OFF_CALL(CountTokens, "PICOCLAUDE_ENABLE_COUNT_TOKENS")
#endif
#if !PICOCLAUDE_ENABLE_MODELS
PICOCLAUDE_OFF_CALL(GetModel, "PICOCLAUDE_ENABLE_MODELS")
PICOCLAUDE_OFF_CALL(ListModels, "PICOCLAUDE_ENABLE_MODELS")
#endif
#if !PICOCLAUDE_ENABLE_BATCHES
PICOCLAUDE_OFF_CALL(CreateBatch, "PICOCLAUDE_ENABLE_BATCHES")
PICOCLAUDE_OFF_CALL(GetBatch, "PICOCLAUDE_ENABLE_BATCHES")
PICOCLAUDE_OFF_CALL(ListBatches, "PICOCLAUDE_ENABLE_BATCHES")
PICOCLAUDE_OFF_CALL(CancelBatch, "PICOCLAUDE_ENABLE_BATCHES")
PICOCLAUDE_OFF_CALL(DeleteBatch, "PICOCLAUDE_ENABLE_BATCHES")
PICOCLAUDE_OFF_CALL(AwaitBatch, "PICOCLAUDE_ENABLE_BATCHES")
PICOCLAUDE_OFF_CALL(BatchResults, "PICOCLAUDE_ENABLE_BATCHES")
#endif
#if !PICOCLAUDE_ENABLE_FILES
PICOCLAUDE_OFF_CALL(UploadFile, "PICOCLAUDE_ENABLE_FILES")
PICOCLAUDE_OFF_CALL(GetFile, "PICOCLAUDE_ENABLE_FILES")
PICOCLAUDE_OFF_CALL(ListFiles, "PICOCLAUDE_ENABLE_FILES")
PICOCLAUDE_OFF_CALL(DownloadFile, "PICOCLAUDE_ENABLE_FILES")
PICOCLAUDE_OFF_CALL(DeleteFile, "PICOCLAUDE_ENABLE_FILES")
#endif
#if !PICOCLAUDE_ENABLE_RAW
PICOCLAUDE_OFF_CALL(RawCall, "PICOCLAUDE_ENABLE_RAW")
#endif
#undef PICOCLAUDE_OFF_CALL

PICOCLAUDE_END
