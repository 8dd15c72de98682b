#!/usr/bin/env python3
"""Puts faults into copies of the headers, one at a time, and runs the unit tests: each fault must make one of them fail.

    mutation.py         every tenth fault; those of the list by the quick tests only
    mutation.py --all   all of them
    mutation.py --list  all of them, and writes what survived into survivors.txt, where reasons are kept

survivors.txt names the faults that no test notices: a line of reason, then the faults that it holds for. A reason begins
with `equal`, where no program can tell the fault from what is right, or with `open`, where a test might. A survivor that
is not there is a failure, and so is a score below 98 %: killed, of all that are not equal. A fault is named by its file,
its line of text and what is wrong, so the list outlives edits elsewhere.
"""
import collections
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / 'tests/support'), str(ROOT / 'tests/mutation')]
import mutate  # noqa: E402
import unity  # noqa: E402

HERE = ROOT / 'tests/mutation'
FOLDER = ROOT / 'build/mutation'
LIST = HERE / 'survivors.txt'
NO_REASON = '# open: no test tells these from the right program yet'
LEAST_SCORE = 98


def build():
    """The programs that judge."""
    units = unity.write(FOLDER, [HERE / 'small_recordings.cpp'])
    # Those first that find the most in the shortest time.
    groups = {**{name: units[name] for name in ('prefix', 'starts', 'turns', 'full', 'cites', 'replies', 'wide', 'checked')},
              'quick': [ROOT / 'tests/properties/closure_test.cpp', HERE / 'small_oracle.cpp']}
    jobs = [(source, FOLDER / f'{group}_{source.stem}.o', []) for group, sources in groups.items() for source in sources]
    jobs += [(HERE / 'judge.cpp', FOLDER / 'judge.o', []), (ROOT / 'tests/support/heap.cpp', FOLDER / 'heap.o', [])]
    unity.compile_all('g++', jobs, [f'-I{FOLDER}/include', f'-I{FOLDER}/include/picoclaude', '-D_GLIBCXX_ASSERTIONS',
                                    '-fsanitize=bounds-strict', '-fsanitize-undefined-trap-on-error',
                                    *unity.recordings(FOLDER)])
    for group, sources in groups.items():
        objects = [FOLDER / f'{group}_{source.stem}.o' for source in sources]
        subprocess.run(['g++', *objects, FOLDER / 'judge.o', FOLDER / 'heap.o', '-o', FOLDER / f'judge_{group}'], check=True)
    return list(groups)


# Tests come by places of faults so many million times: first the quick ones, then those that take longer.
ROUNDS = [(0, 13), (13, 60)]


def judge(group, faults, least, most):
    """The faults that the tests of a group do not notice."""
    (FOLDER / 'faults').write_text('\n'.join(map(str, faults)))
    done = subprocess.run([FOLDER / f'judge_{group}', FOLDER / 'faults', str(os.cpu_count() or 2), str(least), str(most)],
                          stdout=subprocess.PIPE, text=True, check=True)
    tests, *survivors = done.stdout.splitlines()
    print(f'{group:8} {tests[6:]:>10} tests judged {len(faults):5} faults, {len(survivors):4} survived', flush=True)
    return sorted(map(int, survivors))


def read_list():
    """{fault: reason}"""
    listed, reason = {}, ''
    for line in LIST.read_text().splitlines() if LIST.exists() else []:
        if line.startswith('# '):
            reason = line
        elif line:
            listed[line] = reason
    return listed


def main(how=''):
    keys = mutate.write(FOLDER)
    faults = [fault for fault, key in enumerate(keys) if key is not None]
    chosen = faults if how else faults[::10]
    survivors, known = chosen, []
    listed = read_list()
    groups = build()
    for least, most in ROUNDS:
        for group in groups:
            survivors = judge(group, survivors, least, most) if survivors else []
        if not how:  # of those that are listed the longer tests are not asked
            known += [fault for fault in survivors if keys[fault] in listed]
            survivors = [fault for fault in survivors if keys[fault] not in listed]
    survived = [keys[fault] for fault in sorted(known + survivors)]
    if how == '--list':
        reasons = collections.defaultdict(list)
        for key in survived:
            reasons[listed.get(key, NO_REASON)].append(key)
        LIST.write_text('\n'.join(f'{reason}\n' + ''.join(f'{key}\n' for key in reasons[reason])
                                  for reason in sorted(reasons, key=lambda one: one == NO_REASON)))
        listed = read_list()
    equal = [key for key in survived if listed.get(key, '').startswith('# equal')]
    unlisted = [key for key in survived if key not in listed]
    killed = len(chosen) - len(survived)
    score = 100 * killed / (len(chosen) - len(equal))
    judged, left = (collections.Counter(key.split(' | ')[0] for key in some) for some in (map(keys.__getitem__, chosen), survived))
    for header in sorted(judged):
        print(f'{header:30} {judged[header]:5} judged, {judged[header] - left[header]:5} killed')
    print(f'{len(faults)} faults in {len(judged)} headers, {len(chosen)} judged: {killed} killed '
          f'({100 * killed / len(chosen):.1f} %), {len(equal)} equal, {len(survived) - len(equal) - len(unlisted)} open')
    for key in unlisted:
        print(f'SURVIVED {key}')
    print(f'score {score:.1f} %: killed, of those that are not equal; at least {LEAST_SCORE} %')
    if unlisted:
        return f'{len(unlisted)} faults survived that are not in {LIST.relative_to(ROOT)}'
    return f'the score is below {LEAST_SCORE} %' if score < LEAST_SCORE else None


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
