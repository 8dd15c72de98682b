// A small terminal chat: the answer streams, the conversation is remembered, and Ctrl-C cancels the answer, not the
// program. Ctrl-D ends it. The settings are those of quickstart.cpp.
//
// Nothing here is allocated either: the conversation is a Transcript in one array, and when that is full the oldest
// turns are forgotten.
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>
#include <signal.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

using picoclaude::Error;
using picoclaude::EventKind;
using picoclaude::StopReason;
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

constexpr std::size_t answer_room = 8192;
using Heard = picoclaude::SmallText<2000>;  // what is kept of an answer that was cancelled or too long

// Streams the answer to the terminal, and into `talk`. False: it did not fit there.
bool stream(picoclaude::Client<Transport>& claude, picoclaude::Transcript& talk, Heard& heard) {
  bool fits = true;
  while (!claude.done()) {
    const auto event = claude.next();
    if (event) fits = talk.take(event) == Error::none;
    if (event.kind == EventKind::text || event.kind == EventKind::error_text) show(event.text);
    if (event.kind == EventKind::text) heard.append(event.text);
    if (event.kind == EventKind::retrying) std::puts("(trying again)");
    if (interrupted != 0) claude.cancel();
  }
  return fits;
}

void ask(picoclaude::Client<Transport>& claude, picoclaude::Request& request, picoclaude::Transcript& talk,
    const char* question) {
  // In JSON a question may grow; what does not fit even so is refused by user().
  talk.make_room(2 * std::strlen(question) + answer_room);
  const picoclaude::Transcript before = talk;  // the bytes are shared: to go back is to forget
  picoclaude::Status status{talk.user(question), 0, 0};
  request.transcript = talk.json();
  if (status) status = claude.begin(request);
  Heard heard;
  bool fits = true;
  if (status) {
    fits = stream(claude, talk, heard);
    status = claude.status();
  }
  if (status.error == Error::cancelled || (status && !fits)) {
    std::fputs(fits ? " (cancelled)" : " (long; its start is remembered)", stdout);
    talk.drop_turn();
    if (heard.empty() || talk.add(picoclaude::assistant(heard.view())) != Error::none) talk = before;
  } else if (!status) {
    std::printf("\n(%s, HTTP status %u, native code %ld: %s)", name(status.error).data(), unsigned{status.http},
        static_cast<long>(status.native), what_to_do(status.error));
    talk = before;
  } else if (claude.stop_reason() == StopReason::refusal) {
    std::fputs("\n(the model refused; the question is forgotten)", stdout);
    talk = before;
  } else if (claude.stop_reason() == StopReason::max_tokens) {
    std::fputs(" (cut at max_tokens)", stdout);
  }
  std::puts("");
}

}  // namespace

int main() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;  // without SA_RESTART: waiting and reading end
  sigaction(SIGINT, &action, nullptr);

  const char* ca = setting("PICOCLAUDE_CA", nullptr);
  static Transport tls{ca != nullptr ? picoclaude::file_roots(ca) : picoclaude::system_roots()};
  static picoclaude::Workspace<2048> memory;
  static char pages[65536];
  picoclaude::Transcript talk{pages};
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
      if (*line != '\0') ask(claude, request, talk, line);
    } else if (interrupted != 0) {
      std::clearerr(stdin);
      std::puts("(Ctrl-D ends)");
    } else {
      std::puts("");
      return 0;
    }
  }
}
