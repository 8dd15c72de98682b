// The main() of every contender: does the work, compares what came out, and prints MB/s or lets callgrind count.
//
//   CONTENDER CORPUS READ_SIZE [PASSES]     CORPUS.http, CORPUS.ends and CORPUS.text are read
//
// A contender is a class with `kinds` (of text that it hands out) and `bool answer(Source&, Sink&)`, which reads one
// answer to its end.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <sys/mman.h>

#include "work.hpp"

namespace bench {

inline std::uint64_t allocations = 0;

inline std::string file(const std::string& path) {
  std::FILE* const in = std::fopen(path.c_str(), "rb");
  if (in == nullptr) {
    std::fprintf(stderr, "cannot open %s\n", path.c_str());
    std::exit(2);
  }
  std::string bytes;
  char some[65536];
  for (std::size_t size; (size = std::fread(some, 1, sizeof some, in)) != 0;) bytes.append(some, size);
  std::fclose(in);
  return bytes;
}

inline std::vector<std::uint64_t> numbers(const std::string& bytes) {
  std::vector<std::uint64_t> values(bytes.size() / 8);
  std::memcpy(values.data(), bytes.data(), values.size() * 8);
  return values;
}

// Is what came out what the corpus says, as far as these kinds go?
inline bool same(const Sink& sink, const std::string& expected, unsigned kinds) {
  const Sink::Run* run = sink.begin();
  std::size_t at = 0;
  for (std::size_t from = 0; from < expected.size();) {
    char kind[16] = {};
    unsigned index = 0;
    std::size_t size = 0;
    int line = 0;
    if (std::sscanf(expected.c_str() + from, "%15s %u %zu%n", kind, &index, &size, &line) != 3) return false;
    from += static_cast<std::size_t>(line) + 1;
    const Kind is = kind[0] == 's'       ? signature
        : std::strcmp(kind, "text") == 0 ? text
        : kind[1] == 'h'                 ? thinking
                                         : tool_input;
    if ((kinds & is) != 0) {
      if (run == sink.end() || run->kind != is || run->index != index || run->size != size) return false;
      if (sink.text().compare(at, size, expected, from, size) != 0) return false;
      at += size;
      ++run;
    }
    from += size;
  }
  return run == sink.end() && at == sink.text().size();
}

// What is measured, and what callgrind is told to count.
template <class Contender>
__attribute__((noinline)) bool pass(Contender& contender, Source& source, Sink& sink) {
  source.rewind();
  sink.rewind();
  for (std::size_t number = 0; number < source.answers(); ++number) {
    source.begin_answer(number);
    if (!contender.answer(source, sink)) return false;
    sink.end_answer();
  }
  return true;
}

inline double seconds() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

template <class Contender>
int contest(int count, char** words) {
  if (count < 3) {
    std::fprintf(stderr, "%s CORPUS READ_SIZE [PASSES]\n", words[0]);
    return 2;
  }
  const std::string corpus = words[1];
  const int passes = count > 3 ? std::atoi(words[3]) : 1;
  Source source(file(corpus + ".http"), numbers(file(corpus + ".ends")), std::strtoul(words[2], nullptr, 10));
  Sink sink(source.size());
  const std::string expected = file(corpus + ".text");
  const auto contender = std::make_unique<Contender>();
  double best = 1e9;
  const std::uint64_t before = allocations;
  for (int i = 0; i < passes; ++i) {
    const double begun = seconds();
    const bool whole = pass(*contender, source, sink);
    const double took = seconds() - begun;
    if (took < best) best = took;
    if (!whole || !same(sink, expected, Contender::kinds)) {
      std::printf("WRONG %s\n", whole ? "text" : "end");
      return 1;
    }
  }
  std::printf("%.1f MB/s %.3f allocations/KB %zu B\n", static_cast<double>(source.size()) / best / 1e6,
      static_cast<double>(allocations - before) / passes / static_cast<double>(source.size()) * 1e3, sizeof(Contender));
  return 0;
}

}  // namespace bench

// Every allocation of the program is counted, the libraries' included.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);

void* malloc(std::size_t size) {
  ++bench::allocations;
  return __libc_malloc(size);
}
void* realloc(void* old, std::size_t size) {
  ++bench::allocations;
  return __libc_realloc(old, size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++bench::allocations;
  return __libc_calloc(count, size);
}
}
