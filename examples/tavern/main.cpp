// A dozen guests of a tavern talk to you and to each other, sixty times a second, on one thread that never waits.
//
//   tavern.sh                       starts a stand-in server and the tavern, or asks the service when there is a key
//   tavern [OPTION]...
//
// Settings: ANTHROPIC_API_KEY, PICOCLAUDE_BASE_URL, PICOCLAUDE_CA, PICOCLAUDE_MODEL, as in quickstart.cpp.
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_BUDGET 1
#include <picoclaude.hpp>

#define SDL_MAIN_HANDLED
#include "screen.hpp"

#include <cstdlib>
#include <cstring>

namespace {

struct Options {
  unsigned long frames = 0;  // 0: until the window is closed
  unsigned long say_at = 0;
  const char* say = nullptr;  // to the first guest
  const char* state = nullptr;
  const char* screenshot = nullptr;
  const char* font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
  unsigned connections = 5;
  bool headless = false;
  bool hold = false;
};

const char* setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

int usage() {
  std::puts(
      "tavern [OPTION]...\n"
      "  --frames N         end after N frames\n"
      "  --headless         without a window\n"
      "  --say FRAME TEXT   say this to the first guest at that frame\n"
      "  --state FILE       at the end, write what is on the screen\n"
      "  --screenshot FILE  at the end, save the picture (BMP)\n"
      "  --hold             at the end, show the last picture until the window is closed\n"
      "  --connections N    that all share (default 5)\n"
      "  --font FILE        TrueType");
  return 2;
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--headless") {
      options.headless = true;
    } else if (option == "--hold") {
      options.hold = true;
    } else if (i + 1 == argc) {
      return false;
    } else if (option == "--frames") {
      options.frames = std::strtoul(argv[++i], nullptr, 10);
    } else if (option == "--connections") {
      options.connections = static_cast<unsigned>(std::strtoul(argv[++i], nullptr, 10));
    } else if (option == "--state") {
      options.state = argv[++i];
    } else if (option == "--screenshot") {
      options.screenshot = argv[++i];
    } else if (option == "--font") {
      options.font = argv[++i];
    } else if (option == "--say" && i + 2 < argc) {
      options.say_at = std::strtoul(argv[++i], nullptr, 10);
      options.say = argv[++i];
    } else {
      return false;
    }
  }
  return options.connections != 0 && options.connections <= 64;
}

// What the player does. False: the window was closed.
bool play(tavern::Tavern& tavern, std::size_t& chosen, std::string& typed) {
  SDL_Event event;
  while (SDL_PollEvent(&event) != 0) {
    if (event.type == SDL_QUIT) return false;
    if (event.type == SDL_TEXTINPUT && typed.size() < 100) typed += event.text.text;
    if (event.type != SDL_KEYDOWN) continue;
    switch (event.key.keysym.sym) {
      case SDLK_ESCAPE: return false;
      case SDLK_TAB: chosen = (chosen + 1) % tavern.guests().size(); break;
      case SDLK_F1: tavern.hush(); break;
      case SDLK_BACKSPACE:
        if (!typed.empty()) typed.resize(picoclaude::utf8_cut(typed, typed.size() - 1));
        break;
      case SDLK_RETURN:
        if (!typed.empty()) tavern.player_says(tavern.guests()[chosen], typed);
        typed.clear();
        break;
      default: break;
    }
  }
  return true;
}

bool finish(tavern::Tavern& tavern, tavern::Screen& screen, const Options& options) {
  if (options.screenshot != nullptr && !screen.save(options.screenshot)) return false;
  if (options.state == nullptr) return true;
  const std::string unfinished = std::string(options.state) + ".part";  // it appears complete or not at all
  std::FILE* const file = std::fopen(unfinished.c_str(), "w");
  if (file == nullptr) return false;
  tavern.write_state(file);
  return std::fclose(file) == 0 && std::rename(unfinished.c_str(), options.state) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) return usage();
  tavern::Settings settings;
  settings.base_url = setting("PICOCLAUDE_BASE_URL", settings.base_url);
  settings.key = setting("ANTHROPIC_API_KEY", "");
  settings.model = setting("PICOCLAUDE_MODEL", settings.model);
  settings.trust = setting("PICOCLAUDE_CA", nullptr);
  settings.connections = options.connections;
  tavern::Tavern tavern{settings};
  tavern::Screen screen;
  if (!screen.open(options.font, options.headless)) return 1;

  constexpr std::uint32_t frame_us = 16'667;
  std::size_t chosen = 0;
  std::string typed;
  double frames_a_second = 60;
  std::uint64_t last = SDL_GetPerformanceCounter();
  const auto frequency = static_cast<double>(SDL_GetPerformanceFrequency());
  auto due = static_cast<double>(last);
  for (unsigned long frame = 0; options.frames == 0 || frame < options.frames; ++frame) {
    if (!play(tavern, chosen, typed)) return 0;
    if (options.say != nullptr && frame == options.say_at) tavern.player_says(tavern.guests()[0], options.say);
    if (frame % 600 == 60) tavern.forget_worst();  // the first handshakes are over
    tavern.tick(frame_us / 1000);
    screen.draw(tavern, tavern.guests()[chosen], typed, frames_a_second);
    due += frequency * frame_us / 1e6;
    const double early = due - static_cast<double>(SDL_GetPerformanceCounter());
    if (early > 0) SDL_Delay(static_cast<Uint32>(early * 1000 / frequency));
    const std::uint64_t now = SDL_GetPerformanceCounter();
    if (early < -frequency) due = static_cast<double>(now);  // a second late: do not hurry to catch up
    frames_a_second += 0.05 * (frequency / static_cast<double>(now - last) - frames_a_second);
    last = now;
  }
  if (!finish(tavern, screen, options)) return 1;
  while (options.hold && play(tavern, chosen, typed)) SDL_Delay(20);
  return 0;
}
