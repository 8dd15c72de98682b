// HTTP by libcurl instead of http_parser. libcurl wants a socket: it connects to this program over loopback, and what is
// read from the corpus is sent into the other end. So the system's part is in its time as well.
#pragma once
#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

template <class Events>
class CurlPeer {
 public:
  static constexpr unsigned kinds = all_kinds;

  CurlPeer() : multi_(curl_multi_init()), easy_(curl_easy_init()) {
    const std::string url = "http://127.0.0.1:" + std::to_string(listen_somewhere()) + "/v1/messages";
    curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, "{}");
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(
        easy_, CURLOPT_WRITEFUNCTION, +[](char* bytes, std::size_t size, std::size_t count, void* context) {
          auto& self = *static_cast<CurlPeer*>(context);
          std::memcpy(self.buffer_, bytes, size * count);  // what works in place needs bytes behind its own
          self.events_.body(self.buffer_, size * count, *self.sink_);
          return size * count;
        });
  }
  CurlPeer(const CurlPeer&) = delete;
  CurlPeer& operator=(const CurlPeer&) = delete;
  ~CurlPeer() {
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
    ::close(link_);
    ::close(listener_);
  }

  bool answer(Source& source, Sink& sink) {
    sink_ = &sink;
    events_.begin();
    curl_multi_add_handle(multi_, easy_);
    char some[largest_read];
    int running = 1;
    long got = 0;
    for (int i = 0; got <= 0 && i < 10'000; ++i) {  // the request
      curl_multi_perform(multi_, &running);
      if (link_ < 0) accept_link();
      got = ::recv(link_, some, sizeof some, 0);
    }
    if (got <= 0) return false;
    while (const std::size_t size = source.read(some, largest_read)) {
      for (std::size_t sent = 0; sent != size;) {
        const auto more = ::send(link_, some + sent, size - sent, MSG_NOSIGNAL);
        if (more > 0) sent += static_cast<std::size_t>(more);
        curl_multi_perform(multi_, &running);
        if (running == 0 && sent != size) return false;
      }
    }
    for (int i = 0; running != 0 && i < 10'000; ++i) curl_multi_perform(multi_, &running);
    CURLcode result = CURLE_GOT_NOTHING;
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) result = message->data.result;
    curl_multi_remove_handle(multi_, easy_);
    return result == CURLE_OK && events_.stopped();
  }

 private:
  std::uint16_t listen_somewhere() {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 1);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    fcntl(listener_, F_SETFL, O_NONBLOCK);
    return ntohs(address.sin_port);
  }

  void accept_link() {
    link_ = accept(listener_, nullptr, nullptr);
    if (link_ < 0) return;
    const int on = 1;
    fcntl(link_, F_SETFL, O_NONBLOCK);
    setsockopt(link_, SOL_TCP, TCP_NODELAY, &on, sizeof on);
  }

  CURLM* multi_;
  CURL* easy_;
  int listener_ = -1;
  int link_ = -1;
  Sink* sink_ = nullptr;
  Events events_;
  char buffer_[CURL_MAX_WRITE_SIZE + padding];
};

}  // namespace bench
