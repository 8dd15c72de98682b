// arduino.hpp over a client that is made as Arduino cores make theirs.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 1
#include "../../examples/transports/arduino.hpp"

#include <Client.h>

#include "answers.hpp"

unsigned long millis() { return peer::state.now_ms; }
void delay(unsigned long ms) { peer::state.now_ms += static_cast<std::uint32_t>(ms); }

namespace {

class WiFiClientSecure final : public Client {
 public:
  int connect(const char*, uint16_t) override {
    if (!peer::state.knows_name) return 0;  // cores do not tell the one from the other
    peer::state.patience = 0;
    open_ = peer::connect() == 1;
    return open_ ? 1 : 0;
  }
  size_t write(uint8_t one) override { return write(&one, 1); }
  size_t write(const uint8_t* buf, size_t size) override {
    return static_cast<size_t>(peer::write(reinterpret_cast<const char*>(buf), size));
  }
  int available() override {
    look();
    return static_cast<int>(held_.size());
  }
  int read() override {
    uint8_t one = 0;
    return read(&one, 1) == 1 ? one : -1;
  }
  int read(uint8_t* buf, size_t size) override {
    if (held_.empty()) return -1;
    if (size > held_.size()) size = held_.size();
    std::memcpy(buf, held_.data(), size);
    held_.erase(0, size);
    return static_cast<int>(size);
  }
  int peek() override { return -1; }
  void flush() override {}
  void stop() override {
    if (open_) ++peer::state.closed;
    open_ = false;
    held_.clear();
  }
  uint8_t connected() override { return open_ && (!held_.empty() || !over_); }
  operator bool() override { return open_; }

 private:
  void look() {
    if (!held_.empty() || !open_) return;
    char some[64];
    const int got = peer::read(some, sizeof some);
    if (got > 0) held_.assign(some, static_cast<std::size_t>(got));
    over_ = got == 0 || got == -2;
  }

  std::string held_;
  bool open_ = false;
  bool over_ = false;
};

}  // namespace

TEST_SUITE_BEGIN("transports");

TEST_CASE("arduino: what a peer does reaches the client") {
  WiFiClientSecure link;
  a_byte_transport<ArduinoTls<WiFiClientSecure>, false>(link);
}

TEST_CASE("arduino: one that only carries bytes says so") {
  WiFiClientSecure link;
  a_byte_transport<ArduinoTcp<WiFiClientSecure>, false>(link);
  static_assert(ArduinoTcp<WiFiClientSecure>::is_plaintext);
  static_assert(!ArduinoTls<WiFiClientSecure>::is_plaintext);
}

TEST_CASE("arduino: wait() sleeps at most two milliseconds, and not at all when it must not") {
  peer::is({}, peer::End::silence);
  WiFiClientSecure link;
  ArduinoTls tls{link};
  CHECK(tls.wait(100));
  CHECK(peer::state.now_ms == 2);
  CHECK(tls.wait(1));
  CHECK(peer::state.now_ms == 3);
  tls.blocking(false);
  CHECK_FALSE(tls.wait(100));
  CHECK(peer::state.now_ms == 3);
}

TEST_SUITE_END();
