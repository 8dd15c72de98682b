// A modem that does TCP and TLS itself and takes AT commands over a serial line: here in the dialect of Espressif's
// ESP-AT (ESP32-C3, ESP8266 and others). Copy it, and change the commands for another maker's.
//
// Serial is yours:
//   int get();                          // the next byte, or -1
//   bool put(char c);                   // false: no room now
//   std::uint32_t now_ms();
//   bool wait(std::uint32_t at_most_ms) // until a byte can be got or put; false: give control back to your loop
//
// The modem checks the certificate: AT+CIPSSLCCONF=2 makes it do so, against the roots in its own memory. Use the
// line's flow control (RTS/CTS): the modem sends when data comes, not when you ask.
#pragma once
#include <picoclaude.hpp>

template <class Serial>
class AtModem {
 public:
  explicit AtModem(Serial& serial) : serial_(serial) {}

  picoclaude::Io open(const char* host, std::uint16_t port) {
    using picoclaude::Io;
    for (;;) {
      if (!flush()) return Io::wait();
      listen();
      if (left_ != 0) drop();  // of the connection before
      if (answer_ == Answer::none && step_ != Step::idle) return Io::wait();
      switch (step_) {
        case Step::idle:
        case Step::closing: command(Step::checking, "AT+CIPSSLCCONF=2\r\n"); break;
        case Step::checking:
          if (answer_ != Answer::ok) return fail();
          command(Step::naming, "AT+CIPSSLCSNI=\"", host, "\"\r\n");
          break;
        case Step::naming:
          if (answer_ != Answer::ok) return fail();
          command(Step::connecting, "AT+CIPSTART=\"SSL\",\"", host, "\",", decimal(port), "\r\n");
          break;
        default:
          if (answer_ != Answer::ok) return fail();
          closed_ = false;
          answer_ = Answer::none;
          step_ = Step::open;
          return Io::ok();
      }
    }
  }

  picoclaude::Io send(const char* data, std::size_t size) {
    using picoclaude::Io;
    if (step_ == Step::open) {
      size_ = size < largest_send ? size : largest_send;
      sent_ = 0;
      command(Step::asking, "AT+CIPSEND=", decimal(static_cast<std::uint32_t>(size_)), "\r\n");
    }
    if (!flush()) return Io::wait();
    listen();
    if (closed_) return Io::closed();
    if (answer_ == Answer::failed) return fail();
    if (step_ == Step::asking) {
      if (answer_ != Answer::prompt) return Io::wait();
      step_ = Step::sending;
      answer_ = Answer::none;
    }
    while (sent_ != size_ && serial_.put(data[sent_])) ++sent_;
    if (sent_ != size_ || answer_ != Answer::sent) return Io::wait();
    step_ = Step::open;
    answer_ = Answer::none;
    return Io::moved(size_);
  }

  picoclaude::Io recv(char* data, std::size_t room) {
    using picoclaude::Io;
    listen();
    std::size_t size = 0;
    while (size != room && left_ != 0) {
      const int c = serial_.get();
      if (c < 0) break;
      data[size++] = static_cast<char>(c);
      --left_;
    }
    if (size != 0) return Io::moved(size);
    return closed_ && left_ == 0 ? Io::closed() : Io::wait();
  }

  void close() {
    if (step_ == Step::idle || step_ == Step::closing) return;
    // The rest of a request that was cut off is still awaited by the modem.
    while (step_ == Step::sending && sent_ != size_) {
      if (serial_.put(' ')) ++sent_;
    }
    command(Step::closing, "AT+CIPCLOSE\r\n");
    flush();
  }

  std::uint32_t now_ms() { return serial_.now_ms(); }
  bool wait(std::uint32_t at_most_ms) { return serial_.wait(at_most_ms); }

 private:
  enum class Step : std::uint8_t { idle, checking, naming, connecting, open, asking, sending, closing };
  enum class Answer : std::uint8_t { none, ok, failed, prompt, sent };

  static constexpr std::size_t largest_send = 2048;
  static constexpr unsigned max_parts = 5;

  picoclaude::Io fail() {
    step_ = Step::closing;
    return picoclaude::Io::failed(picoclaude::Error::connect_failed);
  }

  // ---- to the modem ---------------------------------------------------------------------------------------------------

  void command(
      Step step, const char* a, const char* b = "", const char* c = "", const char* d = "", const char* e = "") {
    step_ = step;
    answer_ = Answer::none;
    part_ = 0;
    const char* const parts[max_parts] = {a, b, c, d, e};
    std::memcpy(parts_, parts, sizeof parts_);
  }

  // Puts what is left of the command. True: all of it was put.
  bool flush() {
    for (; part_ != max_parts; ++part_) {
      for (; *parts_[part_] != '\0'; ++parts_[part_]) {
        if (!serial_.put(*parts_[part_])) return false;
      }
    }
    return true;
  }

  const char* decimal(std::uint32_t value) {
    char* at = digits_ + sizeof digits_ - 1;
    do {
      *--at = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    return at;
  }

  // ---- from the modem -------------------------------------------------------------------------------------------------

  // Takes lines up to the next data or answer. Data: left_ bytes come next, and nothing is read past them.
  void listen() {
    while (left_ == 0 && answer_ == Answer::none) {
      const int c = serial_.get();
      if (c < 0) return;
      if (c == '>' && size_of_line_ == 0) {
        answer_ = Answer::prompt;
      } else if (c == ':' && is("+IPD,", 5)) {
        for (unsigned at = 5; at != size_of_line_; ++at)
          left_ = left_ * 10 + static_cast<std::uint32_t>(line_[at] - '0');
        size_of_line_ = 0;
      } else if (c == '\n') {
        end_line();
      } else if (c != '\r' && size_of_line_ != sizeof line_) {
        line_[size_of_line_++] = static_cast<char>(c);
      }
    }
  }

  // Of other lines ("Recv 40 bytes", "WIFI CONNECTED", an echo) nothing depends.
  void end_line() {
    if (is("OK", 3)) answer_ = Answer::ok;
    if (is("ERROR", 6) || is("FAIL", 5) || is("SEND FAIL", 10)) answer_ = Answer::failed;
    if (is("SEND OK", 8)) answer_ = Answer::sent;
    if (is("CLOSED", 7)) closed_ = true;
    if (answer_ == Answer::ok && step_ == Step::asking) answer_ = Answer::none;  // the prompt comes behind it
    if (step_ == Step::open) answer_ = Answer::none;                             // nothing was asked
    size_of_line_ = 0;
  }

  // Does the line begin with the first bytes of a word? With the word's NUL: is it the word?
  bool is(const char* word, unsigned size) const {
    const bool whole = word[size - 1] == '\0';
    if (whole ? size_of_line_ != size - 1 : size_of_line_ < size) return false;
    return std::memcmp(line_, word, whole ? size - 1 : size) == 0;
  }

  void drop() {
    while (left_ != 0 && serial_.get() >= 0) --left_;
  }

  Serial& serial_;
  Step step_ = Step::idle;
  Answer answer_ = Answer::none;
  bool closed_ = false;
  std::uint8_t part_ = max_parts;
  std::uint8_t size_of_line_ = 0;
  char line_[14] = {};
  char digits_[11] = {};
  const char* parts_[max_parts] = {};
  std::uint32_t left_ = 0;  // bytes of data that come next
  std::size_t size_ = 0;    // bytes that the modem was told to take
  std::size_t sent_ = 0;
};
