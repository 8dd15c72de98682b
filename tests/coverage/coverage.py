#!/usr/bin/env python3
"""Which lines, branches and conditions (MC/DC) of the headers the unit tests reach, with and without the parts of the API.

    coverage.py CLANG            measure, print, and compare with floors.txt: less than there is a failure
    coverage.py CLANG --pin      write what was reached into floors.txt
    coverage.py CLANG --missing  print also where it is missing

CLANG is a clang++ of 18 or later. A header is compiled with several sets of switches, and its templates for several
types: what one of them reaches is reached. Nothing is excluded.
"""
import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tests/support'))
import unity  # noqa: E402

FOLDER = ROOT / 'build/coverage'
INCLUDE = ROOT / 'include/picoclaude'
FLOORS = ROOT / 'tests/coverage/floors.txt'
FLAGS = ['-fprofile-instr-generate', '-fcoverage-mapping', '-fcoverage-mcdc']
FOLDERS = ['base', 'wire', 'messages', 'session']
# A line that was added beside one that is not reached moves a figure by so many points at most.
SLACK = 1
# What takes long, and reaches nothing that others do not.
LEFT_OUT = '*cut in two at every byte*,*a prefix*,*3 MB go*,*chunks of 1?*,*one byte at a time*'


def build(clang):
    groups = {**unity.write(FOLDER), 'torture': [ROOT / 'tests/properties/torture_test.cpp']}
    jobs = [(source, FOLDER / f'{group}_{source.stem}.o', FLAGS) for group, sources in groups.items() for source in sources]
    tls = [path for path in sorted((ROOT / 'tests/tls').glob('*.cpp')) if path.stem not in ('allocations', 'torture')]
    jobs += [(source, FOLDER / f'tls_{source.stem}.o', [*FLAGS, '-DPICOCLAUDE_TEST_WRAP']) for source in tls]
    jobs += [(ROOT / 'tests/main.cpp', FOLDER / 'main.o', []), (ROOT / 'tests/support/heap.cpp', FOLDER / 'heap.o', [])]
    unity.compile_all(clang, jobs, [f'-I{ROOT}/include', *unity.recordings(FOLDER)])
    programs = []
    for group, sources in groups.items():
        programs.append(FOLDER / f'unit_{group}')
        subprocess.run([clang, FLAGS[0], *(FOLDER / f'{group}_{source.stem}.o' for source in sources), FOLDER / 'main.o',
                        FOLDER / 'heap.o', '-o', programs[-1]], check=True)
    programs.append(FOLDER / 'unit_tls')
    subprocess.run([clang, FLAGS[0], *(FOLDER / f'tls_{source.stem}.o' for source in tls), '-Wl,--wrap=mbedtls_entropy_func',
                    '-lmbedtls', '-lmbedx509', '-lmbedcrypto', '-pthread', '-o', programs[-1]], check=True)
    return programs


def run(programs, tools):
    """Runs them, and gives what the tools export of each."""
    running = []
    for program in programs:
        with open(f'{program}.log', 'w', encoding='utf-8') as log:
            running.append(subprocess.Popen([program, '-nv', '-ni', f'-tce={LEFT_OUT}'], stdout=log, stderr=log,
                                            env={'LLVM_PROFILE_FILE': f'{program}.profraw'}))
    for program, process in zip(programs, running):
        # A test that counts on a switch being off may fail here: whether tests pass is another suite's question.
        if process.wait() not in (0, 1):
            sys.exit(f'{program} ended with {process.returncode}: see {program}.log')
        subprocess.run([f'llvm-profdata{tools}', 'merge', '-sparse', f'{program}.profraw', '-o', f'{program}.profdata'],
                       check=True)
        export = [f'llvm-cov{tools}', 'export', program, '-instr-profile', f'{program}.profdata']
        yield json.loads(subprocess.run(export, check=True, capture_output=True, text=True).stdout)['data'][0]
        lines = subprocess.run([*export, '-format=lcov'], check=True, capture_output=True, text=True).stdout
        yield lines


def headers():
    return [path for folder in FOLDERS for path in sorted((INCLUDE / folder).glob('*.hpp'))] + \
        [INCLUDE / 'io/client.hpp', *sorted((INCLUDE / 'io').glob('mbedtls*.hpp'))]


def merge(exports):
    """{header: {'line': {place: reached}, 'branch': ..., 'condition': ...}}"""
    wanted = {str(path): str(path.relative_to(INCLUDE)) for path in headers()}
    found = collections.defaultdict(lambda: collections.defaultdict(dict))

    def note(file, kind, place, reached):
        header = wanted.get(str(pathlib.Path(file).resolve()))
        if header:
            places = found[header][kind]
            places[place] = places.get(place, False) or reached

    for export in exports:
        if isinstance(export, str):
            file = ''
            for line in export.splitlines():
                if line.startswith('SF:'):
                    file = line[3:]
                elif line.startswith('DA:'):
                    number, count = line[3:].split(',')[:2]
                    note(file, 'line', int(number), int(count) != 0)
            continue
        for function in export['functions']:
            files = function['filenames']
            for branch in function.get('branches', []):
                place, (yes, no, file) = tuple(branch[:2]), branch[4:7]
                note(files[file], 'branch', (*place, True), yes != 0)
                note(files[file], 'branch', (*place, False), no != 0)
            for record in function.get('mcdc_records', []):
                conditions = next(item for item in record if isinstance(item, list))
                numbers = [item for item in record if not isinstance(item, list)]
                for at, reached in enumerate(conditions):
                    note(files[numbers[4] if len(numbers) > 4 and numbers[4] < len(files) else 0], 'condition',
                         (*record[:2], at), reached)
    return found


def main(clang, how=''):
    tools = clang[len('clang++'):] if '/' not in clang else ''
    found = merge(run(build(clang), tools))
    floors = {}
    if FLOORS.exists():
        for line in FLOORS.read_text().splitlines():
            if line and not line.startswith('#'):
                header, *numbers = line.split()
                floors[header] = dict(zip(('line', 'branch', 'condition'), numbers))
    lower, pinned = [], []
    total = collections.Counter()
    print(f'{"":34} {"lines":>15} {"branches":>15} {"MC/DC":>15}')
    for header in sorted(found):
        cells, percents = [], []
        for kind in ('line', 'branch', 'condition'):
            places = found[header][kind]
            reached = sum(places.values())
            percent = 100 if not places else 100 * reached // len(places)
            total[kind] += reached
            total[f'{kind}s there'] += len(places)
            cells.append(f'{reached}/{len(places)}')
            percents.append(str(percent))
            floor = int(floors.get(header, {}).get(kind, 100))
            if percent < floor - SLACK * (floor < 100):
                lower.append(f'{header}: {percent} % of {kind}s, and {floor} % were pinned')
            if how == '--missing' and reached < len(places):
                print(f'{header}: {kind}', *(place for place, good in sorted(places.items()) if not good))
        pinned.append(' '.join([header, *percents]))
        print(f'{header:34} ' + ' '.join(f'{cell:>15}' for cell in cells))
    for kind in ('line', 'branch', 'condition'):
        print(f'{kind}: {total[kind]} of {total[f"{kind}s there"]}, {100 * total[kind] / total[f"{kind}s there"]:.2f} %')
    if how == '--pin':
        head = [line for line in FLOORS.read_text().splitlines() if line.startswith('#')] if FLOORS.exists() else []
        FLOORS.write_text('\n'.join([*head, *(line for line in pinned if not line.endswith(' 100 100 100'))]) + '\n')
        return None
    return '\n'.join(lower) or None


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
