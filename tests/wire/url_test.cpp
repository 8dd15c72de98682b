#include "picoclaude/wire/url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace picoclaude;

namespace {

// "host port path", with a * for TLS; "refused".
std::string parsed(std::string_view url) {
  const Origin origin = parse_base_url(url);
  if (!origin) return "refused";
  std::string out = origin.tls ? "*" : "";
  out += origin.host;
  return out + " " + std::to_string(origin.port) + " " + std::string(origin.path);
}

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("url: host, port and path of a base URL") {
  CHECK(parsed("https://api.anthropic.com") == "*api.anthropic.com 443 ");
  CHECK(parsed("https://api.anthropic.com/") == "*api.anthropic.com 443 ");
  CHECK(parsed("https://gateway.example:8443/team/one") == "*gateway.example 8443 /team/one");
  CHECK(parsed("https://a/b///") == "*a 443 /b");
  CHECK(parsed("http://127.0.0.1:8080") == "127.0.0.1 8080 ");
  CHECK(parsed("http://h") == "h 80 ");
  CHECK(parsed("https://a:1") == "*a 1 ");
  CHECK(parsed("https://a:65535/x") == "*a 65535 /x");
  CHECK(parsed("https://a:00443") == "*a 443 ");
  CHECK(parsed("https://a_b-c.d") == "*a_b-c.d 443 ");
}

TEST_CASE("url: visible ASCII may stand in a path, up to its last sign") {
  CHECK(parsed("https://a/!$&'()*+,;=:_~") == "*a 443 /!$&'()*+,;=:_~");
}

TEST_CASE("url: what stands behind a host is a colon and its port, or nothing") {
  CHECK(parsed("https://[::1]x8") == "refused");
  CHECK(parsed("https://[::1]]8") == "refused");
  CHECK(parsed("https://a:65537") == "refused");
  CHECK(parsed("https://a:131073") == "refused");
}

TEST_CASE("url: IPv6 addresses stand in brackets") {
  CHECK(parsed("https://[::1]") == "*::1 443 ");
  CHECK(parsed("https://[2001:db8::1]:8443/v") == "*2001:db8::1 8443 /v");
  CHECK(parsed("https://[::1") == "refused");
  CHECK(parsed("https://[]") == "refused");
  CHECK(parsed("https://[::1]x") == "refused");
  CHECK(parsed("https://[::1]:") == "refused");
  CHECK(parsed("https://::1") == "refused");
}

TEST_CASE("url: root and authority are as they are written") {
  CHECK(parse_base_url("https://[2001:db8::1]:8443/v/").root == "https://[2001:db8::1]:8443");
  CHECK(parse_base_url("https://[2001:db8::1]:8443/v/").authority() == "[2001:db8::1]:8443");
  CHECK(parse_base_url("http://A.example").root == "http://A.example");
  CHECK(parse_base_url("http://A.example").authority() == "A.example");
}

TEST_CASE("url: anything else is refused") {
  for (const char* url : {"", "https", "https:", "https:/", "https://", "https:///", "https://:443", "HTTPS://a",
           "ftp://a", "//a", "a", "https//a", "https://a:", "https://a:0", "https://a:65536", "https://a:4294967297",
           "https://a:-1", "https://a: 1", "https://a:1x", "https://a:b", "https://u@a", "https://u:p@a", "https://a?q",
           "https://a/?q", "https://a#f", "https://a/#f", "https://a b", "https://a/b c", "https://a\n",
           "https://a\r\nb", "https://a\\b", "https://a/\\b", "https://a\"", "https://a\x7F", "https://\xC3\xA4"}) {
    CAPTURE(std::string(url));
    CHECK(parsed(url) == "refused");
  }
  CHECK(parsed({"https://a\0b", 11}) == "refused");
}

TEST_CASE("url: a host has at most 253 bytes") {
  CHECK(parsed("https://" + std::string(253, 'a')) == "*" + std::string(253, 'a') + " 443 ");
  CHECK(parsed("https://" + std::string(254, 'a')) == "refused");
}

TEST_CASE("url: loopback is 127.0.0.1, ::1 and localhost, and nothing that looks like them") {
  for (const char* url : {"http://127.0.0.1", "http://[::1]:1", "http://localhost/x"})
    CHECK(is_loopback(parse_base_url(url).host));
  for (const char* url : {"http://127.0.0.1.example.com", "http://localhost.example.com", "http://127.0.0.2",
           "http://[::2]", "http://xlocalhost"}) {
    CHECK(parse_base_url(url));
    CHECK_FALSE(is_loopback(parse_base_url(url).host));
  }
}

TEST_SUITE_END();
