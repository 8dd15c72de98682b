#!/usr/bin/env python3
"""refused.py CASE.cpp COMPILER...: the compiler must refuse the case, and for the reason that the case states.

    // refused: REGEX    the first line: at least one error matches it
    // also: REGEX       perhaps the second: what else a compiler says then

An error that matches neither fails the case: it would be refused anyhow, and prove nothing.
"""
import re
import subprocess
import sys
from pathlib import Path


def stated(line, word):
    return re.compile(line.removeprefix(word)) if line.startswith(word) else None


def main(case, *compiler):
    lines = Path(case).read_text(encoding="utf-8").splitlines()
    refused, also = stated(lines[0], "// refused: "), stated(lines[1], "// also: ")
    if not refused:
        sys.exit(f"{case}:1: must be: // refused: REGEX")
    done = subprocess.run([*compiler, "-c", case, "-o", "/dev/null"], capture_output=True, text=True)
    print(done.stderr)
    if done.returncode == 0:
        sys.exit(f"{case}: compiles")
    errors = re.findall(r"^\S+:(?: fatal)? error: .*", done.stderr, re.MULTILINE)
    reasons = [line for line in errors if refused.search(line) and "fatal" not in line]
    others = [line for line in errors if line not in reasons and not (also and also.search(line))]
    if others or not reasons:
        sys.exit("\n".join([f"{case}: refused, but not for this: {refused.pattern}", *others]))


if __name__ == "__main__":
    main(*sys.argv[1:])
