// A server on loopback for measurements: plain HTTP, one thread, any number of connections, the same answer for all.
#pragma once
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace bench {

// `pieces`: the answer's bytes, sent one piece in each round over all connections.
class LittleServer {
 public:
  explicit LittleServer(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 1024);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      serve();
    });
  }
  ~LittleServer() {
    stop_ = true;
    thread_.join();
    close(listener_);
  }
  LittleServer(const LittleServer&) = delete;
  LittleServer& operator=(const LittleServer&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  struct Connection {
    int handle;
    std::string request;
    std::size_t next;  // piece to send; 0 also means that the request is not complete
  };

  void serve() {
    while (!stop_) {
      std::vector<pollfd> all{{listener_, POLLIN, 0}};
      bool sending = false;
      for (const Connection& one : connections_) {
        all.push_back({one.handle, POLLIN, 0});
        sending = sending || one.next != 0;
      }
      poll(all.data(), all.size(), sending ? 0 : 20);
      for (std::size_t at = connections_.size(); at > 0; --at) {
        if (!turn(connections_[at - 1], (all[at].revents & (POLLIN | POLLHUP)) != 0)) {
          close(connections_[at - 1].handle);
          connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(at - 1));
        }
      }
      if ((all[0].revents & POLLIN) != 0) accept_one();
    }
    for (const Connection& one : connections_) close(one.handle);
  }

  void accept_one() {
    const int handle = accept(listener_, nullptr, nullptr);
    if (handle < 0) return;
    const int on = 1;
    setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections_.push_back({handle, {}, 0});
  }

  // False: the connection is over.
  bool turn(Connection& one, bool readable) {
    if (readable) {
      char some[4096];
      const auto got = recv(one.handle, some, sizeof some, 0);
      if (got <= 0) return false;
      one.request.append(some, static_cast<std::size_t>(got));
    }
    if (one.next == 0 && !whole(one.request)) return true;
    one.request.clear();
    const std::string& piece = pieces_[one.next];
    if (send(one.handle, piece.data(), piece.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(piece.size())) return false;
    one.next = (one.next + 1) % pieces_.size();
    return true;
  }

  static bool whole(const std::string& request) {
    const std::size_t head = request.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const std::size_t length = request.find("ontent-");
    const std::size_t at = length == std::string::npos ? length : request.find("ength: ", length);
    return at == std::string::npos || request.size() >= head + 4 + std::strtoul(request.c_str() + at + 7, nullptr, 10);
  }

  std::vector<std::string> pieces_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::vector<Connection> connections_;
  std::thread thread_;
};

// An answer of `deltas` deltas, each of them a chunk and a piece, the first one together with the head.
inline std::vector<std::string> little_answer(unsigned deltas) {
  const auto chunk = [](const std::string& data) {
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", data.size());
    return size + data + "\r\n";
  };
  const auto event = [](const char* type, const std::string& members) {
    return std::string("event: ") + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
  };
  std::vector<std::string> pieces;
  pieces.push_back("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" +
      chunk(event("message_start", R"(,"message":{"id":"msg_01","role":"assistant","usage":{"input_tokens":9}})") +
          event("content_block_start", R"(,"index":0,"content_block":{"type":"text","text":""})")));
  const std::string delta = event(
      "content_block_delta", R"(,"index":0,"delta":{"type":"text_delta","text":"Europa, Ganymede and Callisto. "})");
  pieces[0] += chunk(delta);
  for (unsigned i = 1; i < deltas; ++i) pieces.push_back(chunk(delta));
  pieces.push_back(chunk(event("content_block_stop", R"(,"index":0)") +
                       event("message_delta", R"(,"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9})") +
                       event("message_stop", "")) +
      "0\r\n\r\n");
  return pieces;
}

constexpr std::size_t little_text = 31;  // bytes of text of one delta

}  // namespace bench
