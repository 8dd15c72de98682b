// A delta that is here from its first line to its blank line: its members in any order, with any blanks between them.
//
// It can only be faster than the ordinary reader, never different: what is cut, or unusual in any way, is left to that.
// Nothing is changed while it is read, and nothing is remembered.
#pragma once
#include "../base/scan.hpp"
#include "../base/text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

class WholeDelta {
 public:
  static constexpr unsigned payload_count = 4;

  // The event at `begin`, with or without its `event` line. False: left to the ordinary reader.
  bool read(char* begin, const char* end) {
    at_ = begin;
    end_ = end;
    take("event: content_block_delta\n");
    if (!take("data: ")) return false;
    // The line's end stops everything below: it is in no string, and it is no blank.
    end_ = find_byte(at_, end, '\n');
    if (end - end_ < 2 || end_[1] != '\n') return false;
    return read_event() && at_ == end_;
  }

  constexpr std::uint16_t index() const { return index_; }
  // Its place in: text, thinking, signature, partial_json.
  constexpr unsigned payload() const { return payload_; }
  // Between its quotes, not decoded yet.
  constexpr Room text() const { return text_; }
  // No byte of it needs to be decoded or looked at.
  constexpr bool plain() const { return plain_; }
  constexpr char* behind() const { return at_ + 2; }

 private:
  // {"type":"content_block_delta","index":0,"delta":{...}}
  bool read_event() {
    bool typed = false;
    bool indexed = false;
    bool told = false;
    if (!take("{")) return false;
    do {
      skip_blanks();
      if (take("\"delta\"")) {
        if (told || !take_colon() || !read_delta()) return false;
        told = true;
      } else if (take("\"index\"")) {
        if (indexed || !take_colon() || !read_index()) return false;
        indexed = true;
      } else {
        if (typed || !take("\"type\"") || !take_colon() || !take("\"content_block_delta\"")) return false;
        typed = true;
      }
      skip_blanks();
    } while (take(","));
    return typed && indexed && told && take("}");
  }

  // {"type":"text_delta","text":"..."}
  bool read_delta() {
    constexpr Literal types[payload_count] = {
        "\"text_delta\"", "\"thinking_delta\"", "\"signature_delta\"", "\"input_json_delta\""};
    constexpr Literal members[payload_count] = {"\"text\"", "\"thinking\"", "\"signature\"", "\"partial_json\""};
    unsigned type = payload_count;
    payload_ = payload_count;
    if (!take("{")) return false;
    do {
      skip_blanks();
      if (take("\"type\"")) {
        if (type != payload_count || !take_colon()) return false;
        type = take_one(types);
        if (type == payload_count) return false;
      } else {
        if (payload_ != payload_count) return false;
        payload_ = take_one(members);
        if (payload_ == payload_count || !take_colon() || !read_text()) return false;
      }
      skip_blanks();
    } while (take(","));
    return type == payload_ && take("}");  // both or none of them were there
  }

  bool read_index() {
    if (!is_digit(*at_)) return false;
    std::uint32_t value = static_cast<std::uint32_t>(*at_++ - '0');
    while (value != 0 && value < 0x1000 && is_digit(*at_))
      value = value * 10 + static_cast<std::uint32_t>(*at_++ - '0');
    index_ = static_cast<std::uint16_t>(value);
    return !is_digit(*at_) && *at_ != '.' && (*at_ | 0x20) != 'e';
  }

  bool read_text() {
    if (!take("\"")) return false;
    char* const begin = at_;
    at_ += skip_plain(at_, end_) - at_;
    plain_ = *at_ == '"';
    while (*at_ != '"') {
      const auto byte = static_cast<unsigned char>(*at_);
      if (byte < 0x20) return false;
      at_ += byte == '\\' ? 2 : 1;
      if (at_ >= end_) return false;
      at_ += skip_plain(at_, end_) - at_;
    }
    text_ = {begin, static_cast<std::size_t>(at_ - begin)};
    ++at_;
    return true;
  }

  bool take(Literal wanted) {
    if (!starts_with({at_, static_cast<std::size_t>(end_ - at_)}, wanted)) return false;
    at_ += wanted.size();
    return true;
  }

  // The place of the one that comes, or payload_count.
  unsigned take_one(const Literal (&wanted)[payload_count]) {
    unsigned place = 0;
    while (place != payload_count && !take(wanted[place])) ++place;
    return place;
  }

  bool take_colon() {
    skip_blanks();
    if (!take(":")) return false;
    skip_blanks();
    return true;
  }

  void skip_blanks() {
    while (*at_ == ' ') ++at_;
  }

  char* at_ = nullptr;
  const char* end_ = nullptr;  // of the bytes, then of the line
  Room text_;
  std::uint16_t index_ = 0;
  unsigned payload_ = payload_count;
  bool plain_ = false;
};

}  // namespace detail
PICOCLAUDE_END
