// The trusted roots in every form, and the ways in which they can be missing or broken.
#include "../support/tls_client.hpp"

#include <sys/stat.h>

#include <cstdio>

using namespace test;
using namespace picoclaude;

namespace {

const char* const host = "api.example.test";

const Identity& good() {
  static const Identity one = issue(certificate_for({dns(host)}), &root());
  return one;
}

Io try_roots(const Roots& roots) {
  TlsServer server(good());
  MbedtlsTransport tls{roots};
  tls.below().resolve_with(at_loopback);
  const Io io = test::open(tls, host, server.port());
  if (io.kind() != Io::Kind::ok) CHECK(server.connections() == (blame(io.error()) == Blame::caller ? 0 : 1));
  return io;
}

// A file that is gone at the end of the test.
struct File {
  std::string path = "roots-XXXXXX";  // in the folder where the test runs

  explicit File(const std::string& bytes) {
    const int handle = mkstemp(path.data());
    must(handle >= 0 && ::write(handle, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    ::close(handle);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::remove(path.c_str()); }
};

const Identity& stranger() {
  static const Identity one = [] {
    Certificate what = root_certificate();
    what.subject = "CN=stranger";
    return issue(what, nullptr);
  }();
  return one;
}

}  // namespace

TEST_CASE("roots: PEM, one or many, with and without a NUL at its end") {
  const std::string one = root().pem(), many = stranger().pem() + "# a remark\n" + one + stranger().pem();
  CHECK(try_roots(pem_roots(one)).kind() == Io::Kind::ok);
  CHECK(try_roots(pem_roots(many)).kind() == Io::Kind::ok);
  CHECK(try_roots(pem_roots({one.c_str(), one.size() + 1})).kind() == Io::Kind::ok);
  CHECK(try_roots(pem_roots(stranger().pem())).error() == Error::tls_unknown_ca);
}

TEST_CASE("roots: DER, one or many") {
  const std::string one = root().chain[0], many = stranger().chain[0] + one;
  CHECK(try_roots(der_roots(one)).kind() == Io::Kind::ok);
  CHECK(try_roots(der_roots(many)).kind() == Io::Kind::ok);
  CHECK(try_roots(der_roots(stranger().chain[0])).error() == Error::tls_unknown_ca);
}

TEST_CASE("roots: a file in PEM or DER") {
  const File pem(stranger().pem() + root().pem()), der(root().chain[0]);
  CHECK(try_roots(file_roots(pem.path.c_str())).kind() == Io::Kind::ok);
  CHECK(try_roots(file_roots(der.path.c_str())).kind() == Io::Kind::ok);
}

TEST_CASE("roots: none is no_roots") {
  CHECK(try_roots(pem_roots("")).error() == Error::no_roots);
  CHECK(try_roots(der_roots("")).error() == Error::no_roots);
  CHECK(try_roots(file_roots("/nowhere/roots.pem")).error() == Error::no_roots);
  CHECK(try_roots(file_roots("/dev/null/roots.pem")).error() == Error::no_roots);
}

TEST_CASE("roots: what cannot be read is bad_roots") {
  const std::string one = root().pem(), bytes = root().chain[0];
  CHECK(try_roots(pem_roots("nonsense")).error() == Error::bad_roots);
  CHECK(try_roots(pem_roots(one.substr(0, one.size() / 2))).error() == Error::bad_roots);
  CHECK(try_roots(pem_roots(one + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")).error() ==
      Error::bad_roots);
  CHECK(try_roots(der_roots("0")).error() == Error::bad_roots);
  CHECK(try_roots(der_roots(bytes.substr(0, bytes.size() - 1))).error() == Error::bad_roots);
  CHECK(try_roots(der_roots(bytes + "x")).error() == Error::bad_roots);
  CHECK(try_roots(der_roots(std::string(40, 'x'))).error() == Error::bad_roots);
  CHECK(try_roots(der_roots("\x30\x84\x01\x01\x01\x01")).error() == Error::bad_roots);
  CHECK(try_roots(der_roots("\x30\x03\x01\x01\x01")).error() == Error::bad_roots);
  const File empty(""), nonsense("nonsense");
  CHECK(try_roots(file_roots(empty.path.c_str())).error() == Error::bad_roots);
  CHECK(try_roots(file_roots(nonsense.path.c_str())).error() == Error::bad_roots);
}

TEST_CASE("roots: a file's certificates that cannot be read are left out") {
  const File mixed("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + root().pem());
  CHECK(try_roots(file_roots(mixed.path.c_str())).kind() == Io::Kind::ok);
}

TEST_CASE("roots: a failure is not kept: the next open reads again") {
  File file("nonsense");
  TlsServer server(good());
  MbedtlsTransport tls{file_roots(file.path.c_str())};
  tls.below().resolve_with(at_loopback);
  CHECK(test::open(tls, host, server.port()).error() == Error::bad_roots);
  CHECK(test::open(tls, host, server.port()).error() == Error::bad_roots);
  std::FILE* out = std::fopen(file.path.c_str(), "wb");
  std::fputs(root().pem().c_str(), out);
  std::fclose(out);
  CHECK(test::open(tls, host, server.port()).kind() == Io::Kind::ok);
}

TEST_CASE("roots: the system's bundle does not know the tests' root") {
  bool there = false;
  for (const char* path : system_roots_paths) {
    struct stat info;
    there = there || ::stat(path, &info) == 0;
  }
  CHECK(try_roots(system_roots()).error() == (there ? Error::tls_unknown_ca : Error::no_roots));
}
