// The tavern itself: who talks with whom, over how many connections, at what price. One tick does it all and never
// waits; whoever draws it (screen.hpp) or only looks at it (a test) calls that tick.
#pragma once
#include <picoclaude.hpp>

#include <time.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "cast.hpp"
#include "lines.hpp"

namespace tavern {

struct Settings {
  const char* base_url = "https://api.anthropic.com";
  const char* key = "";
  const char* model = "claude-haiku-5-5";
  const char* trust = nullptr;  // a file with certificates instead of the system's
  unsigned connections = 5;
  std::uint64_t limit_microdollars = picoclaude::dollars(0, 50);
};

// One connection. All of them are made when the tavern opens; nothing is allocated later.
struct Line {
  using Transport = picoclaude::Metered<picoclaude::MbedtlsTransport<>>;
  using Client = picoclaude::Client<Transport>;

  Transport transport;
  picoclaude::Workspace<2048> memory;
  Client client;

  Line(const picoclaude::Roots& roots, const picoclaude::Config& config)
      : transport(roots), client(transport, memory, config) {
    transport.blocking(false);
  }
};

inline std::uint64_t thread_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(time.tv_nsec);
}

class Tavern {
 public:
  static constexpr std::uint32_t bytes_a_tick = 4096;  // for each connection

  explicit Tavern(const Settings& settings) : settings_(settings), guests_(cast_size) {
    config_.base_url = settings.base_url;
    config_.api_key = settings.key;
    config_.budget = &budget_;
    const picoclaude::Roots roots =
        settings.trust != nullptr ? picoclaude::file_roots(settings.trust) : picoclaude::system_roots();
    for (unsigned i = 0; i < settings.connections; ++i) {
      lines_.push_back(std::make_unique<Line>(roots, config_));
      seats_.emplace_back(lines_.back()->client);
    }
    for (unsigned i = 0; i < cast_size; ++i) {
      guests_[i].part = &cast[i];
      go(guests_[i], cast[i].place);
      guests_[i].x = guests_[i].to_x;
      guests_[i].y = guests_[i].to_y;
    }
    crowd_ = std::make_unique<Crowd>(seats_.data(), seats_.size());
  }

  // Everything that happens between two pictures.
  void tick(std::uint32_t passed_ms) {
    now_ms_ += passed_ms;
    const std::uint64_t begun = thread_cpu_ns();
    for (const auto& line : lines_) line->transport.allow(bytes_a_tick);
    listen();
    for (Character& guest : guests_) speak(guest);
    const auto took_us = static_cast<std::uint32_t>((thread_cpu_ns() - begun) / 1000);
    tick_us_ = took_us;
    if (took_us > worst_tick_us_) worst_tick_us_ = took_us;
    start_chats();
    for (Character& guest : guests_) move(guest, passed_ms);
  }

  // The player talks to somebody, who answers before all who wait.
  void player_says(Character& guest, string_view words) {
    player_line_.set(words);
    player_until_ms_ = now_ms_ + 6000;
    crowd_->cancel(guest);
    guest.partner = nullptr;
    guest.replies_left = 0;
    guest.hear("A traveller", words, now_ms_);
    urgent_ = &guest;
  }

  void hush() {
    for (Character& guest : guests_) {
      if (!guest.idle()) guest.bubble.set(excuse({picoclaude::Error::cancelled, 0, 0}));
      guest.wants_to_speak = false;
      crowd_->cancel(guest);
    }
  }

  std::vector<Character>& guests() { return guests_; }
  const Text<120>& player_line() const { return player_line_; }
  bool player_speaks() const { return now_ms_ < player_until_ms_; }
  bool speaks(const Character& guest) const { return guest.talking() || now_ms_ < guest.bubble_until_ms; }
  bool shows_mood(const Character& guest) const { return now_ms_ < guest.mood_until_ms; }
  const picoclaude::Budget& budget() const { return budget_; }
  std::uint64_t limit_microdollars() const { return settings_.limit_microdollars; }
  std::uint32_t tick_us() const { return tick_us_; }
  std::uint32_t worst_tick_us() const { return worst_tick_us_; }
  void forget_worst() { worst_tick_us_ = 0; }
  unsigned answers() const { return answers_; }
  unsigned failures() const { return failures_; }
  unsigned deeds() const { return deeds_; }
  std::size_t connections() const { return lines_.size(); }
  unsigned talking() const { return count(&Character::talking); }
  unsigned waiting() const { return count(&Character::waiting); }

  // What the screen shows, one line for each guest, for tests.
  void write_state(std::FILE* file) const {
    std::fprintf(file, "answers %u failures %u deeds %u talking %u waiting %u spent %llu tokens %lu %lu worst_us %u\n",
        answers_, failures_, deeds_, talking(), waiting(),
        static_cast<unsigned long long>(budget_.spent_microdollars()),
        static_cast<unsigned long>(budget_.usage().input_tokens),
        static_cast<unsigned long>(budget_.usage().output_tokens), worst_tick_us_);
    std::fprintf(file, "player|%s\n", player_speaks() ? player_line_.c_str() : "");
    for (const Character& guest : guests_) {
      std::fprintf(file, "%s|%d|%d|%s|%s|%s|%s\n", guest.name(), static_cast<int>(guest.x), static_cast<int>(guest.y),
          place_names[static_cast<unsigned>(guest.place)],
          guest.has_item ? item_names[static_cast<unsigned>(guest.item)] : "",
          shows_mood(guest) ? mood_names[static_cast<unsigned>(guest.mood)] : "",
          speaks(guest) ? guest.bubble.c_str() : "");
    }
  }

 private:
  using Crowd = picoclaude::Crowd<Line::Client>;

  unsigned count(bool (picoclaude::Turn::*is)() const) const {
    unsigned number = 0;
    for (const Character& guest : guests_) number += (guest.*is)() ? 1 : 0;
    return number;
  }

  // What came over the connections since the last tick.
  void listen() {
    while (const auto said = crowd_->next()) {
      auto& guest = static_cast<Character&>(*said.turn);
      guest.take(said.event);
      if (said.over) answered(guest);
    }
  }

  void answered(Character& guest) {
    guest.bubble_until_ms = now_ms_ + 5000;
    if (!guest.status()) {
      ++failures_;
      ++guest.failures;
      guest.bubble.set(excuse(guest.status()));
      guest.wants_to_speak = false;
      return;
    }
    ++answers_;
    const bool used = guest.run_tools(
        [&](Place place, picoclaude::ToolReply reply) {
          go(guest, place);
          done(reply, "You walk there.");
        },
        [&](Item item, picoclaude::ToolReply reply) {
          hand_over(guest, item);
          done(reply, "You hand it over.");
        },
        [&](Mood mood, picoclaude::ToolReply reply) {
          guest.mood = mood;
          guest.mood_until_ms = now_ms_ + 4000;
          done(reply, "They see it.");
        });
    guest.wants_to_speak = used;  // then they say something to what they did
    if (!used) pass_on(guest);
  }

  void done(const picoclaude::ToolReply& reply, const char* words) {
    ++deeds_;
    reply.text(words);
  }

  // The partner heard it and may answer.
  void pass_on(Character& guest) {
    Character* const partner = guest.partner;
    if (partner == nullptr || guest.replies_left == 0 || !partner->idle() || partner->wants_to_speak) return;
    partner->partner = &guest;
    partner->replies_left = guest.replies_left - 1;
    partner->hear(guest.name(), guest.answer(), now_ms_ + 1200);
  }

  void speak(Character& guest) {
    if (!guest.wants_to_speak || !guest.idle() || now_ms_ < guest.speak_at_ms) return;
    const picoclaude::Request& request = guest.request(settings_.model);
    if (urgent_ == &guest) {
      crowd_->ask_first(guest, request);
      urgent_ = nullptr;
    } else {
      crowd_->ask(guest, request);
    }
  }

  // Every now and then somebody who has nothing to do turns to somebody else.
  void start_chats() {
    if (now_ms_ < next_chat_ms_) return;
    next_chat_ms_ = now_ms_ + 500;
    Character* const first = next_idler();
    Character* const second = next_idler();
    if (first == nullptr || second == nullptr || first == second) return;
    Character& one = *first;
    Character& other = *second;
    one.partner = &other;
    other.partner = &one;
    one.replies_left = 2;
    one.begin_chat(other.name(), now_ms_);
  }

  Character* next_idler() {
    for (std::size_t tries = 0; tries < guests_.size(); ++tries) {
      turn_ = (turn_ + 5) % guests_.size();
      if (!is_busy(guests_[turn_])) return &guests_[turn_];
    }
    return nullptr;
  }

  bool is_busy(const Character& guest) const { return !guest.idle() || guest.wants_to_speak || speaks(guest); }

  void hand_over(Character& guest, Item item) {
    Character& to = guest.partner != nullptr ? *guest.partner : guest;
    to.item = item;
    to.has_item = true;
  }

  // Each guest has a spot of their own at every place.
  void go(Character& guest, Place place) {
    static constexpr int spots[place_count][2] = {
        {170, 190}, {480, 170}, {850, 560}, {800, 190}, {480, 400}, {130, 560}, {480, 590}, {820, 390}};
    const auto number = static_cast<int>(&guest - guests_.data());
    guest.place = place;
    guest.to_x = static_cast<float>(spots[static_cast<unsigned>(place)][0] + number % 4 * 60 - 90);
    guest.to_y = static_cast<float>(spots[static_cast<unsigned>(place)][1] + number / 4 * 34 - 34);
  }

  void move(Character& guest, std::uint32_t passed_ms) const {
    const float step = 0.12f * static_cast<float>(passed_ms);
    guest.x += between(guest.to_x - guest.x, step);
    guest.y += between(guest.to_y - guest.y, step);
  }
  static float between(float way, float most) { return way > most ? most : way < -most ? -most : way; }

  Settings settings_;
  picoclaude::Budget budget_{settings_.limit_microdollars, picoclaude::prices_2026_11};
  picoclaude::Config config_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::vector<picoclaude::Seat<Line::Client>> seats_;
  std::unique_ptr<Crowd> crowd_;
  std::vector<Character> guests_;
  Character* urgent_ = nullptr;  // who is to answer the player
  Text<120> player_line_;
  std::uint32_t player_until_ms_ = 0;
  std::uint32_t now_ms_ = 0;
  std::uint32_t next_chat_ms_ = 0;
  std::size_t turn_ = 0;
  std::uint32_t tick_us_ = 0;
  std::uint32_t worst_tick_us_ = 0;
  unsigned answers_ = 0;
  unsigned failures_ = 0;
  unsigned deeds_ = 0;
};

}  // namespace tavern
