#!/usr/bin/env python3
"""refused_test.py COMPILER...: refused.py itself, held against sources that it must tell apart."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

COMPILER = sys.argv[1:]
SCRIPT = Path(__file__).with_name("refused.py")
FAULT = 'static_assert(sizeof(int) == 1, "tools are off");\n'


def verdict(text):
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder, "case.cpp")
        case.write_text(text)
        done = subprocess.run([sys.executable, SCRIPT, case, *COMPILER], capture_output=True, text=True)
        return done.returncode, done.stderr


class Refused(unittest.TestCase):
    def test_the_stated_reason_is_a_pass(self):
        self.assertEqual(verdict("// refused: tools are off\n" + FAULT), (0, ""))

    def test_a_case_that_compiles_fails(self):
        code, said = verdict("// refused: tools are off\nint fine;\n")
        self.assertNotEqual(code, 0)
        self.assertIn("compiles", said)

    def test_another_reason_fails(self):
        self.assertNotEqual(verdict("// refused: vision is off\n" + FAULT)[0], 0)

    def test_the_reason_in_the_source_alone_is_not_enough(self):
        self.assertNotEqual(verdict("// refused: tools are off\n// tools are off\nint x = tools_are_off;\n")[0], 0)

    def test_the_stated_reason_beside_another_fails(self):
        self.assertNotEqual(verdict("// refused: tools are off\nint x = nothing;\n" + FAULT)[0], 0)

    def test_what_else_a_compiler_says_may_be_stated(self):
        self.assertEqual(verdict("// refused: tools are off\n// also: nothing\nint x = nothing;\n" + FAULT), (0, ""))

    def test_what_else_a_compiler_says_is_no_reason(self):
        self.assertNotEqual(verdict("// refused: tools are off\n// also: nothing\nint x = nothing;\n")[0], 0)

    def test_a_missing_header_fails(self):
        self.assertNotEqual(verdict("// refused: tools\n#include <tools_missing_here.hpp>\n")[0], 0)

    def test_a_case_without_a_reason_fails(self):
        self.assertNotEqual(verdict(FAULT)[0], 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
