// The byte seam over ESP-IDF's esp_tls: TCP, TLS and the check of certificate and host name are the IDF's.
//
//   EspTls tls;                            // trusts the IDF's bundle: CONFIG_MBEDTLS_CERTIFICATE_BUNDLE
//   picoclaude::Client claude{tls, memory, config};
//
// Needs the components esp-tls, esp_timer and mbedtls; set the clock first (SNTP), dates are checked. The look-up of the
// name blocks, as lwIP's getaddrinfo does. esp_tls answers a read with 0 also when the other end went without
// close_notify, so tells_end is not claimed: an answer is complete by its own last event.
#pragma once
#include <esp_crt_bundle.h>
#include <esp_timer.h>
#include <esp_tls.h>
#include <picoclaude.hpp>
#include <sys/select.h>

class EspTls {
 public:
  // Another function adds other roots to the mbedTLS configuration that it is given.
  explicit EspTls(esp_err_t (*roots)(void*) = esp_crt_bundle_attach) {
    config_.crt_bundle_attach = roots;
    config_.non_block = true;
  }
  EspTls(const EspTls&) = delete;
  EspTls& operator=(const EspTls&) = delete;
  ~EspTls() { close(); }

  // True (the default): wait() sleeps. False: next() never waits.
  void blocking(bool on) { blocking_ = on; }

  picoclaude::Io open(const char* host, std::uint16_t port) {
    if (tls_ == nullptr) tls_ = esp_tls_init();
    if (tls_ == nullptr) return picoclaude::Io::failed(ESP_ERR_NO_MEM);
    const int size = static_cast<int>(std::strlen(host));
    const int done = esp_tls_conn_new_async(host, size, port, &config_, tls_);
    if (done == 0) return picoclaude::Io::wait();
    if (done > 0) return picoclaude::Io::ok();
    const picoclaude::Io why = refusal();
    close();
    return why;
  }

  picoclaude::Io send(const char* data, std::size_t size) {
    return tell(esp_tls_conn_write(tls_, data, size), picoclaude::Io::wait());
  }

  picoclaude::Io recv(char* data, std::size_t room) {
    return tell(esp_tls_conn_read(tls_, data, room), picoclaude::Io::closed());
  }

  void close() {
    if (tls_ != nullptr) esp_tls_conn_destroy(tls_);
    tls_ = nullptr;
  }

  std::uint32_t now_ms() { return static_cast<std::uint32_t>(esp_timer_get_time() / 1000); }

  bool wait(std::uint32_t at_most_ms) {
    if (!blocking_) return false;
    int handle = -1;
    if (tls_ != nullptr && esp_tls_get_bytes_avail(tls_) > 0) return true;
    if (tls_ == nullptr || esp_tls_get_conn_sockfd(tls_, &handle) != ESP_OK) handle = -1;
    // While it connects there may be nothing to sleep on, and what is to be written is tried again soon.
    if ((handle < 0 || !reading_) && at_most_ms > 10) at_most_ms = 10;
    fd_set readable;
    FD_ZERO(&readable);
    if (handle >= 0) FD_SET(handle, &readable);
    timeval left{};
    left.tv_sec = static_cast<decltype(left.tv_sec)>(at_most_ms / 1000);
    left.tv_usec = static_cast<decltype(left.tv_usec)>(at_most_ms % 1000 * 1000);
    select(handle + 1, &readable, nullptr, nullptr, &left);
    return true;
  }

 private:
  picoclaude::Io tell(ssize_t answer, picoclaude::Io zero) {
    reading_ = answer == ESP_TLS_ERR_SSL_WANT_READ;
    if (answer > 0) return picoclaude::Io::moved(static_cast<std::size_t>(answer));
    if (answer == 0) return zero;
    if (reading_ || answer == ESP_TLS_ERR_SSL_WANT_WRITE) return picoclaude::Io::wait();
    return picoclaude::Io::failed(picoclaude::Error::connection_lost, static_cast<std::int32_t>(answer));
  }

  // Why no connection came to be. The flags are mbedTLS's MBEDTLS_X509_BADCERT_*.
  picoclaude::Io refusal() {
    using picoclaude::Error;
    esp_tls_error_handle_t handle = nullptr;
    int code = 0;
    int flags = 0;
    if (esp_tls_get_error_handle(tls_, &handle) != ESP_OK) return picoclaude::Io::failed(Error::connect_failed);
    const esp_err_t error = esp_tls_get_and_clear_last_error(handle, &code, &flags);
    Error why = Error::tls_failed;
    if (error == ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME) why = Error::name_not_found;
    if (error == ESP_ERR_ESP_TLS_CANNOT_CREATE_SOCKET) why = Error::connect_failed;
    if (error == ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST) why = Error::connect_failed;
    if (error == ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT) why = Error::connect_failed;
    if (flags != 0) why = Error::tls_refused;
    if ((flags & 0x0200) != 0) why = Error::tls_not_yet_valid;
    if ((flags & 0x0001) != 0) why = Error::tls_expired;
    if ((flags & 0x0008) != 0) why = Error::tls_unknown_ca;
    if ((flags & 0x0004) != 0) why = Error::tls_wrong_host;
    return picoclaude::Io::failed(why, code != 0 ? code : error);
  }

  esp_tls_cfg_t config_{};
  esp_tls_t* tls_ = nullptr;
  bool blocking_ = true;
  bool reading_ = false;  // the last call waits for bytes to read
};
