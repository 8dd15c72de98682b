// Where the key is: only in what send() is given, behind open() to the configured host. When a request was sent, was
// cancelled or has failed, no eight bytes of it in a row stand in the client, in the workspace or on the stack below,
// whatever the optimizer makes of it. Built with several compilers by secrets.sh.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "picoclaude.hpp"

using namespace picoclaude;

namespace {

char key[] = "sk-ant-Q7wXz0VkRj3MtY9dLb2NfHs8GpUc5EaT";
constexpr std::size_t key_size = sizeof key - 1;
constexpr std::size_t part = 8;

constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
    "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":7}}}\n\n"
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\n"
    "data: {\"type\":\"message_stop\"}\n\n";
constexpr std::string_view overload =
    "HTTP/1.1 529 Overloaded\r\nretry-after: 60\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n\r\n";
constexpr std::string_view refusal = "HTTP/1.1 401 No\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n\r\n";

bool has_part(const char* bytes, std::size_t size) {
  for (std::size_t at = 0; at + part <= size; ++at) {
    for (std::size_t from = 0; from + part <= key_size; ++from) {
      if (bytes[at] == key[from] && std::memcmp(bytes + at, key + from, part) == 0) return true;
    }
  }
  return false;
}

int failures = 0;
void must(bool good, const char* what, const char* where) {
  if (good) return;
  if (++failures <= 5) std::printf("secrets: %s: %s\n", where, what);
}

enum class End {
  answered,
  refused,
  reset_in_send,
  silent_in_send,
  cancelled_in_send,
  destroyed_in_send,
  cancelled,
  reset,
  silent,
  retried
};
constexpr const char* end_names[] = {"answered", "refused", "reset in send", "silent in send", "cancelled in send",
    "destroyed in send", "cancelled", "reset", "silent", "retried"};
enum class Credential { api_key, auth_token, key_source };

// Takes so many bytes a call and keeps none; a static one, so that nothing of it is on the stack.
struct Wire {
  End end = End::answered;
  std::size_t send_size = 0;
  std::size_t sent = 0;
  std::size_t key_seen = 0;  // bytes of the key that went by, in order
  std::size_t given = 0;
  std::uint32_t now = 1;
  bool open_now = false;
  unsigned attempts = 0;

  bool stops_in_send() const { return end >= End::reset_in_send && end <= End::destroyed_in_send; }

  Io open(const char* host, std::uint16_t port) {
    must(std::strcmp(host, "api.anthropic.com") == 0 && port == 443, "another host", "open");
    open_now = true;
    ++attempts;
    given = key_seen = 0;
    return Io::ok();
  }
  Io send(const char* data, std::size_t size) {
    must(open_now, "bytes before the connection was verified", "send");
    if (stops_in_send() && key_seen > key_size / 2)
      return end == End::reset_in_send ? Io::failed(Error::connection_lost) : Io::wait();
    if (size > send_size) size = send_size;
    for (std::size_t i = 0; i < size; ++i)
      key_seen = key_seen == key_size ? key_size : data[i] == key[key_seen] ? key_seen + 1 : 0;
    sent += size;
    return Io::moved(size);
  }
  Io recv(char* data, std::size_t room) {
    if (stops_in_send() || end == End::silent || end == End::cancelled) return Io::wait();
    if (end == End::reset) return Io::failed(Error::connection_lost);
    const std::string_view from = end == End::refused ? refusal
        : end == End::retried && attempts == 1        ? overload
                                                      : answer;
    if (given == from.size()) return Io::closed();
    if (room > 3) room = 3;
    if (room > from.size() - given) room = from.size() - given;
    std::memcpy(data, from.data() + given, room);
    given += room;
    return Io::moved(room);
  }
  void close() { open_now = false; }
  std::uint32_t now_ms() { return now; }
};
Wire wire;

// What the stack held below whoever calls it.
__attribute__((noinline)) bool stack_has_part() {
  char below[32 * 1024];
  char* bytes = below;
  __asm__ volatile("" : "+r"(bytes) : : "memory");
  return has_part(bytes, sizeof below);
}

// A copy whose life ends behind the wiping: just what an optimizer takes for a store that nobody reads.
template <bool Wipes>
__attribute__((noinline)) void hold() {
  char room[2 * key_size];
  std::memcpy(room, key, key_size);
  std::memcpy(room + key_size, key, key_size);
  __asm__ volatile("" : : "r"(room) : "memory");
  if (Wipes) detail::wipe(Room{room});
}

template <std::size_t Size>
__attribute__((noinline)) void session(End end, std::size_t send_size, Credential credential) {
  const char* const where = end_names[static_cast<int>(end)];
  wire = Wire{};
  wire.end = end;
  wire.send_size = send_size;
  Config config;
  if (credential == Credential::key_source) {
    config.key_source = [](void*) PICOCLAUDE_NONBLOCKING {
      return string_view(key, key_size);
    };
  } else {
    (credential == Credential::api_key ? config.api_key : config.auth_token) = string_view(key, key_size);
  }
  config.max_retries = end == End::retried ? 1 : 0;
  Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.prompt = "Hello?";
  Workspace<Size> memory;
  Client<Wire> client{wire, memory, config};
  must(static_cast<bool>(client.begin(request)), "begin() refused it", where);
  const auto clean = [&](const char* when) {
    must(!has_part(memory.bytes, sizeof memory.bytes), "the key stands in the workspace", when);
    must(!has_part(reinterpret_cast<const char*>(&client), sizeof client), "the key stands in the client", when);
  };
  for (int tick = 0; tick < 100'000 && !client.done(); ++tick) {
    const bool was_sent = wire.key_seen == key_size && !wire.stops_in_send();
    const Event event = client.next();
    if (!event && was_sent && end != End::answered) clean("waiting for the answer");
    if (tick == 3 && end == End::destroyed_in_send) return;
    if (tick == 3 && (end == End::cancelled_in_send || end == End::cancelled)) client.cancel();
    wire.now += 30'000;
  }
  must(client.done(), "it did not end", where);
  const bool is_good = end == End::answered || end == End::retried;
  must(static_cast<bool>(client.status()) == is_good, "another status", where);
  must(wire.attempts == (end == End::retried ? 2 : 1), "another number of attempts", where);
  must(wire.key_seen == key_size || wire.stops_in_send(), "the key was not sent", where);
  clean(where);
}

template <std::size_t Size>
int sessions() {
  int count = 0;
  for (int end = 0; end <= static_cast<int>(End::retried); ++end) {
    for (const std::size_t send_size : {std::size_t{1}, std::size_t{50}, std::size_t{10'000}}) {
      for (const Credential credential : {Credential::api_key, Credential::auth_token, Credential::key_source}) {
        session<Size>(static_cast<End>(end), send_size, credential);
        must(!stack_has_part(), "the key stands on the stack", end_names[end]);
        ++count;
      }
    }
  }
  return count;
}

}  // namespace

int main() {
  hold<true>();
  must(!stack_has_part(), "the wiping was optimized away", "at the end of a life");
  const int count = sessions<64>() + sessions<300>() + sessions<2048>() + sessions<16'384>();
  hold<false>();  // at last, for it leaves one
  must(stack_has_part(), "a copy is not found", "on the stack");
  std::printf("secrets: %d sessions, %d copies of the key left\n", count, failures);
  return failures == 0 ? 0 : 1;
}
