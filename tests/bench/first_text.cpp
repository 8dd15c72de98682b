// Time to the first text, on loopback and without TLS, so that only the client's own part is seen: a bare socket that
// looks for the text's first byte, picoclaude, and libcurl with the same search.
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#include <curl/curl.h>
#include <picoclaude.hpp>
#include <picoclaude/io/socket.hpp>

#include <algorithm>
#include <chrono>

#include "contest.hpp"
#include "little_server.hpp"

namespace {

constexpr const char* body =
    R"({"model":"claude-haiku-4-5","max_tokens":300,"messages":[{"role":"user","content":"Name moons."}],"stream":true})";
constexpr std::string_view wanted = "\"text\":\"E";

using Clock = std::chrono::steady_clock;

double microseconds_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begun).count();
}

double with_socket(std::uint16_t port) {
  const std::string request =
      "POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: " + std::to_string(std::strlen(body)) +
      "\r\n\r\n" + body;
  const auto begun = Clock::now();
  const int handle = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(handle, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return -1;
  if (send(handle, request.data(), request.size(), 0) < 0) return -1;
  std::string got;
  char some[4096];
  while (got.find(wanted) == std::string::npos) {
    const auto size = recv(handle, some, sizeof some, 0);
    if (size <= 0) return -1;
    got.append(some, static_cast<std::size_t>(size));
  }
  const double took = microseconds_since(begun);
  close(handle);
  return took;
}

double with_picoclaude(std::uint16_t port) {
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 300;
  request.prompt = "Name moons.";
  picoclaude::Config config;
  config.api_key = "sk-test";
  config.base_url = url;
  const auto begun = Clock::now();
  picoclaude::Socket socket;
  picoclaude::Workspace<2048> memory;
  picoclaude::Client<picoclaude::Socket> client(socket, memory, config);
  if (!client.begin(request)) return -1;
  while (const picoclaude::Event event = client.next()) {
    if (event.kind == picoclaude::EventKind::text) return microseconds_since(begun);
  }
  return -1;
}

struct Search {
  std::string got;
  Clock::time_point begun;
  double took = -1;
};

double with_curl(std::uint16_t port) {
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/v1/messages";
  Search search;
  search.begun = Clock::now();
  CURL* const easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &search);
  curl_easy_setopt(
      easy, CURLOPT_WRITEFUNCTION, +[](char* bytes, std::size_t size, std::size_t count, void* context) {
        auto& to = *static_cast<Search*>(context);
        to.got.append(bytes, size * count);
        if (to.took < 0 && to.got.find(wanted) != std::string::npos) to.took = microseconds_since(to.begun);
        return to.took < 0 ? size * count : std::size_t{0};  // 0 ends the transfer
      });
  curl_easy_perform(easy);
  curl_easy_cleanup(easy);
  return search.took;
}

bool tell(const char* name, double (*once)(std::uint16_t), std::uint16_t port) {
  std::vector<double> took;
  for (int i = 0; i < 300; ++i) {
    took.push_back(once(port));
    if (took.back() < 0) return std::printf("%s failed\n", name), false;
  }
  std::sort(took.begin(), took.end());
  std::printf("%-12s median %6.0f us   fastest %6.0f us\n", name, took[took.size() / 2], took[0]);
  return true;
}

}  // namespace

int main() {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  bench::LittleServer server(bench::little_answer(3));
  std::printf("time to first text, 300 times each, a new connection every time:\n");
  bool good = true;
  for (int round = 0; round < 2; ++round) {
    good = tell("socket", with_socket, server.port()) && good;
    good = tell("picoclaude", with_picoclaude, server.port()) && good;
    good = tell("libcurl", with_curl, server.port()) && good;
  }
  curl_global_cleanup();
  return good ? 0 : 1;
}
