// Runs the unit tests once to see by which faults each of them comes, then each fault in a process of its own against
// the tests that come by it, the quickest first, until one fails. A test of the suite "cost" also fails when a fault makes
// the program come by more than a fiftieth more of the places where faults may be: what is only faster is lost then.
//
//   judge LIST PARTS LEAST MOST  judges the faults listed in a file, PARTS at a time, by tests that come by places of
//                                faults so many million times; prints the faults that no test notices
//   judge MOST                   prints the tests that cannot judge, and why
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

#include "mutants.hpp"

namespace mutants {
int active = -1;
unsigned char* seen = nullptr;
unsigned long fuel = ~0ul;
void burnt() { _exit(3); }
}  // namespace mutants

namespace {

bool judging = false;
bool failed = false;

// The first failure is enough.
struct Judge : doctest::IReporter {
  explicit Judge(const doctest::ContextOptions&) {}
  void log_assert(const doctest::AssertData& data) override {
    if (!data.m_failed) return;
    failed = true;
    if (judging) _exit(1);
  }
  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_start(const doctest::TestCaseData&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};
REGISTER_LISTENER("judge", 1, Judge);

struct Told {
  unsigned char seen[mutants::most];
  unsigned long passes;
  bool good;
};

struct Test {
  doctest::detail::TestCase* test;
  bool of_cost;
  Told* told;  // shared with the process that found it out
};

void run(Test& test) {
  test.test->m_skip = false;
  doctest::Context context;
  context.setOption("minimal", true);
  context.setOption("no-version", true);
  context.run();
  test.test->m_skip = true;
}

// Of one test: for circles that come by no fault.
void limit_time() {
  const itimerval limit{{0, 0}, {10, 0}};
  setitimer(ITIMER_PROF, &limit, nullptr);
}

template <class Value>
Value* shared(std::size_t count) {
  return static_cast<Value*>(
      mmap(nullptr, sizeof(Value) * count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

// Does each of `count` things in a process of its own, some at a time: work(which) ends it, and end(which, how) is told.
template <class Work, class End>
void each(std::size_t count, unsigned parts, Work work, End end) {
  auto* const next = new (shared<char>(sizeof(std::atomic<std::size_t>))) std::atomic<std::size_t>(0);
  for (unsigned part = 0; part < parts; ++part) {
    if (fork() != 0) continue;
    for (std::size_t which = 0; (which = next->fetch_add(1)) < count;) {
      const pid_t child = fork();
      if (child == 0) work(which);
      int how = 0;
      waitpid(child, &how, 0);
      end(which, how);
    }
    _exit(0);
  }
  while (wait(nullptr) > 0) {}
}

// Notes what a test comes by, how often, and whether it is good.
[[noreturn]] void look(Test& test, unsigned long most) {
  mutants::seen = test.told->seen;
  mutants::fuel = most;
  limit_time();
  run(test);
  test.told->passes = most - mutants::fuel;
  test.told->good = !failed;
  _exit(0);
}

[[noreturn]] void judge(int fault, std::vector<Test>& tests) {
  static unsigned char nothing[mutants::most];
  mutants::seen = nothing;
  mutants::active = fault;
  judging = true;
  for (Test& test : tests) {
    if (test.told->seen[fault] == 0) continue;
    limit_time();
    mutants::fuel = test.of_cost ? test.told->passes + test.told->passes / 50 : test.told->passes * 4 + 1'000'000;
    run(test);
  }
  _exit(0);
}

}  // namespace

int main(int count, char** words) {
  const bool left_out = count == 2;
  if (count != 5 && !left_out) return 2;
  const auto number = [&](int at) {
    return std::strtoul(words[at], nullptr, 10);
  };
  const auto parts = static_cast<unsigned>(left_out ? 1 : number(2));
  const unsigned long least = left_out ? 0 : 1'000'000 * number(3), most = 1'000'000 * number(left_out ? 1 : 4);

  std::vector<int> faults;
  std::FILE* const list = left_out ? nullptr : std::fopen(words[1], "r");
  if (list == nullptr && !left_out) return 2;
  for (int fault = 0; !left_out && std::fscanf(list, "%d", &fault) == 1;) faults.push_back(fault);
  if (!left_out) std::fclose(list);
  const int out = dup(1), nothing = open("/dev/null", O_WRONLY);
  std::FILE* const report = fdopen(out, "w");
  dup2(nothing, 1);
  dup2(nothing, 2);

  std::vector<Test> tests;
  for (const auto& registered : doctest::detail::getRegisteredTests()) {
    auto& test = const_cast<doctest::detail::TestCase&>(registered);
    test.m_skip = true;
    tests.push_back({&test, std::strcmp(test.m_test_suite, "cost") == 0, nullptr});
  }
  Told* const told = shared<Told>(tests.size());
  for (std::size_t at = 0; at < tests.size(); ++at) tests[at].told = told + at;
  each(
      tests.size(), parts,
      [&](std::size_t which) {
        look(tests[which], most);
      },
      [&](std::size_t which, int how) {
        if (!left_out || told[which].good) return;
        const bool burnt = WIFSIGNALED(how) || (WIFEXITED(how) && WEXITSTATUS(how) == 3);
        std::fprintf(report, "%s: %s\n", burnt ? "too long" : "fails", tests[which].test->m_name);
        std::fflush(report);
      });
  if (left_out) return 0;

  std::vector<Test> kept;
  for (const Test& test : tests) {
    if (test.told->good && test.told->passes >= least) kept.push_back(test);
  }
  std::sort(kept.begin(), kept.end(), [](const Test& a, const Test& b) {
    return a.told->passes < b.told->passes;
  });
  std::fprintf(report, "tests %zu of %zu\n", kept.size(), tests.size());
  std::fflush(report);
  each(
      faults.size(), parts,
      [&](std::size_t which) {
        judge(faults[which], kept);
      },
      [&](std::size_t which, int how) {
        if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) return;
        std::fprintf(report, "%d\n", faults[which]);
        std::fflush(report);
      });
}
