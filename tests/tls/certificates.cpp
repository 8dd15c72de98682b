// Which certificates are taken, and with which error the others are refused, before the first application byte.
#include "../support/tls_client.hpp"

using namespace test;

namespace {

const char* const host = "api.example.test";

Certificate usual() { return certificate_for({dns(host)}); }

Identity with(void (*change)(Certificate&)) {
  Certificate what = usual();
  change(what);
  return issue(what, &root());
}

// An authority below `issuer`.
Identity authority(const Identity& issuer, const char* subject, int path_length = -1) {
  Certificate what;
  what.subject = subject;
  what.ca = true;
  what.path_length = path_length;
  return issue(what, &issuer);
}

}  // namespace

TEST_CASE("tls: a certificate for the host is taken") {
  accept(issue(usual(), &root()), host);
  accept(issue(usual(), &root()), "API.Example.TEST");
  accept(issue(certificate_for({dns("other.test"), dns(host)}), &root()), host);
}

TEST_CASE("tls: an intermediate authority that is sent along is followed, a missing one is not") {
  const Identity middle = authority(root(), "CN=middle");
  Identity leaf = issue(usual(), &middle);
  REQUIRE(leaf.chain.size() == 2);
  accept(leaf, host);
  leaf.chain.resize(1);
  refuse(leaf, host, Error::tls_unknown_ca);
}

TEST_CASE("tls: a certificate for another name is tls_wrong_host") {
  for (const char* name : {"other.example.test", "example.test", "xapi.example.test", "api.example.test.evil.test",
           "api.example.tes", "api.example.test.", ""}) {
    CAPTURE(name);
    refuse(issue(certificate_for({dns(name)}), &root()), host, Error::tls_wrong_host);
  }
}

TEST_CASE("tls: a certificate without names is tls_wrong_host, whatever its subject says") {
  Certificate what;
  refuse(issue(what, &root()), host, Error::tls_wrong_host);
  what.subject = "CN=api.example.test";
  refuse(issue(what, &root()), host, Error::tls_wrong_host);
  what.names = {dns("other.test")};
  refuse(issue(what, &root()), host, Error::tls_wrong_host);
}

TEST_CASE("tls: a NUL in a name does not end it") {
  const std::string evil("api.example.test\0.evil.test", 27);
  refuse(issue(certificate_for({dns(evil)}), &root()), host, Error::tls_wrong_host);
}

TEST_CASE("tls: a wildcard stands for exactly one label, the first") {
  accept(issue(certificate_for({dns("*.example.test")}), &root()), host);
  for (const char* name : {"*", "*.test", "*.*.test", "a*.example.test", "*i.example.test", "api.*.test",
           "*.api.example.test", "*api.example.test", "*."}) {
    CAPTURE(name);
    refuse(issue(certificate_for({dns(name)}), &root()), host, Error::tls_wrong_host);
  }
  refuse(issue(certificate_for({dns("*.example.test")}), &root()), "example.test", Error::tls_wrong_host);
  refuse(issue(certificate_for({dns("*.example.test")}), &root()), "a.b.example.test", Error::tls_wrong_host);
}

TEST_CASE("tls: a numeric host is compared with the addresses in the certificate, and with nothing else") {
  accept(issue(certificate_for({ip(ip_127_0_0_1)}), &root()), "127.0.0.1");
  accept(issue(certificate_for({dns("x.test"), ip(std::string("\x0A\0\0\1", 4)), ip(ip_127_0_0_1)}), &root()),
      "127.0.0.1");
  const std::vector<std::vector<std::string>> wrong = {
      {ip(std::string("\x7F\0\0\2", 4))},
      {dns("127.0.0.1")},
      {dns("*.0.0.1")},
      {ip(std::string("\x7F\0\0", 3))},
      {ip(std::string("\x7F\0\0\1\xFF\xFF\xFF\xFF", 8))},
      {ip(std::string("\0\0\0\0\0\0\0\0\0\0\xFF\xFF\x7F\0\0\1", 16))},
      {der(0x86, ip_127_0_0_1)},
      {der(0x82, ip_127_0_0_1)},
  };
  for (const auto& names : wrong) {
    CAPTURE(names[0].size());
    const Identity good = issue(usual(), &root());
    ServerSettings settings;
    settings.shown = issue(certificate_for(names), &root(), good.key).chain[0];
    TlsServer server(good, TlsServer::greet, settings);
    TestClient client;
    const Io io = client.refused("127.0.0.1", server.port());
    // Some of these entries are not even well formed: such a certificate may be refused as a whole.
    CHECK((io.error() == Error::tls_wrong_host || io.error() == Error::tls_refused));
  }
  Certificate by_subject;
  by_subject.subject = "CN=127.0.0.1";
  refuse(issue(by_subject, &root()), "127.0.0.1", Error::tls_wrong_host);
}

TEST_CASE("tls: an address in the certificate names no host") {
  refuse(issue(certificate_for({ip(ip_127_0_0_1)}), &root()), host, Error::tls_wrong_host);
}

TEST_CASE("tls: the server is asked for by its name, but never by its address") {
  TlsServer server(issue(certificate_for({dns(host), ip(ip_127_0_0_1)}), &root()));
  TestClient client;
  client.accepted(host, server.port());
  CHECK(server.asked_name() == host);
  client.accepted("127.0.0.1", server.port());
  CHECK(server.asked_name() == "");
}

TEST_CASE("tls: an empty or endless host is refused before anything is connected") {
  TlsServer server(issue(usual(), &root()));
  TestClient client;
  CHECK(client.refused("", server.port()).error() == Error::bad_base_url);
  CHECK(client.refused(nullptr, server.port()).error() == Error::bad_base_url);
  CHECK(client.refused(std::string(256, 'a').c_str(), server.port()).error() == Error::bad_base_url);
  CHECK(server.connections() == 0);
}

TEST_CASE("tls: dates are told apart") {
  const auto expired = [](Certificate& what) {
    what.to = "20260601000000";
  };
  const auto future = [](Certificate& what) {
    what.from = "20270601000000";
  };
  refuse(with(expired), host, Error::tls_expired);
  refuse(with(future), host, Error::tls_not_yet_valid);

  Certificate old_root = root_certificate();
  old_root.to = "20260601000000";
  const Identity expired_root = issue(old_root, nullptr);
  TlsServer server(issue(usual(), &expired_root));
  TestClient client(expired_root.pem());
  CHECK(client.refused(host, server.port()).error() == Error::tls_expired);
}

TEST_CASE("tls: a clock that was never set is told apart from a bad certificate, without connecting") {
  TlsServer server(issue(usual(), &root()));
  TestClient client;
  for (const std::int64_t now : {std::int64_t{0}, std::int64_t{31536000}, std::int64_t{1767225599}}) {
    const Clock clock(now);
    CHECK(client.refused(host, server.port()).error() == Error::tls_clock_not_set);
  }
  CHECK(server.connections() == 0);
  {
    const Clock clock(2208988800);  // 2040
    CHECK(client.refused(host, server.port()).error() == Error::tls_expired);
  }
  {
    const Clock clock(1767225600);  // the floor itself, and the first second of the certificate
    client.accepted(host, server.port());
  }
}

TEST_CASE("tls: who signed it decides") {
  refuse(issue(usual(), nullptr), host, Error::tls_unknown_ca);  // itself

  Certificate other = root_certificate();
  other.subject = "CN=other root";
  const Identity stranger = issue(other, nullptr);
  refuse(issue(usual(), &stranger), host, Error::tls_unknown_ca);

  const Identity namesake = issue(root_certificate(), nullptr);  // our root's name, another key
  refuse(issue(usual(), &namesake), host, Error::tls_unknown_ca);

  const Identity neighbour = issue(usual(), &root());  // a good certificate, but no authority
  refuse(issue(usual(), &neighbour), host, Error::tls_unknown_ca);

  const Identity short_arm = authority(root(), "CN=path length 0", 0);  // may sign servers, no further authority
  accept(issue(usual(), &short_arm), host);
  const Identity too_far = authority(short_arm, "CN=one too far");
  refuse(issue(usual(), &too_far), host, Error::tls_unknown_ca);
}

TEST_CASE("tls: of several faults the missing trust is told first, then the wrong host") {
  Certificate what = certificate_for({dns("other.test")});
  what.to = "20260601000000";
  refuse(issue(what, nullptr), host, Error::tls_unknown_ca);
  refuse(issue(what, &root()), host, Error::tls_wrong_host);
}

TEST_CASE("tls: a certificate for another purpose is tls_refused") {
  const auto client_only = [](Certificate& what) {
    what.extended_key_usage = MBEDTLS_OID_CLIENT_AUTH;
  };
  const auto server_too = [](Certificate& what) {
    what.extended_key_usage = MBEDTLS_OID_SERVER_AUTH;
  };
  const auto signs_certificates = [](Certificate& what) {
    what.key_usage = MBEDTLS_X509_KU_KEY_CERT_SIGN;
  };
  const struct {
    void (*change)(Certificate&);
    std::int32_t flags;
  } faults[] = {
      {client_only, MBEDTLS_X509_BADCERT_EXT_KEY_USAGE},
      {signs_certificates, MBEDTLS_X509_BADCERT_KEY_USAGE},
  };
  for (const auto& fault : faults) {
    const Identity good = issue(usual(), &root());
    Certificate what = usual();
    fault.change(what);
    ServerSettings settings;
    settings.shown = issue(what, &root(), good.key).chain[0];
    refuse(good, host, Error::tls_refused, settings, fault.flags);
  }
  accept(with(server_too), host);
}

TEST_CASE("tls: weak signatures and keys are tls_refused") {
  const auto sha1 = [](Certificate& what) {
    what.hash = MBEDTLS_MD_SHA1;
  };
  refuse(with(sha1), host, Error::tls_refused, {}, MBEDTLS_X509_BADCERT_BAD_MD);
  refuse(issue(usual(), &root(), rsa_key(1024)), host, Error::tls_refused, {}, MBEDTLS_X509_BADCERT_BAD_KEY);
  accept(issue(usual(), &root(), rsa_key(2048)), host);
}

TEST_CASE("tls: a chain that is too long is tls_refused") {
  Identity last = root();
  for (int i = 0; i < 8; ++i) last = authority(last, ("CN=link " + std::to_string(i)).c_str());
  accept(issue(usual(), &last), host);
  last = authority(last, "CN=one too many");
  refuse(issue(usual(), &last), host, Error::tls_refused);
}

TEST_CASE("tls: a certificate without its key is tls_failed") {
  ServerSettings settings;
  settings.other_key = ec_key();
  refuse(issue(usual(), &root()), host, Error::tls_failed, settings);
}

TEST_CASE("tls: a certificate that is not one is refused") {
  Identity broken = issue(usual(), &root());
  broken.chain[0][broken.chain[0].size() - 5] ^= 1;  // the signature
  refuse(broken, host, Error::tls_unknown_ca);
}
