// What a request (or the command line) asks the stand-in to do wrong: `x-standin: key=value,key,...`.
//
// A key that is not in the table is refused with a 400, so that a misspelt test fails instead of passing.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "error.hpp"
#include "text.hpp"

namespace standin {

struct Trick {
  std::string_view key;
  std::string_view value;  // what stands behind the =, if anything
  std::string_view meaning;
  std::uint64_t most = 0;  // the largest number, when the value is one
};

constexpr std::uint64_t any_size = UINT64_MAX;

constexpr std::array tricks{
    Trick{"status", "N", "answer with this status and its error body instead", 999},
    Trick{"error-code", "CODE", "  with status: error.details.error_code"},
    Trick{"retry-after", "S", "  with status: the header"},
    Trick{"retry-after-ms", "MS", "  with status: the header"},
    Trick{"should-retry", "BOOL", "  with status: x-should-retry"},
    Trick{"redirect", "URL", "  with status: location"},
    Trick{"html", "", "  with status: a page of HTML as the body"},
    Trick{"empty", "", "  with status: no body"},
    Trick{"early", "N", "answer with status N after the first KB of the body, and read no more of it", 999},
    Trick{"fail-first", "N",
        "only the first N requests with this very list misbehave, by status=529 if nothing is said", any_size},
    Trick{"id", "TEXT", "  tells apart lists that are otherwise equal"},
    Trick{"cut", "N", "end the connection after N bytes of body", any_size},
    Trick{"cut-how", "HOW", "  fin (default), reset, or notify: TLS close_notify, then FIN"},
    Trick{"stall", "N", "send nothing after N bytes of body, and keep the connection open", any_size},
    Trick{"bad-chunk", "", "the second chunk has no size"},
    Trick{"no-stop", "", "leave message_stop out"},
    Trick{"error-midstream", "", "an error event instead of the second half of the stream"},
    Trick{"close-after", "", "end the connection after the answer, unannounced; cut-how says how (default notify)"},
    Trick{"chunk", "N", "chunks of N bytes, whatever the events are", any_size},
    Trick{"slow", "MS", "pause so long between events, instead of --pace", 60'000},
    Trick{"wait", "MS", "pause so long before the first byte", 600'000},
    Trick{"play", "NAME", "play streams/NAME.sse of the recordings as the body, byte for byte"},
    Trick{"raw", "NAME", "play http/NAME.http of the recordings as the whole answer, byte for byte"},
    Trick{"words", "N", "an answer of N words", 1'000'000},
    Trick{"escape", "", "text outside ASCII as \\uXXXX"},
    Trick{"calls", "N", "N tool calls in one turn", 100},
    Trick{"loop", "", "ask for a tool again after every tool result"},
    Trick{"sealed", "", "the uploaded file can not be downloaded"},
};

class Misbehaviour {
 public:
  Misbehaviour() = default;

  explicit Misbehaviour(std::string_view list) : text_(list) {
    for (const auto part : split(list, ',')) {
      const auto item = trimmed(part);
      if (item.empty()) continue;
      const auto equals = item.find('=');
      const std::string key(item.substr(0, equals));
      const auto value = equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
      check(key, value);
      values_[key] = value;
    }
  }

  bool has(const std::string& key) const { return values_.count(key) != 0; }
  std::optional<std::uint64_t> value(const std::string& key) const {
    return has(key) ? number(text(key)) : std::nullopt;
  }
  std::string text(const std::string& key) const { return has(key) ? values_.at(key) : std::string(); }
  const std::string& all() const { return text_; }

 private:
  static void check(const std::string& key, std::string_view value) {
    const auto trick = std::find_if(tricks.begin(), tricks.end(), [&](const Trick& each) {
      return each.key == key;
    });
    if (trick == tricks.end()) refuse("x-standin", "unknown key `" + key + "`");
    if (trick->value.empty() != value.empty())
      refuse("x-standin", key + (value.empty() ? " needs a value" : " has no value"));
    const auto size = number(value);
    if (trick->most != 0 && (!size || *size > trick->most)) {
      refuse("x-standin", key + " needs a number up to " + std::to_string(trick->most));
    }
    if (key == "chunk" && size == 0u) refuse("x-standin", "chunk must not be 0");
    if (key == "cut-how" && value != "fin" && value != "reset" && value != "notify") {
      refuse("x-standin", "cut-how is fin, reset or notify");
    }
  }

  std::string text_;
  std::map<std::string, std::string> values_;
};

// Counts requests for `fail-first`.
class Patience {
 public:
  // The misbehaviour that this request gets: its own, or none once its turns are used up.
  Misbehaviour judge(const Misbehaviour& asked) {
    const auto turns = asked.value("fail-first");
    if (!turns) return asked;
    const std::lock_guard lock(mutex_);
    if (seen_[asked.all()]++ >= *turns) return {};
    const auto faults = {"status", "early", "cut", "stall", "bad-chunk", "no-stop", "error-midstream", "close-after"};
    const auto given = std::any_of(faults.begin(), faults.end(), [&](const char* key) {
      return asked.has(key);
    });
    return given ? asked : Misbehaviour(asked.all() + ",status=529");
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> seen_;
};

}  // namespace standin
