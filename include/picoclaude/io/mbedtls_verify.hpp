// Whose certificate is it, and why was it refused: what the library decides beside mbedTLS.
//
// Names are looked for in subjectAltName only (RFC 9525): a name in the subject's CN names nobody. A numeric host is
// compared with the iPAddress entries byte by byte, because mbedTLS before 3.5 does not look at them.
#pragma once
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#include "../base/error.hpp"
#include "address.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// `flags` as of mbedtls_ssl_get_verify_result(). Several may be set: the one that says most about the other end wins.
constexpr Error certificate_error(std::uint32_t flags) {
  if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) return Error::tls_unknown_ca;
  if (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH) return Error::tls_wrong_host;
  if (flags & MBEDTLS_X509_BADCERT_EXPIRED) return Error::tls_expired;
  if (flags & MBEDTLS_X509_BADCERT_FUTURE) return Error::tls_not_yet_valid;
  return Error::tls_refused;
}

// What a code of mbedTLS means to a user. The code itself goes to Status::native.
constexpr Error tls_error(int code) {
  switch (-code) {
    case 0x0034:  // MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED
    case 0x003C:  // MBEDTLS_ERR_ENTROPY_SOURCE_FAILED
    case 0x003D:  // MBEDTLS_ERR_ENTROPY_NO_STRONG_SOURCE
    case 0x0040:  // MBEDTLS_ERR_ENTROPY_NO_SOURCES_DEFINED
    case 148:     // PSA_ERROR_INSUFFICIENT_ENTROPY
      return Error::tls_no_entropy;
    default: break;
  }
  // MBEDTLS_ERR_X509_*: a certificate that cannot be read, or a chain that is too long. The low bits are ASN.1's.
  const int module = -code & 0xFF80;
  return module >= 0x2080 && module <= 0x3000 ? Error::tls_refused : Error::tls_failed;
}

// subjectAltName as mbedTLS keeps it: raw entries, the first one in the certificate itself.
inline bool has_names(const mbedtls_x509_crt& leaf) { return leaf.subject_alt_names.buf.p != nullptr; }

inline bool names_address(const mbedtls_x509_crt& leaf, const Address& address) {
  constexpr int ip_address = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7;
  for (const mbedtls_x509_sequence* name = &leaf.subject_alt_names; name != nullptr; name = name->next) {
    if (name->buf.tag == ip_address && name->buf.len == address.size &&
        std::memcmp(name->buf.p, address.bytes, address.size) == 0) {
      return true;
    }
  }
  return false;
}

// The verify callback: mbedTLS has checked the rest, the DNS name included when the host is one.
inline int check_names(void* host_address, mbedtls_x509_crt* crt, int depth, std::uint32_t* flags) {
  if (depth != 0) return 0;
  const auto& address = *static_cast<const Address*>(host_address);
  const bool named = address.size != 0 ? names_address(*crt, address) : has_names(*crt);
  if (!named) *flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
  return 0;
}

}  // namespace detail
PICOCLAUDE_END
