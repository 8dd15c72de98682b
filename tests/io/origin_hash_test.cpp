#include <doctest/doctest.h>

#include <picoclaude.hpp>

using namespace picoclaude;

namespace {

struct Opened : detail::ClientCore {
  using ClientCore::hash;
};

std::uint32_t hash(std::string_view url) { return Opened::hash(parse_base_url(url)); }

}  // namespace

TEST_SUITE_BEGIN("io");

// FNV-1a of the host in lower case, begun with the port and the scheme: the values are another program's.
TEST_CASE("origin: the number that a connection belongs to knows host, port and scheme") {
  CHECK(hash("https://api.anthropic.com") == 0xd7711c93u);
  CHECK(hash("https://API.anthropic.com") == 0xd7711c93u);
  CHECK(hash("http://api.anthropic.com:443") == 0xcb1e1c93u);
  CHECK(hash("http://a") == 0x340ca71cu);
  CHECK(hash("https://a:65535") == 0x9c41d541u);
}

TEST_CASE("origin: 0 is that of no connection, so that a host whose number would be 0 has 1") {
  CHECK(hash("https://iwfy11s:11889") == 1);
  CHECK(hash("https://yxqqadl:38131") == 1);
}

TEST_SUITE_END();
