// A Client without anything behind it. The same program with this one is the image that is subtracted.
#pragma once
#include <picoclaude.hpp>

template <class Transport>
class NoClient {
 public:
  NoClient(Transport&, picoclaude::Room, const picoclaude::Config&) {}
  __attribute__((noinline)) ~NoClient() { hidden(); }

  __attribute__((noinline)) picoclaude::Status begin(const picoclaude::Request&) {
    hidden();
    return {};
  }
  __attribute__((noinline)) picoclaude::Event next() {
    hidden();
    return {};
  }
  template <class Take>
  picoclaude::Reply ask(const picoclaude::Request&, Take take) {
    take(next().text);
    return {};
  }
  template <std::size_t N>
  __attribute__((noinline)) picoclaude::Reply ask(const picoclaude::Request&, char (&)[N]) {
    hidden();
    return {};
  }

 private:
  // The compiler can neither leave a call of this out nor know what it changed.
  static void hidden() { asm volatile("" ::: "memory"); }
};
