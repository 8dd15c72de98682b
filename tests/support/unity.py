"""The unit tests in a few large files, for suites that compile them once more in another way: a program a group.

A test file becomes a namespace; what it includes and defines moves to the top. A file is in the first group that has the
parts which it needs, since other parts replace some of their code. Those that need none are there twice: without any,
and with the remembered prefix; those of messages a third time, as they are. Eight bytes at a time are off in the groups
`plain` and `starts`. A test that runs once more with more parts is in the group `full` too. check() is on only for its
own tests, because it refuses what others send.
"""
import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STARTS = {'TOOLS', 'THINKING', 'OUTPUT', 'VISION', 'CACHING', 'PREFIX'}
FULL = STARTS | {'DOCUMENTS', 'SERVER_TOOLS', 'TRANSCRIPT', 'MESSAGE_READER', 'BUDGET', 'COUNT_TOKENS', 'MODELS', 'BATCHES',
                 'FILES', 'RAW', 'RATE_LIMITS', 'HTTP_DATE', 'HTTP_TRANSPORT'}
PARTS = {'plain': set(), 'wide': set(), 'prefix': {'PREFIX'}, 'starts': STARTS, 'cites': STARTS | {'DOCUMENTS'},
         'replies': {'TOOLS', 'CACHING', 'SERVER_TOOLS', 'MESSAGE_READER', 'BATCHES'},
         'turns': STARTS | {'TRANSCRIPT', 'MESSAGE_READER', 'BUDGET'}, 'full': FULL,
         'checked': FULL | {'CHECK', 'LOOPBACK_PLAINTEXT'}}
FOLDERS = ['base', 'wire', 'messages', 'endpoints', 'session', 'io', 'recordings']


def write_changed(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def write(folder, more=()):
    """Writes the files and answers {group: their paths}; `more` are tests beside those of FOLDERS, for all groups."""
    groups = {name: [] for name in PARTS}
    for path in sorted(path for name in FOLDERS for path in (ROOT / 'tests' / name).glob('*_test.cpp')):
        text = path.read_text()
        again = re.search(r'"(\w+_test\.cpp)"', text)
        if again:
            path = path.with_name(again[1])
            groups['full'].append((path, path.read_text()))
            continue
        needs = set(re.findall(r'^#define PICOCLAUDE_ENABLE_(\w+) 1', text, flags=re.MULTILINE))
        group = next(name for name, parts in PARTS.items() if needs <= parts)
        plain = ('plain', 'prefix', 'wide') if path.parent.name == 'messages' else ('plain', 'prefix')
        for name in plain if group == 'plain' else (group,):
            groups[name].append((path, text))
    for path in more:
        for files in groups.values():
            files.append((path, path.read_text()))
    switches = re.findall(r'#ifndef PICOCLAUDE_ENABLE_(\w+)', (ROOT / 'include/picoclaude/config.hpp').read_text())
    written = {}
    for group, files in groups.items():
        written[group] = [folder / f'{group}_{part}.cpp' for part in range(min(2, len(files)))]
        for part, path in enumerate(written[group]):
            write_changed(path, unite(files[part::2], {name: int(name in PARTS[group]) for name in switches}, group))
    return written


ARGUMENTS = ['-std=c++17', '-O1', '-w', '-fno-exceptions', '-fno-rtti', '-DDOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS',
             '-DDOCTEST_CONFIG_NO_POSIX_SIGNALS', '-DDOCTEST_CONFIG_NO_MULTITHREADING',
             '-DDOCTEST_CONFIG_SUPER_FAST_ASSERTS', f'-I{ROOT}/tests']


def compile_all(compiler, jobs, arguments):
    """Compiles (source, object, more arguments), two at a time."""
    def one(job):
        source, target, more = job
        done = subprocess.run([compiler, *ARGUMENTS, *arguments, *more, '-c', str(source), '-o', str(target)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f'{source}:\n{done.stderr[:4000]}')
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        list(pool.map(one, jobs))


def recordings(folder):
    """Packs the recordings, and answers how the compiler is told where they are."""
    pack = folder / 'recordings.pack'
    subprocess.run([sys.executable, ROOT / 'tests/recordings/pack.py', pack], check=True)
    return [f'-DPICOCLAUDE_RECORDINGS="{pack}"', '-DPICOCLAUDE_RECORDED_STREAMS=64']


def unite(files, switches, group):
    head = {f'#define PICOCLAUDE_ENABLE_{name} {value}': None for name, value in switches.items()}
    if group in ('plain', 'starts'):
        head['#define PICOCLAUDE_WIDE 0'] = None
    bodies = []
    for path, text in files:
        text = re.sub(r'^#include "(?!picoclaude)([a-z_]+\.hpp)"', f'#include "{path.parent.name}/\\1"', text, flags=re.MULTILINE)
        head.update(dict.fromkeys(re.findall(r'^#include .*', text, flags=re.MULTILINE)))
        body = re.sub(r'^#(include .*|define PICOCLAUDE_ENABLE_.*)\n', '', text, flags=re.MULTILINE)
        body = re.sub(r'^static_assert\(', 'AT_RUN_TIME(', body, flags=re.MULTILINE)
        body = re.sub(r'^( +)static_assert\((.*?)\);$', r'\1CHECK(is_so(\2));', body, flags=re.MULTILINE | re.DOTALL)
        names = re.findall(r'^#define (\w+)', body, flags=re.MULTILINE)
        bodies.append(f'namespace {path.parent.name}_{path.stem} {{\n{body}}}\n' +
                      ''.join(f'#undef {name}\n' for name in names))
    # What the compiler checks, the program checks too; it differs with the switches.
    head['constexpr bool is_so(bool so, const char* = nullptr) { return so; }'] = None
    head['#define AT_RUN_TIME(...) TEST_CASE("static_assert: " #__VA_ARGS__) { CHECK(is_so(__VA_ARGS__)); } struct Semicolon'] = None
    return '\n'.join(head) + '\n' + ''.join(bodies)
