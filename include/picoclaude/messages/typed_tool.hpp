// A tool, declared once: what the model is told of it, and how its input reaches a function of the program.
//
//   static constexpr auto set_light = picoclaude::tool("set_light", "Switch a lamp.",
//       picoclaude::boolean("on", "true to light it"), picoclaude::integer("level", "brightness").range(0, 100));
//
// set_light.calls([](bool on, int level, picoclaude::ToolReply reply) { ... }) is what runs it.
#pragma once
#include "input_check.hpp"
#include "structure.hpp"
#include "tool.hpp"

#if PICOCLAUDE_ENABLE_TOOLS
PICOCLAUDE_BEGIN

// A tool and the function that it calls. Whatever has these members is one: name(), tool() and run().
template <class Declaration, class Function>
class ToolFunction {
 public:
  constexpr ToolFunction(const Declaration& declaration, Function function)
      : declaration_(&declaration), function_(function) {}

  constexpr string_view name() const { return declaration_->tool().name; }
  constexpr Tool tool() const { return declaration_->tool(); }
  // Strings and elements of arrays go to `room`. What is wrong with the input is answered, not run.
  void run(string_view input, Room room, const ToolReply& reply) { declaration_->run(input, room, reply, function_); }

 private:
  const Declaration* declaration_;
  Function function_;
};

// A tool whose input is checked against its declaration, and arrives as values of the program.
template <class Members>
class TypedTool {
 public:
  constexpr TypedTool(const Tool& tool, const Members& members) : tool_(tool), members_(members) {}

  constexpr Tool tool() const {
    Tool tool = tool_;
    tool.input_schema = members_.schema();
    return tool;
  }
  constexpr operator Tool() const { return tool(); }

  // The service promises an input that fits; its schema then names no limits.
  constexpr TypedTool strict() const {
    TypedTool copy(tool_, members_.without_limits());
    copy.tool_.strict = true;
    return copy;
  }
  constexpr TypedTool eager_input_streaming() const {
    TypedTool copy = *this;
    copy.tool_.eager_input_streaming = true;
    return copy;
  }
  constexpr TypedTool defer_loading() const {
    TypedTool copy = *this;
    copy.tool_.defer_loading = true;
    return copy;
  }
  // A JSON array of inputs.
  constexpr TypedTool input_examples(string_view json) const {
    TypedTool copy = *this;
    copy.tool_.input_examples = json;
    return copy;
  }

  // `function` takes the members in their order, and a ToolReply. The declaration must outlive what is returned.
  template <class Function>
  constexpr auto calls(Function function) const {
    return ToolFunction<TypedTool, Function>(*this, function);
  }

  template <class Function>
  void run(string_view input, Room room, const ToolReply& reply, Function& function) const {
    detail::Value values[Members::value_count == 0 ? 1 : Members::value_count];
    detail::InputReader reader(members_.untyped(), values, room);
    if (detail::accept_input(reader, input, reply)) Members::call(values, function, reply);
  }

 private:
  Tool tool_;
  Members members_;
};

// A tool whose schema is JSON text, and whose input arrives as JSON text: an object without duplicate names, not checked
// against the schema.
class RawTool {
 public:
  constexpr explicit RawTool(const Tool& tool) : tool_(tool) {}

  constexpr const Tool& tool() const { return tool_; }

  // `function` takes a string_view and a ToolReply.
  template <class Function>
  constexpr auto calls(Function function) const {
    return ToolFunction<RawTool, Function>(*this, function);
  }

  template <class Function>
  void run(string_view input, Room, const ToolReply& reply, Function& function) const {
    if (input.empty()) input = "{}";
    const InputFault fault = detail::check_object(input);
    if (fault == InputFault::none) {
      function(input, reply);
    } else {
      detail::refuse_input(fault, {}, reply);
    }
  }

 private:
  Tool tool_;
};

template <class... Members>
constexpr auto tool(string_view name, string_view description, Members... members) {
  Tool tool;
  tool.name = name;
  tool.description = description;
  return TypedTool<decltype(structure(members...))>(tool, structure(members...));
}

constexpr RawTool raw_tool(const Tool& tool) { return RawTool(tool); }

PICOCLAUDE_END
#endif
