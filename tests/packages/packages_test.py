#!/usr/bin/env python3
"""The packages in single_include/: real consumers where the tool is here, and what can be looked at where it is not."""
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
PACKAGE = TOP / "single_include"
VERSION = re.search(r'#define PICOCLAUDE_VERSION "(.*)"', (TOP / "include/picoclaude/config.hpp").read_text())[1]
SWITCHES = re.findall(r"option\('enable_(\w+)', type: 'boolean'", (TOP / "meson_options.txt").read_text())

# What a consumer compiles: it needs no TLS library, says the version, and whether its switch arrived.
PROGRAM = """#include <picoclaude.hpp>
#include <cstdio>
int main() { std::puts(PICOCLAUDE_ENABLE_TOOLS ? PICOCLAUDE_VERSION " with tools" : PICOCLAUDE_VERSION); }
"""


def run(*command, folder=None, **settings):
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, timeout=120,
                          env={**os.environ, **settings})
    if done.returncode != 0:
        raise AssertionError(f"{command}:\n{done.stdout}{done.stderr}")
    return done.stdout


def manifest(name):
    return yaml.safe_load((PACKAGE / name).read_text())


class Packages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    # ---- said everywhere the same -----------------------------------------------------------------------------------

    def test_the_version_is_the_same_everywhere(self):
        meson = re.search(r"^  version: '(.*)',$", (TOP / "meson.build").read_text(), re.M)[1]
        properties = dict(line.split("=", 1) for line in (PACKAGE / "library.properties").read_text().splitlines())
        stated = {"meson.build": meson, "library.json": json.loads((PACKAGE / "library.json").read_text())["version"],
                  "library.properties": properties["version"], "idf_component.yml": manifest("idf_component.yml")["version"],
                  "picoclaude.hpp": re.search(r'#define PICOCLAUDE_VERSION "(.*)"',
                                              (PACKAGE / "picoclaude.hpp").read_text())[1]}
        self.assertEqual(stated, dict.fromkeys(stated, VERSION))

    def test_zephyr_knows_every_switch(self):
        self.assertGreater(len(SWITCHES), 20)
        kconfig = re.findall(r"^config PICOCLAUDE_(\w+)$", (PACKAGE / "zephyr/Kconfig").read_text(), re.M)
        self.assertEqual([name.lower() for name in kconfig], SWITCHES)

    # ---- CMake --------------------------------------------------------------------------------------------------------

    def cmake(self, lines, *arguments):
        """What the consumer says that finds picoclaude by these lines."""
        consumer = self.folder / "consumer"
        self.write("consumer/main.cpp", PROGRAM)
        self.write("consumer/CMakeLists.txt", f"""cmake_minimum_required(VERSION 3.16)
project(consumer CXX)
{lines}
add_executable(consumer main.cpp)
target_link_libraries(consumer PRIVATE picoclaude::picoclaude)
target_compile_definitions(consumer PRIVATE PICOCLAUDE_ENABLE_TOOLS=1 PICOCLAUDE_ENABLE_MBEDTLS=0)
""")
        run("cmake", "-G", "Ninja", "-S", consumer, "-B", consumer / "build", *arguments)
        run("cmake", "--build", consumer / "build")
        return run(consumer / "build/consumer")

    def installed(self):
        run("cmake", "-G", "Ninja", "-S", PACKAGE, "-B", self.folder / "own",
            f"-DCMAKE_INSTALL_PREFIX={self.folder}/usr", "-DCMAKE_INSTALL_LIBDIR=lib")
        run("cmake", "--install", self.folder / "own")
        return self.folder / "usr"

    def test_cmake_finds_what_is_installed(self):
        said = self.cmake(f"find_package(picoclaude {VERSION} CONFIG REQUIRED)", f"-DCMAKE_PREFIX_PATH={self.installed()}")
        self.assertEqual(said, f"{VERSION} with tools\n")

    def test_cmake_does_not_find_a_version_that_is_not_there(self):
        with self.assertRaisesRegex(AssertionError, "not compatible|requested version"):
            self.cmake("find_package(picoclaude 99.0 CONFIG REQUIRED)", f"-DCMAKE_PREFIX_PATH={self.installed()}")

    def test_cmake_fetches_an_archive(self):
        archive = self.folder / "picoclaude.tar.gz"
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(PACKAGE, f"picoclaude-{VERSION}/single_include")
        said = self.cmake(f"""include(FetchContent)
FetchContent_Declare(picoclaude URL file://{archive} SOURCE_SUBDIR single_include)
FetchContent_MakeAvailable(picoclaude)""")
        self.assertEqual(said, f"{VERSION} with tools\n")

    def test_cmake_takes_the_folder(self):
        said = self.cmake(f"add_subdirectory({PACKAGE} picoclaude)")
        self.assertEqual(said, f"{VERSION} with tools\n")

    # ---- pkg-config ---------------------------------------------------------------------------------------------------

    def pkg_config(self, folder):
        settings = {"PKG_CONFIG_PATH": str(folder)}
        run("pkg-config", "--validate", "picoclaude", **settings)
        self.assertEqual(run("pkg-config", "--modversion", "picoclaude", **settings).strip(), VERSION)
        flags = run("pkg-config", "--cflags", "--libs", "picoclaude", **settings).split()
        main = self.write("main.cpp", PROGRAM)
        run("c++", "-std=c++17", main, *flags, "-o", self.folder / "program")
        return run(self.folder / "program")

    def test_pkg_config_after_cmake(self):
        self.assertEqual(self.pkg_config(self.installed() / "lib/pkgconfig"), f"{VERSION}\n")

    def test_pkg_config_after_meson(self):
        run("meson", "setup", self.folder / "own", TOP, f"--prefix={self.folder}/usr", "--libdir=lib", "-Dtests=disabled",
            "-Dexamples=disabled", "-Denable_tools=true")
        run("meson", "install", "-C", self.folder / "own")
        self.assertEqual(self.pkg_config(self.folder / "usr/lib/pkgconfig"), f"{VERSION} with tools\n")

    # ---- Meson --------------------------------------------------------------------------------------------------------

    def tree(self, to):
        """The files of the repository, without what was built."""
        shutil.copytree(TOP, to, ignore=shutil.ignore_patterns("build*", ".git", "recordings", "node_modules"))

    def meson(self, *arguments):
        """A consumer made of the README's three lines; returns its build folder."""
        lines = dict(re.findall(r"^```(\w+)\n# (?:subprojects/picoclaude\.wrap|your meson\.build)\n(.*?)^```$",
                                (TOP / "README.md").read_text(), re.M | re.S))
        self.assertEqual(sorted(lines), ["ini", "meson"])
        self.write("main.cpp", PROGRAM)
        self.write("meson.build", "project('consumer', 'cpp', default_options: 'cpp_std=c++17')\n" + lines["meson"] +
                   "test('runs', executable('consumer', 'main.cpp', dependencies: picoclaude))\n")
        wrap = lines["ini"].replace("https://example.org/picoclaude.git", (self.folder / "repository").as_uri())
        self.assertIn("file://", wrap)
        self.write("subprojects/picoclaude.wrap", wrap)
        repository = self.folder / "repository"
        self.tree(repository)
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", repository]
        run("git", "init", "-q", repository)
        run(*git, "add", "-A")
        run(*git, "commit", "-qm", "one")
        run(*git, "tag", f"v{VERSION}")
        run("meson", "setup", self.folder / "build", self.folder, *arguments)
        run("meson", "test", "-C", self.folder / "build")
        return self.folder / "build"

    def test_meson_takes_the_wrap_of_the_readme(self):
        build = self.meson()
        self.assertEqual(run(build / "consumer"), f"{VERSION} with tools\n")

    @unittest.skipUnless(shutil.which("arm-none-eabi-g++") and shutil.which("qemu-system-arm"), "no Arm compiler or QEMU")
    def test_meson_takes_the_wrap_for_a_board_too(self):
        build = self.meson("--cross-file", TOP / "tests/cross/cortex-m3.ini", "-Dcpp_eh=none", "-Dcpp_rtti=false")
        self.assertIn(f"{VERSION} with tools", (build / "meson-logs/testlog.txt").read_text())

    def test_meson_takes_an_archive(self):
        archive = self.folder / f"picoclaude-{VERSION}.tar.gz"
        self.tree(self.folder / "tree")
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(self.folder / "tree", f"picoclaude-{VERSION}")
        hash_ = run("sha256sum", archive).split()[0]
        consumer = self.folder / "consumer"
        self.write("consumer/main.cpp", PROGRAM)
        self.write("consumer/meson.build", "project('consumer', 'cpp', default_options: 'cpp_std=c++17')\n"
                   "executable('consumer', 'main.cpp', dependencies: dependency('picoclaude'))\n")
        self.write("consumer/subprojects/picoclaude.wrap",
                   f"[wrap-file]\ndirectory = picoclaude-{VERSION}\nsource_url = {archive.as_uri()}\n"
                   f"source_filename = {archive.name}\nsource_hash = {hash_}\n[provide]\ndependency_names = picoclaude\n")
        run("meson", "setup", consumer / "build", consumer)
        run("ninja", "-C", consumer / "build", "consumer")
        self.assertEqual(run(consumer / "build/consumer"), f"{VERSION}\n")

    # ---- ESP-IDF, Zephyr, PlatformIO, Arduino: without their tools ----------------------------------------------------

    def test_esp_idf_registers_a_component_whose_folder_holds_the_header(self):
        script = self.write("idf.cmake", f"""set(ESP_PLATFORM 1)
function(idf_component_register)
  cmake_parse_arguments(one "" "" "SRCS;INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES" ${{ARGN}})
  if(one_UNPARSED_ARGUMENTS OR one_SRCS)
    message(FATAL_ERROR "not an argument of a header's component: ${{ARGN}}")
  endif()
  foreach(folder IN LISTS one_INCLUDE_DIRS)
    file(GLOB headers {PACKAGE}/${{folder}}/*.hpp)
    message("registered ${{headers}}, needs ${{one_REQUIRES}}")
  endforeach()
endfunction()
include({PACKAGE}/CMakeLists.txt)
message(FATAL_ERROR "went on behind the component")
""")
        # An included file returns to this script, so its last line is reached.
        done = subprocess.run(["cmake", "-P", script], capture_output=True, text=True)
        self.assertIn(f"registered {PACKAGE}/./picoclaude.hpp, needs mbedtls", done.stderr)
        self.assertIn("went on behind the component", done.stderr)
        self.assertNotIn("not an argument", done.stderr)
        self.assertEqual(manifest("idf_component.yml")["dependencies"], {"idf": ">=5.0"})

    def test_zephyr_module_names_files_that_are_there(self):
        module = manifest("zephyr/module.yml")
        self.assertEqual(module["name"], "picoclaude")
        self.assertEqual(set(module["build"]), {"cmake", "kconfig"})
        self.assertTrue((PACKAGE / module["build"]["cmake"] / "CMakeLists.txt").is_file())
        self.assertTrue((PACKAGE / module["build"]["kconfig"]).is_file())

    def test_zephyr_defines_the_switches_that_are_configured(self):
        script = self.write("zephyr.cmake", f"""set(CONFIG_PICOCLAUDE y)
set(CONFIG_PICOCLAUDE_TOOLS y)
set(CONFIG_PICOCLAUDE_LOOPBACK_PLAINTEXT y)
macro(zephyr_include_directories)
  message("includes ${{ARGN}}")
endmacro()
macro(zephyr_compile_definitions)
  message("defines ${{ARGN}}")
endmacro()
include({PACKAGE}/zephyr/CMakeLists.txt)
""")
        done = subprocess.run(["cmake", "-P", script], capture_output=True, text=True)
        self.assertEqual(done.stderr.split("\n"), [
            "includes ..", "defines PICOCLAUDE_ENABLE_MBEDTLS=0", "defines PICOCLAUDE_ENABLE_TOOLS=1",
            "defines PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT=1", ""])
        listed = re.search(r"IN ITEMS ([A-Z_\s]+)\)", (PACKAGE / "zephyr/CMakeLists.txt").read_text())[1].split()
        self.assertEqual([name.lower() for name in listed], SWITCHES)

    @unittest.skipUnless(shutil.which("kconfig-conf"), "no kconfig-conf")
    def test_zephyr_kconfig_is_read_by_kconfig(self):
        top = self.write("Kconfig", 'mainmenu "a program"\nconfig CPP\n\tdef_bool y\nconfig REQUIRES_FULL_LIBCPP\n\tbool\n'
                         f'source "{PACKAGE}/zephyr/Kconfig"\n'.replace("imply", "select"))
        # This Kconfig is older than `imply`; the rest is the same language.
        text = (PACKAGE / "zephyr/Kconfig").read_text().replace("imply ", "select ")
        top.write_text(top.read_text().replace(f"{PACKAGE}/zephyr/Kconfig", str(self.write("own.Kconfig", text))))
        self.write(".config", "CONFIG_PICOCLAUDE=y\nCONFIG_PICOCLAUDE_TOOLS=y\n")
        run("kconfig-conf", "--olddefconfig", top, folder=self.folder)
        chosen = (self.folder / ".config").read_text()
        self.assertIn("CONFIG_PICOCLAUDE_TOOLS=y", chosen)
        self.assertIn("# CONFIG_PICOCLAUDE_VISION is not set", chosen)
        self.assertIn("CONFIG_REQUIRES_FULL_LIBCPP=y", chosen)

    def test_platformio_has_what_its_manifest_needs(self):
        library = json.loads((PACKAGE / "library.json").read_text())
        self.assertLessEqual({"name", "version", "description", "keywords", "license", "headers"}, set(library))
        self.assertTrue((PACKAGE / library["build"]["includeDir"] / library["headers"]).is_file())
        self.assertEqual(library["build"]["srcFilter"], "-<*>")

    def test_arduino_has_what_its_manifest_needs(self):
        lines = (PACKAGE / "library.properties").read_text().splitlines()
        properties = dict(line.split("=", 1) for line in lines)
        needed = {"name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures"}
        self.assertLessEqual(needed, set(properties))
        self.assertTrue((PACKAGE / properties["includes"]).is_file())
        self.assertFalse((PACKAGE / "src").exists())  # then the header has to be in there
        for sketch in PACKAGE.glob("examples/*/*.ino"):
            self.assertEqual(sketch.stem, sketch.parent.name)


if __name__ == "__main__":
    for tool, what in [("kconfig-conf", "Zephyr's Kconfig"), ("qemu-system-arm", "a wrap on a board")]:
        if not shutil.which(tool):
            print(f"SKIPPED: {what}, needs {tool}", flush=True)
    unittest.main(verbosity=2)
