#!/usr/bin/env python3
"""Firmware on emulated boards: a Claude client whose serial line goes to a modem, and what a byte costs.

    firmware_test.py STANDIN             run the tests; STANDIN is the stand-in server's program
    firmware_test.py STANDIN --figures   and write what was measured into figures.md and README.md, which quotes it

The modem ends TLS on this side and talks to the stand-in server; nothing leaves the loopback.
"""
import itertools
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "bench"))

import boards  # noqa: E402
import corpus  # noqa: E402
import modem  # noqa: E402

TOP = HERE.parent.parent
README = TOP / "README.md"
MARKS = "<!-- firmware -->\n", "<!-- end of the firmware -->"
FIGURES = HERE / "figures.md"
STALE = 0.1  # figures that differ by more than a tenth are no longer true
HOST = "api.anthropic.com"
figures = {}


class Standin:
    """The stand-in server, for as long as the tests run."""

    def __init__(self, program, folder, certificate="good"):
        self.ca, port = folder / f"{certificate}.pem", folder / f"{certificate}.port"
        self.process = subprocess.Popen([program, "--port-file", port, "--ca", self.ca, "--certificate", certificate,
                                         "--pace", "1", "--quiet"], stdout=subprocess.DEVNULL)
        for _ in range(100):
            if port.exists() and port.read_text().endswith("\n"):
                self.port = int(port.read_text())
                return
            time.sleep(0.1)
        raise RuntimeError("the stand-in server does not start")

    def modem(self):
        one = modem.Modem(self.ca, {HOST: ("localhost", self.port)})
        one.start()
        return one

    def stop(self):
        self.process.kill()
        self.process.wait()


def measured(output):
    """(flash, static RAM, stack) as the firmware tells them."""
    found = re.search(r"\[flash (\d+), static RAM (\d+), stack (\d+)\]", output)
    return tuple(map(int, found.groups()))


class Firmware(unittest.TestCase):
    program = None
    standin = None
    folder = None

    def ask(self, name, source="question.cpp", dialled=None, *flags):
        """Builds and runs a program; returns its exit code, its output and the modem."""
        board = boards.BOARDS[name]
        image = board.build([HERE / source], self.folder / f"{name}_{Path(source).stem}.elf", *flags)
        dialled = dialled or self.standin.modem()
        code, output = board.run(image, "-serial", f"tcp:127.0.0.1:{dialled.port}")
        return code, output, dialled

    def check_question(self, name):
        code, output, dialled = self.ask(name)
        self.assertIn("Io, Europa and Ganymede. Galileo saw them in January 1610", output)
        self.assertIn("[error 0, http 200]", output)
        self.assertEqual(code, 0, output)
        self.assertEqual(dialled.name, HOST)
        self.assertTrue(dialled.verify)
        self.assertTrue(dialled.received.startswith(b"POST /v1/messages HTTP/1.1\r\nhost: api.anthropic.com\r\n"))
        self.assertTrue(dialled.received.endswith(b'"stream":true}'))
        figures[f"question {name}"] = measured(output)
        return measured(output)

    def check_lamp(self, name):
        """A tool: asked with, run, answered, and all over one connection."""
        code, output, dialled = self.ask(name, "lamp.cpp")
        before, after = output.split("\n[lamp on, 20 %]\n")
        self.assertEqual(before, "I will use set_lamp.")
        self.assertTrue(after.startswith('The tool says: "The lamp is lit.".\n[error 0, http 200, rounds 2, calls 1, '))
        self.assertEqual(code, 0, output)
        self.assertGreater(int(re.search(r"fragments (\d+)", after)[1]), 4)  # it streamed
        first, second = [json.loads(body) for body in re.findall(rb"\r\n\r\n(\{.*?\})(?=POST|$)", dialled.received)]
        self.assertEqual(first["tools"][0]["name"], "set_lamp")
        self.assertEqual(first["messages"], [{"role": "user", "content": "It is getting dark."}])
        question, turn, result = second["messages"]
        self.assertEqual(question, first["messages"][0])
        self.assertEqual(turn["content"][1]["input"], {"on": True, "level": 20})
        self.assertEqual(result["content"][0]["tool_use_id"], turn["content"][1]["id"])
        self.assertEqual(result["content"][0]["content"], "The lamp is lit.")
        self.assertEqual(sum(command.startswith("AT+CIPSTART") for command in dialled.commands), 1)
        figures[f"lamp {name}"] = measured(output)
        return measured(output)

    def test_a_board_with_8_kb_of_ram_asks_and_prints_the_answer(self):
        flash, ram, stack = self.check_question("stm32vldiscovery")
        self.assertLess(ram + stack, 3 * 1024)
        self.assertLess(flash, 20 * 1024)

    def test_a_board_with_8_kb_of_ram_lets_claude_switch_a_lamp(self):
        flash, ram, stack = self.check_lamp("stm32vldiscovery")
        self.assertLess(ram + stack, 5 * 1024)
        self.assertLess(flash, 32 * 1024)

    def test_cortex_m0(self):
        self.check_question("microbit")
        self.check_lamp("microbit")

    def test_cortex_m4(self):
        self.check_question("netduinoplus2")
        self.check_lamp("netduinoplus2")

    def test_cortex_m33(self):
        self.check_question("mps2-an505")
        self.check_lamp("mps2-an505")

    def test_raspberry_pi_pico(self):
        folder = TOP / "build/firmware"
        if not (folder / "node_modules/rp2040js").is_dir():
            self.skipTest("rp2040js is not installed; tests/firmware/run.sh does it")
        boards.Pico.folder = folder
        self.check_question("pico")
        self.check_lamp("pico")

    def test_a_certificate_for_another_host_is_not_talked_to(self):
        impostor = Standin(self.program, self.folder, "wrong-host")
        self.addCleanup(impostor.stop)
        code, output, dialled = self.ask("stm32vldiscovery", "question.cpp", impostor.modem(), "-DQUESTION_RETRIES=0")
        self.assertIn("[error 33, http 0]", output)  # connect_failed
        self.assertEqual(code, 1)
        self.assertEqual(dialled.received, b"")


class Counting(unittest.TestCase):
    """Instructions of one whole answer, by the emulator's clock: one each nanosecond."""

    folder = None

    def per_byte(self, name, cpu, *flags):
        chance = random.Random(5)
        one = corpus.answer(chance, corpus.dump_plain(chance))
        stream = self.folder / "stream.http"
        stream.write_bytes(corpus.HEAD + b"".join(corpus.in_events(one, chance)) + corpus.chunk(b""))
        board = boards.BOARDS[name]
        image = board.build([HERE / "count.cpp"], self.folder / f"{name}_count.elf", f"-mcpu={cpu}",
                            f'-DCOUNT_STREAM="{stream}"', *flags)
        code, output = board.run(image, "-icount", "shift=0")
        self.assertEqual(code, 0, output)
        per_tick = 1e9 / board.clock_hz
        calibration = int(re.search(r"calibration 1000000: (\d+)", output)[1]) * per_tick
        self.assertAlmostEqual(calibration, 2_000_000, delta=20_000)
        expected = sum(len(text) for kind, _, text in one.runs if kind == "text")
        counted = {}
        for read, ticks, size, text in re.findall(r"read (\d+): (\d+) ticks, bytes (\d+), text (\d+)", output):
            self.assertEqual((int(size), int(text)), (stream.stat().st_size, expected))
            counted[int(read)] = int(ticks) * per_tick / int(size)
        return counted

    def check(self, name, cpu):
        for word, flags in [("", []), (" with the prefix", ["-DPICOCLAUDE_ENABLE_PREFIX=1"])]:
            counted = self.per_byte(name, cpu, *flags)
            self.assertEqual(sorted(counted), [1, 1460])
            figures[f"count {cpu}{word}"] = counted
            print(f"{cpu}{word}: " + ", ".join(f"{value:.1f} instructions a byte at {read}-byte reads"
                                              for read, value in counted.items()), file=sys.stderr)

    def test_cortex_m0_plus(self):
        self.check("microbit", "cortex-m0plus")

    def test_cortex_m4(self):
        self.check("netduinoplus2", "cortex-m4")


NAMES = {"stm32vldiscovery": "STM32F100, Cortex-M3, 8 KB RAM", "microbit": "nRF51, Cortex-M0",
         "netduinoplus2": "STM32F405, Cortex-M4", "mps2-an505": "MPS2 AN505, Cortex-M33",
         "pico": "RP2040 (Raspberry Pi Pico), Cortex-M0+"}


def table():
    """What README.md shows."""
    lines = ["| bytes of the whole program | asks: flash | RAM | stack | with a tool: flash | RAM | stack |",
             "|---|--:|--:|--:|--:|--:|--:|"]
    for name, words in NAMES.items():
        cells = [f"{value:,}" for program in ["question", "lamp"] for value in figures[f"{program} {name}"]]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    lines += ["", "| instructions for each byte received | 1,460-byte reads | 1-byte reads |", "|---|--:|--:|"]
    for cpu, words in [("cortex-m0plus", "Cortex-M0+"), ("cortex-m4", "Cortex-M4")]:
        for more, with_ in [("", ""), (" with the prefix", ", `PICOCLAUDE_ENABLE_PREFIX`")]:
            counted = figures[f"count {cpu}{more}"]
            lines.append(f"| {words}{with_} | {counted[1460]:.0f} | {counted[1]:.0f} |")
    return "\n".join(lines) + "\n"


def quoted():
    text = README.read_text()
    begin, end = (text.index(mark) for mark in MARKS)
    return text[begin + len(MARKS[0]):end]


def write_figures():
    text = README.read_text()
    FIGURES.write_text(table())
    README.write_text(text.replace(MARKS[0] + quoted() + MARKS[1], MARKS[0] + table() + MARKS[1]))


def stale(shown, now):
    """The lines of a table whose figures are no longer true, as (shown, now)."""
    def numbers(line):
        return [int(cell.replace(",", "")) for cell in re.findall(r"(?<=\| )[\d,]+(?= \|)", line)]
    pairs = list(itertools.zip_longest(shown.splitlines(), now.splitlines(), fillvalue=""))
    return [(old, new) for old, new in pairs if old.split("|")[1:2] != new.split("|")[1:2] or
            len(numbers(old)) != len(numbers(new)) or
            any(abs(a - b) > STALE * b for a, b in zip(numbers(old), numbers(new)))]


def fresh():
    """Are the figures shown what was just measured? Boards that were skipped cannot tell."""
    if any(f"lamp {name}" not in figures for name in NAMES):
        print("SKIPPED: whether the figures are fresh, since not every board was run")
        return True
    wrong = stale(FIGURES.read_text(), table())
    for old, new in wrong:
        print(f"stale: {old}\nnow:   {new}")
    if quoted() != FIGURES.read_text():
        wrong.append("README.md does not quote tests/firmware/figures.md")
        print(wrong[-1])
    if wrong:
        print("mend it with: sh tests/firmware/run.sh --figures")
    return not wrong


class Freshness(unittest.TestCase):
    """The check of the figures, held against tables with one fault each."""

    def test_a_figure_within_a_tenth_is_fresh(self):
        self.assertEqual(stale("| a | 1,000 | 90 |\n", "| a | 1,050 | 95 |\n"), [])

    def test_a_figure_beyond_a_tenth_is_stale(self):
        self.assertEqual(len(stale("| a | 1,000 | 90 |\n| b | 5 | 5 |\n", "| a | 1,000 | 101 |\n| b | 5 | 5 |\n")), 1)

    def test_a_line_more_or_less_or_of_another_name_is_stale(self):
        self.assertEqual(len(stale("| a | 1 |\n", "| a | 1 |\n| b | 1 |\n")), 1)
        self.assertEqual(len(stale("| a | 1 |\n", "| b | 1 |\n")), 1)
        self.assertEqual(len(stale("| a | 1 | 1 |\n", "| a | 1 |\n")), 1)


def main():
    program, wants_figures = sys.argv[1], "--figures" in sys.argv
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Firmware.folder = Counting.folder = folder
        Firmware.program, Firmware.standin = program, Standin(program, folder)
        try:
            result = unittest.main(argv=sys.argv[:1], exit=False, verbosity=2, warnings="ignore").result
        finally:
            Firmware.standin.stop()
    if not result.wasSuccessful():
        return 1
    if wants_figures:
        write_figures()
    return 0 if fresh() else 1


if __name__ == "__main__":
    sys.exit(main())
