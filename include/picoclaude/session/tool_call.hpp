// The calls of one answer, kept in the caller's bytes until the answer is complete.
//
//   char bytes[512];
//   picoclaude::ToolCalls calls{bytes};
//   while (auto event = claude.next()) calls.take(event);
//   for (std::size_t at = 0; at < calls.size(); ++at) picoclaude::run_tool(calls[at], calls.room(), reply, set_light...);
//
// No call is there before the answer is complete and says that it stopped to use tools; none at all if one did not fit.
#pragma once
#include "../messages/event.hpp"
#include "../messages/typed_tool.hpp"

#if PICOCLAUDE_ENABLE_TOOLS
PICOCLAUDE_BEGIN

// One call. Lifetime: its views are borrowed from where it is kept.
struct ToolCall {
  string_view id;
  string_view name;
  string_view input;   // JSON text, as the model wrote it: not checked yet
  bool whole = false;  // its block was closed: never run one that is not
};

class ToolCalls {
 public:
  explicit ToolCalls(Room room) : room_(room) {}

  // Forgets all calls. Needed before each answer.
  void clear() { *this = ToolCalls(room_); }

  // Takes any event of an answer. Errors: out_of_room, for good: then there is no call.
  Error take(const Event& event) {
    switch (event.kind) {
      case EventKind::tool_start: begin(event); break;
      case EventKind::tool_input: insert(find(event.index), event.text); break;
      case EventKind::block_end: close(find(event.index)); break;
      case EventKind::retrying: clear(); break;
      case EventKind::end: ready_ = event.stop_reason == StopReason::tool_use && error_ == Error::none; break;
      default: break;
    }
    return error_;
  }

  // How many calls there are to run, in the order of their blocks.
  std::size_t size() const { return ready_ ? count_ : 0; }

  ToolCall operator[](std::size_t at) const {
    std::size_t place = 0;
    for (; at > 0; --at) place += size_of(head(place));
    const Head call = head(place);
    const char* const id = room_.data + place + sizeof(Head);
    const char* const name = id + call.id_size;
    return {{id, call.id_size}, {name, call.name_size}, {name + call.name_size, call.input_size}, call.closed};
  }

  // What is left of the room, for the strings of inputs.
  Room room() const { return {room_.data + used_, room_.size - used_}; }

 private:
  struct Head {
    std::uint32_t input_size = 0;
    std::uint16_t id_size = 0;
    std::uint16_t name_size = 0;
    std::uint16_t index = 0;
    bool closed = false;
  };

  static std::size_t size_of(const Head& call) {
    return sizeof(Head) + call.id_size + call.name_size + call.input_size;
  }

  // The room's bytes have no alignment.
  Head head(std::size_t place) const {
    Head call;
    std::memcpy(&call, room_.data + place, sizeof call);
    return call;
  }
  void set_head(std::size_t place, const Head& call) { std::memcpy(room_.data + place, &call, sizeof call); }

  // Where the call of the block `index` stands; used_: nowhere.
  std::size_t find(std::uint16_t index) const {
    std::size_t place = 0;
    while (place != used_ && head(place).index != index) place += size_of(head(place));
    return place;
  }

  bool fits(std::size_t size) {
    if (room_.size - used_ < size) error_ = Error::out_of_room;
    return error_ == Error::none;
  }

  void begin(const Event& event) {
    if (event.id.size() > 0xFFFF || event.text.size() > 0xFFFF) error_ = Error::out_of_room;
    if (!fits(sizeof(Head) + event.id.size() + event.text.size())) return;
    Head call;
    call.index = event.index;
    call.id_size = static_cast<std::uint16_t>(event.id.size());
    call.name_size = static_cast<std::uint16_t>(event.text.size());
    set_head(used_, call);
    used_ = static_cast<std::size_t>(put(put(room_.data + used_ + sizeof(Head), event.id), event.text) - room_.data);
    ++count_;
  }

  // Fragments of several calls may alternate: what stands behind makes room.
  void insert(std::size_t place, string_view text) {
    if (place == used_ || text.empty() || !fits(text.size())) return;
    Head call = head(place);
    char* const to = room_.data + place + size_of(call);
    std::memmove(to + text.size(), to, static_cast<std::size_t>(room_.data + used_ - to));
    std::memcpy(to, text.data(), text.size());
    used_ += text.size();
    call.input_size += static_cast<std::uint32_t>(text.size());
    set_head(place, call);
  }

  void close(std::size_t place) {
    if (place == used_) return;
    Head call = head(place);
    call.closed = true;
    set_head(place, call);
  }

  Room room_;
  std::size_t used_ = 0;
  std::size_t count_ = 0;
  Error error_ = Error::none;
  bool ready_ = false;
};

namespace detail {

inline void refuse_call(const ToolCall& call, const ToolReply& reply) {
  if (!call.whole) return refuse_input(InputFault::not_json, {}, reply);
  refuse("Error: Tool '", call.name, "' not found", reply);
}

}  // namespace detail

// Runs the one of `tools` (see TypedTool::calls) that a call is for. A call of none of them, or whose input does not fit,
// is answered as an error that tells the model why.
template <class... Tools>
void run_tool(const ToolCall& call, Room room, const ToolReply& reply, Tools&&... tools) {
  [[maybe_unused]] const auto runs = [&](auto& tool) {
    const bool wanted = call.whole && equal(tool.name(), call.name);
    if (wanted) tool.run(call.input, room, reply);
    return wanted;
  };
  if (!(runs(tools) || ...)) detail::refuse_call(call, reply);
}

// Keeps the answer of a tool as text, and makes it a block of the next request.
template <std::size_t N>
class ToolResult {
 public:
  ToolReply reply() { return {take, this}; }
  // Lifetime: it borrows `id` and what this object keeps.
  Block block(string_view id) const { return tool_result(id, string_view(text_, size_), is_error_); }

 private:
  static bool take(void* context, const Content& content, bool is_error) PICOCLAUDE_NONBLOCKING {
    auto& self = *static_cast<ToolResult*>(context);
    if (self.taken_) return false;
    self.taken_ = true;
    self.is_error_ = is_error;
    self.size_ = utf8_cut(content.text, N);
    put(self.text_, slice(content.text, 0, self.size_));
    return content.blocks.empty() && self.size_ == content.text.size();
  }

  char text_[N];
  std::size_t size_ = 0;
  bool is_error_ = false;
  bool taken_ = false;
};

PICOCLAUDE_END
#endif
