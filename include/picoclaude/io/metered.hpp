// A transport that moves at most so many bytes between two ticks, so that a burst cannot stretch a frame.
//
//   Metered<MbedtlsTransport<>> tls{system_roots()};
//   Client claude{tls, memory, config};
//   ...
//   tls.allow(4096);                        // each frame
//   while (auto event = claude.next()) ...  // work for at most 4,096 bytes, and what the workspace still held
//
// The time of next() is in proportion to the bytes that move (and to the request, when it is measured at its begin):
// parsing does the same work for each byte, whatever the bytes are. A transport of either seam can be metered.
#pragma once
#include "transport.hpp"

PICOCLAUDE_BEGIN

template <class Transport>
class Metered : public Transport {
 public:
  using Transport::Transport;

  // Bytes that may be sent and received until it is called again. Without it: any number.
  void allow(std::uint32_t bytes) { left_ = bytes; }

  Io send(const char* data, std::size_t size) {
    return left_ == 0 ? Io::wait() : count(Transport::send(data, cut(size)));
  }
  Io recv(char* data, std::size_t room) { return left_ == 0 ? Io::wait() : count(Transport::recv(data, cut(room))); }

  // When the allowance is used up, a program that would block gets control back.
  template <class T = Transport, std::enable_if_t<detail::HasWait<T>::value, int> = 0>
  bool wait(std::uint32_t at_most_ms) {
    return left_ != 0 && T::wait(at_most_ms);
  }

 private:
  static constexpr std::uint32_t unlimited = 0xFFFFFFFF;

  std::size_t cut(std::size_t size) const { return size < left_ ? size : left_; }

  Io count(Io io) {
    if (io.kind() == Io::Kind::moved && left_ != unlimited) {
      left_ -= io.size() < left_ ? static_cast<std::uint32_t>(io.size()) : left_;
    }
    return io;
  }

  std::uint32_t left_ = unlimited;
};

PICOCLAUDE_END
