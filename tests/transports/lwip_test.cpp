// lwip.hpp over a stub of lwIP's raw API: what comes, comes by callbacks, while the network is polled.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#include "../../examples/transports/lwip.hpp"

#include "answers.hpp"

namespace {

tcp_pcb the_pcb;
void* the_object;
tcp_recv_fn on_recv;
tcp_err_fn on_err;
tcp_connected_fn on_connected;
dns_found_callback on_found;
void* found_for;
std::string found_name;
bool exists;       // the_pcb
bool in_progress;  // it connects
unsigned window;   // bytes that came and were not taken
unsigned buffers;  // that are not free
unsigned aborted;

pbuf* buffer_of(const char* data, std::size_t size) {
  auto* const one = new pbuf{nullptr, new char[size], static_cast<u16_t>(size), static_cast<u16_t>(size)};
  std::memcpy(one->payload, data, size);
  ++buffers;
  return one;
}

void free_one(pbuf* one) {
  delete[] static_cast<char*>(one->payload);
  delete one;
  --buffers;
}

// What a main loop does: the network's callbacks come in here.
void poll_network() {
  if (on_found != nullptr && found_for != nullptr) {
    const dns_found_callback call = on_found;
    on_found = nullptr;
    const ip_addr_t address{0x0100007F};
    call(found_name.c_str(), peer::state.knows_name ? &address : nullptr, found_for);
    return;
  }
  if (!exists || the_object == nullptr) return;
  if (in_progress) {
    const int answer = peer::connect();
    if (answer == 0) return;
    in_progress = false;
    if (answer > 0) {
      on_connected(the_object, &the_pcb, ERR_OK);
    } else {
      exists = false;
      on_err(the_object, ERR_RST);
    }
    return;
  }
  char some[100];
  for (int i = 0; i < 2 && window < 300; ++i) {  // two buffers at once: they are chained
    const int got = peer::read(some, sizeof some);
    if (got == -1) return;
    if (got == -2) {
      exists = false;
      on_err(the_object, ERR_RST);
      return;
    }
    if (got == 0) {
      on_recv(the_object, &the_pcb, nullptr, ERR_OK);
      return;
    }
    window += static_cast<unsigned>(got);
    on_recv(the_object, &the_pcb, buffer_of(some, static_cast<std::size_t>(got)), ERR_OK);
  }
}

void reset() {
  on_found = nullptr;
  found_for = the_object = nullptr;
  exists = in_progress = false;
  window = buffers = aborted = 0;
}

}  // namespace

extern "C" {
tcp_pcb* tcp_new(void) {
  exists = true;
  the_pcb.snd_buf = 150;
  return &the_pcb;
}
void tcp_arg(tcp_pcb*, void* arg) { the_object = arg; }
void tcp_recv(tcp_pcb*, tcp_recv_fn recv) { on_recv = recv; }
void tcp_err(tcp_pcb*, tcp_err_fn err) { on_err = err; }
err_t tcp_connect(tcp_pcb*, const ip_addr_t* address, u16_t port, tcp_connected_fn connected) {
  CHECK(address->addr == 0x0100007F);
  CHECK(port == 8080);
  in_progress = true;
  on_connected = connected;
  return ERR_OK;
}
err_t tcp_write(tcp_pcb* pcb, const void* data, u16_t size, u8_t flags) {
  CHECK(flags == TCP_WRITE_FLAG_COPY);
  CHECK(size <= pcb->snd_buf);
  if (peer::state.deaf) return ERR_MEM;
  peer::state.heard.append(static_cast<const char*>(data), size);
  pcb->snd_buf = static_cast<u16_t>(pcb->snd_buf - size);
  return ERR_OK;
}
err_t tcp_output(tcp_pcb*) { return ERR_OK; }
void tcp_recved(tcp_pcb*, u16_t size) { window -= size; }
err_t tcp_close(tcp_pcb*) {
  exists = false;
  ++peer::state.closed;
  return ERR_OK;
}
void tcp_abort(tcp_pcb*) {
  exists = false;
  ++aborted;
}
u16_t pbuf_copy_partial(const pbuf* from, void* to, u16_t size, u16_t) {
  u16_t copied = 0;
  for (; from != nullptr && copied != size; from = from->next) {
    const u16_t left = static_cast<u16_t>(size - copied);
    const u16_t some = from->len < left ? from->len : left;
    std::memcpy(static_cast<char*>(to) + copied, from->payload, some);
    copied = static_cast<u16_t>(copied + some);
  }
  return copied;
}
pbuf* pbuf_free_header(pbuf* one, u16_t size) {
  while (one != nullptr && size >= one->len) {
    size = static_cast<u16_t>(size - one->len);
    pbuf* const next = one->next;
    free_one(one);
    one = next;
  }
  if (one == nullptr || size == 0) return one;
  char* const bytes = static_cast<char*>(one->payload);
  std::memmove(bytes, bytes + size, static_cast<std::size_t>(one->len - size));
  one->len = static_cast<u16_t>(one->len - size);
  return one;
}
void pbuf_cat(pbuf* head, pbuf* tail) {
  while (head->next != nullptr) head = head->next;
  head->next = tail;
}
u8_t pbuf_free(pbuf* one) {
  while (one != nullptr) {
    pbuf* const next = one->next;
    free_one(one);
    one = next;
  }
  return 1;
}
err_t dns_gethostbyname(const char* name, ip_addr_t*, dns_found_callback found, void* arg) {
  on_found = found;
  found_for = arg;
  found_name = name;
  return ERR_INPROGRESS;
}
u32_t sys_now(void) {
  // The client asks for the time in every call of next(): so the network moves here.
  poll_network();
  the_pcb.snd_buf = 150;
  return peer::state.now_ms;
}
}

TEST_SUITE_BEGIN("transports");

TEST_CASE("lwip: what a peer does reaches the client") {
  reset();
  auto* const poll = poll_network;
  a_byte_transport<LwipTcp>(poll);
  CHECK(buffers == 0);
  CHECK_FALSE(exists);
  static_assert(LwipTcp::is_plaintext);
}

TEST_CASE("lwip: an answer for a name that is no longer asked for is not taken") {
  reset();
  peer::is({}, peer::End::silence);
  LwipTcp tcp{poll_network};
  CHECK(tcp.open("old.example", 8080).kind() == Io::Kind::wait);
  const dns_found_callback late = on_found;
  tcp.close();
  const ip_addr_t other{0x08080808};
  late("old.example", &other, &tcp);
  CHECK(tcp.open("new.example", 8080).kind() == Io::Kind::wait);
  late("old.example", &other, &tcp);
  CHECK(tcp.open("new.example", 8080).kind() == Io::Kind::wait);
  CHECK_FALSE(exists);
  poll_network();  // the right answer; tcp_connect() checks the address
  CHECK(tcp.open("new.example", 8080).kind() == Io::Kind::wait);
  CHECK(exists);
  tcp.close();
  CHECK(aborted == 1);
}

TEST_CASE("lwip: close() frees what came and was not taken") {
  reset();
  peer::is({"abc", "def"}, peer::End::silence);
  peer::state.patience = 0;
  LwipTcp tcp{poll_network};
  for (int i = 0; i < 3; ++i) {
    static_cast<void>(tcp.open("host", 8080));
    poll_network();
  }
  CHECK(tcp.open("host", 8080).kind() == Io::Kind::ok);
  CHECK(buffers == 2);
  char one[4];
  CHECK(tcp.recv(one, sizeof one).size() == 4);
  CHECK(std::memcmp(one, "abcd", 4) == 0);
  CHECK(window == 2);
  tcp.close();
  CHECK(buffers == 0);
}

TEST_CASE("lwip: no block for a connection") {
  reset();
  peer::is({}, peer::End::silence);
  LwipTcp tcp{poll_network};
  CHECK(tcp.wait(5));
  tcp.blocking(false);
  CHECK_FALSE(tcp.wait(5));
  char room[4];
  CHECK(tcp.recv(room, sizeof room).error() == Error::connection_lost);
  CHECK(tcp.send("a", 1).error() == Error::connection_lost);
}

TEST_SUITE_END();
