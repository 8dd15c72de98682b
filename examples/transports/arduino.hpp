// The byte seam over an Arduino network client that speaks TLS: WiFiClientSecure (ESP32, ESP8266), WiFiSSLClient
// (WiFiNINA), SSLClient over Ethernet.
//
//   WiFiClientSecure link;
//   link.setCACert(root);                  // never setInsecure(): the key would go to whoever answers
//   ArduinoTls<WiFiClientSecure> tls{link};
//   picoclaude::Client claude{tls, memory, config};
//
// connect() blocks in most cores, with its handshake. What only carries bytes (WiFiClient, EthernetClient) goes into
// ArduinoTcp, below picoclaude's own TLS: picoclaude::MbedtlsTransport tls{roots, tcp};
#pragma once
#include <Arduino.h>
#include <picoclaude.hpp>

template <class NetworkClient, bool speaks_tls>
class ArduinoTransport {
 public:
  static constexpr bool is_plaintext = !speaks_tls;

  explicit ArduinoTransport(NetworkClient& client) : client_(client) {}

  // True (the default): wait() sleeps in delay(), which feeds the watchdog. False: next() never waits.
  void blocking(bool on) { blocking_ = on; }

  picoclaude::Io open(const char* host, std::uint16_t port) {
    const int answer = client_.connect(host, port);
    return answer == 1 ? picoclaude::Io::ok() : picoclaude::Io::failed(picoclaude::Error::connect_failed, answer);
  }

  picoclaude::Io send(const char* data, std::size_t size) {
    const std::size_t sent = client_.write(reinterpret_cast<const std::uint8_t*>(data), size);
    if (sent != 0) return picoclaude::Io::moved(sent);
    return client_.connected() ? picoclaude::Io::wait() : lost();
  }

  picoclaude::Io recv(char* data, std::size_t room) {
    const int there = client_.available();
    if (there > 0) {
      const std::size_t size = static_cast<std::size_t>(there) < room ? static_cast<std::size_t>(there) : room;
      const int got = client_.read(reinterpret_cast<std::uint8_t*>(data), size);
      if (got > 0) return picoclaude::Io::moved(static_cast<std::size_t>(got));
    }
    // connected() says neither how the other end went nor whether it said good-bye.
    return client_.connected() ? picoclaude::Io::wait() : picoclaude::Io::closed();
  }

  void close() { client_.stop(); }
  std::uint32_t now_ms() { return static_cast<std::uint32_t>(millis()); }

  bool wait(std::uint32_t at_most_ms) {
    if (!blocking_) return false;
    delay(at_most_ms < 2 ? at_most_ms : 2);
    return true;
  }

 private:
  static picoclaude::Io lost() { return picoclaude::Io::failed(picoclaude::Error::connection_lost); }

  NetworkClient& client_;
  bool blocking_ = true;
};

template <class SecureClient>
struct ArduinoTls : ArduinoTransport<SecureClient, true> {
  using ArduinoTransport<SecureClient, true>::ArduinoTransport;
};

template <class PlainClient>
struct ArduinoTcp : ArduinoTransport<PlainClient, false> {
  using ArduinoTransport<PlainClient, false>::ArduinoTransport;
};

template <class SecureClient>
ArduinoTls(SecureClient&) -> ArduinoTls<SecureClient>;
template <class PlainClient>
ArduinoTcp(PlainClient&) -> ArduinoTcp<PlainClient>;
