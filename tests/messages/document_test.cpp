#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#define PICOCLAUDE_ENABLE_VISION 1
#define PICOCLAUDE_ENABLE_CACHING 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/rendered.hpp"

using namespace picoclaude;
using support::rendered;

namespace {

constexpr About notes() {
  About about;
  about.title = "Field notes";
  about.context = "From \"2026\"";
  about.citations = true;
  return about;
}

constexpr Block found[] = {"x"};
constexpr Block chapters[] = {"One.", image_file("file_1")};

}  // namespace

static_assert(rendered<300>(document_text("The grass is green.", notes())).text() ==
    R"({"type":"document","source":{"type":"text","media_type":"text/plain","data":"The grass is green."},)"
    R"("title":"Field notes","context":"From \"2026\"","citations":{"enabled":true}})");
static_assert(rendered<300>(pdf("%PDF-1.7")).text() ==
    R"({"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0xLjc="}})");
static_assert(rendered<300>(pdf_url("https://example.org/a.pdf", notes())).text() ==
    R"({"type":"document","source":{"type":"url","url":"https://example.org/a.pdf"},)"
    R"("title":"Field notes","context":"From \"2026\"","citations":{"enabled":true}})");
static_assert(rendered<300>(document_file("file_011A")).text() ==
    R"({"type":"document","source":{"type":"file","file_id":"file_011A"}})");
static_assert(rendered<300>(document_content(chapters)).text() ==
    R"({"type":"document","source":{"type":"content","content":[{"type":"text","text":"One."},)"
    R"({"type":"image","source":{"type":"file","file_id":"file_1"}}]}})");
static_assert(rendered<300>(document_content("All.")).text() ==
    R"({"type":"document","source":{"type":"content","content":"All."}})");
static_assert(rendered<300>(search_result("kb://1", "KB", found, true)).text() ==
    R"({"type":"search_result","source":"kb://1","title":"KB","content":[{"type":"text","text":"x"}],)"
    R"("citations":{"enabled":true}})");
static_assert(rendered<300>(cached(search_result("kb://1", "KB", found))).text() ==
    R"({"type":"search_result","source":"kb://1","title":"KB","content":[{"type":"text","text":"x"}],)"
    R"("cache_control":{"type":"ephemeral"}})");
static_assert(rendered<300>(cached(document_file("f"), CacheControl::ephemeral_1h)).text() ==
    R"({"type":"document","source":{"type":"file","file_id":"f"},"cache_control":{"type":"ephemeral","ttl":"1h"}})");

TEST_CASE("document: a PDF from a source, through windows of every size") {
  const Source source{[](void*, std::uint32_t offset, char* out, std::size_t size) {
                        for (std::size_t i = 0; i < size; ++i) out[i] = "%PDF-1.7"[offset + i];
                        return size;
                      },
      nullptr, 8};
  const Block block = pdf(source, notes());
  for (std::size_t room = 1; room < 99; ++room) {
    CHECK(support::rendered_through(block, room) ==
        R"({"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0xLjc="},)"
        R"("title":"Field notes","context":"From \"2026\"","citations":{"enabled":true}})");
  }
}

TEST_CASE("document: the deepest lists that the API has, through windows of every size") {
  const Block inner[] = {document_content(chapters), search_result("s", "t", found)};
  const Message messages[] = {user(inner)};
  Request request;
  request.model = "m";
  request.max_tokens = 1;
  request.messages = messages;
  request.stream = false;
  for (std::size_t room = 1; room < 99; ++room) {
    CHECK(support::rendered_through(request, room) ==
        R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"document",)"
        R"("source":{"type":"content","content":[{"type":"text","text":"One."},)"
        R"({"type":"image","source":{"type":"file","file_id":"file_1"}}]}},)"
        R"({"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"x"}]}]}]})");
  }
}
