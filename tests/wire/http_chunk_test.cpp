#include "picoclaude/wire/http_chunk.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

using namespace picoclaude;

namespace {

// Around `data`; what lies behind the bytes to send is seen to be untouched.
std::string chunk(const std::string& data, bool last) {
  std::string room(data.size() + detail::chunk_before + detail::chunk_behind + 1, '?');
  std::memcpy(&room[detail::chunk_before], data.data(), data.size());
  const std::size_t size = detail::write_chunk(room.data(), data.size(), last);
  CHECK(room.back() == '?');
  return room.substr(0, size);
}

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("http chunk: four digits before the data, and a line end behind it") {
  CHECK(chunk("a", false) == "0001\r\na\r\n");
  CHECK(chunk("0123456789abcde", false) == "000f\r\n0123456789abcde\r\n");
  const std::string some(0x1234, 'x');
  CHECK(chunk(some, false) == "1234\r\n" + some + "\r\n");
  const std::string most(detail::max_chunk, 'x');
  CHECK(chunk(most, false) == "ffff\r\n" + most + "\r\n");
}

TEST_CASE("http chunk: behind the last data stands the end, and without data it stands alone") {
  CHECK(chunk("abc", true) == "0003\r\nabc\r\n0\r\n\r\n");
  CHECK(chunk("", true) == "0\r\n\r\n");
  CHECK(chunk("", false) == "");  // a chunk of no data would be the end
}

TEST_SUITE_END();
