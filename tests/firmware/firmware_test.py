#!/usr/bin/env python3
"""Firmware on emulated boards: a Claude client whose serial line goes to a modem, and what a byte costs.

    firmware_test.py STANDIN             run the tests; STANDIN is the stand-in server's program
    firmware_test.py STANDIN --figures   and write what was measured into README.md

The modem ends TLS on this side and talks to the stand-in server; nothing leaves the loopback.
"""
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

    def test_a_board_with_8_kb_of_ram_asks_and_prints_the_answer(self):
        flash, ram, stack = self.check_question("stm32vldiscovery")
        self.assertLess(ram + stack, 3 * 1024)
        self.assertLess(flash, 20 * 1024)

    def test_cortex_m0(self):
        self.check_question("microbit")

    def test_cortex_m4(self):
        self.check_question("netduinoplus2")

    def test_cortex_m33(self):
        self.check_question("mps2-an505")

    def test_raspberry_pi_pico(self):
        folder = TOP / "build/firmware"
        if not (folder / "node_modules/rp2040js").is_dir():
            self.skipTest("rp2040js is not installed; tests/firmware/run.sh does it")
        boards.Pico.folder = folder
        self.check_question("pico")

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


def table():
    """What README.md shows."""
    names = {"stm32vldiscovery": "STM32F100, Cortex-M3, 8 KB RAM", "microbit": "nRF51, Cortex-M0",
             "netduinoplus2": "STM32F405, Cortex-M4", "mps2-an505": "MPS2 AN505, Cortex-M33",
             "pico": "RP2040 (Raspberry Pi Pico), Cortex-M0+"}
    lines = ["| the whole program on | flash | static RAM | stack |", "|---|--:|--:|--:|"]
    for name, words in names.items():
        if f"question {name}" not in figures:  # skipped
            continue
        flash, ram, stack = figures[f"question {name}"]
        lines.append(f"| {words} | {flash:,} | {ram:,} | {stack:,} |")
    lines += ["", "| instructions for each byte received | 1,460-byte reads | 1-byte reads |", "|---|--:|--:|"]
    for cpu, words in [("cortex-m0plus", "Cortex-M0+"), ("cortex-m4", "Cortex-M4")]:
        for more, with_ in [("", ""), (" with the prefix", ", `PICOCLAUDE_ENABLE_PREFIX`")]:
            counted = figures[f"count {cpu}{more}"]
            lines.append(f"| {words}{with_} | {counted[1460]:.0f} | {counted[1]:.0f} |")
    return "\n".join(lines) + "\n"


def write_figures():
    text = README.read_text()
    begin, end = (text.index(mark) for mark in MARKS)
    README.write_text(text[:begin] + MARKS[0] + table() + text[end:])


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
    good = result.wasSuccessful()
    if good:
        print(table())
        if wants_figures:
            write_figures()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
