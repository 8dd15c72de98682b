// http_parser and jsmn, which leaves escapes to the program.
#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "peer.hpp"

namespace {

class Json {
 public:
  void event(char* bytes, std::size_t size, bench::Sink& sink) {
    jsmn_parser parser;
    jsmn_init(&parser);
    if (jsmn_parse(&parser, bytes, size, tokens_, sizeof tokens_ / sizeof *tokens_) <= 0) return;
    delta_.begin(sink);
    walk(bytes, 0);
  }

 private:
  // Returns the token behind the value.
  int walk(char* bytes, int at) {
    const jsmntok_t& token = tokens_[at];
    char* const text = bytes + token.start;
    const auto size = static_cast<std::size_t>(token.end - token.start);
    switch (token.type) {
      case JSMN_OBJECT:
      case JSMN_ARRAY: {
        delta_.open();
        int next = at + 1;
        for (int left = token.size; left > 0; --left) {
          if (token.type == JSMN_OBJECT) {
            const jsmntok_t& key = tokens_[next++];
            delta_.key(bytes + key.start, static_cast<std::size_t>(key.end - key.start));
          }
          next = walk(bytes, next);
        }
        delta_.close();
        return next;
      }
      case JSMN_STRING:
        if (delta_.wants_string()) delta_.string(text, bench::unescape(text, size));
        return at + 1;
      default:
        if (*text >= '0' && *text <= '9') delta_.integer(std::strtoll(text, nullptr, 10));
        return at + 1;
    }
  }

  bench::Delta delta_;
  jsmntok_t tokens_[64];
};

}  // namespace

BENCH_PEER(bench::WholeEvents<Json>)
