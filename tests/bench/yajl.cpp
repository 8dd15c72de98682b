// http_parser and yajl, with a fresh handle for each event, as its interface wants it.
#include <yajl/yajl_parse.h>

#include "peer.hpp"

namespace {

class Json {
 public:
  ~Json() { end(); }

  void begin(bench::Sink& sink) {
    delta_.begin(sink);
    handle_ = yajl_alloc(&callbacks, nullptr, &delta_);
  }
  void piece(const char* bytes, std::size_t size) {
    yajl_parse(handle_, reinterpret_cast<const unsigned char*>(bytes), size);
  }
  void end() {
    if (handle_ == nullptr) return;
    yajl_complete_parse(handle_);
    yajl_free(handle_);
    handle_ = nullptr;
  }

 private:
  static bench::Delta& delta(void* context) { return *static_cast<bench::Delta*>(context); }
  static const char* letters(const unsigned char* bytes) { return reinterpret_cast<const char*>(bytes); }

  static constexpr yajl_callbacks callbacks = {
      nullptr,
      nullptr,
      [](void* context, long long value) {
        return delta(context).integer(value), 1;
      },
      [](void*, double) {
        return 1;
      },
      nullptr,
      [](void* context, const unsigned char* text, std::size_t size) {
        return delta(context).string(letters(text), size), 1;
      },
      [](void* context) {
        return delta(context).open(), 1;
      },
      [](void* context, const unsigned char* name, std::size_t size) {
        return delta(context).key(letters(name), size), 1;
      },
      [](void* context) {
        return delta(context).close(), 1;
      },
      [](void* context) {
        return delta(context).open(), 1;
      },
      [](void* context) {
        return delta(context).close(), 1;
      },
  };

  bench::Delta delta_;
  yajl_handle handle_ = nullptr;
};

}  // namespace

BENCH_PEER(bench::PiecesOfEvents<Json>)
