// TCP over lwIP's raw API, for programs without an operating system (NO_SYS=1). It only carries bytes: picoclaude's own
// TLS goes above it.
//
//   static LwipTcp tcp{poll_network};      // your function: takes frames from the driver, calls sys_check_timeouts()
//   static picoclaude::MbedtlsTransport tls{roots, tcp};
//   static picoclaude::Client claude{tls, memory, config};
//
// Make it static: a name that is being looked up cannot be called back, and its answer comes to this object. With an
// operating system call next() with lwIP's core locked. Needs LWIP_DNS; sys_now() must run.
#pragma once
#include <lwip/dns.h>
#include <lwip/pbuf.h>
#include <lwip/sys.h>
#include <lwip/tcp.h>
#include <picoclaude.hpp>

class LwipTcp {
 public:
  static constexpr bool is_plaintext = true;

  explicit LwipTcp(void (*poll)()) : poll_(poll) {}
  LwipTcp(const LwipTcp&) = delete;
  LwipTcp& operator=(const LwipTcp&) = delete;
  ~LwipTcp() { close(); }

  // True (the default): wait() polls the network. False: next() never waits, and your loop polls.
  void blocking(bool on) { blocking_ = on; }

  picoclaude::Io open(const char* host, std::uint16_t port) {
    if (step_ == Step::idle) {
      host_ = host;
      step_ = Step::looking_up;
      const err_t answer = dns_gethostbyname(host, &address_, found, this);
      if (answer == ERR_OK) step_ = Step::found;
      if (answer != ERR_OK && answer != ERR_INPROGRESS) step_ = Step::unknown;
    }
    if (step_ == Step::found) connect(port);
    switch (step_) {
      case Step::open: return picoclaude::Io::ok();
      case Step::unknown: close(); return picoclaude::Io::failed(picoclaude::Error::name_not_found);
      case Step::lost: {
        const err_t error = error_;
        close();
        return picoclaude::Io::failed(picoclaude::Error::connect_failed, error);
      }
      default: return picoclaude::Io::wait();
    }
  }

  picoclaude::Io send(const char* data, std::size_t size) {
    if (pcb_ == nullptr) return picoclaude::Io::failed(picoclaude::Error::connection_lost, error_);
    const std::size_t room = tcp_sndbuf(pcb_);
    if (size > room) size = room;
    if (size == 0) return picoclaude::Io::wait();
    const err_t answer = tcp_write(pcb_, data, static_cast<u16_t>(size), TCP_WRITE_FLAG_COPY);
    if (answer == ERR_MEM) return picoclaude::Io::wait();
    if (answer != ERR_OK) return picoclaude::Io::failed(picoclaude::Error::connection_lost, answer);
    tcp_output(pcb_);
    return picoclaude::Io::moved(size);
  }

  picoclaude::Io recv(char* data, std::size_t room) {
    if (received_ != nullptr) {
      const auto most = static_cast<u16_t>(room < 0xFFFF ? room : 0xFFFF);
      const u16_t size = pbuf_copy_partial(received_, data, most, 0);
      received_ = pbuf_free_header(received_, size);
      if (pcb_ != nullptr) tcp_recved(pcb_, size);
      return picoclaude::Io::moved(size);
    }
    if (pcb_ == nullptr) return picoclaude::Io::failed(picoclaude::Error::connection_lost, error_);
    return ended_ ? picoclaude::Io::closed() : picoclaude::Io::wait();
  }

  void close() {
    if (pcb_ != nullptr) {
      tcp_arg(pcb_, nullptr);
      tcp_recv(pcb_, nullptr);
      tcp_err(pcb_, nullptr);
      if (step_ == Step::connecting || tcp_close(pcb_) != ERR_OK) tcp_abort(pcb_);
    }
    if (received_ != nullptr) pbuf_free(received_);
    pcb_ = nullptr;
    received_ = nullptr;
    host_ = nullptr;
    ended_ = false;
    error_ = ERR_OK;
    step_ = Step::idle;
  }

  std::uint32_t now_ms() { return sys_now(); }

  bool wait(std::uint32_t) {
    if (blocking_) poll_();
    return blocking_;
  }

 private:
  enum class Step : std::uint8_t { idle, looking_up, unknown, found, connecting, open, lost };

  void connect(std::uint16_t port) {
    step_ = Step::connecting;
    pcb_ = tcp_new();
    error_ = pcb_ != nullptr ? ERR_OK : ERR_MEM;
    if (pcb_ != nullptr) {
      tcp_arg(pcb_, this);
      tcp_recv(pcb_, take);
      tcp_err(pcb_, lose);
      error_ = tcp_connect(pcb_, &address_, port, connected);
    }
    if (error_ != ERR_OK) step_ = Step::lost;
  }

  // ---- called by lwIP -----------------------------------------------------------------------------------------------

  // An answer for a name that is no longer asked for is not ours. null: there is no address.
  static void found(const char* name, const ip_addr_t* address, void* self) {
    auto& tcp = *static_cast<LwipTcp*>(self);
    if (tcp.step_ != Step::looking_up || std::strcmp(name, tcp.host_) != 0) return;
    if (address != nullptr) tcp.address_ = *address;
    tcp.step_ = address != nullptr ? Step::found : Step::unknown;
  }

  static err_t connected(void* self, tcp_pcb*, err_t) {
    static_cast<LwipTcp*>(self)->step_ = Step::open;
    return ERR_OK;
  }

  static err_t take(void* self, tcp_pcb*, pbuf* data, err_t) {
    auto& tcp = *static_cast<LwipTcp*>(self);
    if (data == nullptr) {
      tcp.ended_ = true;
    } else if (tcp.received_ == nullptr) {
      tcp.received_ = data;
    } else {
      pbuf_cat(tcp.received_, data);
    }
    return ERR_OK;
  }

  // The block is gone already.
  static void lose(void* self, err_t error) {
    auto& tcp = *static_cast<LwipTcp*>(self);
    tcp.pcb_ = nullptr;
    tcp.error_ = error;
    tcp.step_ = Step::lost;
  }

  void (*poll_)();
  const char* host_ = nullptr;  // of the client, while open() is repeated
  ip_addr_t address_{};
  tcp_pcb* pcb_ = nullptr;
  pbuf* received_ = nullptr;  // and not yet taken; the window keeps it below TCP_WND
  Step step_ = Step::idle;
  bool ended_ = false;
  bool blocking_ = true;
  err_t error_ = ERR_OK;
};
