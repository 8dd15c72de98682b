#!/usr/bin/env python3
"""No heap, lock, exception or wait below any entry point: proved by the compiler for every switch.

    effects.py CLANG    a clang++ of 20 or later

First entry_points.hpp is compiled with no switch, with each alone and with all of them. Then faults are planted deep in
a copy of the headers: each must be refused.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent.parent / 'include'
FLAGS = ['-std=c++17', '-Wall', '-Wextra', '-Werror=function-effects', '-DPICOCLAUDE_ENABLE_MBEDTLS=0', '-fsyntax-only']

# (header, line behind which it is planted, fault, what the compiler says)
PLANTED = [
    ('wire/json_reader.hpp', 'Json step_structure(char c) {', 'delete new int;', 'allocates or deallocates memory'),
    ('wire/json_reader.hpp', 'Json step_structure(char c) {', 'if (c == 1) throw 1;', 'throws or catches exceptions'),
    ('wire/json_reader.hpp', 'Json step_structure(char c) {', 'static int seen = c; ++seen;', 'static local var'),
    ('wire/json_reader.hpp', 'Json step_structure(char c) {', 'thread_local int seen; ++seen;', 'static local var'),
    ('session/exchange.hpp', 'void end_head() {', 'std::puts("head");', "non-'nonblocking' function 'puts'"),
    ('base/window.hpp', 'constexpr bool copy(const char* bytes, std::size_t size) {',
     'if (size == 7) string_view{bytes, size}.substr(8);', "non-'nonblocking' function .*substr"),
    ('session/call.hpp', 'endpoint.path(window, subject);', 'delete[] new char[body_size];', 'allocates or deallocates'),
]


def compile(clang, include, switches):
    source = ['-include', 'cstdio', '-include', str(HERE / 'entry_points.hpp'), '-x', 'c++', '/dev/null']
    done = subprocess.run([clang, *FLAGS, *(f'-DPICOCLAUDE_ENABLE_{switch}=1' for switch in switches), f'-I{include}',
                           *source], capture_output=True, text=True)
    return done.returncode == 0, done.stderr


def main(clang):
    config = (INCLUDE / 'picoclaude/config.hpp').read_text()
    names = [name for name in re.findall(r'#ifndef PICOCLAUDE_ENABLE_(\w+)', config) if name != 'MBEDTLS']
    for switches in [[], *([name] for name in names), names]:
        good, said = compile(clang, INCLUDE, switches)
        if not good:
            sys.exit(f'{said}\nrefused with the switches {switches}')
    print(f'{len(names) + 2} sets of switches: every entry point is nonblocking')

    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / 'include'
        for header, line, fault, reason in PLANTED:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(INCLUDE, copy)
            path = copy / 'picoclaude' / header
            text = path.read_text()
            if text.count(line) != 1:
                sys.exit(f'{header}: "{line}" stands there {text.count(line)} times')
            path.write_text(text.replace(line, f'{line}\n{fault}'))
            good, said = compile(clang, copy, [])
            if good or not re.search(reason, said):
                sys.exit(f'{said}\n{header}: "{fault}" was not refused, or not because of: {reason}')
            print(f'{header}: refused "{fault}"')
    print(f'{len(PLANTED)} planted faults refused')


if __name__ == '__main__':
    main(*sys.argv[1:])
