// A transport that is chosen when the program runs: a reference to one, with a table of its functions.
//
//   AnyTransport link{has_ethernet ? AnyTransport{tls} : AnyTransport{modem}};
//
// It costs one call through a pointer for each call. A transport that owns HTTP goes in as an HttpBytes.
#pragma once
#include "../wire/url.hpp"
#include "transport.hpp"

PICOCLAUDE_BEGIN

class AnyTransport {
 public:
  static constexpr bool tells_end = true;  // closed() of one that does not is told as connection_lost

  // Lifetime: the transport must outlive this reference to it.
  template <class Transport, std::enable_if_t<!std::is_same_v<Transport, AnyTransport>, int> = 0>
  explicit AnyTransport(Transport& transport) : object_(&transport), table_(&table_of<Transport>) {
    detail::check_transport<Transport>();
    static_assert(!detail::IsPlaintext<Transport>::value || PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT,
        "a transport without TLS: the key would be readable on its way");
  }

  Io open(const char* host, std::uint16_t port) { return table_->open(object_, host, port); }
  Io send(const char* data, std::size_t size) { return table_->send(object_, data, size); }
  Io recv(char* data, std::size_t room) { return table_->recv(object_, data, room); }
  void close() { table_->close(object_); }
  std::uint32_t now_ms() { return table_->now_ms(object_); }
  // False at once where the transport has none: ask() then gives up, next() gives none.
  bool wait(std::uint32_t at_most_ms) { return table_->wait(object_, at_most_ms); }

 private:
  struct Table {
    Io (*open)(void*, const char*, std::uint16_t);
    Io (*send)(void*, const char*, std::size_t);
    Io (*recv)(void*, char*, std::size_t);
    void (*close)(void*);
    std::uint32_t (*now_ms)(void*);
    bool (*wait)(void*, std::uint32_t);
  };

  template <class Transport>
  struct Calls {
    static Transport& of(void* object) { return *static_cast<Transport*>(object); }

    static Io open(void* object, const char* host, std::uint16_t port) {
      // Which scheme the request has cannot be asked here; without TLS only loopback is left.
      if (detail::IsPlaintext<Transport>::value && !is_loopback(host)) {
        return Io::failed(Error::plaintext_refused);
      }
      return of(object).open(host, port);
    }
    static Io send(void* object, const char* data, std::size_t size) { return of(object).send(data, size); }
    static Io recv(void* object, char* data, std::size_t room) {
      const Io io = of(object).recv(data, room);
      const bool proven = io.kind() != Io::Kind::closed || detail::TellsEnd<Transport>::value;
      return proven ? io : Io::failed(Error::connection_lost);
    }
    static void close(void* object) { of(object).close(); }
    static std::uint32_t now_ms(void* object) { return of(object).now_ms(); }
    static bool wait(void* object, std::uint32_t at_most_ms) {
      if constexpr (detail::HasWait<Transport>::value) {
        return of(object).wait(at_most_ms);
      } else {
        static_cast<void>(object);
        static_cast<void>(at_most_ms);
        return false;
      }
    }
  };

  template <class Transport>
  static constexpr Table table_of{Calls<Transport>::open, Calls<Transport>::send, Calls<Transport>::recv,
      Calls<Transport>::close, Calls<Transport>::now_ms, Calls<Transport>::wait};

  void* object_;
  const Table* table_;
};

PICOCLAUDE_END
