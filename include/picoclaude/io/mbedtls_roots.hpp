// Reads Roots into a certificate chain of mbedTLS.
#pragma once
#include <errno.h>
#include <mbedtls/platform.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#include <cstring>

#include "roots.hpp"
#include "transport.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// mbedTLS wants a NUL behind PEM. A view without one is copied for as long as it is read.
inline Io read_pem(string_view text, mbedtls_x509_crt& chain) {
  if (text.empty()) return Io::failed(Error::no_roots);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = text.size();
  void* copy = nullptr;
  if (text[size - 1] != '\0') {
    copy = mbedtls_calloc(1, size + 1);
    if (copy == nullptr) return Io::failed(Error::bad_roots, MBEDTLS_ERR_X509_ALLOC_FAILED);
    bytes = static_cast<const unsigned char*>(std::memcpy(copy, text.data(), size));
    ++size;
  }
  const int code = mbedtls_x509_crt_parse(&chain, bytes, size);
  mbedtls_free(copy);
  return code == 0 ? Io::ok() : Io::failed(Error::bad_roots, code);
}

// The size of the DER element at the start of `bytes`, header included; 0 when it is not all there.
constexpr std::size_t der_size(string_view bytes) {
  if (bytes.size() < 2) return 0;
  const auto first = static_cast<unsigned char>(bytes[1]);
  std::size_t header = 2, size = first;
  if (first >= 0x80) {
    const unsigned count = first & 0x7F;
    if (count == 0 || count > 3 || bytes.size() < 2 + count) return 0;
    size = 0;
    for (unsigned i = 0; i < count; ++i) size = size << 8 | static_cast<unsigned char>(bytes[header++]);
  }
  return size <= bytes.size() - header ? header + size : 0;
}

inline Io read_der(string_view bytes, mbedtls_x509_crt& chain) {
  if (bytes.empty()) return Io::failed(Error::no_roots);
  while (!bytes.empty()) {
    const std::size_t size = der_size(bytes);
    if (size == 0) return Io::failed(Error::bad_roots);
    const int code =
        mbedtls_x509_crt_parse_der_nocopy(&chain, reinterpret_cast<const unsigned char*>(bytes.data()), size);
    if (code != 0) return Io::failed(Error::bad_roots, code);
    bytes.remove_prefix(size);
  }
  return Io::ok();
}

inline Io read_file([[maybe_unused]] const char* path, [[maybe_unused]] mbedtls_x509_crt& chain) {
#if defined(MBEDTLS_FS_IO)
  errno = 0;
  const int code = mbedtls_x509_crt_parse_file(&chain, path);
  // A positive code counts the certificates that were left out, beside at least one that was read.
  if (code >= 0) return Io::ok();
  return Io::failed(errno == ENOENT || errno == ENOTDIR ? Error::no_roots : Error::bad_roots, code);
#else
  return Io::failed(Error::no_roots);
#endif
}

// Errors: no_roots, bad_roots; native: mbedTLS's code.
inline Io read_roots(const Roots& roots, mbedtls_x509_crt& chain) {
  switch (roots.kind()) {
    case Roots::Kind::pem: return read_pem(roots.bytes(), chain);
    case Roots::Kind::der: return read_der(roots.bytes(), chain);
    case Roots::Kind::file: return read_file(roots.path(), chain);
    default: break;  // the system's
  }
  for (const char* path : system_roots_paths) {
    const Io read = read_file(path, chain);
    if (read.kind() == Io::Kind::ok || read.error() != Error::no_roots) return read;
  }
  return Io::failed(Error::no_roots);
}

}  // namespace detail
PICOCLAUDE_END
