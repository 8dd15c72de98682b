// Dates, against numbers that `date -u -d ... +%s` gave.
#include <picoclaude/wire/date.hpp>

#include <doctest/doctest.h>

using namespace picoclaude;

TEST_CASE("date: the three forms of HTTP name the same second") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777u);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == 784111777u);
  CHECK(parse_http_date("Saturday, 21-Nov-26 12:00:00 GMT") == 1795262400u);
  CHECK(parse_http_date("Sat, 21 Nov 2026 12:00:00 GMT") == 1795262400u);
}

TEST_CASE("date: leap days, century years and the ends of months") {
  CHECK(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT") == 1709164800u);
  CHECK(parse_http_date("Tue, 29 Feb 2000 23:59:59 GMT") == 951868799u);
  CHECK(parse_http_date("Sat, 28 Feb 2026 23:59:59 GMT") == 1772323199u);
  CHECK(parse_http_date("Sun, 01 Mar 2026 00:00:00 GMT") == 1772323200u);
  CHECK(parse_http_date("Mon, 31 Aug 2026 00:00:00 GMT") == 1788134400u);
  CHECK(parse_http_date("Sun, 28 Feb 2100 23:59:59 GMT") == 4107542399u);
  CHECK(parse_http_date("Mon, 01 Mar 2100 00:00:00 GMT") == 4107542400u);
  CHECK(parse_http_date("Mon, 29 Feb 2100 00:00:00 GMT") == 0);  // no leap year
  CHECK(parse_http_date("Thu, 31 Dec 2105 23:59:59 GMT") == 4291747199u);
  CHECK(parse_http_date("Fri, 02 Jan 1970 00:00:00 GMT") == 86400u);
  CHECK(parse_http_date("Thu, 31 Dec 2026 23:59:60 GMT") == 1798761600u);  // a leap second
}

TEST_CASE("date: what stands between the words of a date of HTTP does not matter") {
  CHECK(parse_http_date("Sun{06}Nov`1994@08[49/37:GMT") == 784111777u);
}

TEST_CASE("date: what is no date of HTTP is none") {
  for (const char* text :
      {"", "GMT", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 GMT 1",
          "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 29 Feb 2026 00:00:00 GMT", "Sun, 31 Apr 2026 00:00:00 GMT",
          "Sun, 00 Nov 2026 00:00:00 GMT", "Sun, 06 Nov 1969 08:49:37 GMT", "06 1994", "Sun, 06 Nov 1994",
          "Sun, 06 Nov 2106 08:49:37 GMT", "Sun, 06 Nov 99999 08:49:37 GMT", "Sun, 06 Nov 2026 24:00:00 GMT",
          "Sun, 06 Nov 2026 23:60:00 GMT", "Sun, 06 Nov 2026 23:00:61 GMT", "Sun Nov  6 08:49:37 2026 GMT", "120"}) {
    CAPTURE(text);
    CHECK(parse_http_date(text) == 0);
  }
}

TEST_CASE("date: RFC 3339 with fractions and offsets") {
  CHECK(parse_rfc3339("2026-11-21T12:00:00Z") == 1795262400u);
  CHECK(parse_rfc3339("2026-11-21t12:00:00z") == 1795262400u);
  CHECK(parse_rfc3339("2026-11-21T12:00:00.999999Z") == 1795262400u);
  CHECK(parse_rfc3339("2026-11-21T14:30:00+02:30") == 1795262400u);
  CHECK(parse_rfc3339("2026-11-21T04:00:00-08:00") == 1795262400u);
}

TEST_CASE("date: what is not RFC 3339 is no date") {
  for (const char* text : {"", "2026-11-21", "2026-11-21T12:00:00", "2026-11-21 12:00:00Z", "2026-11-21T12:00:00.",
           "2026-11-21T12:00:00+0230", "2026-11-21T12:00:00+24:00", "2026-11-21T12:00:00+02:60", "2026-13-21T12:00:00Z",
           "2026-11-31T12:00:00Z", "2O26-11-21T12:00:00Z", "2026-11-21T12:00:00Zx", "2026-11-21T12:00:00+0a:00",
           "2026-11-21T12:00:00+02:3a", "2026-11-21T12:00:00+02-30", "2026-11-21T12:00:00 02:30"}) {
    CAPTURE(text);
    CHECK(parse_rfc3339(text) == 0);
  }
}

static_assert(parse_rfc3339("2026-11-21T12:00:00Z") == parse_http_date("Sat, 21 Nov 2026 12:00:00 GMT"));
