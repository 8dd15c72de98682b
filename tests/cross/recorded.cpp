// The recorded streams on a machine without a C++ library: whole, in reads of seven bytes, and byte by byte, each must
// give its text and end as recorded. The unit tests know more, but need std::string.
#include <picoclaude.hpp>

#include <cstdio>

// The pack of tests/recordings/pack.py: "KEY SIZE LF BYTES LF", again and again.
asm(R"(
  .section .rodata
  .global pack_begin, pack_end
pack_begin:
  .incbin ")" PICOCLAUDE_RECORDINGS R"("
pack_end:
  .byte 0
  .text
)");
extern "C" const char pack_begin[], pack_end[];

namespace {

using picoclaude::Io;
using picoclaude::string_view;

constexpr string_view head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

// Gives the head and the body, and ends properly.
class Replay {
 public:
  static constexpr bool tells_end = true;
  string_view body;
  std::size_t read_size = 1;

  Io open(const char*, std::uint16_t) {
    at_ = 0;
    return Io::ok();
  }
  Io send(const char*, std::size_t size) { return Io::moved(size); }
  Io recv(char* to, std::size_t room) {
    const bool in_head = at_ < head.size();
    const string_view part = in_head ? head : body;
    const std::size_t from = in_head ? at_ : at_ - head.size();
    std::size_t size = part.size() - from;
    if (size > read_size) size = read_size;
    if (size > room) size = room;
    if (size == 0) return Io::closed();
    std::memcpy(to, part.data() + from, size);
    at_ += size;
    return Io::moved(size);
  }
  void close() {}
  std::uint32_t now_ms() { return 0; }

 private:
  std::size_t at_ = 0;
};

// The fields of one recording: from behind its name to the next recording.
class Fields {
 public:
  explicit Fields(string_view pack) : rest_(pack) {}

  // False: there are no more.
  bool next() {
    if (rest_.empty()) return false;
    const std::size_t blank = picoclaude::find(rest_, ' ');
    const std::size_t line = picoclaude::find(rest_, '\n');
    std::size_t size = 0;
    for (std::size_t at = blank + 1; at < line; ++at) size = size * 10 + static_cast<std::size_t>(rest_[at] - '0');
    key = picoclaude::slice(rest_, 0, blank);
    value = picoclaude::slice(rest_, line + 1, size);
    rest_ = picoclaude::slice(rest_, line + 1 + size + 1);
    return true;
  }
  string_view rest() const { return rest_; }

  string_view key;
  string_view value;

 private:
  string_view rest_;
};

// Does the text that comes out equal all fields `text` in a row? Compared as it comes.
class Expected {
 public:
  explicit Expected(string_view fields) : fields_(fields) {}

  bool take(string_view text) {
    while (!text.empty()) {
      if (left_.empty() && !next_text()) return false;
      const std::size_t size = text.size() < left_.size() ? text.size() : left_.size();
      if (!picoclaude::equal(picoclaude::slice(text, 0, size), picoclaude::slice(left_, 0, size))) return false;
      text = picoclaude::slice(text, size);
      left_ = picoclaude::slice(left_, size);
    }
    return true;
  }
  bool complete() { return left_.empty() && !next_text(); }

 private:
  bool next_text() {
    while (fields_.next() && !picoclaude::equal(fields_.key, "file")) {
      if (!picoclaude::equal(fields_.key, "text") || fields_.value.empty()) continue;
      left_ = fields_.value;
      return true;
    }
    return false;
  }

  Fields fields_;
  string_view left_;
};

picoclaude::Workspace<512> memory;

bool play(string_view body, string_view fields, bool whole, std::size_t read_size) {
  Replay replay;
  replay.body = body;
  replay.read_size = read_size;
  picoclaude::Config config;
  config.api_key = "sk-ant-test";
  picoclaude::Client claude{replay, memory, config};
  picoclaude::Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 300;
  request.prompt = "Name three moons of Jupiter.";
  Expected expected{fields};
  if (!claude.begin(request)) return false;
  bool same = true;
  while (const auto event = claude.next()) {
    if (event.kind == picoclaude::EventKind::text) same = same && expected.take(event.text);
  }
  if (!whole) return !claude.status();
  return same && expected.complete() && claude.status();
}

}  // namespace

int main() {
  unsigned streams = 0;
  unsigned wrong = 0;
  Fields fields{{pack_begin, static_cast<std::size_t>(pack_end - pack_begin)}};
  string_view name, body, rest;
  while (fields.next()) {
    if (picoclaude::equal(fields.key, "file")) name = fields.value;
    if (picoclaude::equal(fields.key, "body")) {
      body = fields.value;
      rest = fields.rest();
    }
    if (!picoclaude::equal(fields.key, "outcome") || !picoclaude::starts_with(name, "streams/")) continue;
    ++streams;
    for (const std::size_t read_size : {1460u, 7u, 1u}) {
      if (body.size() > 100'000 && read_size != 1460) continue;
      if (play(body, rest, picoclaude::equal(fields.value, "complete"), read_size)) continue;
      std::printf("%.*s is wrong in reads of %u bytes\n", static_cast<int>(name.size()), name.data(),
          static_cast<unsigned>(read_size));
      ++wrong;
    }
  }
  std::printf("%u recorded streams, %u wrong\n", streams, wrong);
  return streams == PICOCLAUDE_RECORDED_STREAMS && wrong == 0 ? 0 : 1;
}
