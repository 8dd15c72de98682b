#!/usr/bin/env python3
"""The single header's generator, held against small trees with one fault each."""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
GOOD = {
    "picoclaude.hpp": '// All.\n#pragma once\n#include "picoclaude/config.hpp"\n#include "picoclaude/wire/sse.hpp"\n',
    "picoclaude/config.hpp": "// Switches.\n#pragma once\n#define PICOCLAUDE_VERSION 1\n",
    "picoclaude/base/view.hpp": '// Views.\n#pragma once\n#include <cstdint>\n#include "../config.hpp"\n\nint view;\n',
    "picoclaude/wire/sse.hpp": '// Lines.\n#pragma once\n#include <array>\n#include "picoclaude/base/view.hpp"\n\nint sse;\n',
}
GOOD_BODY = """#ifndef PICOCLAUDE_HPP
#define PICOCLAUDE_HPP

#include <array>
#include <cstdint>

// All.

// ---- include/picoclaude/config.hpp

// Switches.
#define PICOCLAUDE_VERSION 1

// ---- include/picoclaude/base/view.hpp

// Views.

int view;

// ---- include/picoclaude/wire/sse.hpp

// Lines.

int sse;

#endif  // PICOCLAUDE_HPP
"""


class Amalgamate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name).resolve()
        self.single = self.top / "single_include/picoclaude.hpp"
        self.single.parent.mkdir()
        shutil.copy(REPOSITORY / "single_include/amalgamate.py", self.single.parent)
        (self.top / "LICENSE").write_text("Free.\n")
        for path, text in GOOD.items():
            self.plant(path, text)

    def plant(self, path, text):
        file = self.top / "include" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def part(self, path, *lines):
        """Plants a part and has the root include it."""
        self.plant(f"picoclaude/{path}", "\n".join(["// A part.", "#pragma once", *lines, ""]))
        self.root(f'#include "picoclaude/{path}"')

    def root(self, *lines):
        root = self.top / "include/picoclaude.hpp"
        root.write_text(root.read_text() + "\n".join([*lines, ""]))

    def run_script(self, *arguments):
        script = self.top / "single_include/amalgamate.py"
        return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, cwd="/")

    def generated(self):
        done = self.run_script()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return self.single.read_text()

    def assert_refused(self, *words):
        done = self.run_script()
        self.assertNotEqual(done.returncode, 0)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertFalse(self.single.exists(), "a refused tree must not be written")

    def test_parts_stand_in_the_order_of_need_and_standard_includes_once_on_top(self):
        text = self.generated()
        self.assertEqual(text[text.index("#ifndef"):], GOOD_BODY)
        self.assertIn("// Free.\n", text[:text.index("#ifndef")])

    def test_equal_sources_give_equal_bytes(self):
        self.assertEqual(self.generated(), self.generated())

    def test_check_accepts_what_was_just_written(self):
        self.generated()
        self.assertEqual(self.run_script("--check").returncode, 0)

    def test_check_refuses_one_changed_byte_and_says_what_to_run(self):
        self.single.write_text(self.generated().replace("int sse", "int sSe"))
        done = self.run_script("--check")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("python3 single_include/amalgamate.py", done.stderr)

    def test_check_refuses_other_line_ends(self):
        self.single.write_bytes(self.generated().replace("\n", "\r\n").encode())
        self.assertNotEqual(self.run_script("--check").returncode, 0)

    def test_check_writes_nothing(self):
        self.assertNotEqual(self.run_script("--check").returncode, 0)
        self.assertFalse(self.single.exists())

    def test_an_unknown_argument_writes_nothing(self):
        self.assertNotEqual(self.run_script("--chek").returncode, 0)
        self.assertFalse(self.single.exists())

    def test_an_include_under_a_condition_stays_under_it(self):
        self.plant("picoclaude/wire/tool.hpp", "// Tools.\n#pragma once\nint tool;\n")
        self.root("#if PICOCLAUDE_ENABLE_TOOLS  // off by default", '#include "picoclaude/wire/tool.hpp"', "#endif")
        self.assertIn("#if PICOCLAUDE_ENABLE_TOOLS  // off by default\n\n// ---- include/picoclaude/wire/tool.hpp\n\n"
                      "// Tools.\nint tool;\n\n#endif\n", self.generated())

    def test_a_system_include_under_a_condition_stays_under_it(self):
        self.part("io/tls.hpp", "#if __has_include(<mbedtls/ssl.h>)", "#include <mbedtls/ssl.h>", "#include <limits>",
                  "#endif")
        self.assertIn("#if __has_include(<mbedtls/ssl.h>)\n#include <mbedtls/ssl.h>\n#include <limits>\n#endif\n",
                      self.generated())

    def test_an_include_of_a_macro_stays(self):
        self.part("wire/more.hpp", "#ifdef PICOCLAUDE_CONFIG_FILE", "#include PICOCLAUDE_CONFIG_FILE", "#endif")
        self.assertIn("#ifdef PICOCLAUDE_CONFIG_FILE\n#include PICOCLAUDE_CONFIG_FILE\n#endif\n", self.generated())

    def test_a_part_under_two_equal_conditions_is_there_once(self):
        self.plant("picoclaude/base/bits.hpp", "#pragma once\nint bits;\n")
        self.plant("picoclaude/wire/one.hpp", '#pragma once\n#include "../base/bits.hpp"\nint one;\n')
        self.plant("picoclaude/wire/two.hpp", '#pragma once\n#include "../base/bits.hpp"\nint two;\n')
        for part in ("one", "two"):
            self.root("#if PICOCLAUDE_ENABLE_TOOLS", f'#include "picoclaude/wire/{part}.hpp"', "#endif")
        self.assertEqual(self.generated().count("int bits;"), 1)

    def test_a_part_needed_outside_its_condition_is_refused(self):
        self.plant("picoclaude/base/bits.hpp", "#pragma once\nint bits;\n")
        self.root("#if PICOCLAUDE_ENABLE_TOOLS", '#include "picoclaude/base/bits.hpp"', "#endif")
        self.part("wire/user.hpp", '#include "../base/bits.hpp"')
        self.assert_refused("wire/user.hpp:3", "base/bits.hpp", "if PICOCLAUDE_ENABLE_TOOLS")

    def test_a_part_needed_in_the_else_branch_is_refused(self):
        self.plant("picoclaude/base/bits.hpp", "#pragma once\nint bits;\n")
        self.root("#if PICOCLAUDE_ENABLE_TOOLS", '#include "picoclaude/base/bits.hpp"', "#else",
                  '#include "picoclaude/base/bits.hpp"', "#endif")
        self.assert_refused("picoclaude.hpp:8", "base/bits.hpp")

    def test_an_upward_include_is_refused(self):
        for low, high in (("base", "wire"), ("wire", "messages"), ("messages", "endpoints"), ("endpoints", "session"),
                          ("session", "io"), (".", "base")):
            with self.subTest(low=low, high=high):
                self.setUp()
                self.plant(f"picoclaude/{high}/high.hpp", "#pragma once\n")
                self.part(f"{low}/low.hpp", f'#include "picoclaude/{high}/high.hpp"')
                self.assert_refused("low.hpp:3", f"flows upward to include/picoclaude/{high}/high.hpp")

    def test_an_upward_include_of_a_part_already_there_is_refused(self):
        self.part("base/late.hpp", '#include "../wire/sse.hpp"')
        self.assert_refused("late.hpp:3", "flows upward")

    def test_an_include_of_the_whole_is_refused(self):
        self.part("io/whole.hpp", '#include "picoclaude.hpp"')
        self.assert_refused("whole.hpp:3")

    def test_a_circle_is_refused(self):
        self.plant("picoclaude/base/egg.hpp", '#pragma once\n#include "hen.hpp"\n')
        self.part("base/hen.hpp", '#include "egg.hpp"')
        self.assert_refused("hen.hpp > include/picoclaude/base/egg.hpp > include/picoclaude/base/hen.hpp")

    def test_a_header_that_nobody_includes_is_refused(self):
        self.plant("picoclaude/wire/lost.hpp", "#pragma once\n")
        self.assert_refused("wire/lost.hpp", "nobody includes it")

    def test_a_folder_of_no_layer_is_refused(self):
        self.part("misc/part.hpp")
        self.assert_refused("misc/part.hpp", "none of the folders")

    def test_a_missing_file_is_refused(self):
        self.root('#include "picoclaude/base/nothing.hpp"')
        self.assert_refused("picoclaude.hpp:5", "base/nothing.hpp")

    def test_a_file_outside_the_tree_is_refused(self):
        self.plant("other.hpp", "#pragma once\n")
        self.part("io/part.hpp", '#include "../../other.hpp"')
        self.assert_refused("part.hpp:3", "../../other.hpp")

    def test_a_part_without_pragma_once_is_refused(self):
        self.plant("picoclaude/wire/sse.hpp", "int sse;\n")
        self.assert_refused("wire/sse.hpp", "#pragma once")

    def test_a_standard_header_off_the_list_is_refused_everywhere(self):
        for folder in ("base", "io"):
            for header in ("vector", "string", "new", "iostream", "memory", "optional", "chrono"):
                with self.subTest(folder=folder, header=header):
                    self.setUp()
                    self.part(f"{folder}/part.hpp", f"#include <{header}>")
                    self.assert_refused("part.hpp:3", f"<{header}>", "string_view")

    def test_a_system_header_is_allowed_in_io_only(self):
        self.part("io/socket.hpp", "#include <sys/socket.h>")
        self.assertIn("#include <sys/socket.h>", self.generated())
        self.single.unlink()
        self.part("wire/socket.hpp", "#include <sys/socket.h>")
        self.assert_refused("wire/socket.hpp:3", "<sys/socket.h>")

    def test_remap_names_every_part_and_line_and_leaves_the_file_alone(self):
        done = self.run_script("--remap")
        self.assertFalse(self.single.exists())
        line, part = 0, ""
        seen = set()
        for text in done.stdout.splitlines():
            if text.startswith("#line"):
                _, line, part = text.split()
                line, part = int(line), part.strip('"')
                continue
            if part and text.startswith("int"):
                self.assertEqual((self.top / part).read_text().splitlines()[line - 1], text)
                seen.add(part)
            line += 1
        self.assertEqual(seen, {"include/picoclaude/base/view.hpp", "include/picoclaude/wire/sse.hpp"})


if __name__ == "__main__":
    unittest.main()
