// Reads a JSON answer member by member and keeps what its endpoint asks for. Everything else is skipped in no memory.
//
// A name is a number in the endpoint's list of words, 0 when it is not in it; number 1 is `data`. The members of an item
// stand at level 1: the item is the whole answer, or, in a list, an element of its member `data`.
#pragma once
#include "../base/small_text.hpp"
#include "../messages/event.hpp"
#include "../wire/json_reader.hpp"

PICOCLAUDE_BEGIN
namespace detail {

class MemberReader;

// What an endpoint makes of members; a table for each.
struct Members {
  std::uint8_t (*find)(string_view word) PICOCLAUDE_NONBLOCKING;
  // A value, or the beginning or end of one, at level() and with the name name(). Of a string: begin_string, to keep() or
  // collect() it, then end_string. An item begins at level 1 and ends at level 0; in a list, the members around the
  // items are at level -1.
  void (*take)(void* into, MemberReader& at, Json token) PICOCLAUDE_NONBLOCKING;
};

class MemberReader {
 public:
  static constexpr unsigned max_levels = 8;  // the deepest that is asked for: capabilities of a model in a list

  // `item_level`: 0 when the answer is the item, 2 when it stands in a list.
  constexpr void begin(std::uint8_t item_level) {
    *this = MemberReader{};
    item_level_ = item_level;
  }

  // Reads up to the end of an item: true. False: all bytes were taken, or error().
  bool read(const Members& members, void* into, char*& next, char* end) PICOCLAUDE_NONBLOCKING {
    while (next != end && error_ == Error::none) {
      const Json token = json_.read(next, end);
      switch (token) {
        case Json::key: names_[depth()] = members.find(json_.text()); break;
        case Json::begin_object:
        case Json::begin_array:
          if (json_.depth() == 1) is_object_ = token == Json::begin_object;
          if (json_.depth() < max_levels) names_[json_.depth()] = 0;
          tell(members, into, token);
          break;
        case Json::text:
          if (kept_ != nullptr) use_->append(kept_, room_, json_.text());
          break;
        case Json::line_end:
          json_.blank();
          ++next;
          break;
        case Json::failed: error_ = json_.error(); break;
        case Json::more: break;
        default:
          tell(members, into, token);
          if (token == Json::end_object && json_.depth() == item_level_ && is_inside()) return error_ == Error::none;
          break;
      }
    }
    return false;
  }

  // Reads all there is: for an answer that is one item.
  void read_all(const Members& members, void* into, char*& next, char* end) {
    while (read(members, into, next, end)) {}
  }

  // The text is at its end.
  constexpr Error end() const {
    return error_ != Error::none ? error_ : json_.finished() && is_object_ ? Error::none : Error::bad_json;
  }
  constexpr Error error() const { return error_; }
  constexpr void fail(Error error) { error_ = error; }

  // ---- for Members::take ----------------------------------------------------------------------------------------------

  // 1: a member of the item. Below 1: around it. 0 at the item's own ends.
  constexpr int level() const { return static_cast<int>(json_.depth()) - item_level_; }
  constexpr std::uint8_t name(int level) const {
    const int depth = level + item_level_;
    return depth >= 0 && depth < static_cast<int>(max_levels) ? names_[depth] : std::uint8_t{0};
  }
  constexpr std::uint8_t name() const { return name(level()); }

  template <std::size_t N>
  constexpr void keep(SmallText<N>& text) {
    text.clear();
    json_.deliver();
    kept_ = text.data();
    room_ = N;
    use_ = &text.use();
  }
  constexpr void collect() { json_.collect(); }
  constexpr string_view word() const { return json_.text(); }

  // What does not fit is the most that fits.
  constexpr std::uint32_t number() const {
    std::uint32_t value = 0xFFFFFFFF;
    json_.integer(value);
    return value;
  }

 private:
  // In an item, or at its end.
  constexpr bool is_inside() const { return item_level_ == 0 || names_[1] == 1; }
  constexpr unsigned depth() const { return json_.depth() < max_levels ? json_.depth() : 0; }

  void tell(const Members& members, void* into, Json token) {
    if (json_.depth() < max_levels && (level() < 0 || is_inside())) members.take(into, *this, token);
    if (token == Json::end_string) kept_ = nullptr;
  }

  JsonReader json_;
  Error error_ = Error::none;
  std::uint8_t item_level_ = 0;
  bool is_object_ = false;               // the answer
  std::uint8_t names_[max_levels] = {};  // [0] is a dump for names that stand too deep
  char* kept_ = nullptr;                 // where the string at work goes
  std::uint16_t room_ = 0;
  SmallTextUse* use_ = nullptr;
};

}  // namespace detail
PICOCLAUDE_END
