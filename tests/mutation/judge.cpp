// Runs the unit tests once to see by which faults each of them comes, then each fault in a process of its own against
// the tests that come by it, the quickest first, until one fails. A test of the suite "cost" also fails when a fault makes
// the program come by more than a fiftieth more of the places where faults may be: what is only faster is lost then.
//
//   judge LIST PART PARTS LEAST MOST  judges every PARTS-th of the faults listed in a file, by tests that come by places
//                                     of faults so many million times; prints the faults that no test notices
//   judge MOST                        prints the tests that cannot judge, and why
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
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
  unsigned long passes;
  std::unique_ptr<bool[]> seen;
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

[[noreturn]] void judge(int fault, std::vector<Test>& tests) {
  mutants::active = fault;
  judging = true;
  bool met = false;
  for (Test& test : tests) {
    if (!test.seen[fault]) continue;
    met = true;
    limit_time();
    mutants::fuel = test.of_cost ? test.passes + test.passes / 50 : test.passes * 4 + 1'000'000;
    run(test);
  }
  _exit(met ? 0 : 4);
}

}  // namespace

int main(int count, char** words) {
  const bool left_out = count == 2;
  if (count != 6 && !left_out) return 2;
  const unsigned long least = left_out ? 0 : 1'000'000ul * static_cast<unsigned long>(std::atoi(words[4]));
  const unsigned long most = 1'000'000ul * static_cast<unsigned long>(std::atoi(words[left_out ? 1 : 5]));

  std::vector<int> faults;
  std::FILE* const list = left_out ? nullptr : std::fopen(words[1], "r");
  if (list == nullptr && !left_out) return 2;
  for (int fault = 0; !left_out && std::fscanf(list, "%d", &fault) == 1;) faults.push_back(fault);
  if (!left_out) std::fclose(list);
  const auto part = static_cast<std::size_t>(left_out ? 0 : std::atoi(words[2])),
             parts = static_cast<std::size_t>(left_out ? 1 : std::atoi(words[3]));
  const int out = dup(1), nothing = open("/dev/null", O_WRONLY);
  std::FILE* const report = fdopen(out, "w");
  dup2(nothing, 1);
  dup2(nothing, 2);

  std::vector<Test> tests;
  for (const auto& registered : doctest::detail::getRegisteredTests()) {
    auto& test = const_cast<doctest::detail::TestCase&>(registered);
    test.m_skip = true;
    tests.push_back({&test, std::strcmp(test.m_test_suite, "cost") == 0, 0, nullptr});
  }
  // A child tells what it came by, how often, and in the last byte that nothing failed.
  void* const shared = mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto& told = *static_cast<Told*>(shared);
  mutants::seen = told.seen;
  std::vector<Test> kept;
  for (Test& test : tests) {
    std::memset(&told, 0, sizeof told);
    std::fflush(report);
    const pid_t child = fork();
    if (child == 0) {
      limit_time();
      mutants::fuel = most;
      run(test);
      told.passes = most - mutants::fuel;
      told.good = !failed;
      _exit(0);
    }
    int how = 0;
    waitpid(child, &how, 0);
    if (left_out && !told.good) {
      const bool burnt = WIFEXITED(how) && WEXITSTATUS(how) == 3;
      std::fprintf(report, "%s: %s\n", burnt || WIFSIGNALED(how) ? "too long" : "fails", test.test->m_name);
    }
    if (!told.good || told.passes < least) continue;
    test.passes = told.passes;
    test.seen.reset(new bool[mutants::most]);
    for (int fault = 0; fault < mutants::most; ++fault) test.seen[fault] = told.seen[fault] != 0;
    kept.push_back(std::move(test));
  }
  std::sort(kept.begin(), kept.end(), [](const Test& a, const Test& b) {
    return a.passes < b.passes;
  });
  if (left_out) {
    std::fclose(report);
    return 0;
  }
  std::fprintf(report, "tests %zu of %zu\n", kept.size(), tests.size());
  std::fflush(report);

  for (std::size_t at = part; at < faults.size(); at += parts) {
    const int fault = faults[at];
    const pid_t child = fork();
    if (child == 0) judge(fault, kept);
    int how = 0;
    waitpid(child, &how, 0);
    if (WIFEXITED(how) && (WEXITSTATUS(how) == 0 || WEXITSTATUS(how) == 4)) std::fprintf(report, "%d\n", fault);
    std::fflush(report);
  }
  std::fclose(report);
}
