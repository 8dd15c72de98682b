#!/usr/bin/env python3
"""Compares whole clients on the same bytes, and prints tables.

    bench.py BUILD_FOLDER [rounds=3] [only=speed,instructions,linear] [megabytes=20]

The folder is where Meson builds tests/bench. All contenders do the same work: HTTP/1.1 chunked, event stream, JSON,
unescape, hand out the text, and every byte of it is compared. They take turns within a round; the ratio is formed
against the fastest peer of the same round, and the median of the rounds is told.
"""
import re
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
READS = [1, 64, 536, 1460, 16384]
WORST = [1460, 61]  # 61: escapes of 2, 6 and 12 bytes meet a read's end in every place


def corpus(folder, megabytes):
    made = folder / f"corpus_{megabytes}"
    if not (made / "done").exists():
        subprocess.run([sys.executable, HERE / "corpus.py", made, str(megabytes)], check=True)
        (made / "done").touch()
    return made


def megabytes_per_second(program, path, read):
    done = subprocess.run([program, path, str(read), "2"], capture_output=True, text=True)
    found = re.match(r"([\d.]+) MB/s ([\d.]+) allocations", done.stdout)
    if not found:
        sys.exit(f"{program.name} with {read}-byte reads: {done.stdout}{done.stderr}")
    return float(found[1]), float(found[2])


def instructions(program, path, read):
    """Of one pass over the corpus, the copies out of the connection included."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                           "--toggle-collect=*bench::pass*", program, path, str(read)], capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if not found or "MB/s" not in done.stdout:
        sys.exit(f"{program.name} under callgrind: {done.stdout}{done.stderr[-500:]}")
    return int(found[1])


def row(name, cells):
    print(f"{name:22}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


def is_peer(program):
    return program.name.startswith("peer_")


def compare_speed(programs, path, rounds):
    speed = {}
    for _ in range(rounds):
        for read in READS:
            for program in programs:
                speed.setdefault((program, read), []).append(megabytes_per_second(program, path, read))
    row(f"MB/s, {path.name}", [f"{read} B" for read in READS] + ["allocations/KB"])
    for program in programs:
        cells = []
        for read in READS:
            fastest = [max(speed[peer, read][at][0] for peer in programs if is_peer(peer)) for at in range(rounds)]
            own = [one[0] for one in speed[program, read]]
            ratio = statistics.median(mine / best for mine, best in zip(own, fastest))
            cells.append(f"{statistics.median(own):.0f} ({ratio:.2f})")
        row(program.name, [*cells, f"{speed[program, 1460][0][1]:.3f}"])
    print()


def compare_instructions(programs, path):
    size = path.with_suffix(".http").stat().st_size
    row("instructions per byte", [f"{read} B" for read in READS])
    for program in programs:
        row(program.name, [f"{instructions(program, path, read) / size:.2f}" for read in READS])
    print()


def show_linear(programs, made):
    """Instructions per byte must not depend on how much there is."""
    def per_byte(program, path, read, base=None):
        """Beyond those of the small input `base`: an answer's head and tail are the same in both."""
        size, count = path.with_suffix(".http").stat().st_size, instructions(program, path, read)
        if base:
            size, count = size - base.with_suffix(".http").stat().st_size, count - instructions(program, base, read)
        return count / size

    row("linear: ins./byte", ["2 MB", "20 MB", "difference"])
    for program in programs:
        small, large = (per_byte(program, made / name, 1460) for name in ["plain_2m", "plain"])
        row(program.name, [f"{small:.3f}", f"{large:.3f}", f"{(large / small - 1) * 100:+.2f} %"])
    print()
    for program in programs:
        row(program.name, [f"{size} at {read} B" for read in WORST for size in ["10 KB", "100 KB", "difference"]])
        for path in sorted((made / "worst").glob("*_10k.http")):
            kind, cells = path.stem.removesuffix("_10k"), []
            for read in WORST:
                base = made / f"worst/{kind}_1k"
                small, large = (per_byte(program, made / f"worst/{kind}_{size}", read, base) for size in ["10k", "100k"])
                cells += [f"{small:.2f}", f"{large:.2f}", f"{(large / small - 1) * 100:+.2f} %"]
            row(kind, cells)
        print()


def main():
    folder = Path(sys.argv[1])
    options = {"rounds": "3", "only": "speed,instructions,linear", "megabytes": "20",
               **dict(word.split("=", 1) for word in sys.argv[2:])}
    programs = sorted((path for path in folder.iterdir() if re.fullmatch("picoclaude(_prefix)?|peer_[a-z_]+", path.name)
                       and path.is_file()), key=lambda path: (is_peer(path), path.name))
    if not programs:
        sys.exit(f"nothing is built in {folder}: meson compile, or meson test --benchmark")
    made, wanted = corpus(folder, int(options["megabytes"])), options["only"].split(",")
    ours = [program for program in programs if not is_peer(program)]
    if "speed" in wanted:
        for name in ["plain", "other"]:
            compare_speed(programs, made / name, int(options["rounds"]))
    if "instructions" in wanted:
        for name in ["plain_2m", "other_2m"]:
            compare_instructions(programs, made / name)
    if "linear" in wanted:
        show_linear(ours, made)


if __name__ == "__main__":
    main()
