// Dates as seconds since 1970-01-01: those of HTTP headers (RFC 9110, section 5.6.7) and of the API (RFC 3339).
//
//   Sun, 06 Nov 1994 08:49:37 GMT      Sunday, 06-Nov-94 08:49:37 GMT      Sun Nov  6 08:49:37 1994
//   1994-11-06T08:49:37Z               1994-11-06T10:49:37.25+02:00
//
// 0: not a date, or not one of the years 1970 to 2105.
#pragma once
#include "../base/text.hpp"

PICOCLAUDE_BEGIN
namespace detail {

struct Moment {
  std::uint32_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

// A leap second is taken for the second behind it.
constexpr std::uint32_t seconds_of(const Moment& at) {
  const bool leap = at.year % 4 == 0 && (at.year % 100 != 0 || at.year % 400 == 0);
  const std::uint32_t days_in_month = at.month == 2 ? (leap ? 29 : 28) : 30 + (at.month + at.month / 8) % 2;
  if (at.year < 1970 || at.year > 2105 || at.month < 1 || at.month > 12 || at.day < 1 || at.day > days_in_month)
    return 0;
  if (at.hour > 23 || at.minute > 59 || at.second > 60) return 0;
  // The year begins in March here, so that its leap day is its last.
  const std::uint32_t year = at.month < 3 ? at.year - 1 : at.year;
  const std::uint32_t month = at.month < 3 ? at.month + 9 : at.month - 3;
  const std::uint32_t days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + at.day - 719469;
  return ((days * 24 + at.hour) * 60 + at.minute) * 60 + at.second;
}

// 1 to 12, or 0.
constexpr std::uint32_t month_of(string_view name) {
  constexpr Literal names = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (std::uint32_t month = 0; month < 12; ++month) {
    if (equal(name, {names.data() + month * 3, 3})) return month + 1;
  }
  return 0;
}

// How many bytes at the start of `text` are digits; or letters, when it does not start with a digit.
constexpr std::size_t word_size(string_view text) {
  std::size_t size = 0;
  const bool digits = !text.empty() && is_digit(text[0]);
  while (size < text.size()) {
    const char low = to_lower(text[size]);
    if (digits ? !is_digit(low) : static_cast<unsigned char>(low - 'a') > 25) break;
    ++size;
  }
  return size;
}

}  // namespace detail

// In the order of the three forms, the numbers are: day year hour minute second, twice, and day hour minute second year.
constexpr std::uint32_t parse_http_date(string_view text) {
  std::uint32_t number[5] = {};
  unsigned count = 0;
  bool year_last = false;
  bool ends_in_gmt = false;
  detail::Moment at;
  while (!text.empty()) {
    const string_view word = slice(text, 0, detail::word_size(text));
    text = slice(text, word.empty() ? 1 : word.size());
    if (word.empty()) continue;
    ends_in_gmt = equal(word, "GMT");
    const std::uint32_t month = detail::month_of(word);
    if (month != 0) at.month = month;
    if (!is_digit(word[0])) continue;
    if (count == 5 || word.size() > 4) return 0;
    parse_decimal(word, number[count]);  // digits only
    if (++count == 2) year_last = !text.empty() && text[0] == ':';
  }
  if (count != 5 || ends_in_gmt == year_last) return 0;
  const unsigned time = year_last ? 1 : 2;
  at.day = number[0];
  at.year = number[year_last ? 4 : 1];
  // Two digits are a year of this century: the library looks at answers that came now.
  if (at.year < 100) at.year += 2000;
  at.hour = number[time];
  at.minute = number[time + 1];
  at.second = number[time + 2];
  return detail::seconds_of(at);
}

constexpr std::uint32_t parse_rfc3339(string_view text) {
  constexpr Literal form = "0000-00-00T00:00:00";
  std::uint32_t number[6] = {};
  unsigned count = 0;
  if (text.size() <= form.size()) return 0;
  for (std::size_t at = 0; at < form.size(); ++at) {
    if (form.data()[at] == '0') {
      if (!is_digit(text[at])) return 0;
      number[count] = number[count] * 10 + static_cast<std::uint32_t>(text[at] - '0');
    } else if (to_lower(text[at]) == to_lower(form.data()[at])) {
      ++count;
    } else {
      return 0;
    }
  }
  text = slice(text, form.size());
  if (text[0] == '.') text = slice(text, 1 + detail::word_size(slice(text, 1)));
  const std::uint32_t seconds = detail::seconds_of({number[0], number[1], number[2], number[3], number[4], number[5]});
  if (seconds == 0 || equal(text, "Z") || equal(text, "z")) return seconds;
  // The offset of a local time: +hh:mm or -hh:mm.
  std::uint32_t hours = 0;
  std::uint32_t minutes = 0;
  const bool ahead = !text.empty() && text[0] == '+';
  if (text.size() != 6 || (!ahead && text[0] != '-') || text[3] != ':') return 0;
  if (!parse_decimal(slice(text, 1, 2), hours) || !parse_decimal(slice(text, 4, 2), minutes)) return 0;
  if (hours > 23 || minutes > 59) return 0;
  const std::uint32_t offset = hours * 3600 + minutes * 60;
  return ahead ? seconds - offset : seconds + offset;
}

PICOCLAUDE_END
