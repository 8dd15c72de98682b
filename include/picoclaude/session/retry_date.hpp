// A retry-after that is a date (API.md, section 8.1). The device's own clock is never asked: the date is compared with
// the Date header of the same answer.
#pragma once
#include "../wire/date.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// The part of an answer's head that is about dates; empty when it is off.
template <bool On>
class AnswerDate {
 public:
  // Of the answer; 0: not known.
  std::uint32_t date() const { return date_; }

 protected:
  void take_date(string_view name, string_view value) {
    if (equal(name, "date")) date_ = parse_http_date(value);
    if (equal(name, "retry-after")) retry_at_ = parse_http_date(value);
  }
  std::uint32_t delay_ms() const {
    if (date_ == 0 || retry_at_ <= date_) return 0;
    const std::uint32_t seconds = retry_at_ - date_;
    return (seconds < 0x7FFFFFFF / 1000 ? seconds : 0x7FFFFFFF / 1000) * 1000;
  }

 private:
  std::uint32_t date_ = 0;
  std::uint32_t retry_at_ = 0;
};

template <>
class AnswerDate<false> {
 public:
  static constexpr std::uint32_t date() { return 0; }

 protected:
  static void take_date(string_view, string_view) {}
  static constexpr std::uint32_t delay_ms() { return 0; }
};

}  // namespace detail
PICOCLAUDE_END
