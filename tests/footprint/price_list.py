#!/usr/bin/env python3
"""What picoclaude costs on a Cortex-M: flash, RAM and stack, for each switch alone and for all of them.

    price_list.py                             measure, and write the list into README.md
    price_list.py --check                     is the list in README.md what would be written now?
    price_list.py --show                      measure and print
    price_list.py --gate                      no heap, no exceptions, no recursion, with each switch; and the bars
    price_list.py --gate --check              both: runs share build/footprint, so one does it
    price_list.py --functions [SWITCH ...]    flash by function of the image with these switches

Flash is that of the library alone: the image of program.cpp, linked with our own start-up and sections collected, less
the image of the same program with a Client that has nothing behind it (no_client.hpp). What the library pulls out of
libc and libgcc (memcpy, division) counts as its own. There is no libstdc++ in the link.
Static RAM is what the library itself adds to .data and .bss; the Client and its workspace are the program's objects.
Stack is the deepest path of the call graph below begin(), next() and ask(), without what the transport needs below it.
"""
import argparse
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
README = TOP / "README.md"
BUILD = TOP / "build/footprint"
MARKS = "<!-- price list -->", "<!-- end of the price list -->"

CPUS = {"Cortex-M0+": "cortex-m0plus", "Cortex-M4": "cortex-m4"}
TOOL = "arm-none-eabi-"
HEADERS = "/usr/include/newlib/c++/12.2.1"
FLAGS = ["-std=c++17", "-mthumb", "-Os", "-ffunction-sections", "-fdata-sections", "-fno-exceptions", "-fno-rtti",
         "--specs=picolibc.specs", "-isystem", HEADERS, "-isystem", f"{HEADERS}/arm-none-eabi",
         f"-I{TOP}/include", "-DPICOCLAUDE_ENABLE_MBEDTLS=0"]
LINK = ["-nostartfiles", "-nodefaultlibs", "-T", f"{HERE}/image.ld", "-Wl,--gc-sections"]
LIBRARIES = ["-lc", "-lgcc"]

# Not a switch: program.cpp declares a tool and runs its calls.
IN_USE = "typed_tool"

# Switches of config.hpp that are no parts: the default transport has its own heap and is measured with it elsewhere.
NO_PARTS = {"MBEDTLS", "LOOPBACK_PLAINTEXT"}

# What the text-only client may cost on a Cortex-M0+, and the client with every part. The gate insists on the stacks.
BARS = {"text": {"flash": 10_240, "sizeof(Client)": 512, "stack": 512, "static RAM": 0},
        "all": {"stack": 1_024, "static RAM": 0}}

# Names that must not be in an image: heap, exceptions, destructors at exit, guards of function-local statics.
REFUSED = re.compile(r"^(_?malloc|_?calloc|_?realloc|_?free|cfree|_malloc_r|_free_r|_?sbrk|_Zn[wa]\w*|_Zd[la]\w*"
                     r"|.*__throw.*|__cxa_.*|.*atexit.*|_Unwind.*|__aeabi_unwind.*|__gxx_.*|abort)$")

# Where a pointer to a function may lead, by demangled names: caller -> targets. The first row that fits counts. What is
# in no row is a failure. A pointer to the program's own function (a key's source, a picture's source) leads nowhere.
POINTERS = [
    (r"InputReader::(take|step)\(|accept_input", r"InputReader::take_\w+\("),
    (r"refuse\(|ToolReply|entry_run|ToolFunction|refuse_input", r"ToolResult<32u?>::take\("),
    (r"render_head\(", r"::_FUN\(|::operator\(\)\(|messages_(path|headers)\("),
    (r"Exchange::(begin|restart|measure_body|render|render_in_chunks)\(|::send\(", r"::_FUN\(|::operator\(\)\(|messages_body\("),
    # The answers of other calls than Messages: program.cpp makes none.
    (r"Exchange::(end_body|end_head|read_head|end_success|begin_success|advance|read_data|read)\(|ClientCore::(goes_on|may_retry)\(|Client<\w+>::(conclude|next|begin)\(",
     None),
    (r"Window::bytes\(|base64|encode_|Bytes::read\(|Source::read_all\(|render_credentials", None),
]


class Refused(Exception):
    """The library does what it must not."""


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise Refused(f"{command[0]} failed:\n{done.stderr}")
    return done.stdout


def short(name):
    """A demangled name without the inline namespace and what everybody knows."""
    name = re.sub(r"v\d+_\d+_\d+_[0-9_]+::", "", name)
    name = name.replace("std::basic_string_view<char, std::char_traits<char> >", "string_view")
    name = name.replace("picoclaude::", "").replace("unsigned long", "uint32_t")
    return name.replace("detail::", "")


class Image:
    """program.cpp linked for one processor with some switches, with the library or without."""

    def __init__(self, cpu, switches, library=True, program=HERE / "program.cpp"):
        self.folder = BUILD / cpu / ("_".join(switches).lower() or "text") / ("with" if library else "without")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / "image.elf"
        self.program = self.folder / f"{program.stem}.o"
        named = [switch for switch in switches if switch != IN_USE]
        flags = [f"-mcpu={cpu}", *FLAGS, *(f"-DPICOCLAUDE_ENABLE_{switch}=1" for switch in named)]
        if library and IN_USE in switches:
            flags.append("-DFOOTPRINT_TYPED_TOOL")
        if not library:
            flags.append("-DFOOTPRINT_NO_LIBRARY")
        objects = []
        for source in [HERE / "startup.cpp", HERE / "world.cpp", program]:
            objects.append(self.folder / f"{source.stem}.o")
            run(f"{TOOL}g++", *flags, "-fcallgraph-info=su", f"-I{HERE}", "-c", source, "-o", objects[-1])
        run(f"{TOOL}g++", *flags, *LINK, *objects, *LIBRARIES, "-o", self.path)
        sizes = run(f"{TOOL}size", "-A", self.path)
        self.size_of = {name: int(size) for name, size in re.findall(r"^\.?(\S+)\s+(\d+)", sizes, re.M)}
        self.flash = sum(self.size_of.get(name, 0) for name in ["text", "init_array", "ARM.exidx", "data"])
        self.ram = sum(self.size_of.get(name, 0) for name in ["data", "bss"])

    def functions(self):
        """(bytes, name) of all that has a name, largest first."""
        seen = {}
        for line in run(f"{TOOL}nm", "-S", "-C", self.path).splitlines():
            parts = line.split(maxsplit=3)
            if len(parts) == 4 and parts[2] in "tTwWvVrRuU":
                seen[int(parts[0], 16) & ~1] = int(parts[1], 16), short(parts[3])
        return sorted(seen.values(), key=lambda one: (-one[0], one[1]))

    def object_sizes(self):
        """sizeof of the types that program.cpp names."""
        listed = run(f"{TOOL}nm", "-S", self.program)
        return {name: int(size, 16) for size, name in re.findall(r"^\w+ (\w+) \w size_of_(\w+)$", listed, re.M)}

    def refused(self):
        names = [line.split()[-1] for line in run(f"{TOOL}nm", self.path).splitlines()]
        return sorted({name for name in names if REFUSED.match(name)})


class Stack:
    """The worst stack below a function of an image."""

    def __init__(self, image):
        graph = image.program.with_suffix(".ci").read_text()
        self.frame, self.name, self.calls = {}, {}, {}
        for title, label in re.findall(r'node: \{ title: "([^"]*)" label: "([^"]*)"', graph):
            self.name.setdefault(title, short(label.split("\\n")[0]))
            frame = re.search(r"(\d+) bytes \((\w+)", label)
            if frame:
                self.name[title] = short(label.split("\\n")[0])
                self.frame[title] = int(frame[1])
                if frame[2] != "static":
                    raise Refused(f"{self.name[title]} has a {frame[2]} frame")
        for caller, target in re.findall(r'sourcename: "([^"]*)" targetname: "([^"]*)"', graph):
            self.calls.setdefault(caller, set()).add(target)
        self.leaves = machine_frames(image)
        self.worst_of = {}

    def worst(self, title, above=()):
        """(bytes, path) of the deepest way down from a function."""
        if title not in self.frame:
            return self.outside(title)
        if title in above:
            raise Refused("recursion: " + " -> ".join(self.name[one] for one in (*above[above.index(title):], title)))
        if title not in self.worst_of:
            below = [self.worst(target, (*above, title)) for target in self.targets(title)]
            deepest = max(below, default=(0, []), key=lambda one: one[0])
            self.worst_of[title] = (self.frame[title] + deepest[0],
                                    [f"{self.frame[title]:5} {self.name[title]}", *deepest[1]])
        return self.worst_of[title]

    def targets(self, title):
        for target in sorted(self.calls.get(title, ())):
            if target != "__indirect_call":
                yield target
                continue
            for caller, wanted in POINTERS:
                if re.search(caller, self.name[title]):
                    if wanted:
                        yield from (one for one in self.frame if re.search(wanted, self.name[one]))
                    break
            else:
                raise Refused(f"{self.name[title]} calls by a pointer: say in POINTERS where it leads")

    def outside(self, title):
        """Of libc and libgcc. What world.cpp has is not the library's."""
        bytes_ = self.leaves.get(title)
        if bytes_ is None:
            return 0, []
        return bytes_, [f"{bytes_:5} {title}"]


def machine_frames(image):
    """Stack of the image's functions that came without a call graph, read from their machine code: their pushes, and
    below them what they call."""
    frames, calls, function = {}, {}, None
    for line in run(f"{TOOL}objdump", "-d", "--no-show-raw-insn", image.path).splitlines():
        head = re.match(r"^[0-9a-f]+ <(.*)>:$", line)
        if head:
            function = head[1]
            frames[function], calls[function] = 0, set()
        elif function:
            pushed = re.search(r"\tpush\t\{(.*)\}", line) or re.search(r"\tstmdb\tsp!, \{(.*)\}", line)
            moved = re.search(r"\tsub\tsp, (?:sp, )?#(\d+)", line)
            called = re.search(r"\tbl?\S*\t[0-9a-f]+ <([^+>]*)>", line)
            frames[function] += 4 * len(pushed[1].split(",")) if pushed else int(moved[1]) if moved else 0
            if called:
                calls[function].add(called[1])
    ours = re.compile(r"picoclaude|^_Z|^entry_|^main$|^reset$")

    def depth(name, above):
        below = [depth(one, above | {name}) for one in calls.get(name, ()) if one not in above | {name}]
        return frames.get(name, 0) + max(below, default=0)

    # One address may have several names, for example memcpy and __aeabi_memcpy.
    names = {}
    for line in run(f"{TOOL}nm", image.path).splitlines():
        names.setdefault(line.split()[0], []).append(line.split()[-1])
    return {alias: depth(name, set()) for group in names.values() for name in group if name in frames
            for alias in group if not ours.search(alias)}


class Price:
    """One row of the list for one processor."""

    def __init__(self, cpu, switches):
        self.image = Image(cpu, switches)
        self.without = Image(cpu, switches, library=False)
        self.flash = self.image.flash - self.without.flash
        self.ram = self.image.ram - self.without.ram
        self.sizes = self.image.object_sizes()
        names = self.image.refused()
        if names:
            raise Refused("in the image: " + " ".join(names))
        stack = Stack(self.image)
        entries = [one for one in stack.frame if one.startswith("entry_")]
        self.stack, self.path = max((stack.worst(one) for one in entries), key=lambda one: one[0])


def switches_there():
    """The switches of config.hpp that some header asks for, in the order of config.hpp."""
    config = (TOP / "include/picoclaude/config.hpp").read_text()
    rest = "".join(path.read_text() for path in sorted((TOP / "include").rglob("*.hpp")) if path.name != "config.hpp")
    for switch in re.findall(r"#ifndef PICOCLAUDE_ENABLE_(\w+)", config):
        if switch not in NO_PARTS and f"PICOCLAUDE_ENABLE_{switch}" in rest:
            yield switch


def measure():
    """{row: {processor: Price}}; the first row is the text-only client, the last one has every switch."""
    there = list(switches_there())
    rows = {"text": [], **{switch: [switch] for switch in there}, "all": there}
    rows = {name: switches for row in rows.items() for name, switches in
            ([row, (IN_USE, ["TOOLS", IN_USE])] if row[0] == "TOOLS" else [row])}
    with ThreadPoolExecutor(2) as pool:
        jobs = {(row, cpu): pool.submit(Price, cpu, switches) for row, switches in rows.items()
                for cpu in CPUS.values()}
    return {row: {cpu: jobs[row, cpu].result() for cpu in CPUS.values()} for row in rows}


def listed(prices):
    """The list as it stands in README.md."""
    lines = ["| | " + " | ".join(f"flash on {cpu}" for cpu in CPUS) + " | `Client` | worst stack |",
             "|---|" + "--:|" * (len(CPUS) + 2)]
    base = prices["text"]
    m0 = CPUS["Cortex-M0+"]
    for row, price in prices.items():
        plain = row in ("text", "all")
        name = {"text": "**a text-only client**", "all": "**everything**", IN_USE: "the same, with a typed tool in use"}
        name = name.get(row, f"`PICOCLAUDE_ENABLE_{row}`")
        flash = [f"{price[cpu].flash:,}" if plain else f"{price[cpu].flash - base[cpu].flash:+,}"
                 for cpu in CPUS.values()]
        client = price[m0].sizes["Client"]
        client = f"{client:,}" if plain else f"{client - base[m0].sizes['Client']:+,}"
        lines.append(f"| {name} | " + " | ".join(flash) + f" | {client} | {max(one.stack for one in price.values()):,} |")
    return "\n".join([*lines, ""])


def bars(row, price):
    """(name, kept, line) for each bar of a row, missed ones with their figure."""
    has = {"flash": price.flash, "sizeof(Client)": price.sizes["Client"], "stack": price.stack, "static RAM": price.ram}
    for name, bar in BARS[row].items():
        kept = has[name] <= bar
        word = "kept" if kept else f"MISSED by {has[name] - bar:,}"
        yield name, kept, f"{row:5} {name:15} {has[name]:6,} B   bar {bar:6,} B   {word}"


def show_functions(switches):
    for cpu in CPUS.values():
        price = Price(cpu, switches)
        print(f"{cpu}: {price.flash} B flash ({price.image.flash} image - {price.without.flash} without the library), "
              f"{price.stack} B stack, {price.ram} B static RAM, "
              + ", ".join(f"sizeof({name}) {size}" for name, size in sorted(price.sizes.items())))
        functions = price.image.functions()
        nameless = price.image.flash - sum(size for size, _ in functions)
        for size, name in [*functions, (nameless, "(strings, padding)")]:
            print(f"{size:6} {name}")
        print("deepest stack:", *price.path, "", sep="\n")


def between_marks(text):
    begin, end = (text.find(mark) for mark in MARKS)
    if begin < 0 or end < begin:
        raise Refused(f"{README} has no {MARKS[0]} ... {MARKS[1]}")
    return begin + len(MARKS[0]) + 1, end


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--functions", nargs="*", metavar="SWITCH")
    for name in ["--check", "--show", "--gate"]:
        arguments.add_argument(name, action="store_true")
    chosen = arguments.parse_args()
    if chosen.functions is not None:
        return show_functions([switch.upper() for switch in chosen.functions])
    prices = measure()
    table = listed(prices)
    if chosen.gate or chosen.show:
        print(table)
        told = [bar for row in BARS for bar in bars(row, prices[row][CPUS["Cortex-M0+"]])]
        print(*(line for _, _, line in told), sep="\n")
        missed = [line for name, kept, line in told if name == "stack" and not kept]
        if chosen.gate and missed:
            return f"too deep: {missed}"
        if not chosen.check:
            return None
    text = README.read_text()
    begin, end = between_marks(text)
    if chosen.check:
        return None if text[begin:end] == table else f"README.md is stale: run tests/footprint/price_list.py\n{table}"
    README.write_text(text[:begin] + table + text[end:])
    return None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as reason:
        sys.exit(f"refused: {reason}")
