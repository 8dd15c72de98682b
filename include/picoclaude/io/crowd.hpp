// Many conversations over a few connections: who asks first is answered first, and nobody who talks much holds up the
// others. All in the caller's memory, for programs that tick.
//
//   Client<Tls> a{...}, b{...};              // as many as there shall be connections
//   Seat<Client<Tls>> seats[] = {{a}, {b}};
//   Crowd crowd{seats};
//
//   struct Npc : Turn { Request request; ... } npcs[40];
//   crowd.ask(npcs[7], npcs[7].request);
//   ...
//   while (const auto said = crowd.next()) {  // each tick
//     auto& npc = static_cast<Npc&>(*said.turn);
//     if (said.event.kind == EventKind::text) npc.bubble(said.event.text);
//     if (said.over) npc.listen(said.turn->status());
//   }
#pragma once
#include "client.hpp"

PICOCLAUDE_BEGIN

// A conversation's place in the crowd. Lifetime: it stays where it is until it is idle.
class Turn {
 public:
  Turn() = default;
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool idle() const { return state_ == State::idle; }        // ask() may be called
  bool waiting() const { return state_ == State::waiting; }  // for a connection
  bool talking() const { return state_ == State::talking; }
  // Of the answer that was over last.
  Status status() const { return status_; }

 private:
  template <class Client>
  friend class Crowd;
  enum class State : std::uint8_t { idle, waiting, talking };

  const Request* request_ = nullptr;
  Turn* next_ = nullptr;  // behind this one
  Status status_;
  State state_ = State::idle;
};

// A connection and who talks over it.
template <class Client>
struct Seat {
  Client* client;
  Turn* turn = nullptr;

  constexpr Seat(Client& line) : client(&line) {}
};

// What Crowd::next() gives: an event of a conversation, or that its answer is over.
// Lifetime: until the next call of next(), so long the client still tells usage(), stop_reason(), request_id().
template <class Client>
struct Said {
  Turn* turn = nullptr;
  Client* client = nullptr;
  Event event;
  bool over = false;  // turn->status() says how; the event is none

  constexpr explicit operator bool() const { return turn != nullptr; }
};

template <class Client>
class Crowd {
 public:
  // Events that one conversation may tell before the others are asked.
  static constexpr unsigned max_burst = 8;

  // Lifetime: the seats and their clients must outlive the crowd. Nobody else begins anything on these clients.
  template <std::size_t N>
  explicit Crowd(Seat<Client> (&seats)[N]) : Crowd(seats, N) {}
  Crowd(Seat<Client>* seats, std::size_t count) : seats_(seats), count_(count) {}
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // Waits for a connection behind those who asked before. The request stays unchanged until the answer is over.
  // Errors: busy. What is wrong with the request is told when its turn comes.
  Status ask(Turn& turn, const Request& request) {
    if (!turn.idle()) return {Error::busy, 0, 0};
    Turn** end = &first_;
    while (*end != nullptr) end = &(*end)->next_;
    enqueue(end, turn, request);
    return {};
  }
  Status ask(Turn& turn, const Request&& request) = delete;

  // Before all who wait, for example who the player talks to.
  Status ask_first(Turn& turn, const Request& request) {
    if (!turn.idle()) return {Error::busy, 0, 0};
    enqueue(&first_, turn, request);
    return {};
  }
  Status ask_first(Turn& turn, const Request&& request) = delete;

  // Ends its answer, or its waiting, at once: status() is cancelled, and nothing more is told of it.
  void cancel(Turn& turn) {
    for (Turn** at = &first_; *at != nullptr; at = &(*at)->next_) {
      if (*at != &turn) continue;
      *at = turn.next_;
      break;
    }
    for (std::size_t i = 0; i < count_; ++i) {
      if (seats_[i].turn != &turn) continue;
      seats_[i].client->cancel();
      seats_[i].turn = nullptr;
    }
    if (!turn.idle()) end(turn, {Error::cancelled, 0, 0});
  }

  // The next that somebody says. None: everybody was asked once since the last none; call again in the next tick.
  Said<Client> next() {
    if (resting_) begin_round();
    for (; left_ != 0; move_on()) {
      Seat<Client>& seat = seats_[at_];
      if (seat.turn == nullptr && !take_seat(seat)) continue;
      Client& client = *seat.client;
      Turn& turn = *seat.turn;
      const Event event = client.next();
      if (event) {
        if (++burst_ == max_burst) move_on();
        return {&turn, &client, event, false};
      }
      if (!client.done()) continue;
      seat.turn = nullptr;
      end(turn, client.status());
      move_on();
      return {&turn, &client, {}, true};
    }
    resting_ = true;
    return {};
  }

 private:
  static void end(Turn& turn, Status status) {
    turn.state_ = Turn::State::idle;
    turn.status_ = status;
    turn.request_ = nullptr;
    turn.next_ = nullptr;
  }

  void enqueue(Turn** place, Turn& turn, const Request& request) {
    turn.request_ = &request;
    turn.state_ = Turn::State::waiting;
    turn.next_ = *place;
    *place = &turn;
  }

  // False: nobody waits. A request that is refused is over at once.
  bool take_seat(Seat<Client>& seat) {
    if (first_ == nullptr) return false;
    Turn& turn = *first_;
    first_ = turn.next_;
    turn.next_ = nullptr;
    turn.state_ = Turn::State::talking;
    seat.turn = &turn;
    seat.client->begin(*turn.request_);
    return true;
  }

  // Each round begins one seat further, so that none is always the first.
  void begin_round() {
    left_ = count_;
    at_ = start_;
    start_ = start_ + 1 < count_ ? start_ + 1 : 0;
    burst_ = 0;
    resting_ = false;
  }

  void move_on() {
    at_ = at_ + 1 < count_ ? at_ + 1 : 0;
    --left_;
    burst_ = 0;
  }

  Seat<Client>* seats_;
  std::size_t count_;
  std::size_t start_ = 0;  // of the next round
  std::size_t at_ = 0;
  std::size_t left_ = 0;  // seats to ask in this round
  unsigned burst_ = 0;
  bool resting_ = true;    // between two rounds
  Turn* first_ = nullptr;  // of those who wait
};

PICOCLAUDE_END
