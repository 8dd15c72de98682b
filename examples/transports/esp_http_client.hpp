// The HTTP seam over ESP-IDF's esp_http_client, for programs that use it anyway. esp_tls.hpp is the better choice else:
// this one blocks. Connecting takes as long as it takes, and a read comes back when its room is full or after
// `patience_ms`, so that text appears that much later.
//
//   #define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
//   EspHttp http;                          // trusts the IDF's bundle: CONFIG_MBEDTLS_CERTIFICATE_BUNDLE
//   picoclaude::Client claude{http, memory, config};
//
// Redirects are not followed: disable_auto_redirect. It asks for no compression.
#pragma once
#include <esp_crt_bundle.h>
#include <esp_http_client.h>
#include <esp_timer.h>
#include <picoclaude.hpp>

class EspHttp {
 public:
  static constexpr bool follows_redirects = false;

  explicit EspHttp(int patience_ms = 40, esp_err_t (*roots)(void*) = esp_crt_bundle_attach)
      : patience_ms_(patience_ms), roots_(roots) {}
  EspHttp(const EspHttp&) = delete;
  EspHttp& operator=(const EspHttp&) = delete;
  ~EspHttp() { close(); }

  picoclaude::Io start(const char* method, const char* url) {
    close();
    esp_http_client_config_t config{};
    config.url = url;
    if (!find_method(method, config.method)) return picoclaude::Io::failed(picoclaude::Error::bad_request);
    config.timeout_ms = connect_ms;
    config.disable_auto_redirect = true;
    config.crt_bundle_attach = roots_;
    config.event_handler = take_event;
    config.user_data = this;
    client_ = esp_http_client_init(&config);
    return client_ != nullptr ? picoclaude::Io::ok() : picoclaude::Io::failed(ESP_FAIL);
  }

  picoclaude::Io header(const char* name, const char* value) {
    const esp_err_t error = esp_http_client_set_header(client_, name, value);
    return error == ESP_OK ? picoclaude::Io::ok() : picoclaude::Io::failed(error);
  }

  picoclaude::Io begin_body(std::uint32_t size) {
    const esp_err_t error = esp_http_client_open(client_, static_cast<int>(size));
    if (error == ESP_ERR_HTTP_CONNECT) return picoclaude::Io::failed(picoclaude::Error::connect_failed, error);
    if (error != ESP_OK) return lost(error);
    esp_http_client_set_timeout_ms(client_, patience_ms_);
    return picoclaude::Io::ok();
  }

  picoclaude::Io send(const char* data, std::size_t size) {
    const int sent = esp_http_client_write(client_, data, static_cast<int>(size));
    if (sent > 0) return picoclaude::Io::moved(static_cast<std::size_t>(sent));
    return sent == 0 ? picoclaude::Io::wait() : lost(sent);
  }

  picoclaude::Io status(std::uint16_t& code) {
    const std::int64_t size = esp_http_client_fetch_headers(client_);
    if (size == -ESP_ERR_HTTP_EAGAIN) return picoclaude::Io::wait();
    if (size < 0) return lost(static_cast<int>(size));
    if (too_long_) return picoclaude::Io::failed(picoclaude::Error::out_of_room);
    code = static_cast<std::uint16_t>(esp_http_client_get_status_code(client_));
    return picoclaude::Io::ok();
  }

  picoclaude::Io next_header(picoclaude::string_view& name, picoclaude::string_view& value) {
    name = {};
    if (told_ == kept_) return picoclaude::Io::ok();
    name = headers_ + told_;
    value = headers_ + told_ + name.size() + 1;
    told_ += name.size() + value.size() + 2;
    return picoclaude::Io::ok();
  }

  picoclaude::Io recv(char* data, std::size_t room) {
    const int size = esp_http_client_read(client_, data, static_cast<int>(room));
    if (size > 0) return picoclaude::Io::moved(static_cast<std::size_t>(size));
    if (size == -ESP_ERR_HTTP_EAGAIN) return picoclaude::Io::wait();
    if (size == 0 && esp_http_client_is_complete_data_received(client_)) return picoclaude::Io::closed();
    return lost(size);
  }

  void close() {
    if (client_ != nullptr) esp_http_client_cleanup(client_);
    client_ = nullptr;
    kept_ = told_ = 0;
    too_long_ = false;
  }

  std::uint32_t now_ms() { return static_cast<std::uint32_t>(esp_timer_get_time() / 1000); }
  bool wait(std::uint32_t) { return true; }  // recv() has slept already

 private:
  static constexpr int connect_ms = 15'000;

  // False: no method of the API, and only a RawCall has it.
  static bool find_method(picoclaude::string_view name, esp_http_client_method_t& method) {
    constexpr struct {
      const char* name;
      esp_http_client_method_t method;
    } known[] = {{"POST", HTTP_METHOD_POST}, {"GET", HTTP_METHOD_GET}, {"DELETE", HTTP_METHOD_DELETE},
        {"PUT", HTTP_METHOD_PUT}, {"PATCH", HTTP_METHOD_PATCH}};
    for (const auto& one : known) {
      if (name != one.name) continue;
      method = one.method;
      return true;
    }
    return false;
  }

  static picoclaude::Io lost(int code) { return picoclaude::Io::failed(picoclaude::Error::connection_lost, code); }

  // Called by esp_http_client inside fetch_headers. Of the headers only those are kept that picoclaude reads.
  static esp_err_t take_event(esp_http_client_event_t* event) {
    auto& self = *static_cast<EspHttp*>(event->user_data);
    if (event->event_id != HTTP_EVENT_ON_HEADER || !matters(event->header_key)) return ESP_OK;
    const std::size_t name = std::strlen(event->header_key) + 1;
    const std::size_t value = std::strlen(event->header_value) + 1;
    self.too_long_ = self.too_long_ || sizeof self.headers_ - self.kept_ < name + value;
    if (self.too_long_) return ESP_OK;
    std::memcpy(self.headers_ + self.kept_, event->header_key, name);
    std::memcpy(self.headers_ + self.kept_ + name, event->header_value, value);
    self.kept_ += name + value;
    return ESP_OK;
  }

  static bool matters(const char* name) {
    for (const char* const known : {"content-", "request-id", "retry-after", "x-should-retry", "anthropic-"}) {
      std::size_t at = 0;
      while (known[at] != '\0' && (name[at] | 0x20) == (known[at] | 0x20)) ++at;
      if (known[at] == '\0') return true;
    }
    return false;
  }

  int patience_ms_;
  esp_err_t (*roots_)(void*);
  esp_http_client_handle_t client_ = nullptr;
  std::size_t kept_ = 0;  // bytes of headers_
  std::size_t told_ = 0;
  bool too_long_ = false;
  char headers_[1024];  // name NUL value NUL, again and again
};
