// TLS sessions are resumed on the way back to the same server, and nowhere else.
#include "../support/tls_client.hpp"

using namespace test;

namespace {

const char* const host = "api.example.test";

const Identity& good() {
  static const Identity one = issue(certificate_for({dns(host), dns("other.test"), ip(ip_127_0_0_1)}), &root());
  return one;
}

}  // namespace

TEST_CASE("tls: a second connection to the same server resumes the session") {
  for (const int max_minor : {3, 4}) {
    ServerSettings settings;
    settings.max_minor = max_minor;
    TlsServer server(good(), TlsServer::greet, settings);
    TestClient client;
    client.accepted(host, server.port());
    CHECK(server.resumptions() == 0);
    client.accepted(host, server.port());
    CHECK(server.resumptions() == 1);
    client.accepted(host, server.port());
    CHECK(server.resumptions() == 2);
  }
}

TEST_CASE("tls: a numeric host resumes too") {
  TlsServer server(good());
  TestClient client;
  client.accepted("127.0.0.1", server.port());
  client.accepted("127.0.0.1", server.port());
  CHECK(server.resumptions() == 1);
}

TEST_CASE("tls: another host never resumes a session, even at the same server") {
  TlsServer server(good());
  TestClient client;
  client.accepted(host, server.port());
  client.accepted("other.test", server.port());
  client.accepted("127.0.0.1", server.port());
  client.accepted(host, server.port());
  CHECK(server.resumptions() == 0);
  CHECK(client.refused("third.test", server.port()).error() == Error::tls_wrong_host);
  client.accepted(host, server.port());
  CHECK(server.resumptions() == 0);
}

TEST_CASE("tls: a host that the certificate does not name is not let in by a resumed session") {
  TlsServer server(issue(certificate_for({dns(host)}), &root()));
  TestClient client;
  client.accepted(host, server.port());
  CHECK(client.refused("evil.test", server.port()).error() == Error::tls_wrong_host);
  CHECK(client.refused("127.0.0.1", server.port()).error() == Error::tls_wrong_host);
  CHECK(server.resumptions() == 0);
}

TEST_CASE("tls: another port is another server") {
  TlsServer one(good()), two(good());
  TestClient client;
  client.accepted(host, one.port());
  client.accepted(host, two.port());
  client.accepted(host, one.port());
  CHECK(one.resumptions() + two.resumptions() == 0);
}

TEST_CASE("tls: a server that forgot the session, and one with a worse certificate, start anew") {
  TestClient client;
  std::uint16_t port = 0;
  {
    TlsServer server(good());
    port = server.port();
    client.accepted(host, port);
  }
  {
    TlsServer server(good(), TlsServer::greet, {}, port);
    client.accepted(host, port);
    CHECK(server.resumptions() == 0);
  }
  {
    TlsServer server(issue(certificate_for({dns("evil.test")}), &root()), TlsServer::greet, {}, port);
    CHECK(client.refused(host, port).error() == Error::tls_wrong_host);
  }
}

TEST_CASE("tls: opening for another host in the middle of it closes first") {
  TlsServer server(good());
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  CHECK(client.tls.open(host, server.port()).kind() == Io::Kind::ok);  // it is this one already
  CHECK(open(client.tls, "third.test", server.port()).error() == Error::tls_wrong_host);
  REQUIRE(client.tls.open(host, server.port()).kind() == Io::Kind::wait);
  CHECK(open(client.tls, "third.test", server.port()).error() == Error::tls_wrong_host);
  client.accepted(host, server.port());
}

TEST_CASE("tls: a transport that is destroyed at any moment leaves nothing behind") {
  TlsServer server(good());
  for (int steps = 0; steps < 12; ++steps) {
    TestClient client;
    for (int i = 0; i < steps; ++i) {
      client.tls.open(host, server.port());
      client.tls.wait(20);
    }
  }
}
