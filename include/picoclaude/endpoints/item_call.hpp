// Calls that answer with one item, and lists of items: the same for models, batches and files.
#pragma once
#include "page.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// The path, the members and the id of a T. Its own header specialises it.
template <class T>
struct Resource;

// What a call does to the item with this id.
enum class Verb : std::uint8_t { get, cancel, remove };

constexpr string_view method(Verb verb) {
  return verb == Verb::get ? "GET " : verb == Verb::cancel ? "POST " : "DELETE ";
}

}  // namespace detail

// The id of what was deleted.
struct Deleted {
  SmallText<95> id;
};

namespace detail {

template <>
struct Resource<Deleted> {
  static constexpr Members members{[](string_view word) PICOCLAUDE_NONBLOCKING -> std::uint8_t {
                                     return equal(word, "id") ? 1 : 0;
                                   },
      [](void* into, MemberReader& at, Json token) PICOCLAUDE_NONBLOCKING {
        if (at.level() == 1 && at.name() == 1 && token == Json::begin_string) at.keep(static_cast<Deleted*>(into)->id);
      }};
};

}  // namespace detail

// A call that is answered with one item.
template <class T>
class OneItem : public ResourceCall {
 public:
  T item;  // valid once the call has succeeded

 protected:
  using ResourceCall::ResourceCall;

  void start_item() { item = {}; }
  static void begin_item(void* subject, EventReader&, std::uint32_t) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<OneItem>(subject);
    call.start_item();  // of an answer that broke off nothing is left
    call.reader_.begin(0);
  }
  static Event read_item(void* subject, char*& next, char* end, Error& error) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<OneItem>(subject);
    call.reader_.read_all(detail::Resource<T>::members, &call.item, next, end);
    error = call.reader_.error();
    return {};
  }
  static Error end_item(void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<OneItem>(subject);
    const Error error = call.reader_.end();
    return error == Error::none && call.item.id.empty() ? Error::bad_json : error;
  }

  detail::MemberReader reader_;
};

// One item, or what became of it, in `item`.
template <class T, detail::Verb verb, class Answer = T>
class ItemCall : public OneItem<Answer> {
  using Base = OneItem<Answer>;

 public:
  explicit ItemCall(string_view item_id = {}) : Base(endpoint), id(item_id) {}

  string_view id;  // empty, "." and "..": bad_request

 private:
  static Error start(void* subject) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<ItemCall>(subject);
    call.start_item();
    return Base::check_id(call.id);
  }
  static void render_path(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    Base::render_id(window, detail::Resource<T>::path, detail::as<ItemCall>(subject).id,
        verb == detail::Verb::cancel ? "/cancel" : "");
  }

  static constexpr detail::AnswerBody answer{
      false, start, Base::is_safe, Base::begin_item, Base::read_item, Base::end_item, nullptr, nullptr};
  static constexpr detail::Endpoint endpoint{detail::method(verb), render_path, Base::render_headers,
      verb == detail::Verb::cancel ? Base::render_nothing : nullptr, {}, &answer};
};

// All items, one after the other: with each event `item` the next one stands in `item`. `Filter`: which ones.
template <class T, class Filter>
class ListCall : public PageCall, public Filter {
 public:
  ListCall() : PageCall(endpoint) {}

  T item;

 private:
  using Kind = detail::Resource<T>;

  static void take(void* into, detail::MemberReader& at, Json token) PICOCLAUDE_NONBLOCKING {
    auto& call = *static_cast<ListCall*>(into);
    if (at.level() == -1) {
      call.take_page(at, token);
    } else if (at.level() > 0) {
      Kind::members.take(&call.item, at, token);
    }
  }
  static constexpr detail::Members members{Kind::members.find, take};

  static Error start(void* subject) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<ListCall>(subject);
    call.start_pages(call.cursor(), Filter::by_token);
    return call.refusal(call.limit != 0);
  }
  static void begin(void* subject, EventReader&, std::uint32_t) PICOCLAUDE_NONBLOCKING {
    detail::as<ListCall>(subject).begin_page();
  }
  static Event read(void* subject, char*& next, char* end, Error& error) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<ListCall>(subject);
    const bool whole = call.reader_.read(members, &call, next, end);
    error = call.reader_.error();
    if (!whole) return {};
    call.take_item(call.item.id);
    return {EventKind::item, 0, {}};
  }
  static Error end(void* subject) PICOCLAUDE_NONBLOCKING { return detail::as<ListCall>(subject).end_page(); }
  static bool resumes(void* subject) PICOCLAUDE_NONBLOCKING { return detail::as<ListCall>(subject).resumes_page(); }
  static std::uint32_t more_ms(void* subject, Error error) PICOCLAUDE_NONBLOCKING {
    return detail::as<ListCall>(subject).next_page_ms(error);
  }
  static void render_path(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<ListCall>(subject);
    window.raw(Kind::list_path);
    call.render_query(window, call.render(window));
  }

  static constexpr detail::AnswerBody answer{false, start, is_safe, begin, read, end, resumes, more_ms};
  static constexpr detail::Endpoint endpoint{"GET ", render_path, render_headers, nullptr, {}, &answer};
};

PICOCLAUDE_END
