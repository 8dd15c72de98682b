#!/usr/bin/env python3
"""The measure itself, held against small programs with one fault each and one known stack."""
import tempfile
import unittest
from pathlib import Path

import price_list

M0 = price_list.CPUS["Cortex-M0+"]
PROGRAM = '#include "world.hpp"\nextern "C" __attribute__((noinline)) %s\nint main() { %s }\n'


def image_of(function, call):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "one.cpp"
        source.write_text(PROGRAM % (function, call))
        return price_list.Image(M0, [], program=source)


class Faults(unittest.TestCase):
    def setUp(self):
        build = tempfile.TemporaryDirectory()
        self.addCleanup(build.cleanup)
        price_list.BUILD = Path(build.name)

    def test_substr_needs_libstdcxx_and_does_not_link(self):
        with self.assertRaisesRegex(price_list.Refused, "__throw_out_of_range_fmt"):
            image_of("std::size_t entry(std::string_view a) { return a.substr(a[0]).size(); }", 'entry("a");')

    def test_new_does_not_link(self):
        with self.assertRaisesRegex(price_list.Refused, "operator new"):
            image_of("int* entry() { return new int; }", "return *entry();")

    def test_malloc_is_told(self):
        image = image_of('void* malloc(std::size_t) { return nullptr; } extern "C" void* entry() { return malloc(8); }',
                         "return entry() != nullptr;")
        self.assertEqual(image.refused(), ["malloc"])

    def test_a_destructor_at_exit_does_not_link(self):
        with self.assertRaisesRegex(price_list.Refused, "atexit"):
            image_of("void entry() {} struct A { ~A() { show(std::string_view()); } } global;", "entry();")

    def test_recursion_is_refused(self):
        image = image_of("int entry(int n) { volatile int a = n; return n < 2 ? 1 : entry(n - 1) + entry(n - 2) + a; }",
                         "return entry(5);")
        with self.assertRaisesRegex(price_list.Refused, "recursion"):
            price_list.Stack(image).worst("entry")

    def test_a_frame_without_bound_is_refused(self):
        image = image_of("void entry(int n) { char a[n]; asm volatile(\"\" :: \"r\"(a)); }", "entry(5);")
        with self.assertRaisesRegex(price_list.Refused, "dynamic frame"):
            price_list.Stack(image).worst("entry")

    def test_a_pointer_without_a_row_is_refused(self):
        image = image_of("void entry(void (*f)()) { f(); f(); }", "entry(nullptr);")
        with self.assertRaisesRegex(price_list.Refused, "POINTERS"):
            price_list.Stack(image).worst("entry")

    def test_stack_is_summed_down_the_deepest_path(self):
        image = image_of("void deep() { char a[400]; asm volatile(\"\" :: \"r\"(a)); }\n"
                         "extern \"C\" void entry() { char a[100]; asm volatile(\"\" :: \"r\"(a)); deep(); }",
                         "entry();")
        worst, path = price_list.Stack(image).worst("entry")
        self.assertGreaterEqual(worst, 500)
        self.assertLess(worst, 530)
        self.assertEqual(len(path), 2)

    def test_memcpy_of_libc_counts(self):
        image = image_of("void entry(char* to, const char* from, std::size_t n) { std::memcpy(to, from, n); }",
                         'char a[2]; entry(a, "a", std::size_t(a[0]));')
        self.assertTrue(any("memcpy" in step for step in price_list.Stack(image).worst("entry")[1]))

    def test_the_image_without_the_library_has_none_of_it(self):
        names = [name for _, name in price_list.Image(M0, [], library=False).functions()]
        self.assertFalse([name for name in names if "Exchange" in name or "JsonReader" in name or name == "words"])


if __name__ == "__main__":
    unittest.main()
