// zephyr.hpp over a stub of Zephyr's sockets.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#include "../../examples/transports/zephyr.hpp"

#include "answers.hpp"

namespace {

sockaddr addresses[2];
zsock_addrinfo list[2];
std::string service;
std::string options;  // that were set, in their order
int protocol;
int refused_option;   // 0: none
int handshake_error;  // 0: none
unsigned sockets;     // that are open
unsigned dead;        // addresses in front that do not answer
bool found_is_free;

}  // namespace

extern "C" {
uint32_t k_uptime_get_32(void) { return peer::state.now_ms; }
int32_t k_msleep(int32_t ms) { return peer::state.now_ms += static_cast<std::uint32_t>(ms), 0; }
int zsock_getaddrinfo(const char*, const char* port, const zsock_addrinfo*, zsock_addrinfo** found) {
  if (!peer::state.knows_name) return -2;  // DNS_EAI_NONAME
  service = port;
  list[0] = list[1] = {};
  list[0].ai_addr = &addresses[0];
  list[0].ai_next = &list[1];
  list[1].ai_addr = &addresses[1];
  *found = list;
  found_is_free = false;
  return 0;
}
void zsock_freeaddrinfo(zsock_addrinfo*) { found_is_free = true; }
int zsock_socket(int, int, int proto) {
  protocol = proto;
  ++sockets;
  return 7;
}
int zsock_setsockopt(int, int, int option, const void* value, socklen_t size) {
  if (option == refused_option) return errno = 22, -1;
  if (option == TLS_HOSTNAME) options += "host " + std::string(static_cast<const char*>(value), size - 1) + "; ";
  if (option == TLS_SEC_TAG_LIST) options += "tag " + std::to_string(*static_cast<const int*>(value)) + "; ";
  if (option == TLS_PEER_VERIFY) options += "verify " + std::to_string(*static_cast<const int*>(value)) + "; ";
  return 0;
}
int zsock_connect(int, const sockaddr* to, socklen_t) {
  peer::state.patience = 0;
  if (to < addresses + dead || peer::connect() != 1) return errno = ECONNREFUSED, -1;
  if (handshake_error == 0) return 0;
  errno = handshake_error;
  return -1;
}
ssize_t zsock_send(int, const void* data, size_t size, int flags) {
  CHECK(flags == ZSOCK_MSG_DONTWAIT);
  const int sent = peer::write(static_cast<const char*>(data), size);
  if (sent == 0) errno = EAGAIN;
  return sent == 0 ? -1 : sent;
}
ssize_t zsock_recv(int, void* data, size_t room, int flags) {
  CHECK(flags == ZSOCK_MSG_DONTWAIT);
  const int got = peer::read(static_cast<char*>(data), room);
  if (got < 0) errno = got == -1 ? EAGAIN : ECONNRESET;
  return got < 0 ? -1 : got;
}
int zsock_poll(zsock_pollfd*, int, int timeout) {
  peer::state.now_ms += static_cast<std::uint32_t>(timeout);
  return 0;
}
int zsock_close(int) {
  --sockets;
  ++peer::state.closed;
  return 0;
}
}

namespace {

void reset() {
  options.clear();
  refused_option = handshake_error = 0;
  sockets = dead = 0;
}

}  // namespace

TEST_SUITE_BEGIN("transports");

TEST_CASE("zephyr: what a peer does reaches the client") {
  reset();
  sec_tag_t roots = 5;
  a_byte_transport<ZephyrTls>(roots);
  CHECK(sockets == 0);
}

TEST_CASE("zephyr: roots, verification and the host's name are set before it connects") {
  reset();
  peer::is({}, peer::End::silence);
  ZephyrTls tls{5};
  CHECK(tls.open("api.anthropic.com", 443).kind() == Io::Kind::ok);
  CHECK(options == "tag 5; verify 2; host api.anthropic.com; ");
  CHECK(protocol == IPPROTO_TLS_1_2);
  CHECK(service == "443");
  CHECK(found_is_free);
}

TEST_CASE("zephyr: where one of them cannot be set, nothing connects") {
  for (const int option : {TLS_SEC_TAG_LIST, TLS_PEER_VERIFY, TLS_HOSTNAME}) {
    reset();
    peer::is({}, peer::End::silence);
    refused_option = option;
    ZephyrTls tls{5};
    CHECK(tls.open("api.anthropic.com", 443).error() == Error::tls_failed);
    CHECK(peer::state.opened == 0);
    CHECK(sockets == 0);
  }
}

TEST_CASE("zephyr: a handshake that fails is not a connect that fails") {
  reset();
  peer::is({}, peer::End::silence);
  handshake_error = ECONNABORTED;
  ZephyrTls tls{5};
  CHECK(tls.open("api.anthropic.com", 443).error() == Error::tls_failed);
  CHECK(sockets == 0);
}

TEST_CASE("zephyr: the second address is tried when the first does not answer") {
  reset();
  peer::is({}, peer::End::silence);
  dead = 1;
  ZephyrTls tls{5};
  CHECK(tls.open("api.anthropic.com", 443).kind() == Io::Kind::ok);
  CHECK(sockets == 1);
}

TEST_CASE("zephyr: wait() sleeps as long as it may") {
  reset();
  peer::is({}, peer::End::silence);
  ZephyrTls tls{5};
  CHECK(tls.wait(30));
  CHECK(peer::state.now_ms == 30);
  CHECK(tls.open("api.anthropic.com", 443).kind() == Io::Kind::ok);
  CHECK(tls.wait(12));
  CHECK(peer::state.now_ms == 42);
  tls.blocking(false);
  CHECK_FALSE(tls.wait(12));
}

TEST_SUITE_END();
