// Servers that are none, or that break off: what each of them is told as, before and after the handshake.
#include "../support/tls_client.hpp"

using namespace test;

namespace {

const char* const host = "api.example.test";

const Identity& good() {
  static const Identity one = issue(certificate_for({dns(host)}), &root());
  return one;
}

// What a server that plays `part` instead of shaking hands is told as. Over TCP it must hear nothing but a handshake.
// `stays`: behind its part it listens until the client is gone.
Io told_by(const TlsServer::Part& part, bool stays = true) {
  std::string heard;
  Io io = Io::wait();
  {
    TlsServer server(good(), [&](Peer& peer) {
      part(peer);
      if (stays) peer.linger_on();
      heard += peer.heard;
    });
    TestClient client;
    io = client.refused(host, server.port());
  }  // the server's thread has ended
  if (stays) CHECK(heard.size() > 5);
  CHECK(is_only_handshake(heard));
  return io;
}
Error told_of(const TlsServer::Part& part, bool stays = true) { return told_by(part, stays).error(); }

// Shakes hands, takes the request, then does `rest`. What came of it, and how it ended.
struct Ending {
  std::string text;
  Io end = Io::wait();
};
Ending after_handshake(TlsServer::Part rest, std::uint32_t limit_ms = 5000) {
  TlsServer server(good(), [&rest](Peer& peer) {
    if (peer.handshake() && !peer.read().empty()) rest(peer);
  });
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  REQUIRE(send(client.tls, "hello?").kind() == Io::Kind::ok);
  Ending ending;
  ending.text = receive(client.tls, ending.end, limit_ms);
  client.tls.close();
  // The same object serves again.
  TlsServer next(good());
  client.accepted(host, next.port());
  return ending;
}

}  // namespace

TEST_CASE("tls: what speaks something else is tls_failed") {
  CHECK(told_of([](Peer& peer) {
    peer.write_raw("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
  }) == Error::tls_failed);
  CHECK(told_of([](Peer& peer) {
    peer.write_raw("SSH-2.0-OpenSSH_9.2\r\n");
  }) == Error::tls_failed);
  CHECK(told_of([](Peer& peer) {
    peer.write_raw(std::string(512, '\0'));
  }) == Error::tls_failed);
  CHECK(told_of([](Peer& peer) {
    peer.write_raw(std::string(512, '\xFF'));
  }) == Error::tls_failed);
  CHECK(told_of([](Peer& peer) {
    peer.write_raw(std::string("\x80\x2E\x04\x00\x02\x00\x15", 7));
  }) == Error::tls_failed);
}

TEST_CASE("tls: an alert instead of a hello is tls_failed") {
  for (const char* alert :
      {"\x15\x03\x03\x00\x02\x02\x28", "\x15\x03\x03\x00\x02\x02\x46", "\x15\x03\x01\x00\x02\x02\x70"}) {
    const Io io = told_by([alert](Peer& peer) {
      peer.read_raw(), peer.write_raw(std::string(alert, 7));
    });
    CHECK(io.error() == Error::tls_failed);
    CHECK(io.native() == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
  }
}

TEST_CASE("tls: application data instead of a hello is tls_failed") {
  CHECK(told_of([](Peer& peer) {
    peer.write_raw(std::string("\x17\x03\x03\x00\x05hello", 10));
  }) == Error::tls_failed);
}

TEST_CASE("tls: a record that is larger than TLS allows is tls_failed") {
  CHECK(told_of([](Peer& peer) {
    peer.write_raw(std::string("\x16\x03\x03\x49\x00", 5) + std::string(0x4900, 'x'));
  }) == Error::tls_failed);
}

TEST_CASE("tls: an end in the handshake is connection_lost, wherever it comes") {
  const auto gone = [](Peer&) {};
  const auto reset = [](Peer& peer) {
    peer.reset();
  };
  const auto reset_later = [](Peer& peer) {
    peer.read_raw(), peer.reset();
  };
  CHECK(told_of(gone, false) == Error::connection_lost);
  CHECK(told_of(reset, false) == Error::connection_lost);
  CHECK(told_of(reset_later, false) == Error::connection_lost);
  CHECK(told_of([](Peer& peer) {
    peer.finish();
  }) == Error::connection_lost);
}

TEST_CASE("tls: a hello that is cut off is connection_lost") {
  for (std::size_t bytes = 1; bytes < 700; bytes += 37) {
    CHECK(told_of([bytes](Peer& peer) {
      peer.cut_after = bytes;
      peer.finish_when_cut = true;
      peer.handshake();
    }) == Error::connection_lost);
  }
}

TEST_CASE("tls: versions below 1.2 are tls_failed") {
#if MBEDTLS_VERSION_NUMBER < 0x03000000
  for (const int minor : {1, 2}) {
    ServerSettings settings;
    settings.max_minor = minor;
    refuse(good(), host, Error::tls_failed, settings);
  }
#endif
}

TEST_CASE("tls: TLS 1.2 is taken") {
  ServerSettings settings;
  settings.max_minor = 3;
  TlsServer server(good(), TlsServer::greet, settings);
  TestClient client;
  client.accepted(host, server.port());
}

TEST_CASE("tls: a server without a common cipher or protocol is tls_failed") {
  static const int only_psk[] = {MBEDTLS_TLS_PSK_WITH_AES_128_GCM_SHA256, 0};
  ServerSettings settings;
  settings.max_minor = 3;
  settings.ciphersuites = only_psk;
  refuse(good(), host, Error::tls_failed, settings);

  ServerSettings http2;
  http2.protocols = {"h2", nullptr};
  refuse(good(), host, Error::tls_failed, http2);
}

TEST_CASE("tls: a server that knows http/1.1 among others is taken") {
  ServerSettings settings;
  settings.protocols = {"h2", "http/1.1", nullptr};
  TlsServer server(good(), TlsServer::greet, settings);
  TestClient client;
  client.accepted(host, server.port());
}

TEST_CASE("tls: a close_notify is closed, a bare end is connection_lost") {
  const Ending proper = after_handshake([](Peer& peer) {
    peer.write("all of it"), peer.close_notify(), peer.linger_on();
  });
  CHECK(proper.text == "all of it");
  CHECK(proper.end.kind() == Io::Kind::closed);

  const Ending bare = after_handshake([](Peer& peer) {
    peer.write("all of it?"), peer.finish(), peer.linger_on();
  });
  CHECK(bare.text == "all of it?");
  CHECK(bare.end.kind() == Io::Kind::failed);
  CHECK(bare.end.error() == Error::connection_lost);

  const Ending reset = after_handshake([](Peer& peer) {
    peer.reset();
  });
  CHECK(reset.text == "");
  CHECK(reset.end.error() == Error::connection_lost);
  CHECK(reset.end.native() == ECONNRESET);
}

TEST_CASE("tls: half a record is not delivered, and its end is connection_lost") {
  for (const std::size_t bytes : {1u, 4u, 5u, 6u, 20u, 40u}) {
    const Ending cut = after_handshake([bytes](Peer& peer) {
      peer.write("first");
      peer.cut_after = bytes;
      peer.write(std::string(100, 'x'));
      peer.finish();
      peer.linger_on();
    });
    CHECK(cut.text == "first");
    CHECK(cut.end.error() == Error::connection_lost);
  }
}

TEST_CASE("tls: bytes that are no record end the connection as tls_failed") {
  for (const std::string& junk :
      {std::string("HTTP/1.1 200 OK\r\n\r\n"), std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x'),
          std::string("\x17\x03\x03\x50\x00", 5) + std::string(0x5000, 'x')}) {
    const Ending ending = after_handshake([&junk](Peer& peer) {
      peer.write("first"), peer.write_raw(junk), peer.linger_on();
    });
    CHECK(ending.text == "first");
    CHECK(ending.end.error() == Error::tls_failed);
    CHECK(ending.end.native() != 0);
  }
}

TEST_CASE("tls: what ended stays ended") {
  TlsServer server(good());
  TestClient client;
  REQUIRE(open(client.tls, host, server.port()).kind() == Io::Kind::ok);
  REQUIRE(send(client.tls, "hello?").kind() == Io::Kind::ok);
  Io end = Io::wait();
  receive(client.tls, end);
  char byte;
  for (int i = 0; i < 3; ++i) {
    CHECK(client.tls.recv(&byte, 1).kind() == Io::Kind::closed);
    CHECK(client.tls.send("x", 1).kind() == Io::Kind::closed);
  }
  client.tls.close();
  client.tls.close();
  CHECK(client.tls.recv(&byte, 1).error() == Error::connection_lost);
}

TEST_CASE("tls: renegotiation is declined, and the connection goes on") {
#if defined(MBEDTLS_SSL_RENEGOTIATION) && MBEDTLS_VERSION_NUMBER < 0x03000000
  std::atomic<int> status{-1};
  ServerSettings settings;
  settings.renegotiate = true;
  TlsServer server(
      good(),
      [&status](Peer& peer) {
        if (!peer.handshake() || peer.read().empty()) return;
        mbedtls_ssl_renegotiate(&peer.ssl);  // sends a HelloRequest
        peer.write("hello");
        peer.close_notify();
        peer.read();  // the client's answer: no
        status = peer.ssl.renego_status;
      },
      settings);
  TestClient client;
  client.accepted(host, server.port());
  while (status < 0) ::usleep(1000);
  CHECK(status == 3);  // still pending
#endif
}

#if defined(PICOCLAUDE_TEST_WRAP)
TEST_CASE("tls: without randomness there is no handshake: tls_no_entropy, without connecting") {
  TlsServer server(good());
  TestClient client;
  entropy_fails = true;
  CHECK(client.refused(host, server.port()).error() == Error::tls_no_entropy);
  CHECK(client.refused(host, server.port()).error() == Error::tls_no_entropy);
  entropy_fails = false;
  CHECK(server.connections() == 0);
  client.accepted(host, server.port());
}
#endif
