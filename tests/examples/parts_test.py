"""Runs the short examples against the stand-in server. Arguments: the stand-in, then the examples."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from standin import PATIENCE_S, Server  # noqa: E402

STANDIN = sys.argv[1]
EXAMPLES = {Path(path).name: path for path in sys.argv[2:]}


class Parts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_example(self, name, *arguments, code=0):
        with Server(STANDIN, self.folder.name, "--pace", "0") as server:
            done = subprocess.run([EXAMPLES[name], *arguments], env={**os.environ, **server.settings},
                                  capture_output=True, text=True, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def test_vision_sends_the_whole_picture(self):
        picture = Path(self.folder.name) / "picture"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100_000))
        said = self.run_example("vision", str(picture), "What colour?")
        self.assertIn("I see 1 image (image/png, 100008 bytes)", said)
        self.assertIn('"What colour?"', said)

    def test_vision_refuses_what_is_no_picture(self):
        text = Path(self.folder.name) / "text"
        text.write_text("Hello")
        self.run_example("vision", str(text), code=2)
        self.run_example("vision", code=2)

    def test_caching_reads_the_manual_the_second_time(self):
        first, second = self.run_example("caching").split("> How often")
        self.assertRegex(first, r"\(0 tokens read from the cache, 7\d\d\d written for 5 minutes, \d\d neither\)")
        self.assertRegex(second, r"\(7\d\d\d tokens read from the cache, 0 written for 5 minutes, \d\d neither\)")

    def test_thinking_shows_thoughts_and_answer(self):
        said = self.run_example("thinking", "1 + 1?")
        self.assertIn("(thinking: The user wrote 6 bytes in turn 1. A short answer will do.)\nYou said: \"1 + 1?\"", said)

    def test_output_is_values(self):
        self.assertIn("> Describe the largest moon of Saturn.\nsome name: 1 km, round\n", self.run_example("output", "Saturn"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
