// http_parser and RapidJSON's SAX reader, in situ.
#include <rapidjson/reader.h>

#include "peer.hpp"

namespace {

struct Handler : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
  bench::Delta* delta;

  explicit Handler(bench::Delta& to) : delta(&to) {}
  bool Default() { return true; }
  bool Int(int value) { return delta->integer(value), true; }
  bool Uint(unsigned value) { return delta->integer(value), true; }
  bool String(const char* text, rapidjson::SizeType size, bool) { return delta->string(text, size), true; }
  bool Key(const char* name, rapidjson::SizeType size, bool) { return delta->key(name, size), true; }
  bool StartObject() { return delta->open(), true; }
  bool EndObject(rapidjson::SizeType) { return delta->close(), true; }
  bool StartArray() { return delta->open(), true; }
  bool EndArray(rapidjson::SizeType) { return delta->close(), true; }
};

class Json {
 public:
  void event(char* bytes, std::size_t size, bench::Sink& sink) {
    const char behind = bytes[size];
    bytes[size] = '\0';
    delta_.begin(sink);
    Handler handler(delta_);
    rapidjson::InsituStringStream stream(bytes);
    reader_.Parse<rapidjson::kParseInsituFlag>(stream, handler);
    bytes[size] = behind;
  }

 private:
  bench::Delta delta_;
  rapidjson::Reader reader_;
};

}  // namespace

BENCH_PEER(bench::WholeEvents<Json>)
