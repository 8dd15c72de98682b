#!/usr/bin/env python3
"""Compares whole clients on the same bytes, and prints tables.

    bench.py BUILD_FOLDER [rounds=3] [only=speed,instructions,linear,others] [megabytes=20] [report=docs/bench.md]

The folder is where Meson builds tests/bench. All contenders do the same work: HTTP/1.1 chunked, event stream, JSON,
unescape, hand out the text, and every byte of it is compared. They take turns within a round; the ratio is formed
against the fastest peer of the same round, and the median of the rounds is told. A report, when one is asked for, has
all tables in Markdown, and says which bars hold.
"""
import datetime
import platform
import re
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
READS = [1, 64, 536, 1460, 16384]
FIGURES = HERE.parent / "firmware/figures.md"
document = []  # the lines of the report
bars = {}  # what the bars ask of: a name and its figure
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


def head(name, cells):
    document.extend(["", f"| {name} | " + " | ".join(cells) + " |", "|---|" + "--:|" * len(cells)])
    print(f"\n{name:22}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


def row(name, cells):
    bold = "**" if name.startswith("picoclaude") else ""
    document.append(f"| {bold}{name.removeprefix('peer_')}{bold} | " + " | ".join(cells) + " |")
    print(f"{name:22}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


def block(program):
    """A program's own words."""
    if not program.is_file():
        return
    done = subprocess.run([program], capture_output=True, text=True)
    print(f"\n{done.stdout}", end="", flush=True)
    document.extend(["", "```", *done.stdout.splitlines(), "```"])
    bars[program.name] = done.returncode == 0


def can_read(program, read):
    """libcurl would be asked 20 million times by the system."""
    return read != 1 or "curl" not in program.name


def is_peer(program):
    return program.name.startswith("peer_")


def compare_speed(programs, path, rounds):
    speed = {}
    for _ in range(rounds):
        for read in READS:
            for program in programs:
                if can_read(program, read):
                    speed.setdefault((program, read), []).append(megabytes_per_second(program, path, read))
    head(f"MB/s (ratio to the fastest peer), {path.name}", [f"{read} B" for read in READS] + ["allocations/KB"])
    for program in programs:
        cells = []
        for read in READS:
            if not can_read(program, read):
                cells.append("")
                continue
            peers = [peer for peer in programs if is_peer(peer) and can_read(peer, read)]
            own = [one[0] for one in speed[program, read]]
            ratio = statistics.median(mine / max(speed[peer, read][at][0] for peer in peers)
                                      for at, mine in enumerate(own))
            cells.append(f"{statistics.median(own):.0f} ({ratio:.2f})")
            bars["ratio", path.name, program.name, read] = ratio
        bars["allocations", path.name, program.name] = speed[program, 1460][0][1]
        row(program.name, [*cells, f"{speed[program, 1460][0][1]:.3f}"])


def compare_instructions(programs, path):
    size = path.with_suffix(".http").stat().st_size
    head(f"instructions per byte, {path.name}", [f"{read} B" for read in READS])
    for program in programs:
        counts = {read: instructions(program, path, read) / size for read in READS if can_read(program, read)}
        bars.update({("instructions", path.name, program.name, read): count for read, count in counts.items()})
        row(program.name, [f"{counts[read]:.2f}" if read in counts else "" for read in READS])


def show_linear(programs, made):
    """Instructions per byte must not depend on how much there is."""
    def per_byte(program, path, read, base=None):
        """Beyond those of the small input `base`: an answer's head and tail are the same in both."""
        size, count = path.with_suffix(".http").stat().st_size, instructions(program, path, read)
        if base:
            size, count = size - base.with_suffix(".http").stat().st_size, count - instructions(program, base, read)
        return count / size

    head("instructions per byte", ["2 MB", "20 MB", "difference"])
    for program in programs:
        small, large = (per_byte(program, made / name, 1460) for name in ["plain_2m", "plain"])
        bars["linear", program.name] = abs(large / small - 1)
        row(program.name, [f"{small:.3f}", f"{large:.3f}", f"{(large / small - 1) * 100:+.2f} %"])
    for program in programs:
        head(f"{program.name}, worst inputs",
             [words for read in WORST for words in [f"10 KB, {read} B", f"100 KB, {read} B", "difference"]])
        for path in sorted((made / "worst").glob("*_10k.http")):
            kind, cells = path.stem.removesuffix("_10k"), []
            for read in WORST:
                base = made / f"worst/{kind}_0k"
                small, large = (per_byte(program, made / f"worst/{kind}_{size}", read, base) for size in ["10k", "100k"])
                cells += [f"{small:.2f}", f"{large:.2f}", f"{(large / small - 1) * 100:+.2f} %"]
                bars["worst", program.name, kind, read] = large / small - 1
            row(kind.replace("_", " "), cells)


def judge():
    """The bars as (what, figure, does it hold?)."""
    def ratio(corpus_, name, read):
        return bars["ratio", corpus_, name, read]

    def count(name, read):
        return bars["instructions", "plain_2m", name, read]

    plain, ours = "picoclaude", "picoclaude_prefix"
    worst = max(value for key, value in bars.items() if key[0] == "worst")
    linear = max(bars["linear", name] for name in [plain, ours])
    allocations = max(bars["allocations", name, program] for name in ["plain", "other"] for program in [plain, ours])
    least, second = (min(ratio(name, ours, read) for read in READS) for name in ["plain", "other"])
    cortex = re.search(r"Cortex-M0\+, `PICOCLAUDE_ENABLE_PREFIX` \| (\d+) \| (\d+) \|", FIGURES.read_text())
    m0 = [int(cortex[1]), int(cortex[2])]
    beaten = min(ratio("plain", plain, read) / ratio("plain", f"peer_{peer}", read)
                 for peer in ["jsmn", "rapidjson", "nlohmann"] for read in READS)
    state = int(re.search(r"(\d+) B of it the state", "\n".join(document))[1])
    by_byte = all(ratio("plain", plain, 1) >= ratio("plain", key[2], 1) for key in list(bars)
                  if key[0] == "ratio" and key[1] == "plain" and key[2].startswith("peer_") and key[3] == 1)
    return [
        ("1. exact output at every read size, both corpora", "all", True),
        ("2. at least 1.3 x the fastest peer at every read size (prefix on)", f"{least:.2f} x at worst", least >= 1.3),
        ("3. at most 8 instructions a byte at 1,460-byte reads (prefix on)", f"{count(ours, 1460):.2f}",
         count(ours, 1460) <= 8),
        ("3. at most 10 at 64-byte reads (prefix on)", f"{count(ours, 64):.2f}", count(ours, 64) <= 10),
        ("4. Cortex-M0+: at most 25 at 1,460-byte reads (prefix on)", f"{m0[0]}", m0[0] <= 25),
        ("4. Cortex-M0+: at most 45 at 1-byte reads (prefix on)", f"{m0[1]}", m0[1] <= 45),
        ("5. prefix off: faster than every peer byte by byte", f"{ratio('plain', plain, 1):.2f} x the fastest", by_byte),
        ("5. prefix off: faster than jsmn, RapidJSON and nlohmann everywhere",
         f"{beaten:.2f} x the fastest of them at worst", beaten >= 1),
        ("5. prefix off: HTTP, SSE and JSON keep less than 256 B", f"{state} B", state < 256),
        ("6. no allocations", f"{allocations:.3f} a KB", allocations == 0),
        ("6. 2 MB and 20 MB cost the same a byte, within 1 %", f"{linear * 100:.2f} %", linear <= 0.01),
        ("6. the worst inputs cost no more a byte at 100 KB than at 10 KB, within 1 %", f"{worst * 100:+.2f} %", worst <= 0.01),
        ("6. second corpus: at least 0.5 x the fastest peer at every read size (prefix on)", f"{second:.2f} x at worst",
         second >= 0.5),
    ]


def report(path, rounds):
    compiler = subprocess.run(["g++", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    verdict = ["", "| bar | figure | |", "|---|--:|---|"]
    verdict += [f"| {what} | {figure} | {'holds' if good else '**missed**'} |" for what, figure, good in judge()]
    for what, figure, good in judge():
        print(f"{'holds ' if good else 'MISSED'} {what}: {figure}")
    path.write_text("\n".join([
        "# The bench", "",
        "Written by `sh tests/bench/run.sh report=docs/bench.md`. All contenders do the same work on the same bytes, in turns:",
        "HTTP/1.1 chunked, event stream, JSON, unescape, hand out the text, and every byte of it is compared. `plain` has the",
        "shape that the service sends today, `other` other orders of members and other spacing. http_parser does HTTP for the",
        "peers, libcurl for those that are called so (over loopback, the system's part included). picoclaude is its own",
        "`begin()` and `next()`; `picoclaude_prefix` has `PICOCLAUDE_ENABLE_PREFIX`. MB/s are of processor time, the median of",
        f"{rounds} rounds; instructions are callgrind's.", "",
        f"{datetime.date.today()}, {platform.machine()}, {compiler}, -O2.", *verdict, *document, ""]))


def main():
    folder = Path(sys.argv[1])
    options = {"rounds": "3", "only": "speed,instructions,linear,others", "megabytes": "20",
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
    if "others" in wanted:
        for name in ["first_text", "crowd", "render"]:
            block(folder / name)
    if "report" in options:
        report(Path(options["report"]), options["rounds"])
    return 0 if all(bars.get(name, True) for name in ["first_text", "crowd", "render"]) else 1


if __name__ == "__main__":
    sys.exit(main())
