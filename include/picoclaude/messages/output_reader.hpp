// Reads an answer of a declared form into values of the program while it streams (API.md, section 3.6).
//
//   static constexpr auto moon = picoclaude::structure(picoclaude::string("name"), picoclaude::integer("radius_km"));
//   static constexpr auto form = moon.without_limits();
//   request.output_schema = form.schema();
//   picoclaude::OutputReader reader{moon, room};
//   while (const auto event = claude.next()) reader.take(event);
//   const auto fault = reader.finish([](picoclaude::string_view name, int radius_km) { ... });
//
// Nothing of the answer's text is kept but the strings in it. A refusal or max_tokens may cut the answer: a fault.
#pragma once
#include "event.hpp"
#include "structure.hpp"

PICOCLAUDE_BEGIN

#if PICOCLAUDE_ENABLE_OUTPUT
// Lifetime: the declaration and the room stay as long as the reader.
template <class Declaration>
class OutputReader {
 public:
  // Strings and the elements of arrays go to `room`.
  OutputReader(const Declaration& declaration, Room room)
      : declaration_(declaration), room_(room), reader_(declaration.untyped(), values_, room) {}
  OutputReader(const OutputReader&) = delete;
  OutputReader& operator=(const OutputReader&) = delete;

  // Any event of the answer.
  void take(const Event& event) {
    if (event.kind == EventKind::text) take(event.text);
    if (event.kind == EventKind::retrying) restart();
  }
  // A fragment of its text.
  void take(string_view text) {
    for (const char c : text) {
      if (reader_.fault() != InputFault::none || !reader_.step(c)) return;
    }
  }

  // What is wrong with what came so far: the rest need not be waited for.
  InputFault fault() const { return reader_.fault(); }

  // At the answer's end: hands the values to `function`, in the order of the declaration. Errors: why there are none;
  // then the function is not called.
  template <class Function>
  InputFault finish(Function&& function) {
    if (reader_.fault() == InputFault::none) reader_.finish();
    if (reader_.fault() == InputFault::none) Declaration::call(values_, function);
    return reader_.fault();
  }

  // Ready for another answer.
  void restart() { reader_ = detail::InputReader(declaration_.untyped(), values_, room_); }

 private:
  const Declaration& declaration_;
  Room room_;
  detail::Value values_[Declaration::value_count == 0 ? 1 : Declaration::value_count];
  detail::InputReader reader_;
};
#else
template <class Declaration>
class OutputReader {
 public:
  template <class... Arguments>
  OutputReader(const Declaration&, const Arguments&...) {
    static_assert(
        detail::off<Declaration, Arguments...>, "PICOCLAUDE_ENABLE_OUTPUT is 0: set it to 1 to use OutputReader");
  }
};
#endif

PICOCLAUDE_END
