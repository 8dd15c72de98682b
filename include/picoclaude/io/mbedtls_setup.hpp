// What a TLS transport needs once: randomness, trusted roots, settings. The differences between mbedTLS 2.28, 3.6 and
// 4.x that concern them end here.
#pragma once
#include <mbedtls/platform_time.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#if MBEDTLS_VERSION_NUMBER < 0x04000000
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#endif
#if MBEDTLS_VERSION_NUMBER >= 0x03000000 && defined(MBEDTLS_PSA_CRYPTO_C)
#include <psa/crypto.h>
#endif

#include "mbedtls_roots.hpp"
#include "mbedtls_verify.hpp"

#if !defined(MBEDTLS_SSL_CLI_C) || !defined(MBEDTLS_X509_CRT_PARSE_C)
#error "picoclaude: this mbedTLS has no TLS client: build it with MBEDTLS_SSL_CLI_C and MBEDTLS_X509_CRT_PARSE_C"
#endif
#if !defined(MBEDTLS_HAVE_TIME_DATE)
#error "picoclaude: this mbedTLS does not check the dates of certificates: build it with MBEDTLS_HAVE_TIME_DATE"
#endif

PICOCLAUDE_BEGIN
namespace detail {

#if MBEDTLS_VERSION_NUMBER < 0x03000000
inline bool is_over(const mbedtls_ssl_context& ssl) { return ssl.state == MBEDTLS_SSL_HANDSHAKE_OVER; }
inline bool is_tls13(const mbedtls_ssl_context&) { return false; }
#else
inline bool is_over(mbedtls_ssl_context& ssl) { return mbedtls_ssl_is_handshake_over(&ssl) != 0; }
inline bool is_tls13(const mbedtls_ssl_context& ssl) {
  return mbedtls_ssl_get_version_number(&ssl) == MBEDTLS_SSL_VERSION_TLS1_3;
}
#endif

// Does this code of mbedTLS mean: call again?
constexpr bool waits(int code) {
#if defined(MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS)
  if (code == MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS) return true;
#endif
  return code == MBEDTLS_ERR_SSL_WANT_READ || code == MBEDTLS_ERR_SSL_WANT_WRITE;
}

class MbedtlsSetup {
 public:
  MbedtlsSetup() = default;
  MbedtlsSetup(const MbedtlsSetup&) = delete;
  MbedtlsSetup& operator=(const MbedtlsSetup&) = delete;
  ~MbedtlsSetup() {
    if (ready_) free();
  }

  // Does all of it at the first call, and again after a failure. `host` is what the verify callback looks at.
  // Errors: tls_no_entropy, no_roots, bad_roots, bad_setup; native: mbedTLS's code.
  Io prepare(const Roots& roots, Address& host) {
    if (ready_) return Io::ok();
    init();
    Io done = start_random();
    if (done.kind() == Io::Kind::ok) done = read_roots(roots, roots_);
    if (done.kind() == Io::Kind::ok) done = configure(host);
    ready_ = done.kind() == Io::Kind::ok;
    if (!ready_) free();
    return done;
  }

  const mbedtls_ssl_config& config() const { return config_; }

 private:
  void init() {
    mbedtls_ssl_config_init(&config_);
    mbedtls_x509_crt_init(&roots_);
#if MBEDTLS_VERSION_NUMBER < 0x04000000
    mbedtls_entropy_init(&entropy_);
    mbedtls_ctr_drbg_init(&random_);
#endif
  }

  void free() {
    mbedtls_ssl_config_free(&config_);
    mbedtls_x509_crt_free(&roots_);
#if MBEDTLS_VERSION_NUMBER < 0x04000000
    mbedtls_ctr_drbg_free(&random_);
    mbedtls_entropy_free(&entropy_);
#endif
  }

  Io start_random() {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000 && defined(MBEDTLS_PSA_CRYPTO_C)
    if (const auto code = psa_crypto_init()) {
      return Io::failed(code == PSA_ERROR_INSUFFICIENT_ENTROPY ? Error::tls_no_entropy : Error::bad_setup, code);
    }
#endif
#if MBEDTLS_VERSION_NUMBER < 0x04000000
    static constexpr unsigned char salt[] = {'p', 'i', 'c', 'o', 'c', 'l', 'a', 'u', 'd', 'e'};
    const int seeded = mbedtls_ctr_drbg_seed(&random_, mbedtls_entropy_func, &entropy_, salt, sizeof salt);
    if (seeded != 0) return Io::failed(Error::tls_no_entropy, seeded);
#endif
    return Io::ok();
  }

  Io configure(Address& host) {
    int code = mbedtls_ssl_config_defaults(
        &config_, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    if (code != 0) return Io::failed(Error::bad_setup, code);
    mbedtls_ssl_conf_authmode(&config_, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&config_, &roots_, nullptr);
    mbedtls_ssl_conf_verify(&config_, check_names, &host);
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    mbedtls_ssl_conf_renegotiation(&config_, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
#if MBEDTLS_VERSION_NUMBER < 0x04000000
    mbedtls_ssl_conf_rng(&config_, mbedtls_ctr_drbg_random, &random_);
#endif
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    mbedtls_ssl_conf_min_version(&config_, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
#elif defined(MBEDTLS_SSL_PROTO_TLS1_2)
    mbedtls_ssl_conf_min_tls_version(&config_, MBEDTLS_SSL_VERSION_TLS1_2);
#else
    mbedtls_ssl_conf_min_tls_version(&config_, MBEDTLS_SSL_VERSION_TLS1_3);
#endif
    // 3.6.1 and later in the 3.6 line throw TLS 1.3 tickets away unless asked; 3.6.0 and 4.x always tell of them.
#if defined(MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED) && MBEDTLS_VERSION_NUMBER < 0x04000000 && \
    defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_SESSION_TICKETS)
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
        &config_, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#endif
#if defined(MBEDTLS_SSL_ALPN)
    // A server that speaks only something else says so in the handshake.
    code = mbedtls_ssl_conf_alpn_protocols(&config_, protocols_);
#endif
    return code == 0 ? Io::ok() : Io::failed(Error::bad_setup, code);
  }

  mbedtls_ssl_config config_;
  mbedtls_x509_crt roots_;
#if MBEDTLS_VERSION_NUMBER < 0x04000000
  mbedtls_entropy_context entropy_;
  mbedtls_ctr_drbg_context random_;
#endif
  const char* protocols_[2] = {"http/1.1", nullptr};
  bool ready_ = false;
};

}  // namespace detail
PICOCLAUDE_END
