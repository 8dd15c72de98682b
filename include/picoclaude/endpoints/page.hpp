// Lists that come in pages (API.md, section 2.1). The cursor is kept in a place of fixed size.
#pragma once
#include "member_reader.hpp"
#include "resource.hpp"

PICOCLAUDE_BEGIN

// A list that comes in pages; its items come one by one, and the next page is asked for by itself.
class PageCall : public ResourceCall {
 public:
  static constexpr std::size_t max_cursor = 255;  // bytes; a longer one ends the list with out_of_room

  std::uint16_t limit = 0;  // items of a page, 1 to 1000; 0: the service's default, 20

 protected:
  using ResourceCall::ResourceCall;

  // The first words of every list.
  enum Word : std::uint8_t { unknown, data, has_more, last_id, next_page };

  void start_pages(string_view cursor, bool by_token) {
    cursor_.assign(cursor);
    by_token_ = by_token;
    sent_ = 0;
  }

  void begin_page() {
    reader_.begin(2);
    next_.clear();
    page_items_ = 0;
    next_by_token_ = has_more_ = false;
  }

  // `first`: nothing of the query was written yet.
  void render_query(Window& window, bool first) const {
    if (limit != 0) {
      window.raw(first ? "?limit=" : "&limit=");
      window.number(limit);
      first = false;
    }
    if (cursor_.empty()) return;
    window.raw(first ? "?" : "&");
    window.raw(by_token_ ? "page=" : "after_id=");
    percent_encoded(window, cursor_);
  }

  // The members around the items.
  void take_page(detail::MemberReader& at, Json token) {
    switch (at.name()) {
      case has_more: has_more_ = token == Json::yes; break;
      case last_id:
        if (token == Json::begin_string && !next_by_token_) at.keep(next_);
        break;
      case next_page:
        if (token == Json::begin_string) {
          next_by_token_ = true;
          at.keep(next_);
        }
        break;
      default: break;
    }
  }

  // An item is complete.
  void take_item(string_view id) {
    if (page_items_ != 0xFFFF) ++page_items_;
    if (!by_token_) cursor_.assign(id);
  }

  Error end_page() {
    const Error error = reader_.end();
    if (error != Error::none || !goes_on()) return error;
    if (next_.is_cut()) return Error::out_of_room;
    // A cursor that leads to itself would lead there for ever.
    const std::uint32_t sent = hash(next_);
    if (sent == sent_) return Error::bad_json;
    sent_ = sent;
    return Error::none;
  }

  // A page by token may be empty, and still others follow.
  bool goes_on() const { return !next_.empty() && (next_by_token_ || (has_more_ && page_items_ != 0)); }

  std::uint32_t next_page_ms(Error error) {
    if (error != Error::none || !goes_on()) return detail::AnswerBody::no_more;
    cursor_ = next_;
    by_token_ = next_by_token_;
    return 0;
  }

  // A page by id that was cut goes on behind the last item that was told.
  bool resumes_page() const { return !by_token_; }
  bool page_is_untold() const { return page_items_ == 0; }

  detail::MemberReader reader_;

 private:
  static std::uint32_t hash(string_view text) {
    std::uint32_t hash = 2166136261u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
  }

  SmallText<max_cursor> cursor_;  // of the page at work
  SmallText<max_cursor> next_;    // of the page behind it
  std::uint32_t sent_ = 0;        // hash of the last cursor
  std::uint16_t page_items_ = 0;
  bool by_token_ = false;
  bool next_by_token_ = false;
  bool has_more_ = false;
};

PICOCLAUDE_END
