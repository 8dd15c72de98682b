// Writes the blocks of an assistant turn while they stream, in the form in which they are sent back (API.md, section 4.4).
//
// Each block is a whole JSON object from its start on; what comes is put into its place, so that fragments of several
// blocks may alternate. Only the input of a tool is no JSON before its block ends: then it is, or becomes {}.
#pragma once
#include "../messages/event.hpp"
#include "../wire/json_reader.hpp"
#include "../wire/json_walk.hpp"
#include "../wire/json_writer.hpp"

PICOCLAUDE_BEGIN
namespace detail {

// One JSON object and nothing else.
inline bool is_json_object(string_view text) {
  JsonReader json;
  bool begun = false;
  for (const char c : text) {
    Json token = json.step(c);
    if (token == Json::number) token = json.step(c);
    if (token == Json::line_end) json.blank();
    begun = begun || token == Json::begin_object;
    if (!begun && token != Json::more && token != Json::line_end) return false;
  }
  return begun && json.finished();
}

class TurnWriter {
 public:
  // The blocks go to `data`, from `start` up to `limit`.
  void begin(char* data, std::size_t start, std::size_t limit) {
    *this = {};
    data_ = data;
    start_ = size_ = static_cast<std::uint32_t>(start);
    limit_ = static_cast<std::uint32_t>(limit);
  }

  // Errors: out_of_room: what was written is no turn, and nothing more may come.
  Error take(const Event& event) {
    Open* const open = find(event.index);
    switch (event.kind) {
      case EventKind::text: take_string(open, Kind::text, event); break;
      case EventKind::thinking:
      case EventKind::signature: take_string(open, Kind::thinking, event); break;
      case EventKind::redacted_thinking: take_string(open, Kind::redacted, event); break;
      case EventKind::block: take_raw(open, event); break;
      case EventKind::block_delta: take_delta(open, event); break;
      case EventKind::tool_start:
        if (open != nullptr) open->call = ++calls_;
        break;
      case EventKind::tool_input: take_input(open, event); break;
      case EventKind::block_end: close(open, false); break;
      case EventKind::end:
        while (open_count_ != 0) close(open_, true);
        break;
      default: break;
    }
    return error_;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == start_; }
  // The input of call `number`, counted from 0, was cut or is no JSON: it was replaced.
  bool is_bad(unsigned number) const { return number >= max_calls || (bad_calls_ >> number & 1) != 0; }

 private:
  static constexpr unsigned max_calls = 32;  // of one turn; those beyond are bad

  enum class Kind : std::uint8_t { text, thinking, redacted, raw };
  enum class Extra : std::uint8_t { none, input, delta };

  // A block that is not complete yet. Places are offsets in data_.
  struct Open {
    std::uint16_t index = 0;
    Kind kind = Kind::text;
    Extra extra = Extra::none;  // what stands from `value` on
    std::uint8_t call = 0;      // 1 + the number of the call
    bool lists = false;         // a text has citations
    bool counts = false;        // a text says something, a thinking has its signature: else it is not sent back
    std::uint32_t begin = 0;
    std::uint32_t value = 0;
    std::uint32_t at = 0;    // where text, thinking or input goes on
    std::uint32_t tail = 0;  // where citations, a signature, raw JSON go on
  };

  Open* find(std::uint16_t index) {
    for (unsigned at = 0; at < open_count_; ++at) {
      if (open_[at].index == index) return &open_[at];
    }
    return nullptr;
  }

  // ---- moving bytes -------------------------------------------------------------------------------------------------

  // Makes room for `size` bytes at open.*place and moves the place behind them. Null: there is none.
  char* insert(Open& open, std::uint32_t Open::*place, std::size_t size) {
    if (limit_ - size_ < size) {
      error_ = Error::out_of_room;
      return nullptr;
    }
    const std::uint32_t from = open.*place;
    const auto count = static_cast<std::uint32_t>(size);
    std::memmove(data_ + from + count, data_ + from, size_ - from);
    size_ += count;
    for (unsigned at = 0; at < open_count_; ++at) {
      for (const auto other : places) {
        if (open_[at].*other > from) open_[at].*other += count;
      }
    }
    if (open.tail == from) open.tail += count;
    if (place == &Open::at) open.at += count;
    return data_ + from;
  }

  void insert(Open& open, std::uint32_t Open::*place, string_view text) {
    char* const to = insert(open, place, text.size());
    if (to != nullptr) put(to, text);
  }

  void erase(std::uint32_t from, std::uint32_t to) {
    std::memmove(data_ + from, data_ + to, size_ - to);
    size_ -= to - from;
    for (unsigned at = 0; at < open_count_; ++at) {
      for (const auto place : places) {
        if (open_[at].*place >= to) open_[at].*place -= to - from;
      }
    }
  }

  // With one of the commas around it.
  void erase_item(std::uint32_t from, std::uint32_t to) {
    std::uint32_t before = from;
    while (is_json_blank(data_[before - 1])) --before;
    if (data_[before - 1] == ',') {
      from = before - 1;
    } else {
      while (to < size_ && is_json_blank(data_[to])) ++to;
      if (to < size_ && data_[to] == ',') ++to;
    }
    erase(from, to);
  }

  // The member of the object at `begin` that stands from `from` to `to`; `from` is that of its name.
  void erase_member(std::uint32_t begin, const JsonWalk& member) {
    erase_item(begin + static_cast<std::uint32_t>(member.begin), begin + static_cast<std::uint32_t>(member.end));
  }

  JsonWalk walk(std::uint32_t begin, std::uint32_t end) const { return JsonWalk({data_ + begin, end - begin}); }

  // ---- blocks -------------------------------------------------------------------------------------------------------

  Open* open(std::uint16_t index, Kind kind, Literal first, Literal second) {
    if (open_count_ == PICOCLAUDE_MAX_OPEN_BLOCKS) {
      error_ = Error::out_of_room;
      return nullptr;
    }
    Open& block = open_[open_count_++];
    block = {};
    block.index = index;
    block.kind = kind;
    block.begin = block.at = block.tail = size_;
    if (size_ != start_) {
      insert(block, &Open::at, ",");
      block.begin = block.at;
    }
    insert(block, &Open::at, first);
    insert(block, &Open::tail, second);
    return error_ == Error::none ? &block : nullptr;
  }

  void take_string(Open* block, Kind kind, const Event& event) {
    if (block == nullptr && kind != Kind::thinking) {
      const bool text = kind == Kind::text;
      block = open(event.index, kind,
          text ? Literal(R"({"type":"text","text":")") : R"({"type":"redacted_thinking","data":")", "\"");
      if (block != nullptr) put_behind(*block, "}");
    } else if (block == nullptr) {
      block = open(event.index, kind, R"({"type":"thinking","thinking":")", R"(","signature":")");
      if (block != nullptr) put_behind(*block, "\"}");
    }
    if (block == nullptr || block->kind != kind) return;
    Window measure;
    json_escaped(measure, event.text);
    const bool at_tail = event.kind == EventKind::signature;
    char* const to = insert(*block, at_tail ? &Open::tail : &Open::at, measure.size());
    if (to == nullptr) return;
    Window window(to, measure.size(), {});
    json_escaped(window, event.text);
    if (event.kind == EventKind::thinking) return;
    for (const char c : event.text) block->counts = block->counts || !is_json_blank(c);
  }

  // Behind all that was written, and behind the tail.
  void put_behind(Open& block, Literal text) {
    const std::uint32_t tail = block.tail;
    insert(block, &Open::tail, text);
    block.tail = tail;
  }

  void take_raw(Open* block, const Event& event) {
    if (block == nullptr) block = open(event.index, Kind::raw, "", "");
    if (block != nullptr && block->kind == Kind::raw) insert(*block, &Open::tail, event.text);
  }

  void take_input(Open* block, const Event& event) {
    if (block == nullptr || block->kind != Kind::raw || event.text.empty()) return;
    end_delta(*block);
    if (block->extra == Extra::none) begin_input(*block);
    insert(*block, &Open::at, event.text);
  }

  // In the place of the input that the block began with; behind its other members when it began without.
  void begin_input(Open& block) {
    JsonWalk input = walk(block.begin, block.tail);
    if (input.find("input")) {
      block.at = block.begin + static_cast<std::uint32_t>(input.value);
      erase(block.at, block.begin + static_cast<std::uint32_t>(input.end));
    } else {
      block.at = block.tail - 1;
      insert(block, &Open::at, R"(,"input":)");
    }
    block.extra = Extra::input;
    block.value = block.at;
  }

  // ---- what is added to a block -------------------------------------------------------------------------------------

  void take_delta(Open* block, const Event& event) {
#if PICOCLAUDE_MESSAGES
    // In a message that came whole, citations may stand in front of their text.
    if (block == nullptr && event.text.empty()) {
      take_string(nullptr, Kind::text, event);
      block = find(event.index);
    }
#endif
    const bool grows = block != nullptr && (block->kind == Kind::text || block->kind == Kind::raw);
    if (!grows || block->extra == Extra::input) return;
    if (!event.text.empty()) {
      if (block->extra == Extra::delta) insert(*block, &Open::tail, event.text);
      return;
    }
    end_delta(*block);
    if (block->kind == Kind::text) {
      if (block->lists) {
        insert(*block, &Open::tail, ",");
      } else {
        insert(*block, &Open::tail, R"(,"citations":[)");
        if (error_ == Error::none) put_behind(*block, "]");
      }
      block->lists = true;
    }
    block->extra = Extra::delta;
    block->value = block->tail;
  }

  void end_delta(Open& block) {
    if (block.extra != Extra::delta) return;
    block.extra = Extra::none;
    if (block.kind == Kind::raw) return merge_delta(block);
    JsonWalk citation = walk(block.value, block.tail);
    if (citation.find("file_id")) erase_member(block.value, citation);
  }

  // A compaction's delta holds members that take the places of the block's own. No other delta is known.
  void merge_delta(Open& block) {
    JsonWalk type = walk(block.value, block.tail);
    if (!type.find("type") || !equal(type.string(), "compaction_delta")) return erase(block.value, block.tail);
    erase_member(block.value, type);
    for (unsigned number = 0;; ++number) {
      JsonWalk added = walk(block.value, block.tail);
      bool more = added.next();
      for (unsigned at = 0; more && at < number; ++at) more = added.next();
      if (!more) break;
      // The name with its quotes.
      const string_view name = slice(added.text, added.begin, skip_json_value(added.text, added.begin) - added.begin);
      JsonWalk own = walk(block.begin, block.value);
      while (own.next()) {
        if (!equal(slice(own.text, own.begin, name.size()), name)) continue;
        erase_member(block.begin, own);
        break;
      }
    }
    if (!walk(block.value, block.tail).next()) return erase(block.value, block.tail);
    const bool has_own = walk(block.begin, block.value).next();
    data_[block.value - 1] = ',';
    erase(block.value - (has_own ? 0 : 1), block.value + 1);
  }

  // ---- the end of a block -------------------------------------------------------------------------------------------

  void close(Open* block, bool cut) {
    if (block == nullptr) return;
    end_delta(*block);
    if (block->kind == Kind::raw) {
      end_input(*block, cut);
    } else if (!block->counts) {
      const std::size_t end = skip_json_value({data_, size_}, block->begin);
      erase_item(block->begin, static_cast<std::uint32_t>(end));
    }
    for (; block + 1 < open_ + open_count_; ++block) *block = block[1];
    --open_count_;
  }

  void end_input(Open& block, bool cut) {
    const bool good = block.extra != Extra::input || is_json_object({data_ + block.value, block.at - block.value});
    if (!good) {
      erase(block.value, block.at);
      insert(block, &Open::at, "{}");
    }
    if ((cut || !good) && block.call != 0 && block.call <= max_calls) bad_calls_ |= 1u << (block.call - 1);
  }

  static constexpr std::uint32_t Open::*places[] = {&Open::begin, &Open::value, &Open::at, &Open::tail};

  char* data_ = nullptr;
  std::uint32_t start_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t limit_ = 0;
  std::uint32_t bad_calls_ = 0;
  std::uint8_t open_count_ = 0;
  std::uint8_t calls_ = 0;
  Error error_ = Error::none;
  Open open_[PICOCLAUDE_MAX_OPEN_BLOCKS] = {};
};

}  // namespace detail
PICOCLAUDE_END
