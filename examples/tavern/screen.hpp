// Draws the tavern with SDL2: the room, the guests, what they say, and what it costs.
#pragma once
#include <SDL.h>
#include <SDL_ttf.h>

#include <string>
#include <unordered_map>

#include "tavern.hpp"

namespace tavern {

inline constexpr int width = 960;
inline constexpr int room_height = 650;
inline constexpr int height = 710;
inline constexpr std::uint32_t ink = 0x2A2118;
inline constexpr double budget_ms = 2.0;  // of a frame's 16.7 that the tavern may take

class Screen {
 public:
  // False: there is no window or no font; what failed was printed.
  bool open(const char* font, bool headless) {
    if (headless) SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
    if (SDL_Init(SDL_INIT_VIDEO) != 0 || TTF_Init() != 0) return failed();
    window_ = SDL_CreateWindow("The Hollow Crown", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height, 0);
    if (window_ == nullptr) return failed();
    renderer_ = SDL_CreateRenderer(window_, -1, SDL_RENDERER_SOFTWARE);
    small_ = TTF_OpenFont(font, 12);
    large_ = TTF_OpenFont(font, 15);
    if (renderer_ == nullptr || small_ == nullptr || large_ == nullptr) return failed();
    SDL_SetRenderDrawBlendMode(renderer_, SDL_BLENDMODE_BLEND);
    return true;
  }
  ~Screen() {
    forget_words();
    SDL_DestroyTexture(room_);
    TTF_CloseFont(small_);
    TTF_CloseFont(large_);
    SDL_DestroyRenderer(renderer_);
    SDL_DestroyWindow(window_);
    TTF_Quit();
    SDL_Quit();
  }

  void draw(Tavern& tavern, const Character& chosen, const std::string& typed, double frames_a_second) {
    draw_room();
    for (Character& guest : tavern.guests()) draw_guest(tavern, guest, &guest == &chosen);
    placed_ = 0;
    for (Character& guest : tavern.guests()) {
      if (tavern.speaks(guest) && !guest.bubble.empty()) draw_bubble(guest, tavern.guests());
    }
    draw_panel(tavern, chosen, typed, frames_a_second);
    SDL_RenderPresent(renderer_);
  }

  bool save(const char* path) {
    SDL_Surface* const picture = SDL_CreateRGBSurfaceWithFormat(0, width, height, 24, SDL_PIXELFORMAT_RGB24);
    const bool saved = picture != nullptr &&
        SDL_RenderReadPixels(renderer_, nullptr, SDL_PIXELFORMAT_RGB24, picture->pixels, picture->pitch) == 0 &&
        SDL_SaveBMP(picture, path) == 0;
    SDL_FreeSurface(picture);
    return saved;
  }

 private:
  static bool failed() {
    std::fprintf(stderr, "tavern: %s\n", SDL_GetError());
    return false;
  }

  void color(std::uint32_t rgb, std::uint8_t alpha = 255) {
    SDL_SetRenderDrawColor(renderer_, static_cast<Uint8>(rgb >> 16), static_cast<Uint8>(rgb >> 8 & 0xFF),
        static_cast<Uint8>(rgb & 0xFF), alpha);
  }
  void box(int x, int y, int w, int h) {
    const SDL_Rect rect{x, y, w, h};
    SDL_RenderFillRect(renderer_, &rect);
  }
  void disc(int x, int y, int radius) {
    for (int dy = -radius; dy <= radius; ++dy) {
      int dx = radius;
      while (dx * dx + dy * dy > radius * radius) --dx;
      SDL_RenderDrawLine(renderer_, x - dx, y + dy, x + dx, y + dy);
    }
  }

  struct Words {
    SDL_Texture* texture = nullptr;
    int width = 0;
    int height = 0;
  };

  // Written words are kept: most of them stay for many frames.
  const Words& write(TTF_Font* font, const char* words, std::uint32_t rgb, int wrap) {
    std::string key = std::to_string(rgb) + (font == large_ ? 'l' : 's') + std::to_string(wrap) + words;
    const auto found = written_.find(key);
    if (found != written_.end()) return found->second;
    if (written_.size() > 300) forget_words();
    const SDL_Color color_of{
        static_cast<Uint8>(rgb >> 16), static_cast<Uint8>(rgb >> 8 & 0xFF), static_cast<Uint8>(rgb & 0xFF), 255};
    Words made;
    SDL_Surface* const surface = TTF_RenderUTF8_Blended_Wrapped(font, words, color_of, static_cast<Uint32>(wrap));
    if (surface != nullptr) made = {SDL_CreateTextureFromSurface(renderer_, surface), surface->w, surface->h};
    SDL_FreeSurface(surface);
    return written_.emplace(std::move(key), made).first->second;
  }
  void forget_words() {
    for (const auto& [key, words] : written_) SDL_DestroyTexture(words.texture);
    written_.clear();
  }

  // `wrap` 0: one line.
  void text(TTF_Font* font, const char* words, int x, int y, std::uint32_t rgb, int wrap = 0, bool centered = false) {
    const Words& made = write(font, words, rgb, wrap);
    const SDL_Rect to{centered ? x - made.width / 2 : x, y, made.width, made.height};
    if (made.texture != nullptr) SDL_RenderCopy(renderer_, made.texture, nullptr, &to);
  }

  // The room never changes: it is painted once.
  void draw_room() {
    if (room_ == nullptr) {
      room_ = SDL_CreateTexture(renderer_, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_TARGET, width, room_height);
      SDL_SetRenderTarget(renderer_, room_);
      paint_room();
      SDL_SetRenderTarget(renderer_, nullptr);
    }
    const SDL_Rect to{0, 0, width, room_height};
    SDL_RenderCopy(renderer_, room_, nullptr, &to);
  }

  void paint_room() {
    color(0x3A2C22);
    box(0, 0, width, room_height);
    color(0x4A382B);
    for (int y = 100; y < room_height; y += 36) box(0, y, width, 34);
    color(0x5C4634);
    box(0, 0, width, 96);
    furniture(40, 96, 300, 40, 0x7B5230, "bar");
    furniture(430, 60, 110, 66, 0xB5532A, "fire");
    furniture(740, 40, 130, 56, 0x4F6D8C, "window");
    furniture(790, 600, 130, 50, 0x2A1D14, "door");
    furniture(400, 420, 190, 60, 0x8A6239, "table");
    furniture(60, 600, 150, 50, 0x5E4A3A, "stairs");
    furniture(390, 612, 200, 38, 0x6E3B3B, "stage");
    furniture(850, 400, 70, 60, 0x6B4A28, "barrel");
  }
  void furniture(int x, int y, int w, int h, std::uint32_t rgb, const char* name) {
    color(rgb);
    box(x, y, w, h);
    color(0x000000, 60);
    box(x, y + h - 6, w, 6);
    text(small_, name, x + w / 2, y + h / 2 - 8, 0xD9C7A8, 0, true);
  }

  void draw_guest(const Tavern& tavern, const Character& guest, bool chosen) {
    const int x = static_cast<int>(guest.x);
    const int y = static_cast<int>(guest.y);
    color(0x000000, 70);
    box(x - 13, y + 15, 26, 6);
    if (chosen) {
      color(0xF2E2A0);
      disc(x, y + 6, 16);
    }
    color(guest.part->color);
    box(x - 10, y, 20, 18);
    disc(x, y, 10);
    color(0xE8C9A0);
    disc(x, y - 8, 8);
    char label[48];
    const char* const mood = tavern.shows_mood(guest) ? mood_names[static_cast<unsigned>(guest.mood)] : "";
    std::snprintf(label, sizeof label, "%s%s%s", guest.name(), *mood != '\0' ? " " : "", mood);
    text(small_, label, x, y + 20, 0xF4E9D8, 0, true);
    if (guest.has_item) text(small_, item_names[static_cast<unsigned>(guest.item)], x + 13, y - 4, 0xF2D479);
  }

  // Beside the others' bubbles where there is room.
  void draw_bubble(const Character& guest, const std::vector<Character>& guests) {
    const Words& words = write(small_, guest.bubble.c_str(), ink, 170);
    const int w = words.width + 14;
    const int h = words.height + 10;
    const int x = static_cast<int>(guest.x);
    const int y = static_cast<int>(guest.y);
    SDL_Rect at{x - w / 2, y - 22 - h, w, h};
    static constexpr int tries[][2] = {{0, 0}, {60, 0}, {-60, 0}, {95, 40}, {-95, 40}, {110, 60}, {-110, 60}, {0, -40},
        {110, 10}, {-110, 10}, {60, -50}, {-60, -50}, {0, -90}, {120, -60}, {-120, -60}, {0, 110}, {90, 90}, {-90, 90}};
    for (const auto& offset : tries) {
      SDL_Rect there{x - w / 2 + offset[0], y - 22 - h + offset[1], w, h};
      if (there.x < 4) there.x = 4;
      if (there.x + w > width - 4) there.x = width - 4 - w;
      if (there.y < 4) there.y = 4;
      if (there.y + h > room_height - 4) there.y = room_height - 4 - h;
      at = there;
      if (is_free(there, guests)) break;
    }
    if (placed_ < cast_size) bubbles_[placed_++] = at;
    color(0xFFFFFF, 90);
    SDL_RenderDrawLine(renderer_, x, y - 16, at.x + w / 2, at.y + h);
    color(guest.part->color);
    box(at.x - 2, at.y - 2, w + 4, h + 4);
    color(guest.talking() ? 0xFFF6D8 : 0xF1EBDD);
    box(at.x, at.y, w, h);
    text(small_, guest.bubble.c_str(), at.x + 7, at.y + 5, ink, 170);
  }

  bool is_free(const SDL_Rect& there, const std::vector<Character>& guests) const {
    for (unsigned i = 0; i < placed_; ++i) {
      if (SDL_HasIntersection(&there, &bubbles_[i]) != SDL_FALSE) return false;
    }
    for (const Character& guest : guests) {
      const SDL_Rect body{static_cast<int>(guest.x) - 14, static_cast<int>(guest.y) - 18, 28, 54};
      if (SDL_HasIntersection(&there, &body) != SDL_FALSE) return false;
    }
    return true;
  }

  void draw_panel(const Tavern& tavern, const Character& chosen, const std::string& typed, double frames_a_second) {
    color(0x1C1611);
    box(0, room_height, width, height - room_height);
    char line[240];
    const bool says = tavern.player_speaks();
    std::snprintf(line, sizeof line, says ? "You: %s" : "To %s (Tab: another): %s_",
        says ? tavern.player_line().c_str() : chosen.name(), typed.c_str());
    text(large_, line, 12, room_height + 6, 0xF2E2A0);
    const picoclaude::Usage& usage = tavern.budget().usage();
    const double spent = static_cast<double>(tavern.budget().spent_microdollars()) / 1e6;
    std::snprintf(line, sizeof line,
        "spent $%.4f of $%.2f   %lu tokens in, %lu out   %u talk, %u wait, %zu connections   %.0f frames a second",
        spent, static_cast<double>(tavern.limit_microdollars()) / 1e6, static_cast<unsigned long>(usage.input_tokens),
        static_cast<unsigned long>(usage.output_tokens), tavern.talking(), tavern.waiting(), tavern.connections(),
        frames_a_second);
    text(small_, line, 12, room_height + 30, 0xC9BCA6);
    draw_meter(tavern);
  }

  // How much of its time the tavern took in this frame.
  void draw_meter(const Tavern& tavern) {
    const double now_ms = tavern.tick_us() / 1000.0;
    const double worst_ms = tavern.worst_tick_us() / 1000.0;
    color(0x3A3026);
    box(12, room_height + 49, 300, 6);
    color(worst_ms > budget_ms ? 0xD0503A : 0xC9A24A);
    box(12 + pixels(worst_ms) - 1, room_height + 47, 2, 10);
    color(0x6FBF73);
    box(12, room_height + 49, pixels(now_ms), 6);
    char line[120];
    std::snprintf(
        line, sizeof line, "picoclaude %.2f ms of %.2f ms a frame, worst %.2f ms", now_ms, budget_ms, worst_ms);
    text(small_, line, 324, room_height + 44, 0xC9BCA6);
  }
  static int pixels(double time_ms) { return time_ms > budget_ms ? 300 : static_cast<int>(300 * time_ms / budget_ms); }

  SDL_Window* window_ = nullptr;
  SDL_Renderer* renderer_ = nullptr;
  TTF_Font* small_ = nullptr;
  TTF_Font* large_ = nullptr;
  SDL_Texture* room_ = nullptr;
  std::unordered_map<std::string, Words> written_;
  SDL_Rect bubbles_[cast_size];
  unsigned placed_ = 0;
};

}  // namespace tavern
