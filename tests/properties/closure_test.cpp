// Every reachable state of every machine, times every byte. Small limits: that production differs from them in the
// limits only is shown by oracle_test.cpp and oracle_production_test.cpp, the same cases with both.
//
// A machine's state is what later bytes depend on. Counters of bytes and what was collected stand apart: they are kept
// in one representative of each state, and where a machine looks at them only as a class (a surrogate's half, a
// number's size), the class is the state. String decoding is also closed over its concrete values, without classes.
#define PICOCLAUDE_MAX_CHUNK_LINE 16
#define PICOCLAUDE_MAX_JSON_DEPTH 8
#define PICOCLAUDE_MAX_OPEN_BLOCKS 2

// Opens the machines. The standard's headers come before, and what is opened is only read.
#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wkeyword-macro"
#endif
#define private public
#include "picoclaude/messages/event_order.hpp"
#include "picoclaude/messages/input_reader.hpp"
#include "picoclaude/messages/parameter.hpp"
#include "picoclaude/wire/http_body.hpp"
#include "picoclaude/wire/http_head.hpp"
#include "picoclaude/wire/json_reader.hpp"
#include "picoclaude/wire/sse.hpp"
#undef private
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#include <doctest/doctest.h>

#include "support/deep.hpp"

using namespace picoclaude;

namespace {

// The states that were seen, by their keys (never 0).
class Seen {
 public:
  explicit Seen(std::size_t most) {
    std::size_t size = 1024;
    while (size < most * 2) size *= 2;
    slots_.resize(size);
  }
  // False: it was there.
  bool add(std::uint64_t key) {
    std::size_t at = static_cast<std::size_t>(key * 0x9E3779B97F4A7C15u >> 20) & (slots_.size() - 1);
    while (slots_[at] != 0) {
      if (slots_[at] == key) return false;
      at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = key;
    ++count_;
    return true;
  }
  std::size_t count() const { return count_; }

 private:
  std::vector<std::uint64_t> slots_;
  std::size_t count_ = 0;
};

// Puts small numbers side by side.
struct Key {
  std::uint64_t value = 1;
  template <class T>
  Key& operator()(T number, unsigned below) {
    if (static_cast<std::uint64_t>(number) >= below) std::abort();  // two states would have one key
    value = value * below + static_cast<std::uint64_t>(number);
    return *this;
  }
};

// Of all states and bytes: how many, and how many broke an invariant.
struct Closure {
  std::size_t states = 0;
  unsigned long transitions = 0;
  unsigned long wrong = 0;
};

// From `start`, by step(machine, byte, found): it calls found(next machine) for whatever may follow, and answers whether
// the invariants hold.
template <class Machine, class KeyOf, class Step>
Closure close(const Machine& start, std::size_t most, KeyOf key_of, Step step) {
  Seen seen(most);
  std::vector<Machine> open{start};
  seen.add(key_of(start));
  Closure closure;
  while (!open.empty() && seen.count() <= most) {
    const Machine from = open.back();
    open.pop_back();
    for (int byte = 0; byte < 256; ++byte) {
      ++closure.transitions;
      const auto found = [&](const Machine& next) {
        if (seen.add(key_of(next))) open.push_back(next);
      };
      if (!step(from, static_cast<char>(byte), found)) ++closure.wrong;
    }
  }
  closure.states = seen.count();
  return closure;
}

// ---- SSE ------------------------------------------------------------------------------------------------------------

// All of its bytes are state.
std::uint64_t key_of(const SseReader& sse) {
  return Key()(sse.state_, 8)(sse.field_, 4)(sse.place_, 16)(sse.after_cr_, 2).value;
}

bool check_sse(const SseReader& from, char c, const SseReader& to, Sse told) {
  using State = SseReader::State;
  using Field = SseReader::Field;
  const bool line_end = c == '\r' || c == '\n';
  const bool swallowed = from.after_cr_ && c == '\n';
  bool good = to.after_cr_ == (c == '\r');
  good = good &&
      (told != Sse::dispatch ||
          (line_end && !swallowed && (from.state_ == State::line_start || from.state_ == State::mark)));
  good = good && (!swallowed || (told == Sse::nothing && to.state_ == from.state_));
  good = good && (!line_end || to.state_ == State::line_start);
  good = good && (told != Sse::value || (!line_end && to.state_ == State::value && to.field_ != Field::other));
  good = good && (told != Sse::begin_data || line_end || to.field_ == Field::data);
  good = good && (told != Sse::begin_name || line_end || to.field_ == Field::event);
  // Canonical: what is dead is zero.
  good = good && (to.state_ == State::name || to.place_ == 0);
  good = good && (to.state_ > State::name || to.field_ == Field::other);
  good = good && to.place_ <= 10 && to.place_ != 5;
  good = good && to.in_data() == (to.state_ == State::value && to.field_ == Field::data);
  return good;
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

using Json8 = BasicJsonReader<8>;
using JsonState = Json8::State;
using Strings = Json8::Strings;

bool in_string(const Json8& json) { return json.state_ >= JsonState::in_string; }

// What the digits of an escape have shown of its kind: 0 nothing or other, 1 the first D, 2 a high half, 3 a low half.
template <class Reader>
unsigned half_class(const Reader& json) {
  if (json.state_ != JsonState::hex || json.unit_size_ == 0) return 0;
  const unsigned shown = json.code_ >> (4 * (json.unit_size_ - 1u));  // its first digit
  if (json.unit_size_ == 1) return shown == 0xD ? 1 : 0;
  const unsigned two = json.code_ >> (4 * (json.unit_size_ - 2u));
  return two >= 0xD8 && two <= 0xDB ? 2 : two >= 0xDC && two <= 0xDF ? 3 : 0;
}

template <class Reader>
unsigned lead_class(const Reader& json) {
  if (json.state_ != JsonState::code_point) return 0;
  switch (static_cast<unsigned char>(json.unit_[0])) {
    case 0xE0: return 1;
    case 0xED: return 2;
    case 0xF0: return 3;
    case 0xF4: return 4;
    default: return 3 + utf8_size(json.unit_[0]);  // 5, 6, 7
  }
}

std::uint64_t key_of_string(const Json8& json, Key key) {
  key(json.is_key_, 2)(json.strings_, 4);
  key(json.strings_ == Strings::collect ? json.collected_ : 0, 64);
  key(json.unit_size_, 8)(half_class(json), 4)(lead_class(json), 8)(json.high_ != 0, 2);
  return key.value;
}

// Bit n: level n is an object.
unsigned nesting_of(const Json8& json) { return json.nesting_[0] | json.nesting_[1] * 256u; }

std::uint64_t key_of_json(const Json8& json) {
  Key key;
  key(json.state_, 32)(json.depth_, 16)(nesting_of(json), 512);
  if (json.state_ == JsonState::literal) key(json.literal_, 32);
  return in_string(json) ? key_of_string(json, key) : key.value;
}

bool check_json(const Json8& from, const Json8& to, Json told) {
  const int deeper = to.depth_ - from.depth_;
  const bool opens = told == Json::begin_object || told == Json::begin_array;
  const bool closes = told == Json::end_object || told == Json::end_array;
  bool good = deeper == (opens ? 1 : closes ? -1 : 0);
  good = good && to.depth_ <= 8 && nesting_of(to) >> (to.depth_ + 1) == 0 && (nesting_of(to) & 1) == 0;
  good = good && (told != Json::end_object || from.in_object()) &&
      (told != Json::end_array || (from.depth_ != 0 && !from.in_object()));
  good = good && (told != Json::begin_object || to.in_object()) && (told != Json::begin_array || !to.in_object());
  good = good && (told != Json::key || (to.in_object() && to.state_ == JsonState::colon));
  good = good && ((told == Json::failed) == (to.state_ == JsonState::failed)) &&
      ((to.error_ != Error::none) == (to.state_ == JsonState::failed));
  good = good && (from.state_ != JsonState::failed || to.state_ == JsonState::failed);
  good = good && (to.state_ != JsonState::done || to.depth_ == 0) && (to.state_ != JsonState::after || to.depth_ != 0);
  good = good && (to.state_ != JsonState::first_key || to.in_object()) &&
      (to.state_ != JsonState::key || to.in_object()) && (to.state_ != JsonState::colon || to.in_object()) &&
      (to.state_ != JsonState::first_value || (to.depth_ != 0 && !to.in_object()));
  good = good && (told != Json::text || (to.text().size() >= 1 && to.text().size() <= 4));
  good = good && to.collected_ <= Json8::max_name + 1 && to.literal_ < 16;
  good = good && (to.unit_size_ <= 3 || to.state_ == JsonState::failed);
  good = good && (to.state_ == JsonState::literal || to.literal_ == 0 || to.state_ == JsonState::failed);
  good = good && (!to.finished() || to.depth_ == 0);
  return good;
}

// All that may follow: a caller may collect, deliver or skip a string that begins, and takes a line's end for a blank.
template <class Found>
bool step_json(const Json8& from, char c, Found found) {
  Json8 to = from;
  const Json told = to.step(c);
  bool good = check_json(from, to, told);
  if (told == Json::begin_string) {
    Json8 other = to;
    other.collect();
    found(other);
    other.deliver();
    found(other);
  }
  if (told == Json::line_end) {
    good = good && (c == '\r' || c == '\n') && key_of_json(to) == key_of_json(from);
    to.blank();
    good = good &&
        (from.state_ < JsonState::literal ? key_of_json(to) == key_of_json(from) : to.state_ == JsonState::failed);
  }
  if (told == Json::number) {
    // The byte is not taken: stepped again it does what it does behind a value.
    good = good && from.is_whole_number() && (to.state_ == JsonState::after || to.state_ == JsonState::done);
  }
  found(to);
  return good;
}

// ---- tool inputs ----------------------------------------------------------------------------------------------------

using detail::Field;
using detail::FieldKind;
using detail::InputReader;

// on: boolean; n: number of -1.0 to 2.5 in tenths; s: text of 2 bytes; e: "ab" or "c"; a: at most 2 of the integers 0
// to 3; o: object of the integer x. n, s and a may be missing.
constexpr Field make(std::uint16_t name, std::uint8_t size, FieldKind kind, bool required, decltype(Field::take) take) {
  Field field;
  field.name = name;
  field.name_size = size;
  field.kind = kind;
  field.required = required;
  field.take = take;
  return field;
}
struct Declaration {
  static constexpr unsigned count = 7;
  Field fields[count] = {make(0, 2, FieldKind::boolean, true, InputReader::take_boolean),
      make(1, 1, FieldKind::number, false, InputReader::take_number),
      make(2, 1, FieldKind::string, false, InputReader::take_string),
      make(3, 1, FieldKind::enumeration, true, InputReader::take_enumeration),
      make(4, 1, FieldKind::integer, false, InputReader::take_number),
      make(5, 1, FieldKind::object, true, InputReader::take_object),
      make(6, 1, FieldKind::integer, true, InputReader::take_number)};
  constexpr Declaration() {
    fields[1].decimals = 1;
    fields[1].low = -10;
    fields[1].high = 25;
    fields[2].high = 2;
    fields[3].low = 7;
    fields[3].high = 2;
    fields[4].max_count = 2;
    fields[4].take_element = fields[4].take;
    fields[4].take = InputReader::take_array;
    fields[4].high = 3;
    fields[6].low = -3;
    fields[6].high = 12;
    fields[6].parent = 6;
  }
};
constexpr Declaration declaration;
constexpr detail::Schema schema{"onseaoxab\",\"c\"", declaration.fields, Declaration::count};

// A reader with what it writes to, which can be copied.
struct Input {
  detail::Value values[Declaration::count];
  alignas(8) char bytes[2 + 2 * sizeof(detail::Value) + 6] = {};
  InputReader reader;
  bool stopped = false;  // a fault was told

  Input() : reader(schema, values, {bytes, sizeof bytes}) {}
  Input(const Input& other) : reader(other.reader) { copy(other); }
  Input& operator=(const Input& other) {
    reader.~InputReader();
    new (&reader) InputReader(other.reader);
    copy(other);
    return *this;
  }
  ~Input() = default;

 private:
  void copy(const Input& other) {
    std::memcpy(values, other.values, sizeof values);
    std::memcpy(bytes, other.bytes, sizeof bytes);
    stopped = other.stopped;
    reader.values_ = values;
    reader.bottom_ = bytes + (other.reader.bottom_ - other.bytes);
    reader.top_ = bytes + (other.reader.top_ - other.bytes);
    const char* const at = reinterpret_cast<const char*>(other.reader.value_);
    if (other.reader.value_ == nullptr) return;
    const bool element = at >= other.bytes && at < other.bytes + sizeof bytes;
    reader.value_ = element ? reinterpret_cast<detail::Value*>(bytes + (at - other.bytes))
                            : values + (other.reader.value_ - other.values);
  }
};

// How far a name or word that is collected is one that was declared; 31: not at all.
unsigned known(const JsonReader& json) {
  constexpr std::string_view names[] = {"on", "n", "s", "e", "a", "o", "x", "ab", "c"};
  const std::string_view so_far{json.name_, json.collected_ < json.max_name ? json.collected_ : json.max_name};
  unsigned number = 1;
  for (const std::string_view name : names) {
    for (std::size_t size = 1; size <= name.size(); ++size, ++number) {
      if (so_far == name.substr(0, size)) return number;
    }
  }
  return so_far.empty() ? 0 : 31;
}

std::uint64_t key_of(const Input& input) {
  const InputReader& reader = input.reader;
  const JsonReader& json = reader.json_;
  if (input.stopped) return 1;
  Key key;
  key(json.state_, 32)(json.depth_, 4)(json.nesting_[0], 16)(reader.begun_, 2)(reader.parent_ != 0, 2);
  key(reader.in_array_, 2)(reader.field_, 16);
  for (const detail::Value& value : input.values) key(value.present, 2);
  key(input.values[4].number, 4);
  if (json.state_ == JsonReader::State::literal) key(json.literal_, 32);
  if (json.state_ < JsonReader::State::in_string) {
    // Of a number its value as far as the limits can tell it from others.
    const auto& number = reader.number_;
    key(0, 2)(number.sum < 31 ? number.sum : 31, 32)(number.places, 4)(number.negative, 2)(number.nonzero, 2);
    return key(number.fraction, 2)(number.round_up, 2)(number.between, 2)(number.too_large, 2).value;
  }
  const bool collects = json.strings_ == JsonReader::Strings::collect;
  const unsigned name = collects ? known(json) : 0;
  key(1, 2)(json.is_key_, 2)(json.strings_, 4)(json.unit_size_, 8)(half_class(json), 4)(lead_class(json), 8);
  return key(json.high_ != 0, 2)(name, 32)(collects ? 0 : input.values[2].number, 4).value;
}

bool check_input(const Input& from, const Input& to, bool good_so_far) {
  const InputReader& reader = to.reader;
  bool good = good_so_far == (reader.fault_ == InputFault::none);
  good = good && reader.bottom_ <= reader.top_ && reader.field_ <= Declaration::count;
  good = good && (reader.parent_ == 0 || reader.parent_ == 6);
  for (unsigned at = 0; at < Declaration::count; ++at) good = good && to.values[at].present >= from.values[at].present;
  if (!good_so_far) {  // refused once is refused for good
    Input after = to;
    return good && !after.reader.step('}') && !after.reader.finish();
  }
  good = good && to.values[1].number >= -10 && to.values[1].number <= 25;
  good = good && to.values[2].number >= 0 && to.values[2].number <= 2;
  good = good && to.values[3].number >= 0 && to.values[3].number <= 2;
  good = good && to.values[4].number >= 0 && to.values[4].number <= 2;
  good = good && to.values[6].number >= -3 && to.values[6].number <= 12;
  // It may end here if and only if the object is whole and has all that is required.
  Input end = to;
  const bool ends = end.reader.finish();
  good = good && ends == (reader.begun_ && reader.json_.finished());
  const auto& value = to.values;
  const bool all = value[0].present && value[3].present && value[5].present && value[6].present;
  return good &&
      (!ends || (all && reader.begun_ && reader.parent_ == 0 && !reader.in_array_ && reader.json_.depth_ == 0));
}

// ---- HTTP -----------------------------------------------------------------------------------------------------------

using BodyState = HttpBodyReader::State;

// Of the size only two things matter: is it 0, and does another digit fit. Its digits are counted.
unsigned digits(std::uint32_t size) {
  unsigned count = 0;
  for (; size != 0; size >>= 4) ++count;
  return count;
}

std::uint64_t key_of(const HttpBodyReader& body) {
  const bool dead = body.state_ == BodyState::failed || body.state_ == BodyState::end;
  return Key()(body.state_, 32)(dead ? 0 : body.line_, 64)(dead ? 0 : digits(body.left_), 16).value;
}

using HeadState = HttpHeadReader::State;

std::uint64_t key_of(const HttpHeadReader& head) {
  const bool counts =
      head.state_ == HeadState::version || head.state_ == HeadState::status || head.state_ == HeadState::name;
  const bool in_value = head.state_ == HeadState::value || head.state_ == HeadState::before_value;
  return Key()(head.state_, 16)(counts ? head.name_size_ : 0, 64)(in_value ? head.value_size_ : 0, 64)(head.error_, 256)
      .value;
}

}  // namespace

TEST_SUITE_BEGIN("closure");

TEST_CASE("closure: SSE, all bytes of its state") {
  const Closure closure = close(
      SseReader(), 1000,
      [](const SseReader& sse) {
        return key_of(sse);
      },
      [](const SseReader& from, char c, auto found) {
        SseReader to = from;
        const Sse told = to.step(c);
        found(to);
        return check_sse(from, c, to, told);
      });
  CHECK(closure.wrong == 0);
  CHECK(closure.states == 20);
  MESSAGE(closure.states << " states, " << closure.transitions << " transitions");
}

TEST_CASE("closure: JSON of depth 8") {
  const Closure closure = close(Json8(), 3'000'000, key_of_json, [](const Json8& from, char c, auto found) {
    return step_json(from, c, found);
  });
  CHECK(closure.wrong == 0);
  CHECK(closure.states == 1040259);
  MESSAGE(closure.states << " states, " << closure.transitions << " transitions");
}

TEST_CASE("closure: JSON, down to the second level only") {  // quick enough for suites that run it often
  const Closure closure = close(Json8(), 100'000, key_of_json, [](const Json8& from, char c, auto found) {
    return step_json(from, c, [&](const Json8& next) {
      if (next.depth_ <= 2) found(next);
    });
  });
  CHECK(closure.wrong == 0);
  CHECK(closure.states == 13611);
  MESSAGE(closure.states << " states, " << closure.transitions << " transitions");
}

TEST_CASE("closure: JSON strings, every code point and every escape by its value") {
  // One delivered string: each state is its concrete bytes. What leaves is checked against RFC 3629 by arithmetic.
  const auto key_of_value = [](const Json8& json) {
    Key key;
    key(json.state_, 32);
    if (!in_string(json)) return key.value;
    key(json.unit_size_, 8)(json.code_, 65536)(json.high_, 65536);
    if (json.state_ == JsonState::code_point) {
      for (unsigned i = 0; i < json.unit_size_; ++i) key(static_cast<unsigned char>(json.unit_[i]), 256);
    }
    return key.value;
  };
  Json8 start;
  start.step('"');
  start.deliver();
  const Closure closure = close(start, 5'000'000, key_of_value, [](const Json8& from, char c, auto found) {
    Json8 to = from;
    const Json told = to.step(c);
    bool good = check_json(from, to, told);
    if (told == Json::text) {
      const string_view text = to.text();
      good = good && utf8_size(text[0]) == text.size();
      for (unsigned i = 1; i < text.size(); ++i) good = good && utf8_continues(text[0], i, text[i]);
      good = good && to.state_ == JsonState::in_string && to.high_ == 0 && to.code_ == 0 && to.unit_size_ == 0;
    }
    if (in_string(to)) found(to);
    return good;
  });
  CHECK(closure.wrong == 0);
  CHECK(closure.states == 4497926);
  MESSAGE(closure.states << " states, " << closure.transitions << " transitions");
}

TEST_CASE("closure: HTTP bodies, with a limit of 16 bytes a line") {
  const auto step = [](const HttpBodyReader& from, char c, auto found) {
    HttpBodyReader to = from;
    const std::size_t size = from.data(1);
    if (size != 0) {  // data of any byte: one of it, or all that is left
      to.took(1);
      found(to);
      if (from.state_ != BodyState::until_close) {
        to = from;
        to.took(from.left_);
        found(to);
      }
      return !to.failed();
    }
    const bool good = to.step(c);
    found(to);
    bool right = good == !to.failed();
    right = right && (!from.failed() || to.failed()) && (!from.complete() || to.failed());
    right = right && (!to.complete() || (c == '\n' && from.state_ == BodyState::last_lf));
    right = right && (to.failed() || to.line_ <= 16);
    right = right && (to.state_ != BodyState::chunk || (to.left_ != 0 && c == '\n'));
    right = right && (to.state_ != BodyState::size_start || to.left_ == 0);
    right = right && (to.state_ < BodyState::trailer_start || to.failed() || to.left_ == 0);
    return right;
  };
  const auto key = [](const HttpBodyReader& body) {
    return key_of(body);
  };
  const Closure chunked = close(HttpBodyReader(HttpBodyReader::Framing::chunked), 10'000, key, step);
  const Closure length = close(HttpBodyReader(HttpBodyReader::Framing::length, 3), 100, key, step);
  const Closure endless = close(HttpBodyReader(HttpBodyReader::Framing::until_close), 100, key, step);
  CHECK(chunked.wrong + length.wrong + endless.wrong == 0);
  CHECK(chunked.states == 403);
  CHECK(length.states == 3);
  CHECK(endless.states == 1);
  MESSAGE((chunked.states + length.states + endless.states)
      << " states, " << (chunked.transitions + length.transitions + endless.transitions) << " transitions");
}

TEST_CASE("closure: HTTP heads") {
  const Closure closure = close(
      HttpHeadReader(), 10'000,
      [](const HttpHeadReader& head) {
        return key_of(head);
      },
      [](const HttpHeadReader& from, char c, auto found) {
        HttpHeadReader to = from;
        to.size_ = 0;  // the limit is tested apart
        const HttpHeadPart told = to.step(c);
        bool good = (told == HttpHeadPart::failed) == (to.state_ == HeadState::failed);
        good = good && (from.state_ != HeadState::failed || to.state_ == HeadState::failed);
        good = good && (told != HttpHeadPart::end || (c == '\n' && from.state_ == HeadState::last_line_feed));
        good = good && (told != HttpHeadPart::header || (c == '\n' && from.state_ == HeadState::header_line_feed));
        good = good && (c != '\n' || told != HttpHeadPart::more || from.state_ == HeadState::line_feed);  // no bare LF
        good = good && to.name_size_ <= HttpHeadReader::max_name + 1 && to.value_size_ <= HttpHeadReader::max_value + 1;
        good = good && to.name().size() <= HttpHeadReader::max_name && to.value().size() <= HttpHeadReader::max_value;
        good = good &&
            (to.state_ < HeadState::after_status || to.state_ == HeadState::failed ||
                (to.status() >= 100 && to.status() <= 599));
        if (told == HttpHeadPart::end) {
          to.next_head();
          good = good && to.state_ == HeadState::version && to.name_size_ == 0;
        }
        found(to);
        return good;
      });
  CHECK(closure.wrong == 0);
  CHECK(closure.states == 82);
  MESSAGE(closure.states << " states, " << closure.transitions << " transitions");
}

TEST_CASE("closure: tool inputs, with members of every kind") {
  const Closure closure = close(
      Input(), 8'000'000,
      [](const Input& input) {
        return key_of(input);
      },
      [](const Input& from, char c, auto found) {
        if (from.stopped) return true;
        Input to = from;
        const bool good = to.reader.step(c);
        to.stopped = !good;
        found(to);
        return check_input(from, to, good);
      });
  CHECK(closure.wrong == 0);
  CHECK(closure.states == 840032);
  MESSAGE(closure.states << " states, " << closure.transitions << " transitions");
}

TEST_CASE("closure: the order of events, with two open blocks, of six in all") {
  using Order = BasicEventOrder<2>;
  static_assert(std::is_trivially_copyable_v<Order>);
  // An answer may have 65,535 blocks (event_order_test.cpp counts to there), and how far an open one is behind the last
  // is state: so it is closed for answers of up to six, by all that the machine holds.
  constexpr unsigned most = 6;
  const auto key_of_order = [](const Order& order) {
    Key key;
    key(order.phase_, 4)(order.open_count_, 3)(order.count_, most + 1);
    for (const auto& block : order.open_) key(block.kind, 6)(block.index, most);
    return key.value;
  };
  // A byte is an event: for which block, in its lower three bits; 0 to 5 above them is the kind of a block that starts.
  const Closure closure = close(Order(), 10'000, key_of_order, [](const Order& from, char c, auto found) {
    const auto byte = static_cast<unsigned char>(c);
    const unsigned event = byte / 8 < 6 ? 1 : byte / 8;
    const auto index = static_cast<std::uint16_t>(byte % 8);
    const auto kind = static_cast<BlockKind>(byte / 8 % 6);
    if (event == 1 && index == most) return true;  // a seventh
    Order to = from;
    Error error = Error::none;
    switch (event) {
      case 6: error = to.message_start(); break;
      case 1: error = to.block_start(index, kind); break;
      case 7: error = to.block_delta(index); break;
      case 8: error = to.block_stop(index); break;
      case 9: error = to.message_delta(); break;
      case 10: error = to.message_stop(true); break;
      case 11: error = to.message_stop(false); break;
      default: return true;
    }
    const bool same = std::memcmp(&to, &from, sizeof to) == 0;
    bool good = error == Error::none || same;  // a refused event changes nothing
    if (error == Error::none) {
      using Phase = Order::Phase;
      good = good && from.phase_ != Phase::stopped;
      good = good && (event != 6 || from.phase_ == Phase::before);
      good = good &&
          (event != 1 ||
              (from.phase_ == Phase::started && index == from.count_ && to.count_ == from.count_ + 1 &&
                  to.find(index) != nullptr && to.find(index)->kind == kind));
      good = good && (event != 7 || from.find(index) != nullptr);
      good = good && (event != 8 || (from.find(index) != nullptr && to.find(index) == nullptr));
      good = good && (event != 9 || to.open_count_ == 0);
      good = good && event != 11 && (event != 10 || (from.phase_ == Phase::ending && to.phase_ == Phase::stopped));
    }
    good = good && to.open_count_ <= 2 && (to.phase_ == Order::Phase::started || to.open_count_ == 0);
    for (unsigned at = to.open_count_; at < 2; ++at)
      good = good && to.open_[at].index == 0 && to.open_[at].kind == BlockKind::other;
    for (unsigned at = 0; at < to.open_count_; ++at) {
      good = good && to.open_[at].index < to.count_ && (at == 0 || to.open_[at - 1].index < to.open_[at].index);
    }
    found(to);
    return good;
  });
  CHECK(closure.wrong == 0);
  CHECK(closure.states == 688);
  MESSAGE(closure.states << " states, " << closure.transitions << " transitions");
}

TEST_SUITE_END();
