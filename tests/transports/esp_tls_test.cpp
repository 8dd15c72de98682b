// esp_tls.hpp over a stub of ESP-IDF.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#include "../../examples/transports/esp_tls.hpp"

#include "answers.hpp"

struct esp_tls {
  bool connected;
};
struct esp_tls_last_error {
  esp_err_t error;
  int code;
  int flags;
};

namespace {

esp_tls the_tls;
esp_tls_last_error the_error;
std::string the_host;
bool bundle_was_used;
int certificate_flags;  // what is wrong with the certificate
bool out_of_memory;

}  // namespace

extern "C" {
int64_t esp_timer_get_time(void) { return int64_t{1000} * peer::state.now_ms; }
esp_err_t esp_crt_bundle_attach(void*) { return ESP_OK; }
esp_tls_t* esp_tls_init(void) {
  the_tls.connected = false;
  return out_of_memory ? nullptr : &the_tls;
}
int esp_tls_conn_new_async(const char* host, int size, int, const esp_tls_cfg_t* cfg, esp_tls_t* tls) {
  the_host.assign(host, static_cast<std::size_t>(size));
  bundle_was_used =
      cfg->crt_bundle_attach == esp_crt_bundle_attach && cfg->non_block && !cfg->skip_common_name && !cfg->is_plain_tcp;
  if (!peer::state.knows_name) {
    the_error = {ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME, 0, 0};
    return -1;
  }
  if (peer::state.patience == 0 && certificate_flags != 0) {
    the_error = {ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED, -0x2700, certificate_flags};
    return -1;
  }
  const int answer = peer::connect();
  if (answer < 0) the_error = {ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST, 0, 0};
  tls->connected = answer > 0;
  return answer;
}
ssize_t esp_tls_conn_write(esp_tls_t*, const void* data, size_t size) {
  const int sent = peer::write(static_cast<const char*>(data), size);
  return sent == 0 ? ESP_TLS_ERR_SSL_WANT_WRITE : sent;
}
ssize_t esp_tls_conn_read(esp_tls_t*, void* data, size_t room) {
  const int got = peer::read(static_cast<char*>(data), room);
  return got == -1 ? ESP_TLS_ERR_SSL_WANT_READ : got == -2 ? -0x50 : got;
}
int esp_tls_conn_destroy(esp_tls_t* tls) {
  if (tls->connected) ++peer::state.closed;
  return 0;
}
ssize_t esp_tls_get_bytes_avail(esp_tls_t*) { return 0; }
esp_err_t esp_tls_get_conn_sockfd(esp_tls_t*, int*) { return ESP_ERR_INVALID_ARG; }
esp_err_t esp_tls_get_error_handle(esp_tls_t*, esp_tls_error_handle_t* handle) {
  *handle = &the_error;
  return ESP_OK;
}
esp_err_t esp_tls_get_and_clear_last_error(esp_tls_error_handle_t handle, int* code, int* flags) {
  *code = handle->code;
  *flags = handle->flags;
  return handle->error;
}
}

TEST_SUITE_BEGIN("transports");

TEST_CASE("esp_tls: what a peer does reaches the client") {
  certificate_flags = 0;
  out_of_memory = false;
  a_byte_transport<EspTls>();
  CHECK(the_host == "api.anthropic.com");
  CHECK(bundle_was_used);
}

TEST_CASE("esp_tls: a certificate that is refused has its own error each, and the request stays here") {
  struct {
    int flags;
    Error error;
  } const table[] = {{0x0001, Error::tls_expired}, {0x0200, Error::tls_not_yet_valid}, {0x0008, Error::tls_unknown_ca},
      {0x0004, Error::tls_wrong_host}, {0x000C, Error::tls_wrong_host}, {0x4000, Error::tls_refused}};
  for (const auto& row : table) {
    peer::is({}, peer::End::silence);
    certificate_flags = row.flags;
    EspTls tls;
    const Asked asked = ask(tls, url_of<EspTls>);
    CHECK(asked.status.error == row.error);
    CHECK(asked.status.native == -0x2700);
    CHECK(peer::state.heard.empty());
  }
  certificate_flags = 0;
}

TEST_CASE("esp_tls: no memory for a connection") {
  peer::is({}, peer::End::silence);
  out_of_memory = true;
  EspTls tls;
  const Asked asked = ask(tls, url_of<EspTls>);
  CHECK(asked.status.error == Error::transport_failed);
  CHECK(asked.status.native == ESP_ERR_NO_MEM);
  out_of_memory = false;
}

TEST_CASE("esp_tls: each call of the seam, by itself") {
  peer::is({"ab", "", "c"}, peer::End::close);
  EspTls tls;
  CHECK(tls.open("host", 443).kind() == Io::Kind::wait);
  CHECK(tls.open("host", 443).kind() == Io::Kind::wait);
  CHECK(tls.open("host", 443).kind() == Io::Kind::ok);
  char room[8];
  const Io first = tls.recv(room, sizeof room);
  CHECK(first.kind() == Io::Kind::moved);
  CHECK(first.size() == 2);
  CHECK(tls.recv(room, sizeof room).kind() == Io::Kind::wait);
  CHECK(tls.recv(room, sizeof room).size() == 1);
  CHECK(tls.recv(room, sizeof room).kind() == Io::Kind::closed);
  peer::state.end = peer::End::reset;
  CHECK(tls.recv(room, sizeof room).error() == Error::connection_lost);
  tls.close();
  tls.close();
  CHECK(peer::state.closed == 1);
  tls.blocking(false);
  CHECK_FALSE(tls.wait(5));
}

TEST_SUITE_END();
