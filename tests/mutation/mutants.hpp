// The switch of the faults that mutate.py puts into the headers: on(7) is true where fault 7 is asked for.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace mutants {

constexpr int most = 20000;

extern int active;           // the fault that is on, or -1
extern unsigned char* seen;  // whether the program came by a fault
extern unsigned long fuel;   // how often it may come by faults; then it runs in circles

[[noreturn]] void burnt();

inline bool passed(int number) {
  seen[number] = 1;
  if (fuel-- == 0) burnt();
  return active == number;
}

// What the compiler evaluates is as it was.
constexpr bool on(int number) { return __builtin_is_constant_evaluated() ? false : passed(number); }

template <class T>
constexpr T other(int number, T value) {
  return on(number) ? static_cast<T>(value + 1) : value;
}

// a < Wedge<7>() < b: the first < makes a Half of a, the second compares it with b.
template <int Number>
struct Wedge {};
template <int Number, class T>
struct Half {
  T value;
};

#define MUTANTS_HALF(sign)                                          \
  template <class T, int Number>                                    \
  constexpr Half<Number, T> operator sign(T value, Wedge<Number>) { \
    return {value};                                                 \
  }
#define MUTANTS_TWO(sign, first, second)                                  \
  MUTANTS_HALF(sign)                                                      \
  template <class T, int Number, class U>                                 \
  constexpr bool operator sign(const Half<Number, T>& half, const U& b) { \
    if (on(Number)) return half.value first b;                            \
    if (on(Number + 1)) return half.value second b;                       \
    return half.value sign b;                                             \
  }
#define MUTANTS_ONE(sign, first)                                                                       \
  MUTANTS_HALF(sign)                                                                                   \
  template <class T, int Number, class U>                                                              \
  constexpr auto operator sign(const Half<Number, T>& half, const U& b)->decltype(half.value sign b) { \
    using Result = decltype(half.value sign b);                                                        \
    if (on(Number)) return static_cast<Result>(half.value first b);                                    \
    return half.value sign b;                                                                          \
  }

MUTANTS_TWO(<, <=, >=)
MUTANTS_TWO(>, >=, <=)
MUTANTS_TWO(<=, <, >)
MUTANTS_TWO(>=, >, <)
MUTANTS_ONE(*, +)
MUTANTS_ONE(/, *)
MUTANTS_ONE(&, |)
MUTANTS_ONE(|, &)
MUTANTS_ONE(^, |)
MUTANTS_ONE(<<, >>)
MUTANTS_ONE(>>, <<)
MUTANTS_ONE(+, -)
MUTANTS_HALF(-)
MUTANTS_HALF(%)
MUTANTS_HALF(==)
MUTANTS_HALF(!=)

template <class T, int Number, class U>
constexpr bool operator==(const Half<Number, T>& half, const U& b) {
  return on(Number) != (half.value == b);
}
template <class T, int Number, class U>
constexpr bool operator!=(const Half<Number, T>& half, const U& b) {
  return on(Number) != (half.value != b);
}
template <class T, int Number, class U>
constexpr auto operator%(const Half<Number, T>& half, const U& b) -> decltype(half.value % b) {
  return on(Number) ? half.value / b : half.value % b;
}
// The difference of two pointers has no sum: it is one more.
template <class T, int Number, class U>
constexpr auto operator-(const Half<Number, T>& half, const U& b) -> decltype(half.value - b) {
  if constexpr (std::is_pointer_v<T> && std::is_pointer_v<std::decay_t<U>>) {
    return half.value - b + (on(Number) ? 1 : 0);
  } else {
    using Result = decltype(half.value - b);
    return on(Number) ? static_cast<Result>(half.value + b) : half.value - b;
  }
}

}  // namespace mutants
