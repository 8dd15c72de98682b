// The order of an answer's events (API.md, section 6.2), the slow and obvious way: all events that were accepted so far
// are looked at again for each new one.
#pragma once
#include <string>
#include <vector>

namespace naive {

// What happens: S message_start, b block start, d block delta, e block stop, D message_delta, M message_stop with a stop
// reason, m message_stop without one.
struct OrderEvent {
  char what = 'S';
  unsigned block = 0;
  unsigned kind = 0;
};

class Order {
 public:
  explicit Order(unsigned max_open) : max_open_(max_open) {}

  // "", "order" or "blocks": too many are open. What is refused never happened.
  std::string take(const OrderEvent& event) {
    const std::string refused = judge(event);
    if (refused.empty()) past_.push_back(event);
    return refused;
  }

  unsigned count(char what) const {
    unsigned count = 0;
    for (const OrderEvent& event : past_) count += event.what == what ? 1 : 0;
    return count;
  }
  // The kind of an open block, or -1.
  int open_kind(unsigned block) const {
    int kind = -1;
    for (const OrderEvent& event : past_) {
      if (event.what == 'b' && event.block == block) kind = static_cast<int>(event.kind);
      if ((event.what == 'e' && event.block == block) || event.what == 'D') kind = -1;
    }
    return kind;
  }
  unsigned open_count() const {
    unsigned open = 0;
    for (unsigned block = 0; block < count('b'); ++block) open += open_kind(block) >= 0 ? 1 : 0;
    return open;
  }

 private:
  std::string judge(const OrderEvent& event) const {
    const bool begun = count('S') != 0, closing = count('D') != 0, over = count('M') != 0;
    switch (event.what) {
      case 'S': return begun ? "order" : "";
      case 'b':
        if (!begun || closing || over || event.block != count('b')) return "order";
        return open_count() == max_open_ ? "blocks" : "";
      case 'd':
      case 'e': return open_kind(event.block) < 0 ? "order" : "";
      case 'D': return !begun || over ? "order" : "";
      case 'M': return !closing || over ? "order" : "";
      default: return "order";
    }
  }

  unsigned max_open_;
  std::vector<OrderEvent> past_;
};

}  // namespace naive
