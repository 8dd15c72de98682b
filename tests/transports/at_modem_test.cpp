// at_modem.hpp over a serial line whose other end speaks the part of ESP-AT that it uses. tests/firmware has it on boards.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#include "../../examples/transports/at_modem.hpp"

#include "answers.hpp"

namespace {

class Serial {
 public:
  std::string commands;  // that came, each with a line feed
  std::string failing;   // a command that begins so is answered with ERROR
  std::string chatter;   // said in front of every answer
  bool checked = false;  // the certificate is to be checked

  int get() {
    if (said_.empty()) speak();
    if (said_.empty()) return -1;
    const char c = said_.front();
    said_.erase(0, 1);
    return static_cast<unsigned char>(c);
  }
  bool put(char c) {
    busy_ = !busy_ && awaited_ != 0;
    if (busy_) return false;
    if (awaited_ != 0) {
      if (!peer::state.deaf) peer::state.heard += c;
      if (--awaited_ == 0 && !peer::state.deaf) said_ += "\r\nRecv bytes\r\n\r\nSEND OK\r\n";
      return true;
    }
    line_ += c;
    if (c == '\n') obey();
    return true;
  }
  std::uint32_t now_ms() { return peer::state.now_ms; }
  bool wait(std::uint32_t) { return false; }

 private:
  void obey() {
    const std::string command = line_.substr(0, line_.size() - 2);
    line_.clear();
    commands += command + "\n";
    said_ += chatter;
    if (!failing.empty() && command.rfind(failing, 0) == 0) {
      said_ += "\r\nERROR\r\n";
    } else if (command.rfind("AT+CIPSTART", 0) == 0) {
      connecting_ = true;
    } else if (command.rfind("AT+CIPSEND=", 0) == 0) {
      awaited_ = static_cast<unsigned>(std::stoul(command.substr(11)));
      said_ += "\r\nOK\r\n\r\n>";
    } else if (command == "AT+CIPCLOSE") {
      hang_up();
      said_ += "\r\nOK\r\n";
    } else {
      checked = checked || command == "AT+CIPSSLCCONF=2";
      said_ += "\r\nOK\r\n";
    }
  }

  // What it says by itself.
  void speak() {
    if (connecting_) {
      if (!peer::state.knows_name) peer::state.listens = false;  // it does not tell the one from the other
      const int answer = peer::connect();
      if (answer == 0) return;
      connecting_ = false;
      link_ = answer > 0;
      said_ += link_ ? "CONNECT\r\n\r\nOK\r\n" : "CLOSED\r\n\r\nERROR\r\n";
      return;
    }
    if (!link_ || awaited_ != 0 || peer::state.heard.find("stream") == std::string::npos) return;
    char some[60];
    const int got = peer::read(some, sizeof some);
    if (got > 0) said_ += "\r\n+IPD," + std::to_string(got) + ":" + std::string(some, static_cast<unsigned>(got));
    if (got == 0 || got == -2) hang_up();
  }

  void hang_up() {
    if (link_) ++peer::state.closed, said_ += "\r\nCLOSED\r\n";
    link_ = false;
  }

  std::string said_;
  std::string line_;
  unsigned awaited_ = 0;  // bytes of data
  bool busy_ = false;
  bool connecting_ = false;
  bool link_ = false;
};

struct Modem : AtModem<Serial> {
  using AtModem::AtModem;
  void blocking(bool) {}  // the serial line's wait() says it
};

}  // namespace

TEST_SUITE_BEGIN("transports");

TEST_CASE("modem: what a peer does reaches the client") {
  Serial serial;
  a_byte_transport<Modem, false>(serial);
}

TEST_CASE("modem: what it says besides is nothing") {
  peer::is({head, chunk(start) + chunk(hello) + chunk(stop) + "0\r\n\r\n"}, peer::End::silence);
  Serial serial;
  serial.chatter = "\r\nWIFI GOT IP\r\nbusy p...\r\nOKAY\r\n+IPDX\r\n";
  Modem modem{serial};
  CHECK(ask(modem, url_of<Modem>).text == "Hello");
}

TEST_CASE("modem: the certificate is checked before it connects, and the name is sent") {
  peer::is({head, chunk(start) + chunk(hello) + chunk(stop) + "0\r\n\r\n"}, peer::End::silence);
  Serial serial;
  Modem modem{serial};
  CHECK(ask(modem, url_of<Modem>).status);
  CHECK(serial.checked);
  CHECK(serial.commands.rfind("AT+CIPSSLCCONF=2\nAT+CIPSSLCSNI=\"api.anthropic.com\"\n"
                              "AT+CIPSTART=\"SSL\",\"api.anthropic.com\",443\nAT+CIPSEND=",
            0) == 0);
}

TEST_CASE("modem: one that cannot check certificates is not connected") {
  for (const char* const command : {"AT+CIPSSLCCONF", "AT+CIPSSLCSNI", "AT+CIPSTART"}) {
    peer::is({}, peer::End::silence);
    Serial serial;
    serial.failing = command;
    Modem modem{serial};
    CHECK(ask(modem, url_of<Modem>).status.error == Error::connect_failed);
    CHECK(peer::state.opened == 0);
  }
}

TEST_CASE("modem: one that refuses to send ends the attempt") {
  peer::is({}, peer::End::silence);
  Serial serial;
  serial.failing = "AT+CIPSEND";
  Modem modem{serial};
  CHECK_FALSE(ask(modem, url_of<Modem>).status);
  CHECK(peer::state.heard.empty());
}

TEST_SUITE_END();
