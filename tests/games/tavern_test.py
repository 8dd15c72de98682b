"""The tavern in a real window under Xvfb, and headless in bad weather.

Arguments: the tavern, the stand-in server, where to put the picture. The one in docs/ is made by
  meson test -C build/gcc tavern && cp build/gcc/tests/games/tavern.png docs/
"""
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "games"), str(TESTS / "support")]
import picture  # noqa: E402
from standin import Server  # noqa: E402

TAVERN, STANDIN, PICTURE = sys.argv[1:4]
CAST = (TESTS.parent / "examples/tavern/cast.hpp").read_text(encoding="utf-8")
# What each guest may say, by name, and their color.
LINES = {name: re.findall(r'"([^"]+)"', lines) for name, lines in
         re.findall(r'\{"([^"]+)", 0x\w+,\n.*?R"\((.*?)\)"', CAST, re.S)}
COLORS = {name: tuple(bytes.fromhex(color)) for name, color in re.findall(r'\{"([^"]+)", 0x(\w{6})', CAST)}
PLACES = {"bar", "fire", "door", "window", "table", "stairs", "stage", "barrel"}
WIDTH, HEIGHT, ROOM_HEIGHT = 960, 710, 650
PAPER = {(0xFF, 0xF6, 0xD8), (0xF1, 0xEB, 0xDD)}


def wait_for(path, process, patience_s=60):
    deadline = time.monotonic() + patience_s
    while not os.path.exists(path):
        assert time.monotonic() < deadline and process.poll() is None, f"{path} was not written"
        time.sleep(0.05)


class State:
    def __init__(self, path):
        first, player, *guests = Path(path).read_text(encoding="utf-8").splitlines()
        words = first.split()
        self.numbers = {words[i]: int(words[i + 1]) for i in range(0, len(words) - 3, 2) if words[i].isalpha()}
        self.spent = int(re.search(r"spent (\d+)", first)[1])
        self.answers, self.failures = self.numbers["answers"], self.numbers["failures"]
        self.player = player.removeprefix("player|")
        self.guests = [line.split("|") for line in guests]

    def said(self):
        return {name: bubble for name, *_, bubble in self.guests if bubble}


class Tavern(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.state_file = os.path.join(self.folder, "state")

    def serve(self, *options):
        return self.enterContext(Server(STANDIN, self.folder, *options))

    def start(self, server, *options, display=None):
        settings = {**os.environ, **server.settings, "DISPLAY": display or ""}
        process = subprocess.Popen([TAVERN, "--state", self.state_file, *options], env=settings)
        self.addCleanup(lambda: (process.terminate(), process.wait()))
        return process

    def screen(self):
        """A display of its own; its pixels are in a file."""
        read, write = os.pipe()
        process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", self.folder,
             "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (process.terminate(), process.wait()))
        os.close(write)
        with os.fdopen(read) as pipe:
            return ":" + pipe.readline().strip()

    def test_guests_talk_move_and_pay_in_a_window(self):
        own = os.path.join(self.folder, "own.bmp")
        process = self.start(self.serve("--pace", "120"), "--frames", "840", "--say", "700",
                             "Good evening, Mira. Is there a bed for tonight?", "--screenshot", own, "--hold",
                             display=self.screen())
        wait_for(self.state_file, process)
        state = State(self.state_file)
        time.sleep(0.3)
        shown = picture.from_xwd(os.path.join(self.folder, "Xvfb_screen0"))
        shown.save(PICTURE)
        self.assertLess(os.path.getsize(PICTURE), 200_000)

        self.assertEqual(state.player, "Good evening, Mira. Is there a bed for tonight?")
        self.assertEqual([guest[0] for guest in state.guests], list(LINES))
        self.assertEqual(state.failures, 0)
        self.assertGreaterEqual(state.answers, 8)
        self.assertGreaterEqual(state.numbers["deeds"], 3)
        self.assertGreater(state.spent, 0)
        said = state.said()
        self.assertGreaterEqual(len(said), 3)
        for name, words in said.items():
            self.assertTrue(any(line.startswith(words) for line in LINES[name]), f"{name}: {words}")
        self.assertIn("Mira", said)
        for _, _, _, place, *_ in state.guests:
            self.assertIn(place, PLACES)

        # The window shows what the program drew, and there stands what its state says.
        drawn = picture.from_bmp(own)
        self.assertEqual((shown.width, shown.height), (WIDTH, HEIGHT))
        self.assertTrue(shown.rows == drawn.rows, "the window shows another picture")
        for name, x, y, *_ in state.guests:
            around = shown.colors(int(x) - 16, int(y) - 16, 32, 36)
            hidden = sum(around.get(paper, 0) for paper in PAPER) > 100
            self.assertTrue(hidden or around.get(COLORS[name], 0) > 20, f"{name} is not at {x}, {y}")
        paper = shown.colors(0, 0, WIDTH, ROOM_HEIGHT)
        self.assertGreater(sum(paper.get(color, 0) for color in PAPER), 1500 * len(said))
        ink = [color for color in paper if max(color) < 0x38]
        self.assertTrue(ink, "there is nothing written in the bubbles")

    def bad_weather(self, server, *options, meanwhile=lambda: None):
        began = time.monotonic()
        process = self.start(server, "--headless", "--frames", "300", *options)
        meanwhile()
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertLess(time.monotonic() - began, 12, "300 frames should take 5 s")
        return State(self.state_file)

    def test_an_overloaded_service_is_told_in_the_story(self):
        state = self.bad_weather(self.serve("--misbehave", "status=529,retry-after-ms=50"))
        self.assertGreater(state.failures, 5)
        self.assertEqual(state.answers, 0)
        self.assertIn("It is too loud in here. Ask me again in a while.", state.said().values())
        self.assertEqual(set(state.said().values()) - {"It is too loud in here. Ask me again in a while.", "..."}, set())

    def test_a_lost_network_is_told_in_the_story(self):
        server = self.serve("--pace", "100")

        def meanwhile():
            time.sleep(2)
            server.stop()

        state = self.bad_weather(server, meanwhile=meanwhile)
        self.assertGreater(state.answers, 0)
        self.assertGreater(state.failures, 2)
        told = set(state.said().values())
        self.assertIn("Hm? I cannot hear you over the storm.", told)

    def test_a_wrong_key_is_told_in_the_story(self):
        state = self.bad_weather(self.serve("--key", "another"))
        self.assertEqual(state.answers, 0)
        self.assertEqual(set(state.said().values()), {"The landlord does not let me talk."})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
