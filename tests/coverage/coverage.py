#!/usr/bin/env python3
"""Which lines, branches and conditions (MC/DC) of the headers the unit tests reach, with and without the parts of the API.

    coverage.py CLANG            measure, print, and compare with floors.txt: less than there is a failure
    coverage.py CLANG --pin      write what was reached into floors.txt
    coverage.py CLANG --missing  print also where it is missing

CLANG is a clang++ of 18 or later. A header is compiled with several sets of switches, and its templates for several
types: what one of them reaches is reached. Nothing is excluded but what the compiler folds: where a condition is constant
in a build, it has no branch there.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tests/support'))
import unity  # noqa: E402

FOLDER = ROOT / 'build/coverage'
INCLUDE = ROOT / 'include/picoclaude'
FLOORS = ROOT / 'tests/coverage/floors.txt'
FLAGS = ['-fprofile-instr-generate', '-fcoverage-mapping', '-fcoverage-mcdc', '-O0']
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
    subprocess.run([clang, FLAGS[0], *(FOLDER / f'tls_{source.stem}.o' for source in tls), f'-Wl,@{ROOT}/tests/tls/wrapped.txt',
                    '-lmbedtls', '-lmbedx509', '-lmbedcrypto', '-pthread', '-o', programs[-1]], check=True)
    return programs


def run(programs, tools):
    """Runs them, and gives of each what is shown as lines of text, and the functions."""
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
        about = [program, '-instr-profile', f'{program}.profdata', '-sources', *headers()]
        show = [f'llvm-cov{tools}', 'show', *about, '-show-branches=count', '-show-mcdc']
        yield subprocess.run(show, check=True, capture_output=True, text=True).stdout.splitlines()
        export = [f'llvm-cov{tools}', 'export', *about, '-skip-branches', '-skip-expansions']
        yield json.loads(subprocess.run(export, check=True, capture_output=True, text=True).stdout)['data'][0]['functions']


def headers():
    return [path for folder in FOLDERS for path in sorted((INCLUDE / folder).glob('*.hpp'))] + \
        [path for name in ['client*', 'mbedtls*'] for path in sorted((INCLUDE / 'io').glob(f'{name}.hpp'))]


def merge(told):
    """{header: {'line': {place: reached}, 'branch': ..., 'condition': ...}}; what is constant in a build is not there."""
    wanted = {str(path): str(path.relative_to(INCLUDE)) for path in headers()}
    found = collections.defaultdict(lambda: collections.defaultdict(dict))

    def note(header, kind, place, reached):
        places = found[header][kind]
        places[place] = places.get(place, False) or reached

    def read(lines, uncalled):
        for text in lines:
            if text.endswith('.hpp:'):
                header = wanted[str(pathlib.Path(text[:-1]).resolve())]
            elif line := re.fullmatch(r'[ |]* (\d+)\| +([\d.kMGTPE]+)\| *(.*)', text):
                place, reached = int(line[1]), line[2] != '0'
                if not line[3].startswith(('//', '#')) and (reached or (header, place) not in uncalled):
                    note(header, 'line', place, reached)
            elif branch := re.search(r'Branch \((\d+):(\d+)\): \[(.*), (.*)\]', text):
                for side, count in zip((True, False), branch.groups()[2:]):
                    if count != 'Folded':
                        note(header, 'branch', (int(branch[1]), int(branch[2]), side), not count.endswith(': 0'))
            elif decision := re.search(r'MC/DC Decision Region \((\d+):(\d+)\)', text):
                start = int(decision[1]), int(decision[2])
            elif pair := re.search(r'C(\d+)-Pair: (\w+)', text):
                if pair[2] != 'constant':
                    note(header, 'condition', (*start, int(pair[1])), pair[2] == 'covered')

    everywhere, somewhere = set(), set()
    for lines, functions in zip(told, told):
        # A function that nothing calls is one piece, of which nobody knows which lines are code in this build.
        uncalled, called = set(), set()
        for function in functions:
            regions = [region for region in function['regions'] if region[5] == 0]
            header = wanted.get(str(pathlib.Path(function['filenames'][0]).resolve()))
            (uncalled if len(regions) == 1 and function['count'] == 0 else called).update(
                (header, line) for line in range(regions[0][0], regions[0][2] + 1))
        read(lines, uncalled - called)
        everywhere |= uncalled
        somewhere |= called
    for header, line in everywhere - somewhere:
        note(header, 'line', line, False)
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
