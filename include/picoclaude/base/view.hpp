// Memory that somebody else owns: text views, lists of things, rooms to write in.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../config.hpp"

PICOCLAUDE_BEGIN

using std::string_view;

// A borrowed list. Lifetime: the elements must outlive every use of the list.
template <class T>
class List {
 public:
  constexpr List() = default;
  constexpr List(const T* data, std::size_t count) : data_(data), count_(count) {}
  template <std::size_t N>
  constexpr List(const T (&array)[N]) : data_(array), count_(N) {}
  // One element is a list of one.
  constexpr List(const T& one) : data_(&one), count_(1) {}
  List(const T&&) = delete;

  constexpr std::size_t size() const { return count_; }
  constexpr bool empty() const { return count_ == 0; }
  constexpr const T& operator[](std::size_t at) const { return data_[at]; }
  constexpr const T* begin() const { return data_; }
  constexpr const T* end() const { return data_ + count_; }

 private:
  const T* data_ = nullptr;
  std::size_t count_ = 0;
};

// Bytes that a caller lends to be written to.
struct Room {
  char* data = nullptr;
  std::size_t size = 0;

  constexpr Room() = default;
  constexpr Room(char* bytes, std::size_t count) : data(bytes), size(count) {}
  template <std::size_t N>
  constexpr Room(char (&array)[N]) : data(array), size(N) {}
};

// Every byte that a Client uses besides itself. It must outlive the Client.
template <std::size_t N>
struct Workspace {
  static_assert(N >= 64, "a Workspace needs at least 64 bytes; 512 and more are comfortable");
  char bytes[N];
};

PICOCLAUDE_END
