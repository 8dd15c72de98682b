// An authority and a server certificate that live as long as the process: EC P-256, made with mbedTLS at start-up.
//
// The authority's certificate is handed out as PEM; neither private key ever leaves the process.

#pragma once

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace standin {

inline void require(int result, const char* what) {
  if (result == 0) return;
  char reason[128];
  mbedtls_strerror(result, reason, sizeof reason);
  throw std::runtime_error(std::string(what) + ": " + reason);
}

class Random {
 public:
  Random() {
    mbedtls_entropy_init(&entropy_);
    mbedtls_ctr_drbg_init(&generator_);
    require(mbedtls_ctr_drbg_seed(&generator_, mbedtls_entropy_func, &entropy_, nullptr, 0), "random numbers");
  }
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  ~Random() {
    mbedtls_ctr_drbg_free(&generator_);
    mbedtls_entropy_free(&entropy_);
  }

  mbedtls_ctr_drbg_context* context() { return &generator_; }

 private:
  mbedtls_entropy_context entropy_;
  mbedtls_ctr_drbg_context generator_;
};

class Key {
 public:
  explicit Key(Random& random) {
    mbedtls_pk_init(&key_);
    require(mbedtls_pk_setup(&key_, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)), "key");
    require(
        mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(key_), mbedtls_ctr_drbg_random, random.context()),
        "key");
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { mbedtls_pk_free(&key_); }

  mbedtls_pk_context* context() { return &key_; }

 private:
  mbedtls_pk_context key_;
};

// What is wrong with the certificate, for clients that must notice.
enum class Flaw { none, expired, not_yet_valid, wrong_host, unknown_authority };

class Identity {
 public:
  Identity(Random& random, Flaw flaw) : authority_key_(random), server_key_(random) {
    const std::time_t now = std::time(nullptr);
    const std::time_t day = 24 * 60 * 60;
    const std::string authority_name = "CN=picoclaude stand-in authority,O=picoclaude";

    Certificate authority{authority_name, authority_key_, authority_name, authority_key_, 1};
    authority.valid(now - 30 * day, now + 30 * day);
    authority.may_sign();
    authority_pem_ = authority.pem(random);
    if (flaw == Flaw::unknown_authority) {  // same name, another key: what is handed out does not verify the server
      Key other{random};
      Certificate stranger{authority_name, other, authority_name, other, 1};
      stranger.valid(now - 30 * day, now + 30 * day);
      stranger.may_sign();
      authority_pem_ = stranger.pem(random);
    }

    Certificate server{"CN=picoclaude stand-in,O=picoclaude", server_key_, authority_name, authority_key_, 2};
    server.valid(flaw == Flaw::not_yet_valid ? now + 10 * day : now - day,
        flaw == Flaw::expired ? now - day / 2 : now + 20 * day);
    server.names(flaw == Flaw::wrong_host);
    const std::string pem = server.pem(random);
    mbedtls_x509_crt_init(&server_);
    require(mbedtls_x509_crt_parse(&server_, reinterpret_cast<const unsigned char*>(pem.c_str()), pem.size() + 1),
        "own certificate");
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;
  ~Identity() { mbedtls_x509_crt_free(&server_); }

  mbedtls_x509_crt* certificate() { return &server_; }
  mbedtls_pk_context* key() { return server_key_.context(); }
  const std::string& authority_pem() const { return authority_pem_; }

 private:
  class Certificate {
   public:
    Certificate(const std::string& subject, Key& subject_key, const std::string& issuer, Key& issuer_key, int serial) {
      mbedtls_x509write_crt_init(&write_);
      mbedtls_x509write_crt_set_version(&write_, MBEDTLS_X509_CRT_VERSION_3);
      mbedtls_x509write_crt_set_md_alg(&write_, MBEDTLS_MD_SHA256);
      mbedtls_x509write_crt_set_subject_key(&write_, subject_key.context());
      mbedtls_x509write_crt_set_issuer_key(&write_, issuer_key.context());
      require(mbedtls_x509write_crt_set_subject_name(&write_, subject.c_str()), "subject");
      require(mbedtls_x509write_crt_set_issuer_name(&write_, issuer.c_str()), "issuer");
      mbedtls_mpi number;
      mbedtls_mpi_init(&number);
      require(mbedtls_mpi_lset(&number, serial), "serial number");
      require(mbedtls_x509write_crt_set_serial(&write_, &number), "serial number");
      mbedtls_mpi_free(&number);
      require(mbedtls_x509write_crt_set_subject_key_identifier(&write_), "subject key identifier");
      require(mbedtls_x509write_crt_set_authority_key_identifier(&write_), "authority key identifier");
    }
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;
    ~Certificate() { mbedtls_x509write_crt_free(&write_); }

    void valid(std::time_t from, std::time_t until) {
      const auto text = [](std::time_t when) {
        char digits[16];
        std::tm utc{};
        std::strftime(digits, sizeof digits, "%Y%m%d%H%M%S", ::gmtime_r(&when, &utc));
        return std::string(digits);
      };
      require(mbedtls_x509write_crt_set_validity(&write_, text(from).c_str(), text(until).c_str()), "validity");
    }

    void may_sign() {
      require(mbedtls_x509write_crt_set_basic_constraints(&write_, 1, 0), "basic constraints");
      require(mbedtls_x509write_crt_set_key_usage(&write_, MBEDTLS_X509_KU_KEY_CERT_SIGN | MBEDTLS_X509_KU_CRL_SIGN),
          "key usage");
    }

    // subjectAltName by hand: mbedTLS 2.28 cannot write one. Every length stays below 128, so each takes one byte.
    void names(bool wrong) {
      constexpr unsigned char dns_name = 0x82;
      constexpr unsigned char ip_address = 0x87;
      std::string list;
      const auto add = [&list](unsigned char tag, const std::string& value) {
        list += static_cast<char>(tag);
        list += static_cast<char>(value.size());
        list += value;
      };
      if (wrong) {
        add(dns_name, "elsewhere.standin.test");
      } else {
        add(dns_name, "localhost");
        add(dns_name, "api.standin.test");
        add(dns_name, "127.0.0.1");  // mbedTLS 2.28 compares an address with the DNS names only
        add(ip_address, std::string("\x7f\0\0\x01", 4));
      }
      const std::string der = std::string("\x30") + static_cast<char>(list.size()) + list;
      require(mbedtls_x509write_crt_set_extension(&write_, MBEDTLS_OID_SUBJECT_ALT_NAME,
                  MBEDTLS_OID_SIZE(MBEDTLS_OID_SUBJECT_ALT_NAME), 0, reinterpret_cast<const unsigned char*>(der.data()),
                  der.size()),
          "subject alternative name");
      require(mbedtls_x509write_crt_set_basic_constraints(&write_, 0, -1), "basic constraints");
      require(mbedtls_x509write_crt_set_key_usage(&write_, MBEDTLS_X509_KU_DIGITAL_SIGNATURE), "key usage");
    }

    std::string pem(Random& random) {
      std::vector<unsigned char> room(4096);
      require(mbedtls_x509write_crt_pem(&write_, room.data(), room.size(), mbedtls_ctr_drbg_random, random.context()),
          "certificate");
      return reinterpret_cast<const char*>(room.data());
    }

   private:
    mbedtls_x509write_cert write_;
  };

  Key authority_key_;
  Key server_key_;
  mbedtls_x509_crt server_;
  std::string authority_pem_;
};

}  // namespace standin
