"""Holds the documents against the code: programs are built and run, names and paths must exist.

Argument: the stand-in server. A fenced block of C++ in README.md is announced by a comment on the line before:

    <!-- program: NAME -->    a whole program, the same as examples/NAME; asked for Jupiter's moons, it answers
    <!-- part: NAME -->       a part of tests/readme/NAME, where it is included as readme_part.hpp
"""
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "support"))
from standin import Server  # noqa: E402

STANDIN = sys.argv[1]
README = (TOP / "README.md").read_text()
DOCUMENTS = sorted([*TOP.glob("*.md"), *TOP.glob("docs/*.md")])
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
BARE = ["-fno-exceptions", "-fno-rtti"]
LIBRARIES = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
COMPILERS = [name for name in ["g++", "clang++"] if shutil.which(name)]
FENCE = re.compile(r"(?:<!-- (\w+): (\S+) -->\n)?^```cpp\n(.*?)^```$", re.M | re.S)


def compile_(*command, folder):
    """What the compiler said; nothing when all is well."""
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True)
    return done.stderr if done.returncode == 0 else done.stderr or "failed"


class ReadmeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        (cls.folder / "single_include").symlink_to(TOP / "single_include")
        server = Server(STANDIN, folder.name, "--pace", "5")
        cls.addClassCleanup(server.stop)
        cls.settings = {**os.environ, **server.settings}
        cls.blocks = [match.groups() for match in FENCE.finditer(README)]

    def named(self, kind):
        return [(name, text) for block_kind, name, text in self.blocks if block_kind == kind]

    def run_(self, program, **settings):
        return subprocess.run([program], env={**self.settings, **settings}, capture_output=True, text=True, timeout=30)

    def test_every_block_of_code_is_announced(self):
        self.assertTrue(self.blocks)
        self.assertEqual(len(self.blocks), README.count("```cpp\n"))
        for kind, _, text in self.blocks:
            self.assertIn(kind, ["program", "part"], text)

    def test_the_first_program_comes_by_line_30(self):
        self.assertLessEqual(README[: README.index("```cpp")].count("\n") + 1, 30)

    def test_the_first_program_is_the_example(self):
        name, text = self.named("program")[0]
        self.assertEqual(name, "first.cpp")
        self.assertEqual(text, (TOP / "examples" / name).read_text())

    def test_programs_compile_with_the_one_command(self):
        command = re.search(r"^c\+\+ .*$", README, re.M)[0].split()
        self.assertEqual(command, "c++ -std=c++17 -Isingle_include first.cpp".split() + LIBRARIES)
        (self.folder / "first.cpp").write_text(self.named("program")[0][1])
        self.assertEqual(compile_(*command, folder=self.folder), "")

    def test_programs_compile_without_a_warning_everywhere(self):
        for name, text in self.named("program"):
            (self.folder / name).write_text(text)
            ways = list(itertools.product(COMPILERS, ["c++17", "c++20", "c++2b"], [[], [*BARE, "-O2"]]))
            with ThreadPoolExecutor(2) as pool:
                said = pool.map(lambda way: compile_(way[0], f"-std={way[1]}", *STRICT, *way[2], "-Isingle_include",
                                                     "-c", name, "-o", os.devnull, folder=self.folder), ways)
                for way, words in zip(ways, said):
                    self.assertEqual(words, "", f"{name} with {way}")

    def test_programs_stream_an_answer(self):
        for name, text in self.named("program"):
            (self.folder / name).write_text(text)
            said = compile_("c++", "-std=c++17", *STRICT, "-Isingle_include", "-include", HERE / "toward_standin.hpp",
                            name, "-o", "program", *LIBRARIES, folder=self.folder)
            self.assertEqual(said, "", name)
            done = self.run_(self.folder / "program")
            self.assertIn("Io, Europa and Ganymede.", done.stdout, name)
            self.assertEqual(done.returncode, 0, name)
            refused = self.run_(self.folder / "program", ANTHROPIC_API_KEY="invalid")
            self.assertIn("authentication\n", refused.stdout, name)
            self.assertEqual(refused.returncode, 1, name)

    def test_parts_do_what_is_said_of_them(self):
        for name, text in self.named("part"):
            (self.folder / "readme_part.hpp").write_text(text)
            said = compile_("c++", "-std=c++17", *STRICT, "-Isingle_include", f"-I{self.folder}", HERE / name, "-o",
                            "part", *LIBRARIES, folder=self.folder)
            self.assertEqual(said, "", name)
            done = self.run_(self.folder / "part")
            self.assertEqual(done.returncode, 0, f"{name}: {done.stdout}{done.stderr}")

    def test_requests_are_the_written_bytes_at_compile_time(self):
        first = self.named("program")[0][1]
        lines = re.findall(r"^  (picoclaude::Request request;|request\.\w+ = .*;)$", first, re.M)
        self.assertEqual(len(lines), 4)
        (self.folder / "readme_request.hpp").write_text("\n".join(lines))
        tool = re.search(r"^static (constexpr auto set_light = .*?;)$", dict(self.named("part"))["tools.cpp"], re.M | re.S)
        (self.folder / "readme_tool.hpp").write_text(tool[1])
        for compiler in COMPILERS:
            said = compile_(compiler, "-std=c++17", *STRICT, "-Isingle_include", f"-I{HERE.parent}", f"-I{self.folder}",
                            HERE / "requests.cpp", "-o", "requests", *LIBRARIES, folder=self.folder)
            self.assertEqual(said, "", compiler)
        self.assertEqual(self.run_(self.folder / "requests").returncode, 0)

    def consumer(self, language, file_name):
        """A folder with a project that uses the library as a fenced block of the README says."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        (folder / file_name).write_text(re.search(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)[1])
        (folder / "first.cpp").write_text(self.named("program")[0][1])
        return folder

    def assert_builds(self, folder, *commands):
        for command in commands:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        first = self.run_(folder / "build/first", ANTHROPIC_API_KEY="")
        self.assertEqual(first.stdout, "missing_key\n")

    def test_meson_finds_it_in_a_subproject(self):
        folder = self.consumer("meson", "meson.build")
        shutil.copytree(TOP, folder / "subprojects/picoclaude", ignore=shutil.ignore_patterns("build", ".git"))
        self.assert_builds(folder, ["meson", "setup", "build"], ["ninja", "-C", "build"])
        self.assertIn("-DPICOCLAUDE_ENABLE_RATE_LIMITS=1", (folder / "build/compile_commands.json").read_text())

    @unittest.skipUnless(shutil.which("cmake"), "cmake is not there")
    def test_cmake_takes_the_single_header(self):
        folder = self.consumer("cmake", "CMakeLists.txt")
        (folder / "picoclaude").symlink_to(TOP)
        self.assert_builds(folder, ["cmake", "-G", "Ninja", "-B", "build"], ["cmake", "--build", "build"])

    def test_every_switch_and_limit_is_told(self):
        config = (TOP / "include/picoclaude/config.hpp").read_text()
        for name in re.findall(r"^#ifndef (PICOCLAUDE_(?:ENABLE|MAX)_\w+)", config, re.M):
            self.assertTrue(f"`{name}`" in README, f"README.md says nothing of {name}")

    def test_nothing_is_named_that_is_not_there(self):
        sources = "".join(path.read_text() for folder in ["include", "tests", "examples"]
                          for path in sorted((TOP / folder).rglob("*.?pp")))
        for document in DOCUMENTS:
            text = document.read_text()
            for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
                self.assertTrue((document.parent / link).exists(), f"{document.name} links to {link}")
            for path in re.findall(r"`((?:include|single_include|tests|examples|\.ci)/[^`\s*]*)`", text):
                self.assertTrue((TOP / path).exists(), f"{document.name} names {path}")
            for macro in re.findall(r"PICOCLAUDE_[A-Z_]*[A-Z]", text):
                self.assertTrue(macro in sources or macro == "PICOCLAUDE_ENABLE_X", f"{document.name} names {macro}")

    def test_every_test_that_is_named_exists(self):
        tests = "".join(path.read_text() for path in sorted((TOP / "tests").rglob("*.cpp")))
        named = re.findall(r'"([a-z_ -]+: [^"|]+)"', (TOP / "SECURITY.md").read_text())
        self.assertGreater(len(named), 10)
        for name in named:
            self.assertTrue(f'TEST_CASE("{name}")' in tests, f"SECURITY.md names the test {name}")

    def test_blame_is_as_the_table_says(self):
        rows = re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|", README, re.M)
        self.assertEqual([blame for blame, _ in rows], ["caller", "network", "peer", "service"])
        checks = [f"static_assert(picoclaude::blame(picoclaude::Error::{error}) == picoclaude::Blame::{blame});"
                  for blame, errors in rows for error in re.findall(r"`(\w+)`", errors)]
        (self.folder / "blame.cpp").write_text("#include <picoclaude.hpp>\n" + "\n".join(checks))
        self.assertEqual(compile_("c++", "-std=c++17", "-Isingle_include", "-fsyntax-only", "blame.cpp",
                                  folder=self.folder), "")

    def test_every_error_that_is_named_exists(self):
        errors = set(re.findall(r"case Error::(\w+):", (TOP / "include/picoclaude/base/error_name.hpp").read_text()))
        for document in DOCUMENTS:
            for error in re.findall(r"`Error::(\w+)`", document.read_text()):
                self.assertIn(error, errors, document.name)


if __name__ == "__main__":
    for tool in ["g++", "clang++", "cmake"]:
        if not shutil.which(tool):
            print(f"SKIPPED  what needs {tool}", flush=True)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
