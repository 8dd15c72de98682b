// Lets the model work with tools until it is done or a brake stops it.
//
//   const auto run = picoclaude::run_tools(claude, request, talk, brakes, set_light.calls([](bool on, ...) { ... }));
//
// A program that may not wait takes a ToolLoop and calls its next() as it would call the client's.
#pragma once
#include "../messages/container.hpp"
#include "../session/tool_loop.hpp"
#include "client.hpp"

#if PICOCLAUDE_ENABLE_TOOLS && PICOCLAUDE_ENABLE_TRANSCRIPT
PICOCLAUDE_BEGIN

// How a run ended. True: the model is done. The last words stand in the transcript.
struct ToolRun {
  Status status;
  StopReason stop_reason = StopReason::none;
  std::uint32_t tokens = 0;
  std::uint16_t rounds = 0;  // requests
  std::uint16_t calls = 0;   // of tools

  constexpr explicit operator bool() const { return static_cast<bool>(status); }
};

namespace detail {

// The tools side by side, without std::tuple.
template <class... Tools>
struct ToolSet {
  void list(Tool*) const {}
  template <class... Found>
  void run(const ToolCall& call, Room room, const ToolReply& reply, Found&... found) {
    run_tool(call, room, reply, found...);
  }
};
template <class First, class... Rest>
struct ToolSet<First, Rest...> {
  First first;
  ToolSet<Rest...> rest;

  explicit ToolSet(First one, Rest... others) : first(one), rest(others...) {}
  void list(Tool* to) const {
    *to = first.tool();
    rest.list(to + 1);
  }
  template <class... Found>
  void run(const ToolCall& call, Room room, const ToolReply& reply, Found&... found) {
    rest.run(call, room, reply, found..., first);
  }
};

}  // namespace detail

// The client, the transcript and all that the request's views point to must outlive the loop. The request itself is
// copied: its transcript is `talk`, its tools are `tools` unless it names its own, and so is its container that of the
// answer before.
template <class Client, class... Tools>
class ToolLoop {
  using Step = detail::ToolLoopState::Step;

 public:
  ToolLoop(Client& client, const Request& request, Transcript& talk, const Brakes& brakes, Tools... tools)
      : client_(client), talk_(talk), request_(request), state_(brakes), tools_(tools...) {
    tools_.list(offered_);
    if (request_.tools.empty()) request_.tools = List<Tool>(offered_, sizeof...(Tools));
    begun_ms_ = client_.now_ms();
  }
  ToolLoop(const ToolLoop&) = delete;
  ToolLoop& operator=(const ToolLoop&) = delete;

  // Makes progress; gives the next event of the answers, or none. Calls are run in here.
  Event next() {
    while (state_.step() != Step::done) {
      const std::uint32_t passed_ms = client_.now_ms() - begun_ms_;
      if (state_.step() == Step::ask) {
        ask(passed_ms);
      } else if (state_.step() == Step::call) {
        call();
      } else if (state_.is_late(passed_ms)) {
        stop(Error::out_of_time);
      } else {
        const Event event = client_.next();
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
        container_.take(event);
#endif
        if (event && talk_.take(event) != Error::none) stop(Error::out_of_room);
        if (event) return event;
        if (!client_.done()) return {};
        answered();
      }
    }
    return {};
  }

  bool done() const { return state_.step() == Step::done; }

  // Ends the loop, and the exchange if one runs: cancelled.
  void cancel() {
    if (!done()) stop(Error::cancelled);
  }

  ToolRun result() const {
    ToolRun run;
    // Member by member: clang's analyzer takes a struct copied from an object for a view of that object.
    const Status status = state_.status();
    run.status = {status.error, status.http, status.native};
    run.stop_reason = client_.stop_reason();
    run.tokens = state_.tokens();
    run.rounds = static_cast<std::uint16_t>(state_.rounds());
    run.calls = static_cast<std::uint16_t>(state_.calls());
    return run;
  }

 private:
  void ask(std::uint32_t passed_ms) {
    if (!state_.may_ask(passed_ms)) return;
    request_.transcript = talk_.json();
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
    if (!own_container_) request_.container = container_.id();
#endif
    const Status status = client_.begin(request_);
    if (!status) state_.finish(status);
  }

  void stop(Error error) {
    client_.cancel();
    talk_.drop_turn();
    state_.finish(error);
  }

  void answered() {
    const Status status = client_.status();
    if (!status) {
      talk_.drop_turn();
      return state_.finish(status);
    }
    state_.answered(client_.stop_reason(), client_.usage());
    if (state_.step() == Step::done) state_.finish(status);
  }

  void call() {
    ToolCall call;
    if (!talk_.call(state_.number(), call)) return state_.end_calls();
    if (!state_.may_call()) return;
    detail::CallAnswer answer(talk_, call.id);
    tools_.run(call, talk_.lend(), answer.reply());
    state_.called(answer.finish());
  }

  Client& client_;
  Transcript& talk_;
  Request request_;
#if PICOCLAUDE_ENABLE_SERVER_TOOLS
  Container container_;
  const bool own_container_ = !request_.container.empty();  // the request named one
#endif
  std::uint32_t begun_ms_ = 0;
  detail::ToolLoopState state_;
  detail::ToolSet<Tools...> tools_;
  Tool offered_[sizeof...(Tools) == 0 ? 1 : sizeof...(Tools)];
};

template <class Client, class... Tools>
ToolLoop(Client&, const Request&, Transcript&, const Brakes&, Tools...) -> ToolLoop<Client, Tools...>;

// Runs the loop to its end, and hands every event to `take`. Needs a transport that waits.
template <class Client, class Take, class... Tools, std::enable_if_t<std::is_invocable_v<Take&, const Event&>, int> = 0>
ToolRun run_tools(
    Client& client, const Request& request, Transcript& talk, const Brakes& brakes, Take&& take, Tools... tools) {
  static_assert(Client::can_wait, "run_tools() needs a transport that waits: bool wait(std::uint32_t at_most_ms)");
  ToolLoop<Client, Tools...> loop(client, request, talk, brakes, tools...);
  while (!loop.done()) {
    const Event event = loop.next();
    if (event) {
      take(event);
    } else {
      loop.cancel();  // the transport gave control back
    }
  }
  return loop.result();
}

template <class Client, class... Tools>
auto run_tools(Client& client, const Request& request, Transcript& talk, const Brakes& brakes, Tools... tools)
    -> std::enable_if_t<!(std::is_invocable_v<Tools&, const Event&> || ...), ToolRun> {
  return run_tools(
      client, request, talk, brakes, [](const Event&) {}, tools...);
}

PICOCLAUDE_END
#endif
