#include <doctest/doctest.h>

#include <cstdint>

#include "picoclaude/io/transport.hpp"

using namespace picoclaude;

TEST_CASE("io: what is told is what was said") {
  CHECK(sizeof(Io) == 4);
  CHECK(Io::ok().kind() == Io::Kind::ok);
  CHECK(Io::wait().kind() == Io::Kind::wait);
  CHECK(Io::closed().kind() == Io::Kind::closed);
  CHECK(Io::wait() == Io::wait());
  CHECK(Io::wait() != Io::closed());
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{16384}, std::size_t{0x7FFFFFFF}}) {
    CHECK(Io::moved(size).kind() == Io::Kind::moved);
    CHECK(Io::moved(size).size() == size);
    CHECK(Io::moved(size).moved_within(size));
    CHECK_FALSE(Io::moved(size).moved_within(size - 1));
  }
}

TEST_CASE("io: an impossible size is within nothing, and is no other answer") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{0x80000000u}, std::size_t{0xFFFFFFFFu}, SIZE_MAX,
           SIZE_MAX - 1, SIZE_MAX - 2, SIZE_MAX / 2 + 2}) {
    CHECK(Io::moved(size).kind() == Io::Kind::moved);
    CHECK_FALSE(Io::moved(size).moved_within(SIZE_MAX));
  }
  for (const Io io : {Io::ok(), Io::wait(), Io::closed(), Io::failed(1), Io::failed(Error::connection_lost, -1)}) {
    CHECK_FALSE(io.moved_within(SIZE_MAX));
    CHECK(io.size() == 0);
  }
}

TEST_CASE("io: a failure keeps its error, and 24 bits of the native code with their sign") {
  for (const Error error : {Error::transport_failed, Error::connection_lost, Error::tls_failed, Error::unknown_error}) {
    for (const std::int32_t native : {0, 1, -1, -2, -3, 104, -0x7F00, 10060, 0x7FFFFF, -0x800000}) {
      const Io io = Io::failed(error, native);
      CHECK(io.kind() == Io::Kind::failed);
      CHECK(io.error() == error);
      CHECK(io.native() == native);
    }
  }
  CHECK(Io::failed(7) == Io::failed(Error::transport_failed, 7));
  CHECK(Io::failed(0x1000005).native() == 5);
}
