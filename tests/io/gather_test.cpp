// Bytes that come in small pieces are read together.
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;

namespace {

// Gives an answer in pieces, and then tells once how the connection ended; afterwards it only waits.
class Pieces {
 public:
  static constexpr bool tells_end = true;

  std::string answer;
  std::size_t piece = 1;
  Io end = Io::wait();
  unsigned opens = 0;
  unsigned sends = 0;
  unsigned longest = 0;  // calls of recv() between two looks at the clock

  Io open(const char*, std::uint16_t) {
    ++opens;
    at_ = 0;
    told_ = asked_ = false;
    return Io::ok();
  }
  Io send(const char*, std::size_t size) {
    if (at_ == answer.size()) at_ = 0;
    asked_ = true;
    ++sends;
    return Io::moved(size);
  }
  Io recv(char* data, std::size_t room) {
    if (++calls_ > longest) longest = calls_;
    if (!asked_) return Io::wait();
    std::size_t size = answer.size() - at_;
    if (size == 0) {
      const bool first = !told_;
      told_ = true;
      return first ? end : Io::wait();
    }
    if (size > piece) size = piece;
    if (size > room) size = room;
    std::memcpy(data, answer.data() + at_, size);
    at_ += size;
    return Io::moved(size);
  }
  void close() {}
  std::uint32_t now_ms() {
    calls_ = 0;
    return now_++ / 8;
  }

 private:
  std::size_t at_ = 0;
  bool told_ = false;
  bool asked_ = false;
  unsigned calls_ = 0;
  std::uint32_t now_ = 0;
};

struct Asked {
  std::string text;
  Status status;
};

template <class Client>
Asked ask(Client& client) {
  static Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 100;
  request.prompt = "Hello?";
  Asked asked;
  if (!client.begin(request)) return {"", client.status()};
  for (int i = 0; i < 1'000'000 && !client.done(); ++i) {
    const Event event = client.next();
    if (event.kind == EventKind::text) asked.text += std::string(event.text);
  }
  asked.status = client.status();
  return asked;
}

Config config() {
  Config config;
  config.api_key = "sk-test";
  config.max_retries = 0;
  return config;
}

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE(
    "client: pieces of any size are one answer, and a bounded number of them is taken between two looks at the clock") {
  constexpr unsigned most = 4096;
  for (const std::size_t piece : {1u, 2u, 3u, 63u, 64u, 127u, 128u, 129u, 1000u}) {
    CAPTURE(piece);
    Pieces pieces;
    pieces.answer = scripted::greeting().bytes;
    pieces.answer.insert(pieces.answer.find("\r\n"), "\r\nx-pad: " + std::string(5000, 'x'));
    pieces.piece = piece;
    Workspace<20000> memory;
    const Config settings = config();
    Client client{pieces, memory, settings};
    const Asked asked = ask(client);
    CHECK(asked.text == "Hi!");
    CHECK(asked.status.error == Error::none);
    CHECK(pieces.longest <= most + 1);  // the last one may find that there is nothing more
    if (piece == 1) CHECK(pieces.longest >= most);
  }
}

TEST_CASE("client: an end that is told once, right behind bytes, is not lost") {
  Pieces pieces;
  pieces.answer = scripted::greeting().bytes;
  pieces.answer.resize(pieces.answer.size() / 2);
  pieces.end = Io::failed(Error::connection_lost, 104);
  Workspace<600> memory;
  const Config settings = config();
  Client client{pieces, memory, settings};
  const Asked asked = ask(client);
  CHECK(asked.status.error == Error::truncated);
  CHECK(asked.status.native == 104);
}

TEST_CASE("client: a connection that ended right behind an answer is not asked again") {
  Pieces pieces;
  pieces.answer = scripted::greeting().bytes;
  pieces.end = Io::closed();
  Workspace<600> memory;
  const Config settings = config();
  Client client{pieces, memory, settings};
  CHECK(ask(client).status);
  const unsigned once = pieces.sends;
  CHECK(ask(client).text == "Hi!");
  CHECK(pieces.opens == 2);
  CHECK(pieces.sends == 2 * once);
}

TEST_CASE("client: a transport that gives more than there is room for is broken, also in the second piece") {
  struct Liar : Pieces {
    unsigned pieces = 0;
    Io recv(char* data, std::size_t room) {
      const Io io = Pieces::recv(data, room);
      return io.kind() == Io::Kind::moved && ++pieces == 2 ? Io::moved(room + 1) : io;
    }
  } liar;
  liar.answer = scripted::greeting().bytes;
  Workspace<600> memory;
  const Config settings = config();
  Client client{liar, memory, settings};
  CHECK(ask(client).status.error == Error::transport_broken);
}

TEST_SUITE_END();
