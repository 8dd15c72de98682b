// The certificates that a program trusts, as a view: PEM or DER bytes, a file, or the system's bundle.
//
// Nothing is read here; the TLS transport reads them when it first connects. The environment is never asked.
#pragma once
#include "../base/view.hpp"

PICOCLAUDE_BEGIN

class Roots {
 public:
  enum class Kind : std::uint8_t { pem, der, file, system };

  constexpr Roots(Kind kind, string_view bytes, const char* path) : bytes_(bytes), path_(path), kind_(kind) {}

  constexpr Kind kind() const { return kind_; }
  constexpr string_view bytes() const { return bytes_; }
  constexpr const char* path() const { return path_; }

 private:
  string_view bytes_;
  const char* path_;
  Kind kind_;
};

// One or more certificates in PEM; a single one that cannot be read is bad_roots.
// Lifetime: the text must outlive the transport.
constexpr Roots pem_roots(string_view text) { return {Roots::Kind::pem, text, nullptr}; }

// One or more certificates in DER, one directly behind the other. They are not copied: they may stay in flash.
// Lifetime: the bytes must outlive the transport.
constexpr Roots der_roots(string_view bytes) { return {Roots::Kind::der, bytes, nullptr}; }

// A bundle in PEM, or one certificate in DER. Certificates that the TLS library cannot read are left out, as long as
// there is one that it can. Missing: no_roots; unreadable: bad_roots.
// Lifetime: the path must outlive the transport.
constexpr Roots file_roots(const char* path) { return {Roots::Kind::file, {}, path}; }

// Where systems keep their bundle, in the order of the search.
inline constexpr const char* system_roots_paths[] = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Gentoo, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, Red Hat
    "/etc/pki/tls/certs/ca-bundle.crt",                   // older Red Hat
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/ssl/cert.pem",                                  // macOS, FreeBSD, OpenBSD, Alpine
    "/usr/local/share/certs/ca-root-nss.crt",             // older FreeBSD
};

// The first of system_roots_paths that exists. None (Windows, most boards): no_roots. Unreadable: bad_roots; the search
// does not go on behind a bundle that is there. A bundle of 140 certificates takes about 0.5 MB of the TLS library's
// heap: a small system hands over the one or two roots that it needs instead.
constexpr Roots system_roots() { return {Roots::Kind::system, {}, nullptr}; }

PICOCLAUDE_END
