// Asks from a web page: the C++ side of page.html, over the browser's fetch. Once a frame it looks for what came.
//
//   em++ -std=c++17 -O2 -fno-exceptions -fno-rtti -Iinclude examples/browser/page.cpp -o page.js \
//     -sEXPORTED_RUNTIME_METHODS=ccall -sENVIRONMENT=web
//
// Serve page.html, page.js and page.wasm from one folder. On this machine alone http://127.0.0.1 may be asked, too.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#include "../transports/fetch.hpp"

#include <cstdio>
#include <string>

// clang-format off
EM_JS(void, page_text, (const char* text, int size), { page.text(UTF8ToString(text, size)); })
EM_JS(void, page_status, (const char* words, int failed, int busy), {
  page.status(UTF8ToString(words), failed != 0, busy != 0);
})
// clang-format on

namespace {

using namespace picoclaude;

class Page {
 public:
  Page() { http_.allow_direct_browser_access(true); }  // the user's own key, in the user's own browser

  void ask(const char* address, const char* key, const char* model, const char* question) {
    address_ = address;
    key_ = key;
    model_ = model;
    question_ = question;
    config_.base_url = address_;
    config_.api_key = key_;
    request_.model = model_;
    request_.prompt = question_;
    request_.max_tokens = 400;
    error_.clear();
    const Status refused = client_.begin(request_);
    if (refused) {
      running_ = true;
      page_status("asking", 0, 1);
    } else if (refused.error != Error::busy) {
      tell_end();
    }
  }

  void cancel() { client_.cancel(); }

  void tick() {
    if (!running_) return;
    while (const Event event = client_.next()) {
      if (event.kind == EventKind::text) page_text(event.text.data(), static_cast<int>(event.text.size()));
      if (event.kind == EventKind::error_text) error_ += event.text;
      if (event.kind == EventKind::retrying) page_status("the service is busy: asking again", 0, 1);
    }
    if (client_.done()) tell_end();
  }

 private:
  void tell_end() {
    running_ = false;
    for (volatile char& c : key_) c = '\0';  // forgotten, not only freed
    const Status status = client_.status();
    char words[400];
    if (status) {
      const Usage& usage = client_.usage();
      std::snprintf(words, sizeof words, "%lu tokens in, %lu out", static_cast<unsigned long>(usage.input_tokens),
          static_cast<unsigned long>(usage.output_tokens));
    } else {
      std::snprintf(
          words, sizeof words, "%s%s%s", name(status.error).data(), error_.empty() ? "" : ": ", error_.c_str());
    }
    page_status(words, status ? 0 : 1, 0);
  }

  FetchTransport http_;
  Workspace<2048> memory_;
  Config config_;
  Request request_;
  std::string address_;
  std::string key_;
  std::string model_;
  std::string question_;
  std::string error_;
  bool running_ = false;
  Client<FetchTransport> client_{http_, memory_, config_};
};

Page* the_page = nullptr;

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void ask(const char* address, char* key, const char* model, const char* question) {
  the_page->ask(address, key, model, question);
  for (volatile char* c = key; *c != '\0'; ++c) *c = '\0';  // ccall's copy
}
EMSCRIPTEN_KEEPALIVE void cancel() { the_page->cancel(); }
}

int main() {
  static Page page;
  the_page = &page;
  emscripten_set_main_loop(
      [] {
        the_page->tick();
      },
      0, 0);
}
