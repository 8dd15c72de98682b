// Keys and certificates made at run time, right ones and every kind of wrong one. Nothing of it is ever stored.
#pragma once
#include <mbedtls/asn1.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/md.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace test {

inline void must(bool good) {
  if (!good) std::abort();
}

// One for the making of certificates, one for each server: they run in different threads.
struct Random {
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context drbg;

  Random() {
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    must(mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, nullptr, 0) == 0);
  }
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  ~Random() {
    mbedtls_ctr_drbg_free(&drbg);
    mbedtls_entropy_free(&entropy);
  }
};

inline Random& random() {
  static Random one;
  return one;
}

struct Key {
  mbedtls_pk_context pk;

  Key() { mbedtls_pk_init(&pk); }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { mbedtls_pk_free(&pk); }
};
using KeyPtr = std::shared_ptr<Key>;

inline KeyPtr ec_key() {
  auto key = std::make_shared<Key>();
  must(mbedtls_pk_setup(&key->pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) == 0);
  must(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(key->pk), mbedtls_ctr_drbg_random, &random().drbg) ==
      0);
  return key;
}

inline KeyPtr rsa_key(unsigned bits) {
  auto key = std::make_shared<Key>();
  must(mbedtls_pk_setup(&key->pk, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA)) == 0);
  must(mbedtls_rsa_gen_key(mbedtls_pk_rsa(key->pk), mbedtls_ctr_drbg_random, &random().drbg, bits, 65537) == 0);
  return key;
}

// ---- the parts of extensions, in DER -------------------------------------------------------------------------------

inline std::string der(unsigned tag, const std::string& content) {
  must(content.size() < 65536);
  std::string out(1, static_cast<char>(tag));
  if (content.size() >= 256) {
    out += "\x82";
    out += static_cast<char>(content.size() >> 8);
  } else if (content.size() >= 128) {
    out += "\x81";
  }
  out += static_cast<char>(content.size() & 0xFF);
  return out + content;
}
inline std::string dns(const std::string& name) { return der(0x82, name); }
inline std::string ip(const std::string& bytes) { return der(0x87, bytes); }
inline const std::string ip_127_0_0_1("\x7F\0\0\1", 4);
inline const std::string ip_localhost6("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);

// ---- certificates ---------------------------------------------------------------------------------------------------

struct Certificate {
  std::string subject = "CN=picoclaude test";
  std::vector<std::string> names;  // GeneralNames, in DER; none: no subjectAltName
  const char* from = "20260101000000";
  const char* to = "20301231235959";
  bool ca = false;
  int path_length = -1;
  unsigned key_usage = 0;          // 0: none said
  std::string extended_key_usage;  // the OID's content; empty: none said
  mbedtls_md_type_t hash = MBEDTLS_MD_SHA256;
};

// A certificate, its key, and what has to be sent behind it.
struct Identity {
  std::string subject;
  KeyPtr key;
  std::vector<std::string> chain;  // DER, the leaf first, without the root

  std::string pem(std::size_t at = 0) const;
};

inline void set_serial(mbedtls_x509write_cert& writer) {
  unsigned char serial[8];
  must(mbedtls_ctr_drbg_random(&random().drbg, serial, sizeof serial) == 0);
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3F) | 0x40);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
  mbedtls_mpi number;
  mbedtls_mpi_init(&number);
  must(mbedtls_mpi_read_binary(&number, serial, sizeof serial) == 0);
  must(mbedtls_x509write_crt_set_serial(&writer, &number) == 0);
  mbedtls_mpi_free(&number);
#else
  must(mbedtls_x509write_crt_set_serial_raw(&writer, serial, sizeof serial) == 0);
#endif
}

inline void add_extension(mbedtls_x509write_cert& writer, const std::string& oid, const std::string& value) {
  must(mbedtls_x509write_crt_set_extension(&writer, oid.data(), oid.size(), 0,
           reinterpret_cast<const unsigned char*>(value.data()), value.size()) == 0);
}

// Signed by `issuer`, or by itself when there is none.
inline Identity issue(const Certificate& what, const Identity* issuer, KeyPtr key = nullptr) {
  if (!key) key = ec_key();
  mbedtls_x509write_cert writer;
  mbedtls_x509write_crt_init(&writer);
  mbedtls_x509write_crt_set_version(&writer, MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(&writer, what.hash);
  mbedtls_x509write_crt_set_subject_key(&writer, &key->pk);
  mbedtls_x509write_crt_set_issuer_key(&writer, issuer ? &issuer->key->pk : &key->pk);
  must(mbedtls_x509write_crt_set_subject_name(&writer, what.subject.c_str()) == 0);
  must(mbedtls_x509write_crt_set_issuer_name(&writer, (issuer ? issuer->subject : what.subject).c_str()) == 0);
  must(mbedtls_x509write_crt_set_validity(&writer, what.from, what.to) == 0);
  must(mbedtls_x509write_crt_set_basic_constraints(&writer, what.ca, what.path_length) == 0);
  set_serial(writer);
  if (what.key_usage != 0) must(mbedtls_x509write_crt_set_key_usage(&writer, what.key_usage) == 0);
  if (!what.extended_key_usage.empty()) {
    add_extension(writer, MBEDTLS_OID_EXTENDED_KEY_USAGE, der(0x30, der(0x06, what.extended_key_usage)));
  }
  if (!what.names.empty()) {
    std::string all;
    for (const std::string& name : what.names) all += name;
    add_extension(writer, MBEDTLS_OID_SUBJECT_ALT_NAME, der(0x30, all));
  }
  std::vector<unsigned char> room(8192);
  const int size =
      mbedtls_x509write_crt_der(&writer, room.data(), room.size(), mbedtls_ctr_drbg_random, &random().drbg);
  must(size > 0);
  mbedtls_x509write_crt_free(&writer);

  Identity made{what.subject, key, {std::string(room.end() - size, room.end())}};
  // What stands between this certificate and the root goes along; the root itself (no issuer) does not.
  if (issuer && issuer->subject != "CN=picoclaude test root") {
    made.chain.insert(made.chain.end(), issuer->chain.begin(), issuer->chain.end());
  }
  return made;
}

inline std::string Identity::pem(std::size_t at) const {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string& bytes = chain[at];
  std::string out = "-----BEGIN CERTIFICATE-----\n", line;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t n) {
      return n < bytes.size() ? static_cast<unsigned>(static_cast<unsigned char>(bytes[n])) : 0u;
    };
    const unsigned three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    line += digits[three >> 18];
    line += digits[three >> 12 & 63];
    line += i + 1 < bytes.size() ? digits[three >> 6 & 63] : '=';
    line += i + 2 < bytes.size() ? digits[three & 63] : '=';
    if (line.size() == 64 || i + 3 >= bytes.size()) out += line + "\n", line.clear();
  }
  return out + "-----END CERTIFICATE-----\n";
}

inline Certificate root_certificate() {
  Certificate what;
  what.subject = "CN=picoclaude test root";
  what.ca = true;
  return what;
}

// The root that the tests trust.
inline const Identity& root() {
  static const Identity one = issue(root_certificate(), nullptr);
  return one;
}

// A good certificate for these names.
inline Certificate certificate_for(std::vector<std::string> names) {
  Certificate what;
  what.names = std::move(names);
  return what;
}

}  // namespace test
