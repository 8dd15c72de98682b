// JSON as RFC 8259 says it, the slow and obvious way: by recursion over the whole text, code point by code point.
// Shares nothing with the library.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace naive {

class Json {
 public:
  // What is read as one line of text, as tests/support/json_trace.hpp writes it: strings decoded and cut at 32 bytes.
  // False: not JSON. `depth` arrays and objects may stand in each other.
  static bool read(std::string_view text, std::size_t depth, std::string& told) {
    Json json(text, depth, told);
    json.blanks();
    if (!json.value(0)) return false;
    json.blanks();
    return json.at_ == text.size();
  }

  // One code point at `at`, moved behind it. False: not UTF-8 (RFC 3629: no overlong form, no surrogate, not above
  // U+10FFFF).
  static bool code_point(std::string_view text, std::size_t& at, std::uint32_t& code) {
    const auto byte = [&](std::size_t place) {
      return place < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[place])) : 0u;
    };
    const std::uint32_t first = byte(at);
    unsigned more = 0;
    if (first < 0x80) {
      code = first;
    } else if (first >> 5 == 6) {
      code = first & 31;
      more = 1;
    } else if (first >> 4 == 14) {
      code = first & 15;
      more = 2;
    } else if (first >> 3 == 30) {
      code = first & 7;
      more = 3;
    } else {
      return false;
    }
    for (unsigned i = 1; i <= more; ++i) {
      if (byte(at + i) >> 6 != 2) return false;
      code = code * 64 + (byte(at + i) & 63);
    }
    constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    at += 1 + more;
    return true;
  }

 private:
  Json(std::string_view text, std::size_t depth, std::string& told) : text_(text), most_(depth), told_(told) {}

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool is_digit() const { return peek() >= '0' && peek() <= '9'; }
  bool take(char c) {
    if (!is(c)) return false;
    ++at_;
    return true;
  }
  void blanks() {
    while (is(' ') || is('\t') || is('\n') || is('\r')) ++at_;
  }

  bool value(std::size_t depth) {
    if (is('{')) return object(depth);
    if (is('[')) return array(depth);
    if (is('"')) {
      std::string text;
      if (!string(text)) return false;
      told_ += "\"" + (text.size() <= 32 ? text : "") + "\" ";
      return true;
    }
    if (is('t')) return word("true");
    if (is('f')) return word("false");
    if (is('n')) return word("null");
    return number(depth);
  }

  bool word(std::string_view wanted) {
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    told_ += std::string(wanted) + " ";
    return true;
  }

  bool object(std::size_t depth) {
    if (depth == most_) return false;
    ++at_;
    told_ += "{ ";
    blanks();
    if (!take('}')) {
      do {
        blanks();
        std::string name;
        if (!is('"') || !string(name)) return false;
        told_ += "k<" + (name.size() <= 32 ? name : "") + "> ";
        blanks();
        if (!take(':')) return false;
        blanks();
        if (!value(depth + 1)) return false;
        blanks();
      } while (take(','));
      if (!take('}')) return false;
    }
    told_ += "} ";
    return true;
  }

  bool array(std::size_t depth) {
    if (depth == most_) return false;
    ++at_;
    told_ += "[ ";
    blanks();
    if (!take(']')) {
      do {
        blanks();
        if (!value(depth + 1)) return false;
        blanks();
      } while (take(','));
      if (!take(']')) return false;
    }
    told_ += "] ";
    return true;
  }

  bool number(std::size_t depth) {
    const std::size_t begin = at_;
    bool whole = !take('-');
    if (!is_digit()) return false;
    if (!take('0')) {
      while (is_digit()) ++at_;
    }
    if (take('.')) {
      whole = false;
      if (!is_digit()) return false;
      while (is_digit()) ++at_;
    }
    if (take('e') || take('E')) {
      whole = false;
      if (!take('+')) take('-');
      if (!is_digit()) return false;
      while (is_digit()) ++at_;
    }
    // A number that ends the text is not told: nothing showed that it is whole.
    if (depth == 0 && at_ == text_.size()) return true;
    std::uint64_t number = 0;
    if (whole) {
      for (std::size_t i = begin; i < at_ && number < 1'000'000'000'000; ++i) {
        number = number * 10 + static_cast<std::uint64_t>(text_[i] - '0');
      }
    }
    told_ += whole && number < 4'294'967'296 ? std::to_string(number) + " " : "# ";
    return true;
  }

  bool string(std::string& out) {
    ++at_;
    while (at_ < text_.size()) {
      if (take('"')) return true;
      if (take('\\')) {
        if (!escape(out)) return false;
        continue;
      }
      if (static_cast<unsigned char>(peek()) < 0x20) return false;
      const std::size_t begin = at_;
      std::uint32_t code = 0;
      if (!code_point(text_, at_, code)) return false;
      out += text_.substr(begin, at_ - begin);
    }
    return false;
  }

  bool hex(std::uint32_t& code) {
    code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      if (c >= '0' && c <= '9') {
        code = code * 16 + static_cast<std::uint32_t>(c - '0');
      } else if (c >= 'a' && c <= 'f') {
        code = code * 16 + static_cast<std::uint32_t>(c - 'a' + 10);
      } else if (c >= 'A' && c <= 'F') {
        code = code * 16 + static_cast<std::uint32_t>(c - 'A' + 10);
      } else {
        return false;
      }
    }
    return true;
  }

  bool escape(std::string& out) {
    const char c = peek();
    ++at_;
    switch (c) {
      case '"': out += '"'; return true;
      case '\\': out += '\\'; return true;
      case '/': out += '/'; return true;
      case 'b': out += '\b'; return true;
      case 'f': out += '\f'; return true;
      case 'n': out += '\n'; return true;
      case 'r': out += '\r'; return true;
      case 't': out += '\t'; return true;
      case 'u': break;
      default: return false;
    }
    std::uint32_t code = 0;
    if (!hex(code)) return false;
    if (code >= 0xDC00 && code < 0xE000) return false;
    if (code >= 0xD800 && code < 0xDC00) {
      std::uint32_t low = 0;
      if (!take('\\') || !take('u') || !hex(low) || low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000 + (code - 0xD800) * 1024 + (low - 0xDC00);
    }
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(192 + code / 64);
      out += static_cast<char>(128 + code % 64);
    } else if (code < 0x10000) {
      out += static_cast<char>(224 + code / 4096);
      out += static_cast<char>(128 + code / 64 % 64);
      out += static_cast<char>(128 + code % 64);
    } else {
      out += static_cast<char>(240 + code / 262144);
      out += static_cast<char>(128 + code / 4096 % 64);
      out += static_cast<char>(128 + code / 64 % 64);
      out += static_cast<char>(128 + code % 64);
    }
    return true;
  }

  std::string_view text_;
  std::size_t most_;
  std::string& told_;
  std::size_t at_ = 0;
};

}  // namespace naive
