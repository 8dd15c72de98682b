// GET /v1/messages/batches/{id}/results: what became of each request, line by line, in no particular order.
//
// A line is never in memory as a whole: the message of a result leaves as the events that a streamed one has, and then
// the event `item` tells that the result is complete. After a cut, the lines that were told are passed over in silence;
// they must be the same ones.
#pragma once
#include "../base/small_text.hpp"
#include "../messages/error_reader.hpp"
#include "../messages/event_reader.hpp"
#include "../wire/json_lines.hpp"
#include "resource.hpp"

PICOCLAUDE_BEGIN

// `other`: one that this library does not know. `unknown`: not told yet.
enum class ResultType : std::uint8_t { unknown, succeeded, errored, canceled, expired, other };

struct BatchResult {
  SmallText<64> custom_id;  // the service tells it first; empty: it comes behind the message
  ResultType type = ResultType::unknown;
  Error error = Error::none;  // when it is errored: why
};

// Events: those of a message, up to its `end` (usage() and stop_reason() of the client are the message's until the next
// one); `error_text`, a fragment of why a request was refused; `item`, the result in `item` is complete. After
// `retrying`, what was told of a result that was not complete is told again.
class BatchResults : public ResourceCall {
 public:
  explicit BatchResults(string_view batch_id = {}) : ResourceCall(endpoint), id(batch_id) {}

  string_view id;
  // Results up to and with this one are passed over: the last one that was complete in an earlier run. When there is none
  // with this custom_id, the call ends with bad_request.
  string_view after_custom_id;
  // A message is told as it came: as `data`, fragments of its JSON.
  bool as_json = false;

  BatchResult item;
  std::uint32_t count = 0;  // results that are complete, with those that were passed over

 private:
  // clang-format off
  enum Word : std::uint8_t {
    unknown, custom_id, result, type, message, error, details, error_code, succeeded, errored, canceled, expired,
  };
  static constexpr char word_list[] =
      "custom_id result type message error details error_code succeeded errored canceled expired";
  // clang-format on
  static constexpr detail::WordTable<word_list> words{};
  static_assert(words.count() == expired, "enum and list differ");

  static constexpr unsigned max_levels = 6;  // error_code stands at depth 5

  // Is the string or object that begins at `depth` the member of that path?
  bool is_at(unsigned depth, Word name) const {
    constexpr Word path[] = {result, error, error, details};
    for (unsigned level = 1; level < depth; ++level) {
      if (names_[level] != path[level - 1]) return false;
    }
    return lines_.depth() == depth && names_[depth] == name;
  }

  Event begin_string() {
    kept_ = routed_ = false;
    if (is_at(1, custom_id)) {
      item.custom_id.clear();
      kept_ = true;
      lines_.deliver();
    } else if (is_at(4, message)) {
      routed_ = true;
      lines_.deliver();
    } else if (is_at(2, type) || is_at(4, type) || is_at(5, error_code)) {
      lines_.collect();
    }
    return {};
  }

  Event take_text() {
    if (kept_) item.custom_id.append(lines_.text());
    return {routed_ && !is_passing() ? EventKind::error_text : EventKind::none, 0, lines_.text()};
  }

  void take_word() {
    if (is_at(2, type)) {
      const std::uint8_t word = words.find(lines_.text());
      item.type = word >= succeeded ? static_cast<ResultType>(word - succeeded + 1) : ResultType::other;
    } else if (is_at(4, type) && item.error == Error::none) {
      item.error = detail::error_of(detail::find_word(lines_.text()));
    } else if (is_at(5, error_code) && detail::is_spend_cap(detail::find_word(lines_.text()))) {
      item.error = Error::spend_limit;
    }
  }

  // The line's value is complete.
  Event end_line(Error& failure) {
    // Without a message of its own, a success would pass the one before off as its own.
    const bool bare = item.type == ResultType::succeeded && !has_message_;
    if (bare || item.custom_id.empty() || item.custom_id.is_cut() || item.type == ResultType::unknown) {
      failure = Error::bad_event;
      return {};
    }
    const bool passing = is_passing();
    ++line_;
    for (const char c : item.custom_id.view()) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 16777619u;
    hash_ = (hash_ ^ '\n') * 16777619u;
    if (line_ > count) {
      count = line_;
      told_hash_ = hash_;
      if (searches_ && equal(item.custom_id, after_custom_id)) searches_ = false;
    } else if (line_ == count && hash_ != told_hash_) {
      failure = Error::bad_event_order;  // other lines than the last time: which of them were told?
    }
    return {passing ? EventKind::none : EventKind::item, 0, {}};
  }

  // Lines that were told before.
  bool is_passing() const { return line_ < count || searches_; }

  // The { of a message was taken. A reader of its own reads the object; for the line it is an empty one.
  Event begin_message(char*& next, char* end, Error& failure) {
    in_message_ = has_message_ = true;
    if (as_json) return pass_on(next - 1, next, end, failure);
    lines_.step('}');
    *reader_ = {};
    reader_->expect_message();
    --next;
    return read_message(next, end, failure);
  }

  Event read_message(char*& next, char* end, Error& failure) {
    bool told = reader_->advance_message(next, end);
    if (!told && reader_->message_read()) {
      in_message_ = false;
      told = reader_->end_message();
    }
    failure = reader_->error();
    return told && !is_passing() ? reader_->event() : Event{};
  }

  // The bytes of the message, up to the end of its object.
  Event pass_on(char* begin, char*& next, char* end, Error& failure) {
    while (next != end && in_message_) {
      const Json token = lines_.step(*next);
      if (token == Json::failed || token == Json::line_end) {
        failure = lines_.error();
        return {};
      }
      ++next;
      in_message_ = lines_.depth() > 2;
    }
    return {is_passing() ? EventKind::none : EventKind::data, 0, {begin, static_cast<std::size_t>(next - begin)}};
  }

  Event take(Json token, char*& next, char* end, Error& failure) {
    const unsigned depth = lines_.depth();
    switch (token) {
      case Json::key:
        if (depth < max_levels) names_[depth] = words.find(lines_.text());
        return {};
      case Json::begin_object:
      case Json::begin_array:
        if (depth == 1) {
          item = {};
          has_message_ = false;
        }
        if (depth == 1 && token == Json::begin_array) failure = Error::bad_json;
        if (depth < max_levels) names_[depth] = unknown;
        // One level up: there it is a member.
        if (depth == 3 && names_[1] == result && names_[2] == message) return begin_message(next, end, failure);
        return {};
      case Json::end_object: return depth == 0 ? end_line(failure) : Event{};
      case Json::begin_string:
        if (depth == 0) failure = Error::bad_json;
        return begin_string();
      case Json::text: return take_text();
      case Json::end_string: take_word(); return {};
      case Json::failed: failure = lines_.error(); return {};
      default:
        if (depth == 0 && token != Json::more) failure = Error::bad_json;
        return {};
    }
  }

  static Error start(void* subject) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<BatchResults>(subject);
    call.count = 0;
    call.told_hash_ = 0;
    call.searches_ = !call.after_custom_id.empty();
    return check_id(call.id);
  }
  static void begin(void* subject, EventReader& messages, std::uint32_t) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<BatchResults>(subject);
    call.reader_ = &messages;
    call.item = {};
    call.lines_ = {};
    call.line_ = 0;
    call.hash_ = 2166136261u;
    call.in_message_ = false;
  }
  static Event read(void* subject, char*& next, char* end, Error& failure) PICOCLAUDE_NONBLOCKING {
    auto& call = detail::as<BatchResults>(subject);
    while (next != end && failure == Error::none) {
      const Event event = !call.in_message_ ? call.take(call.lines_.read(next, end), next, end, failure)
          : call.as_json                    ? call.pass_on(next, next, end, failure)
                                            : call.read_message(next, end, failure);
      if (event) return event;
    }
    return {};
  }
  static Error end(void* subject) PICOCLAUDE_NONBLOCKING {
    const auto& call = detail::as<BatchResults>(subject);
    if (!call.lines_.finished()) return Error::bad_json;
    if (call.line_ < call.count) return Error::bad_event_order;
    return call.searches_ ? Error::bad_request : Error::none;
  }
  static bool resumes(void*) PICOCLAUDE_NONBLOCKING { return true; }
  static void render_path(Window& window, const void* subject) PICOCLAUDE_NONBLOCKING {
    render_id(window, "/v1/messages/batches/", detail::as<BatchResults>(subject).id, "/results");
  }

  static constexpr detail::AnswerBody answer{true, start, is_safe, begin, read, end, resumes, nullptr};
  static constexpr detail::Endpoint endpoint{"GET ", render_path, render_headers, nullptr, {}, &answer};

  std::uint32_t line_ = 0;       // lines of this answer that are complete
  std::uint32_t hash_ = 0;       // of their custom_ids
  std::uint32_t told_hash_ = 0;  // of the first `count` ones
  bool searches_ = false;        // after_custom_id was not seen yet
  bool in_message_ = false;
  bool has_message_ = false;  // the line at work
  bool kept_ = false;         // the string at work is the custom_id
  bool routed_ = false;       // the string at work is the error's message
  std::uint8_t names_[max_levels] = {};
  JsonLinesReader lines_;
  EventReader* reader_ = nullptr;  // the client's own: it lives as long as the call is read
};

PICOCLAUDE_END
