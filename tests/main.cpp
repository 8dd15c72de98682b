// The unit tests' main(); the test cases are in the folders beside this file.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

int main(int count, char** words) {
  doctest::Context context(count, words);
#ifdef PICOCLAUDE_TESTS_EXCLUDED  // for emulated machines
  context.addFilter("test-case-exclude", PICOCLAUDE_TESTS_EXCLUDED);
#endif
  return context.run();
}
