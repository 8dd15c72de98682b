// esp_http_client.hpp over a stub of ESP-IDF.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 1
#include "../../examples/transports/esp_http_client.hpp"

#include "answers.hpp"

struct esp_http_client {
  esp_http_client_config_t config;
};

namespace {

esp_http_client the_client;
std::string the_url;
std::string the_headers;
int announced;
esp_err_t open_answer;
int code;
unsigned waits;      // of fetch_headers
std::size_t filler;  // bytes of a header that matters
bool complete;       // is what came all there is?

void begin(std::vector<std::string> pieces, peer::End end) {
  peer::is(std::move(pieces), end);
  the_headers.clear();
  open_answer = ESP_OK;
  code = 200;
  waits = 2;
  filler = 5;
  complete = end == peer::End::close;
}

void tell(const char* name, std::string value) {
  std::string key = name;
  esp_http_client_event_t event{};
  event.event_id = HTTP_EVENT_ON_HEADER;
  event.client = &the_client;
  event.user_data = the_client.config.user_data;
  event.header_key = key.data();
  event.header_value = value.data();
  the_client.config.event_handler(&event);
}

}  // namespace

extern "C" {
int64_t esp_timer_get_time(void) { return int64_t{1000} * peer::state.now_ms; }
esp_err_t esp_crt_bundle_attach(void*) { return ESP_OK; }
esp_http_client_handle_t esp_http_client_init(const esp_http_client_config_t* config) {
  the_client.config = *config;
  the_url = config->url;
  ++peer::state.opened;
  return &the_client;
}
esp_err_t esp_http_client_set_header(esp_http_client_handle_t, const char* key, const char* value) {
  the_headers += std::string(key) + ": " + value + "\n";
  return ESP_OK;
}
esp_err_t esp_http_client_set_timeout_ms(esp_http_client_handle_t client, int timeout_ms) {
  client->config.timeout_ms = timeout_ms;
  return ESP_OK;
}
esp_err_t esp_http_client_open(esp_http_client_handle_t, int write_len) {
  announced = write_len;
  return open_answer;
}
int esp_http_client_write(esp_http_client_handle_t, const char* buffer, int len) {
  return peer::write(buffer, static_cast<std::size_t>(len));
}
int64_t esp_http_client_fetch_headers(esp_http_client_handle_t) {
  if (waits != 0) return --waits, -ESP_ERR_HTTP_EAGAIN;
  tell("Content-Type", "text/event-stream; charset=utf-8");
  tell("X-Of-No-Interest", std::string(2000, 'x'));
  tell("Request-Id", "req_" + std::string(filler, '1'));
  return 0;
}
int esp_http_client_get_status_code(esp_http_client_handle_t) { return code; }
int esp_http_client_read(esp_http_client_handle_t, char* buffer, int len) {
  const int got = peer::read(buffer, static_cast<std::size_t>(len));
  return got == -1 ? -ESP_ERR_HTTP_EAGAIN : got == -2 ? ESP_FAIL : got;
}
bool esp_http_client_is_complete_data_received(esp_http_client_handle_t) { return complete; }
esp_err_t esp_http_client_cleanup(esp_http_client_handle_t) {
  ++peer::state.closed;
  return ESP_OK;
}
}

namespace {

// The seam's wait() needs no sleep of its own.
struct Http : EspHttp {
  void blocking(bool) {}
};

Asked ask_it() {
  Http http;
  return ask(http, "https://api.anthropic.com");
}

}  // namespace

TEST_SUITE_BEGIN("transports");

TEST_CASE("esp_http_client: an answer comes whole, with pauses in it") {
  begin({"", start, "", hello, "", "", world, stop}, peer::End::close);
  const Asked asked = ask_it();
  CHECK(asked.text == "Hello, world");
  CHECK(asked.status.error == Error::none);
  CHECK(asked.status.http == 200);
  CHECK(the_url == "https://api.anthropic.com/v1/messages");
  CHECK(the_headers.find("x-api-key: sk-ant-test\n") != std::string::npos);
  CHECK(the_headers.find("content-type: application/json\n") != std::string::npos);
  CHECK(static_cast<std::size_t>(announced) == peer::state.heard.size());
  CHECK(peer::state.heard.front() == '{');
  CHECK(peer::state.heard.back() == '}');
  CHECK(peer::state.opened == peer::state.closed);
}

TEST_CASE("esp_http_client: redirects are off, the certificate is checked, and reads are short") {
  begin({start, hello, stop}, peer::End::close);
  CHECK(ask_it().status);
  CHECK(the_client.config.disable_auto_redirect);
  CHECK((the_client.config.crt_bundle_attach == esp_crt_bundle_attach));
  CHECK_FALSE(the_client.config.skip_cert_common_name_check);
  CHECK(the_client.config.method == HTTP_METHOD_POST);
  CHECK(the_client.config.timeout_ms == 40);
}

TEST_CASE("esp_http_client: a method is sent as it is, or not at all") {
  begin({start, hello, stop}, peer::End::close);
  Http http;
  const auto sent_as = [&](const char* method) {
    const Io io = http.start(method, "https://api.anthropic.com/v1/thing");
    return io == Io::ok() ? static_cast<int>(the_client.config.method) : -1;
  };
  CHECK(sent_as("POST") == HTTP_METHOD_POST);
  CHECK(sent_as("GET") == HTTP_METHOD_GET);
  CHECK(sent_as("DELETE") == HTTP_METHOD_DELETE);
  CHECK(sent_as("PUT") == HTTP_METHOD_PUT);
  CHECK(sent_as("PATCH") == HTTP_METHOD_PATCH);
  CHECK(sent_as("OPTIONS") == -1);
}

TEST_CASE("esp_http_client: a body that is not complete is no success") {
  begin({start, hello}, peer::End::close);
  complete = false;
  const Asked asked = ask_it();
  CHECK(asked.text == "Hello");
  CHECK(asked.status.error == Error::truncated);
}

TEST_CASE("esp_http_client: a body that is complete in the middle of the answer is no success") {
  begin({start, hello}, peer::End::close);
  const Asked asked = ask_it();
  CHECK(asked.text == "Hello");
  CHECK(asked.status.error == Error::truncated);
}

TEST_CASE("esp_http_client: a reset is told") {
  begin({start, hello}, peer::End::reset);
  const Asked asked = ask_it();
  CHECK(asked.status.error == Error::truncated);
  CHECK(asked.status.native == ESP_FAIL);
}

TEST_CASE("esp_http_client: a read of nothing is an end only where the body is complete") {
  begin({"ab"}, peer::End::close);
  Http http;
  CHECK(http.start("POST", "https://host/v1/messages").kind() == Io::Kind::ok);
  char room[8];
  CHECK(http.recv(room, sizeof room).size() == 2);
  CHECK(http.recv(room, sizeof room).kind() == Io::Kind::closed);
  complete = false;
  CHECK(http.recv(room, sizeof room).error() == Error::connection_lost);
}

TEST_CASE("esp_http_client: nobody answers the connect") {
  begin({}, peer::End::silence);
  open_answer = ESP_ERR_HTTP_CONNECT;
  const Asked asked = ask_it();
  CHECK(asked.status.error == Error::connect_failed);
  CHECK(asked.status.native == ESP_ERR_HTTP_CONNECT);
}

TEST_CASE("esp_http_client: the status is the service's") {
  begin({"{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"no\"}}"}, peer::End::close);
  code = 401;
  const Asked asked = ask_it();
  CHECK(asked.status.error == Error::authentication);
  CHECK(asked.status.http == 401);
}

TEST_CASE("esp_http_client: headers that do not fit are an error, those of no interest take no room") {
  begin({start, hello, stop}, peer::End::close);
  filler = 990;
  CHECK(ask_it().status.error == Error::out_of_room);
}

TEST_SUITE_END();
