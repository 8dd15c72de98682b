// What a request costs to write, by the window it passes through: a long text, an image, and many messages.
#define PICOCLAUDE_ENABLE_VISION 1
#include <picoclaude.hpp>

#include "contest.hpp"

namespace {

using picoclaude::Message;
using picoclaude::Request;

// Nanoseconds a byte of the body, the best of five times. 0: the windows together do not give `size` bytes.
double cost(const Request& request, std::size_t room, std::size_t size) {
  static std::vector<char> out(1 << 16);
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const double begun = bench::seconds();
    picoclaude::Cursor cursor;
    std::size_t written = 0;
    for (bool finished = false; !finished;) {
      picoclaude::Window window(out.data(), room, cursor);
      picoclaude::detail::render(window, request);
      cursor = window.cursor();
      finished = window.finished();
      written += window.size();
      if (window.size() == 0 && !finished) return 0;
    }
    if (written != size) return 0;
    const double took = bench::seconds() - begun;
    if (took < best) best = took;
  }
  return best / static_cast<double>(size) * 1e9;
}

bool tell(const char* name, const Request& request) {
  picoclaude::Window measure;
  picoclaude::detail::render(measure, request);
  std::printf("%-28s", name);
  bool good = true;
  for (const std::size_t room : {256u, 1024u, 4096u, 16384u}) {
    const double each = cost(request, room, measure.size());
    good = good && each != 0;
    std::printf(" %7.2f", each);
  }
  std::printf("  (%u bytes)\n", static_cast<unsigned>(measure.size()));
  return good;
}

}  // namespace

int main() {
  Request request;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 300;
  std::printf("rendering, ns a byte through   256 B    1 KB    4 KB   16 KB\n");

  std::string text;
  while (text.size() < 100'000) text += "The moons of Jupiter are \"many\", and four of them are large.\n";
  request.prompt = text;
  bool good = tell("a text of 100 KB", request);

  const std::string picture(1'000'000, '\x5A');
  const picoclaude::Block blocks[] = {
      picoclaude::image("image/jpeg", picture), picoclaude::string_view("What is in this picture?")};
  const Message seen[] = {{picoclaude::Role::user, picoclaude::List<picoclaude::Block>(blocks)}};
  request.prompt = {};
  request.messages = picoclaude::List<Message>(seen);
  good = tell("an image of 1 MB", request) && good;

  const std::vector<Message> many(10'000, picoclaude::user("And then?"));
  request.messages = picoclaude::List<Message>(many.data(), many.size());
  good = tell("10,000 messages", request) && good;
  return good ? 0 : 1;
}
