// What mbedTLS refuses, and what its codes are told as.
#include <cerrno>

#include "../support/tls_client.hpp"

using namespace test;
using namespace picoclaude;

namespace {

const char* const host = "api.example.test";

const Identity& good() {
  static const Identity one = issue(certificate_for({dns(host)}), &root());
  return one;
}

// The connection is never made.
struct Closed {
  static constexpr bool tells_end = false;

  Io open(const char*, std::uint16_t) { return Io::closed(); }
  Io send(const char*, std::size_t) { return Io::closed(); }
  Io recv(char*, std::size_t) { return Io::closed(); }
  void close() {}
  std::uint32_t now_ms() { return 0; }
};

}  // namespace

TEST_CASE("tls: codes that tell of missing randomness, of certificates and of anything else") {
  for (const int code : {-0x0034, -0x003C, -0x003D, -0x0040, -148})
    CHECK(detail::tls_error(code) == Error::tls_no_entropy);
  for (const int code : {-0x2080, -0x2700, -0x2762, -0x2900, -0x3000})
    CHECK(detail::tls_error(code) == Error::tls_refused);
  for (const int code : {-0x0033, -0x0035, -0x2000, -0x207F, -0x3080, -0x7200, -0x7F00, -149})
    CHECK(detail::tls_error(code) == Error::tls_failed);
}

TEST_CASE("tls: the size of a DER element is told when all of it is there, with up to three bytes of length") {
  const auto size = [](std::string_view bytes) {
    return detail::der_size(bytes);
  };
  CHECK(size({"\x30\x00", 2}) == 2);
  CHECK(size("\x30\x01x") == 3);
  CHECK(size("\x30\x01xyz") == 3);
  CHECK(size("\x30\x81\x02xy") == 5);
  CHECK(size({"\x30\x82\x00\x02xy", 6}) == 6);
  CHECK(size({"\x30\x83\x00\x00\x02xy", 7}) == 7);
  for (const std::string_view cut : {std::string_view(""), std::string_view("\x30"), std::string_view("\x30\x01"),
           std::string_view("\x30\x80xy"), std::string_view("\x30\x81"), std::string_view("\x30\x82\x01"),
           std::string_view("\x30\x81\x03xy"), std::string_view("\x30\x84\x00\x00\x00\x01x", 7)}) {
    CHECK(size(cut) == 0);
  }
}

TEST_CASE("tls: a transport below that is closed before it was open is connect_failed") {
  const std::string roots = root().pem();
  MbedtlsTransport tls{pem_roots(roots), Closed{}};
  CHECK(tls.open(host, 443).error() == Error::connect_failed);
}

TEST_CASE("tls: without a name an open connection is closed, and none is made") {
  TlsServer server(good());
  TestClient client;
  REQUIRE(test::open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  CHECK(client.tls.open(nullptr, server.port()).error() == Error::bad_base_url);
  CHECK(client.tls.send("secret", 6).error() == Error::connection_lost);
  CHECK(client.tls.open(nullptr, server.port()).error() == Error::bad_base_url);
}

#if defined(PICOCLAUDE_TEST_WRAP)
TEST_CASE("tls: settings that mbedTLS refuses are bad_setup, without connecting, and are tried again") {
  TlsServer server(good());
  TestClient client;
  for (int Failures::*const member : {&Failures::config_defaults, &Failures::alpn_protocols}) {
    failures.*member = -0x7F00;
    const Io refused = client.refused(host, server.port());
    failures = {};
    CHECK(refused.error() == Error::bad_setup);
    CHECK(refused.native() == -0x7F00);
  }
  CHECK(server.connections() == 0);
  client.accepted(host, server.port());
}

TEST_CASE("tls: a connection that mbedTLS has no memory for is tls_failed, the next one goes on") {
  TlsServer server(good());
  TestClient client;
  failures.setup = -0x7F00;
  const Io refused = client.refused(host, server.port());
  failures = {};
  CHECK(refused.error() == Error::tls_failed);
  CHECK(refused.native() == -0x7F00);
  client.accepted(host, server.port());
}

TEST_CASE("tls: a write that mbedTLS refuses ends the connection as tls_failed") {
  TlsServer server(good());
  TestClient client;
  REQUIRE(test::open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  failures.write = -0x6C00;
  const Io refused = client.tls.send("secret", 6);
  failures = {};
  CHECK(refused.error() == Error::tls_failed);
  CHECK(refused.native() == -0x6C00);
  CHECK(client.tls.send("secret", 6).native() == -0x6C00);
  char byte;
  CHECK(client.tls.recv(&byte, 1).native() == -0x6C00);
  client.tls.close();
  client.accepted(host, server.port());
}

TEST_CASE("tls: a write goes on where mbedTLS does not know its largest record") {
  TlsServer server(good());
  TestClient client;
  failures.max_payload = -0x7080;
  client.accepted(host, server.port());
  failures = {};
}

TEST_CASE("roots: PEM that cannot be copied is bad_roots, without connecting") {
  TlsServer server(good());
  TestClient client;
  failures.calloc = true;
  const Io refused = client.refused(host, server.port());
  failures = {};
  CHECK(refused.error() == Error::bad_roots);
  CHECK(refused.native() == MBEDTLS_ERR_X509_ALLOC_FAILED);
  CHECK(server.connections() == 0);
  client.accepted(host, server.port());
}

TEST_CASE("tls: a session that cannot be kept or taken up only costs the shorter handshake") {
  TlsServer server(good());
  TestClient client;
  failures.get_session = -0x7F00;
  client.accepted(host, server.port());
  failures = {};
  client.accepted(host, server.port());  // there was nothing to take up
  CHECK(server.resumptions() == 0);
  failures.set_session = -0x7F00;
  client.accepted(host, server.port());
  failures = {};
  CHECK(server.resumptions() == 0);
  client.accepted(host, server.port());
  CHECK(server.resumptions() == 1);
}

TEST_CASE("roots: no bundle anywhere is no_roots, the first one that cannot be read is bad_roots") {
  TlsServer server(good());
  MbedtlsTransport tls{system_roots()};
  tls.below().resolve_with(at_loopback);
  failures.parse_file = -0x3E00;
  for (const int reason : {ENOENT, ENOTDIR}) {
    failures.parse_file_errno = reason;
    const Io refused = tls.open(host, server.port());
    CHECK(refused.error() == Error::no_roots);
    CHECK(refused.native() == 0);
  }
  failures.parse_file_errno = EACCES;
  const Io refused = tls.open(host, server.port());
  failures = {};
  CHECK(refused.error() == Error::bad_roots);
  CHECK(refused.native() == -0x3E00);
  CHECK(server.connections() == 0);
}
#endif
