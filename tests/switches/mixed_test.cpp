#include "mixed.hpp"

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

TEST_CASE("switches: sources with different switches and limits share one program, and each has its own library") {
  for (int again = 0; again < 2; ++again) {
    CHECK(asked_with_nothing() == R"(Hi! "messages":[{"role":"user","content":"Hello"}],"stream":true})");
    CHECK(asked_with_images() ==
        R"(Hi! "messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"file_1"}},)"
        R"({"type":"text","text":"Hello"}]}],"stream":true})");
    CHECK(asked_with_everything() ==
        R"(Hi! "messages":[{"role":"user","content":[{"type":"text","text":"Hello",)"
        R"("cache_control":{"type":"ephemeral"}}]}],"stream":true})");
  }
}
