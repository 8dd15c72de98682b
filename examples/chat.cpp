// A small terminal chat: the answer streams, the conversation is remembered, and Ctrl-C cancels the answer, not the
// program. Ctrl-D ends it. The settings are those of quickstart.cpp.
//
// Nothing here is allocated either: the conversation stands in one array, and when that is full the oldest turns are
// forgotten.
#include <picoclaude.hpp>
#include <signal.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

using picoclaude::Error;
using picoclaude::Message;
using picoclaude::string_view;

volatile sig_atomic_t interrupted = 0;

void on_interrupt(int) { interrupted = 1; }

// The default transport, except that Ctrl-C ends its waiting: next() then gives control back. A tenth of a second
// bounds how late a signal is noticed that comes just before the wait.
struct Transport : picoclaude::MbedtlsTransport<> {
  using MbedtlsTransport::MbedtlsTransport;

  bool wait(std::uint32_t at_most_ms) {
    return interrupted == 0 && MbedtlsTransport::wait(at_most_ms < 100 ? at_most_ms : 100);
  }
};

// ---- the conversation ------------------------------------------------------------------------------------------------

class Talk {
 public:
  static constexpr std::size_t max_turns = 64;
  static constexpr std::size_t answer_room = 8192;

  picoclaude::List<Message> messages() const { return {turns_, count_}; }

  // A question, and room for its answer behind it. False: the question alone is too long.
  bool ask(string_view question) {
    if (question.size() + answer_room > sizeof text_) return false;
    while (count_ + 2 > max_turns || used_ + question.size() + answer_room > sizeof text_) forget_oldest();
    std::memcpy(text_ + used_, question.data(), question.size());
    add(picoclaude::Role::user, question.size());
    return true;
  }

  // Collects the answer behind the last turn: the request itself must not change before it is done.
  void hear(string_view part) {
    const std::size_t fits = picoclaude::utf8_cut(part, sizeof text_ - used_ - answer_);
    std::memcpy(text_ + used_ + answer_, part.data(), fits);
    answer_ += fits;
  }

  // What was heard becomes a turn. Without it the question is taken back, so that turns alternate.
  void settle(bool keep) {
    if (keep && answer_ != 0) {
      add(picoclaude::Role::assistant, answer_);
    } else {
      used_ -= turns_[--count_].content.text.size();
    }
    answer_ = 0;
  }

 private:
  void add(picoclaude::Role role, std::size_t size) {
    turns_[count_++] = {role, string_view{text_ + used_, size}};
    used_ += size;
  }

  // The first question and its answer.
  void forget_oldest() {
    const std::size_t size = turns_[0].content.text.size() + turns_[1].content.text.size();
    used_ -= size;
    count_ -= 2;
    std::memmove(text_, text_ + size, used_);
    for (std::size_t i = 0; i < count_; ++i) {
      const string_view before = turns_[i + 2].content.text;
      turns_[i] = {turns_[i + 2].role, string_view{before.data() - size, before.size()}};
    }
  }

  char text_[65536];
  std::size_t used_ = 0;
  std::size_t answer_ = 0;  // bytes of the answer behind the used ones
  Message turns_[max_turns];
  std::size_t count_ = 0;
};

// ---- the terminal ----------------------------------------------------------------------------------------------------

// Model output must not drive the terminal: control characters are left out, tabs and line ends excepted. Fragments are
// cut at code points, so the two bytes of a C1 control (U+0080 to U+009F) always come together.
void show(string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool control = (byte < 0x20 && text[i] != '\n' && text[i] != '\t') || byte == 0x7F;
    const bool c1 = byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) ++i;
    if (!control && !c1) std::putchar(text[i]);
  }
  std::fflush(stdout);
}

const char* what_to_do(Error error) {
  switch (error) {
    case Error::missing_key:
    case Error::authentication: return "set ANTHROPIC_API_KEY to a valid key";
    case Error::billing:
    case Error::spend_limit: return "see the billing page of the console";
    case Error::not_found: return "set PICOCLAUDE_MODEL to a model that your key may use";
    case Error::rate_limit:
    case Error::overloaded: return "wait a little, then ask again";
    case Error::truncated: return "the connection broke within the answer: ask again";
    case Error::bad_text: return "ask again in UTF-8";
    case Error::no_roots: return "install ca-certificates, or set PICOCLAUDE_CA";
    case Error::tls_clock_not_set: return "set the clock";
    default: break;
  }
  switch (picoclaude::blame(error)) {
    case picoclaude::Blame::network: return "look at the connection, then ask again";
    case picoclaude::Blame::service: return "ask again, perhaps differently";
    case picoclaude::Blame::peer: return "ask again; if it stays, this is not the Messages API, or a bug of ours";
    default: return "look at PICOCLAUDE_BASE_URL, PICOCLAUDE_CA and PICOCLAUDE_MODEL";
  }
}

// A line without its end. False: the input is over, or Ctrl-C came.
bool read_line(char (&line)[4096]) {
  interrupted = 0;
  std::fputs("you> ", stdout);
  std::fflush(stdout);
  if (std::fgets(line, sizeof line, stdin) == nullptr) return false;
  line[std::strcspn(line, "\r\n")] = '\0';
  return true;
}

const char* setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// ---- one question ----------------------------------------------------------------------------------------------------

void answer(picoclaude::Client<Transport>& claude, picoclaude::Request& request, Talk& talk) {
  request.messages = talk.messages();
  claude.begin(request);
  while (!claude.done()) {
    const auto event = claude.next();
    if (event.kind == picoclaude::EventKind::text) {
      show(event.text);
      talk.hear(event.text);
    } else if (event.kind == picoclaude::EventKind::retrying) {
      std::puts("(trying again)");
    } else if (event.kind == picoclaude::EventKind::error_text) {
      show(event.text);
    }
    if (interrupted != 0) claude.cancel();
  }
  const auto status = claude.status();
  const bool refused = status && claude.stop_reason() == picoclaude::StopReason::refusal;
  if (refused) {
    std::fputs("\n(the model refused; the question is forgotten)", stdout);
  } else if (status && claude.stop_reason() == picoclaude::StopReason::max_tokens) {
    std::fputs(" (cut at max_tokens)", stdout);
  } else if (status.error == Error::cancelled) {
    std::fputs(" (cancelled)", stdout);
  } else if (!status) {
    std::printf("\n(%s, HTTP status %u, native code %ld: %s)", name(status.error).data(), unsigned{status.http},
        static_cast<long>(status.native), what_to_do(status.error));
  }
  std::puts("");
  // A cancelled answer stays as far as it was read: the model may be asked about it.
  talk.settle((status || status.error == Error::cancelled) && !refused);
}

}  // namespace

int main() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;  // without SA_RESTART: waiting and reading end
  sigaction(SIGINT, &action, nullptr);

  const char* ca = setting("PICOCLAUDE_CA", nullptr);
  static Transport tls{ca != nullptr ? picoclaude::file_roots(ca) : picoclaude::system_roots()};
  static picoclaude::Workspace<2048> memory;
  static Talk talk;
  picoclaude::Config config;
  config.api_key = setting("ANTHROPIC_API_KEY", "");
  config.base_url = setting("PICOCLAUDE_BASE_URL", "https://api.anthropic.com");
  picoclaude::Client claude{tls, memory, config};

  picoclaude::Request request;
  request.model = setting("PICOCLAUDE_MODEL", "claude-haiku-4-5");
  request.max_tokens = 1024;
  request.system = "You talk in a terminal: plain text, short answers.";

  char line[4096];
  for (;;) {
    if (read_line(line)) {
      if (*line == '\0') continue;
      if (talk.ask(line)) answer(claude, request, talk);
    } else if (interrupted != 0) {
      std::clearerr(stdin);
      std::puts("(Ctrl-D ends)");
    } else {
      std::puts("");
      return 0;
    }
  }
}
