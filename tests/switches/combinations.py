#!/usr/bin/env python3
"""Compiles use.cpp with no switch, each alone, each two together, all but one and all, without writing anything.

    combinations.py COMPILER [FLAG ...]

Two at a time. The switches are those of config.hpp.
"""
import itertools
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
INCLUDE = HERE.parent.parent / "include"
FLAGS = ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
         "-Werror", "-fsyntax-only", f"-I{INCLUDE}", "-DPICOCLAUDE_ENABLE_MBEDTLS=0"]


def switches():
    config = (INCLUDE / "picoclaude/config.hpp").read_text()
    return [name for name in re.findall(r"#ifndef PICOCLAUDE_ENABLE_(\w+)", config) if name != "MBEDTLS"]


def combinations(names):
    yield ()
    yield from ((name,) for name in names)
    yield from itertools.combinations(names, 2)
    yield from (tuple(name for name in names if name != off) for off in names)
    yield tuple(names)


def main(*compiler):
    def compile_with(chosen):
        defines = [f"-DPICOCLAUDE_ENABLE_{name}=1" for name in chosen]
        done = subprocess.run([*compiler, *FLAGS, *defines, HERE / "use.cpp"], capture_output=True, text=True)
        return chosen, done.stderr if done.returncode else ""

    begun = time.monotonic()
    wanted = list(combinations(switches()))
    with ThreadPoolExecutor(2) as pool:
        failed = [(chosen, errors) for chosen, errors in pool.map(compile_with, wanted) if errors]
    for chosen, errors in failed[:3]:
        print(f"with {' '.join(chosen) or 'no switch'}:\n{errors[:2000]}")
    print(f"{len(wanted)} combinations, {len(failed)} failed, {time.monotonic() - begun:.0f} s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
