// The work of a contender: take the bytes of answers from a Source in reads of a given size, hand the text to a Sink.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// What a delta carries; also the bits of Contender::kinds.
enum Kind : unsigned { text = 1, thinking = 2, tool_input = 4, signature = 8 };
constexpr unsigned all_kinds = 15;

// Readable and writable bytes that every contender may count on behind its reads; simdjson needs them.
constexpr std::size_t padding = 64;
constexpr std::size_t largest_read = 16384;

// The connection: what the service sent, one answer after the other.
class Source {
 public:
  Source(std::string bytes, std::vector<std::uint64_t> ends, std::size_t read_size)
      : bytes_(std::move(bytes)), ends_(std::move(ends)), read_size_(read_size) {}

  std::size_t size() const { return bytes_.size(); }
  std::size_t answers() const { return ends_.size(); }
  void rewind() { at_ = 0; }
  void begin_answer(std::size_t number) { end_ = static_cast<std::size_t>(ends_[number]); }

  // What recv() does: copies the next bytes. 0: the answer is over.
  __attribute__((noinline)) std::size_t read(char* to, std::size_t room) {
    std::size_t size = end_ - at_;
    if (size > read_size_) size = read_size_;
    if (size > room) size = room;
    if (size == 1) {
      *to = bytes_[at_];
    } else {
      std::memcpy(to, bytes_.data() + at_, size);
    }
    at_ += size;
    return size;
  }

 private:
  std::string bytes_;
  std::vector<std::uint64_t> ends_;
  std::size_t read_size_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

// The program: keeps the text, and of which kind and block it is. Pieces of the same block make one run.
class Sink {
 public:
  struct Run {
    unsigned kind;
    unsigned index;
    std::size_t size;
  };

  explicit Sink(std::size_t room) : text_(room, '\0'), runs_(room / 64 + 64) { rewind(); }

  void rewind() {
    size_ = 0;
    count_ = 0;
    end_answer();
  }

  void take(Kind kind, unsigned index, const char* bytes, std::size_t size) {
    std::memcpy(text_.data() + size_, bytes, size);
    size_ += size;
    if (kind != kind_ || index != index_) begin_run(kind, index);
    runs_[count_ - 1].size += size;
  }
  void end_answer() { kind_ = 0; }

  std::string_view text() const { return {text_.data(), size_}; }
  const Run* begin() const { return runs_.data(); }
  const Run* end() const { return runs_.data() + count_; }

 private:
  void begin_run(Kind kind, unsigned index) {
    kind_ = kind;
    index_ = index;
    runs_[count_++] = {kind, index, 0};
  }

  std::string text_;
  std::vector<Run> runs_;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
  unsigned kind_ = 0;
  unsigned index_ = 0;
};

}  // namespace bench
