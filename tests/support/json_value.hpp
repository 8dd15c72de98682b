// JSON as values that can be compared, for expectations: its parser shares nothing with the library's.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace json {

struct Value {
  char kind = '?';   // { [ " 0 (a number) t f n, or ? for what is no JSON
  std::string text;  // of a string, decoded; of a number as it stands
  std::vector<Value> items;
  std::map<std::string, Value> members;

  bool operator==(const Value& other) const {
    return kind == other.kind && text == other.text && items == other.items && members == other.members;
  }
  bool operator!=(const Value& other) const { return !(*this == other); }
  const Value& operator[](const char* name) const {
    static const Value none;
    const auto found = members.find(name);
    return found == members.end() ? none : found->second;
  }
  // An element of an array.
  const Value& operator[](std::size_t at) const {
    static const Value none;
    return at < items.size() ? items[at] : none;
  }
  bool has(const char* name) const { return members.count(name) != 0; }
  unsigned long number() const { return std::strtoul(text.c_str(), nullptr, 10); }
};

namespace detail {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Value document() {
    Value value = next();
    blanks();
    return bad_ || at_ != text_.size() ? Value{} : value;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char wanted) {
    blanks();
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  Value next() {
    blanks();
    Value value;
    value.kind = peek();
    switch (value.kind) {
      case '{': object(value); break;
      case '[': array(value); break;
      case '"': value.text = string(); break;
      case 't': literal("true"); break;
      case 'f': literal("false"); break;
      case 'n': literal("null"); break;
      default:
        value.kind = '0';
        while (at_ < text_.size() && std::string_view("+-.0123456789eE").find(text_[at_]) != std::string_view::npos) {
          value.text += text_[at_++];
        }
        if (value.text.empty()) bad_ = true;
    }
    return value;
  }

  void literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) bad_ = true;
    at_ += word.size();
  }

  void object(Value& value) {
    ++at_;
    if (take('}')) return;
    do {
      blanks();
      if (peek() != '"') bad_ = true;
      const std::string name = string();
      if (!take(':') || value.members.count(name) != 0) bad_ = true;  // a name twice is an error as well
      if (bad_) return;
      value.members[name] = next();
    } while (!bad_ && take(','));
    if (!take('}')) bad_ = true;
  }

  void array(Value& value) {
    ++at_;
    if (take(']')) return;
    do {
      value.items.push_back(next());
    } while (!bad_ && take(','));
    if (!take(']')) bad_ = true;
  }

  unsigned unit() {
    const std::string digits(text_.substr(at_, 4));
    at_ += 4;
    return static_cast<unsigned>(std::strtoul(digits.c_str(), nullptr, 16));
  }

  std::string string() {
    std::string out;
    ++at_;
    while (peek() != '"') {
      if (at_ >= text_.size() || static_cast<unsigned char>(peek()) < 0x20) return bad_ = true, out;
      if (peek() != '\\') {
        out += text_[at_++];
        continue;
      }
      ++at_;
      const char c = peek();
      ++at_;
      const std::size_t place = std::string_view("\"\\/bfnrt").find(c);
      if (place != std::string_view::npos) {
        out += "\"\\/\b\f\n\r\t"[place];
        continue;
      }
      if (c != 'u') return bad_ = true, out;
      unsigned code = unit();
      if (code >= 0xD800 && code < 0xDC00) {
        at_ += 2;
        code = 0x10000 + ((code - 0xD800) << 10) + (unit() - 0xDC00);
      }
      append(out, code);
    }
    ++at_;
    return out;
  }

  static void append(std::string& out, unsigned code) {
    if (code < 0x80) {
      out += static_cast<char>(code);
      return;
    }
    if (code < 0x800) {
      out += static_cast<char>(0xC0 | code >> 6);
    } else {
      if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12);
      } else {
        out += static_cast<char>(0xF0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
      }
      out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    }
    out += static_cast<char>(0x80 | (code & 0x3F));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool bad_ = false;
};

}  // namespace detail

inline Value parse(std::string_view text) { return detail::Parser(text).document(); }

}  // namespace json
