// http_parser and Boost.JSON's incremental parser.
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>

#include "peer.hpp"

namespace {

namespace json = boost::json;

struct Handler {
  static constexpr std::size_t max_object_size = -1;
  static constexpr std::size_t max_array_size = -1;
  static constexpr std::size_t max_key_size = -1;
  static constexpr std::size_t max_string_size = -1;
  using Error = json::error_code;
  using Text = json::string_view;

  bench::Delta delta;
  std::string key;

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return delta.open(), true; }
  bool on_object_end(std::size_t, Error&) { return delta.close(), true; }
  bool on_array_begin(Error&) { return delta.open(), true; }
  bool on_array_end(std::size_t, Error&) { return delta.close(), true; }
  bool on_key_part(Text text, std::size_t, Error&) { return key.append(text.data(), text.size()), true; }
  bool on_key(Text text, std::size_t, Error&) {
    if (key.empty()) return delta.key(text.data(), text.size()), true;
    key.append(text.data(), text.size());
    delta.key(key.data(), key.size());
    key.clear();
    return true;
  }
  bool on_string_part(Text text, std::size_t, Error&) { return delta.string(text.data(), text.size()), true; }
  bool on_string(Text text, std::size_t, Error&) { return delta.string(text.data(), text.size()), true; }
  bool on_number_part(Text, Error&) { return true; }
  bool on_int64(std::int64_t value, Text, Error&) { return delta.integer(value), true; }
  bool on_uint64(std::uint64_t, Text, Error&) { return true; }
  bool on_double(double, Text, Error&) { return true; }
  bool on_bool(bool, Error&) { return true; }
  bool on_null(Error&) { return true; }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }
};

class Json {
 public:
  void begin(bench::Sink& sink) {
    parser_.reset();
    parser_.handler().delta.begin(sink);
    parser_.handler().key.clear();
  }
  void piece(const char* bytes, std::size_t size) { parser_.write_some(true, bytes, size, error_); }
  void end() {
    if (!parser_.done()) parser_.write_some(false, "", 0, error_);
  }

 private:
  json::basic_parser<Handler> parser_{json::parse_options{}};
  json::error_code error_;
};

}  // namespace

BENCH_PEER(bench::PiecesOfEvents<Json>)
