// The HTTP seam over libcurl: its multi interface, polled, one request at a time. libcurl 7.85 or later.
//
//   CurlTransport http;                      // the system's certificates
//   picoclaude::Client claude{http, memory, config};
//
// Redirects are never followed; the certificate and the host name are always checked: there is no way to switch either
// off. A connection is kept for the next request. libcurl has its own heap; this object has 16 KB for what a read of
// libcurl brings beyond the room that the client has.
//
// Link with -lcurl. Whether libcurl looks names up without blocking depends on its build (`curl --version`: AsynchDNS).
#pragma once
#include <curl/curl.h>
#include <picoclaude.hpp>

#include <chrono>
#include <climits>
#include <cstdio>
#include <cstring>

#if LIBCURL_VERSION_NUM < 0x075500
#error "libcurl 7.85 or later is needed"
#endif

class CurlTransport {
 public:
  static constexpr bool follows_redirects = false;

  CurlTransport() : multi_(curl_multi_init()), easy_(curl_easy_init()) {}
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;
  ~CurlTransport() {
    close();
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }

  // A file with the certificates to trust (PEM) instead of the system's. Lifetime: until the transport's end.
  void trust(const char* file) { trusted_ = file; }
  // True (the default): wait() sleeps, so next() blocks until there is something. False: next() never waits.
  void blocking(bool on) { blocking_ = on; }
  // The time-out of connecting: the seam leaves it to the host.
  void connect_within(long time_ms) { connect_ms_ = time_ms; }

  picoclaude::Io start(const char* method, const char* url) {
    close();
    if (multi_ == nullptr || easy_ == nullptr) return picoclaude::Io::failed(picoclaude::Error::bad_setup);
    curl_easy_reset(easy_);
    bool set = option(CURLOPT_URL, url) && option(CURLOPT_CUSTOMREQUEST, method);
    set = set && option(CURLOPT_FOLLOWLOCATION, 0L) && option(CURLOPT_PROTOCOLS_STR, "https,http");
    set = set && option(CURLOPT_SSL_VERIFYPEER, 1L) && option(CURLOPT_SSL_VERIFYHOST, 2L);
    set = set && option(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2}) && option(CURLOPT_NOSIGNAL, 1L);
    set = set && option(CURLOPT_CONNECTTIMEOUT_MS, connect_ms_) && option(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
    set = set && option(CURLOPT_HEADERFUNCTION, &CurlTransport::take_header) && option(CURLOPT_HEADERDATA, this);
    set = set && option(CURLOPT_WRITEFUNCTION, &CurlTransport::take_body) && option(CURLOPT_WRITEDATA, this);
    set = set && (trusted_ == nullptr || option(CURLOPT_CAINFO, trusted_));
    return set ? picoclaude::Io::ok() : broken();
  }

  picoclaude::Io header(const char* name, const char* value) {
    char line[2048];
    const int size = std::snprintf(line, sizeof line, "%s: %s", name, value);
    const bool fits = size > 0 && static_cast<std::size_t>(size) < sizeof line;
    return fits && append(line) ? picoclaude::Io::ok() : broken();
  }

  picoclaude::Io begin_body(std::uint32_t size) {
    bool set = append("expect:");  // ask no permission: a refusal is noticed while sending
    if (size != 0) {
      set = set && option(CURLOPT_POST, 1L) && option(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t{size});
      set = set && option(CURLOPT_READFUNCTION, &CurlTransport::give_body) && option(CURLOPT_READDATA, this);
    }
    set = set && option(CURLOPT_HTTPHEADER, headers_) && curl_multi_add_handle(multi_, easy_) == CURLM_OK;
    running_ = set;
    return set ? picoclaude::Io::ok() : broken();
  }

  picoclaude::Io send(const char* data, std::size_t size) {
    from_ = data;
    from_size_ = size;
    perform(stopped_sending_);
    from_ = nullptr;
    const std::size_t sent = size - from_size_;
    if (sent != 0) return picoclaude::Io::moved(sent);
    return ended_ ? end() : picoclaude::Io::wait();
  }

  picoclaude::Io status(std::uint16_t& code) {
    if (!headed_) perform(false);
    if (!headed_) return ended_ ? end() : picoclaude::Io::wait();
    long answer = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &answer);
    code = static_cast<std::uint16_t>(answer);
    return picoclaude::Io::ok();
  }

  picoclaude::Io next_header(picoclaude::string_view& name, picoclaude::string_view& value) {
    header_ = curl_easy_nextheader(easy_, CURLH_HEADER, -1, header_);
    if (header_ == nullptr) return picoclaude::Io::ok();
    name = header_->name;
    value = header_->value;
    return picoclaude::Io::ok();
  }

  picoclaude::Io recv(char* data, std::size_t room) {
    to_ = data;
    to_size_ = room;
    if (spare_at_ != spare_size_) {
      const std::size_t some = spare_size_ - spare_at_ < room ? spare_size_ - spare_at_ : room;
      spare_at_ += keep(spare_ + spare_at_, some);
    } else if (!ended_) {
      perform(stopped_receiving_);
    }
    to_ = nullptr;
    if (to_size_ != room) return picoclaude::Io::moved(room - to_size_);
    return ended_ && spare_at_ == spare_size_ ? end() : picoclaude::Io::wait();
  }

  void close() {
    if (running_) curl_multi_remove_handle(multi_, easy_);
    curl_slist_free_all(headers_);
    headers_ = nullptr;
    header_ = nullptr;
    running_ = headed_ = ended_ = stopped_sending_ = stopped_receiving_ = false;
    spare_at_ = spare_size_ = 0;
  }

  std::uint32_t now_ms() {
    using namespace std::chrono;
    return static_cast<std::uint32_t>(duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
  }

  bool wait(std::uint32_t at_most_ms) {
    if (!blocking_) return false;
    const int most = at_most_ms < INT_MAX ? static_cast<int>(at_most_ms) : INT_MAX;
    return curl_multi_poll(multi_, nullptr, 0, most, nullptr) == CURLM_OK;
  }

 private:
  using Error = picoclaude::Error;

  static picoclaude::Io broken() { return picoclaude::Io::failed(Error::transport_failed); }

  template <class Value>
  bool option(CURLoption name, Value value) {
    return curl_easy_setopt(easy_, name, value) == CURLE_OK;
  }

  bool append(const char* line) {
    curl_slist* const longer = curl_slist_append(headers_, line);
    if (longer != nullptr) headers_ = longer;
    return longer != nullptr;
  }

  // Lets libcurl do what can be done now; `stopped`: one of our functions had stopped it.
  void perform(bool stopped) {
    if (ended_) return;
    if (stopped) {
      stopped_sending_ = stopped_receiving_ = false;
      curl_easy_pause(easy_, CURLPAUSE_CONT);
    }
    int running = 0;
    if (curl_multi_perform(multi_, &running) != CURLM_OK) result_ = CURLE_FAILED_INIT, ended_ = true;
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
      if (message->msg == CURLMSG_DONE) result_ = message->data.result, ended_ = true;
    }
  }

  // ---- called by libcurl, inside perform() --------------------------------------------------------------------------

  static std::size_t give_body(char* out, std::size_t size, std::size_t count, void* self) {
    auto& http = *static_cast<CurlTransport*>(self);
    if (http.from_ == nullptr || http.from_size_ == 0) {
      http.stopped_sending_ = true;
      return CURL_READFUNC_PAUSE;
    }
    const std::size_t some = http.from_size_ < size * count ? http.from_size_ : size * count;
    std::memcpy(out, http.from_, some);
    http.from_ += some;
    http.from_size_ -= some;
    return some;
  }

  static std::size_t take_header(char* line, std::size_t size, std::size_t count, void* self) {
    auto& http = *static_cast<CurlTransport*>(self);
    long code = 0;
    curl_easy_getinfo(http.easy_, CURLINFO_RESPONSE_CODE, &code);
    const bool blank = size * count == 2 && line[0] == '\r';
    if (blank && code >= 200) http.headed_ = true;
    return size * count;
  }

  // All or nothing: what the room does not hold goes into the spare bytes; while there are some, libcurl has to wait.
  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& http = *static_cast<CurlTransport*>(self);
    const std::size_t all = size * count;
    if (http.spare_at_ != http.spare_size_ || all > sizeof http.spare_) {
      http.stopped_receiving_ = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    const std::size_t taken = http.to_ != nullptr ? http.keep(data, all < http.to_size_ ? all : http.to_size_) : 0;
    http.spare_at_ = 0;
    http.spare_size_ = all - taken;
    std::memcpy(http.spare_, data + taken, http.spare_size_);
    return all;
  }

  std::size_t keep(const char* data, std::size_t size) {
    std::memcpy(to_, data, size);
    to_ += size;
    to_size_ -= size;
    return size;
  }

  // ---- how it ended -------------------------------------------------------------------------------------------------

  picoclaude::Io end() const {
    return result_ == CURLE_OK ? picoclaude::Io::closed()
                               : picoclaude::Io::failed(error(), static_cast<std::int32_t>(result_));
  }

  Error error() const {
    switch (result_) {
      case CURLE_COULDNT_RESOLVE_HOST: return Error::name_not_found;
      case CURLE_COULDNT_CONNECT: return Error::connect_failed;
      case CURLE_OPERATION_TIMEDOUT: return Error::connect_timeout;  // the only time-out that is set here
      case CURLE_PEER_FAILED_VERIFICATION: return refusal();
      case CURLE_SSL_CACERT_BADFILE: return Error::bad_roots;
      case CURLE_SSL_CONNECT_ERROR:
      case CURLE_SSL_CIPHER: return Error::tls_failed;
      case CURLE_SEND_ERROR:
      case CURLE_RECV_ERROR:
      case CURLE_GOT_NOTHING:
      case CURLE_PARTIAL_FILE: return Error::connection_lost;
      default: return Error::transport_failed;
    }
  }

  // Why the certificate was refused, where the TLS library of this libcurl is OpenSSL: X509_V_ERR_*.
  Error refusal() const {
    long why = 0;
    curl_easy_getinfo(easy_, CURLINFO_SSL_VERIFYRESULT, &why);
    switch (why) {
      case 9: return Error::tls_not_yet_valid;
      case 10: return Error::tls_expired;
      case 18:
      case 19:
      case 20:
      case 21: return Error::tls_unknown_ca;
      case 0:  // the chain is good
      case 1:  // libcurl looks at the name before it asks about the chain
      case 62: return Error::tls_wrong_host;
      default: return Error::tls_refused;
    }
  }

  CURLM* multi_;
  CURL* easy_;
  curl_slist* headers_ = nullptr;
  curl_header* header_ = nullptr;  // of the answer, the last one that was told
  const char* trusted_ = nullptr;
  long connect_ms_ = 15'000;
  bool blocking_ = true;

  bool running_ = false;  // the request is libcurl's
  bool headed_ = false;   // the head of the answer is complete
  bool ended_ = false;    // with result_
  bool stopped_sending_ = false;
  bool stopped_receiving_ = false;
  CURLcode result_ = CURLE_OK;
  const char* from_ = nullptr;  // of the client, only during send()
  std::size_t from_size_ = 0;
  char* to_ = nullptr;  // of the client, only during recv()
  std::size_t to_size_ = 0;
  std::size_t spare_at_ = 0;
  std::size_t spare_size_ = 0;
  char spare_[CURL_MAX_WRITE_SIZE];
};
