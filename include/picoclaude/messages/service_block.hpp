// What a block of a service's tool says, read from its raw JSON as it comes (API.md, section 4.2).
#pragma once
#include "../wire/json_reader.hpp"
#include "event.hpp"

PICOCLAUDE_BEGIN

#if PICOCLAUDE_ENABLE_SERVER_TOOLS
// Hand it every event. Behind a block_end it knows the block that ended, until the next block begins.
class ServiceBlock {
 public:
  void take(const Event& event) {
    if (event.kind == EventKind::block) {
      if (ended_ || event.index != index_) *this = {};
      index_ = event.index;
      for (const char c : event.text) step(c);
    } else if (event.kind == EventKind::block_end) {
      // The end of a block of another kind says nothing of this one.
      if (event.index != index_) *this = {};
      ended_ = true;
    }
  }

  // "web_search_tool_result", "server_tool_use", ... Empty: the block was none that comes as raw JSON.
  string_view type() const { return type_.text(); }
  // Why a tool failed, in the API's words: "max_uses_exceeded", ... Empty: it did not, or an MCP tool has no word for it.
  string_view error_code() const { return error_code_.text(); }
  constexpr bool failed() const { return is_error_ || error_code_.size != 0; }

 private:
  struct Kept {
    char bytes[40] = {};  // "text_editor_code_execution_tool_result" has 38
    std::uint8_t size = 0;

    constexpr string_view text() const { return {bytes, size}; }
    void add(string_view part) {
      for (const char c : part) {
        if (size != sizeof bytes) bytes[size++] = c;
      }
    }
  };

  enum class Member : std::uint8_t { other, type, is_error, error_code };

  // Byte by byte: nothing may be changed in what others read as well.
  void step(char c) {
    Json token = json_.step(c);
    if (token == Json::number) token = json_.step(c);  // told before its byte is taken
    switch (token) {
      case Json::key:
        member_ = Member::other;
        if (json_.depth() == 1 && equal(json_.text(), "type")) member_ = Member::type;
        if (json_.depth() == 1 && equal(json_.text(), "is_error")) member_ = Member::is_error;
        if (json_.depth() == 2 && equal(json_.text(), "error_code")) member_ = Member::error_code;
        break;
      case Json::begin_string:
        if (json_.depth() == (member_ == Member::type ? 1u : member_ == Member::error_code ? 2u : 0u)) json_.deliver();
        break;
      case Json::yes:
        if (member_ == Member::is_error && json_.depth() == 1) is_error_ = true;
        break;
      case Json::text: (member_ == Member::type ? type_ : error_code_).add(json_.text()); break;
      case Json::end_string: member_ = Member::other; break;
      default: break;
    }
  }

  JsonReader json_;
  Member member_ = Member::other;
  bool ended_ = false;
  bool is_error_ = false;
  std::uint16_t index_ = 0xFFFF;
  Kept type_;
  Kept error_code_;
};
#else
template <class... Nothing>
class BasicServiceBlock {
  static_assert(detail::off<Nothing...>, "PICOCLAUDE_ENABLE_SERVER_TOOLS is 0: set it to 1 to use ServiceBlock");
};
using ServiceBlock = BasicServiceBlock<>;
#endif
PICOCLAUDE_END
