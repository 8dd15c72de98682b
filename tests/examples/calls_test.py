"""Runs the examples that call other endpoints than Messages. Arguments: batch, upload, the stand-in server."""
import json
import os
import pty
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from standin import Server  # noqa: E402

BATCH, UPLOAD, STANDIN = (os.path.abspath(path) for path in sys.argv[1:4])


class Example(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        server = Server(STANDIN, folder.name, "--pace", "0")
        self.addCleanup(server.stop)
        self.settings = {**os.environ, **server.settings}

    def run_(self, *command, **more):
        return subprocess.run([str(word) for word in command], env=self.settings, cwd=self.folder, capture_output=True,
                              timeout=30, **more)

    def good(self, *command, **more):
        done = self.run_(*command, **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()


class BatchTest(Example):
    prompts = [
        {"prompt": "Say \"one\",\nplease", "custom_id": "first"},
        {"custom_id": "second", "prompt": "caf\u00e9 \U0001f680"},
        {"prompt": "three", "unknown": [{"prompt": "no"}]},
    ]

    def write(self, *lines):
        (self.folder / "prompts").write_text("\n\n".join(json.dumps(line) for line in lines))

    def results(self):
        return [json.loads(line) for line in (self.folder / "results").read_text().splitlines()]

    def test_every_prompt_is_answered_once_and_a_cut_file_is_made_whole(self):
        self.write(*self.prompts)
        self.good(BATCH, "prompts", "results")
        results = self.results()
        self.assertEqual(sorted(result["custom_id"] for result in results), ["3", "first", "second"])
        for result in results:
            prompt = {"first": 0, "second": 1, "3": 2}[result["custom_id"]]
            self.assertIn(self.prompts[prompt]["prompt"], result["message"]["content"][0]["text"])
        whole = (self.folder / "results").read_bytes()
        for size in range(0, len(whole), 149):
            (self.folder / "results").write_bytes(whole[:size])
            self.good(BATCH, "results")
            self.assertEqual((self.folder / "results").read_bytes(), whole)

    def test_a_prompt_that_cannot_be_sent_is_named(self):
        self.write(self.prompts[0], {"prompt": "x", "custom_id": "a b"})
        done = self.run_(BATCH, "prompts", "results")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"prompt 2 of this file", done.stderr)
        self.assertFalse((self.folder / "results.id").exists())

    def test_progress_is_shown_on_a_terminal_only(self):
        self.write(self.prompts[0])
        self.assertNotIn(b"\r", self.run_(BATCH, "prompts", "results").stderr)
        master, slave = pty.openpty()
        done = subprocess.run([BATCH, "prompts", "others"], env=self.settings, cwd=self.folder, stderr=slave, timeout=30)
        os.close(slave)
        shown = os.read(master, 65536).decode()
        os.close(master)
        self.assertEqual(done.returncode, 0)
        self.assertIn("1 requests in progress", shown)
        self.assertIn("1 results", shown)


class UploadTest(Example):
    def test_a_file_and_a_stream_are_uploaded_listed_and_deleted(self):
        content = bytes(range(256)) * 3000
        (self.folder / "photo.png").write_bytes(content)
        photo = self.good(UPLOAD, self.folder / "photo.png", "image/png").strip()
        stream = self.good(UPLOAD, "-", "from a pipe", "text/plain", input=content).strip()
        listed = self.good(UPLOAD, "--list")
        self.assertIn(f"{photo}     768000 image/png photo.png\n", listed)
        self.assertIn(f"{stream}     768000 text/plain from a pipe\n", listed)
        self.good(UPLOAD, "--delete", photo)
        self.assertNotIn(photo, self.good(UPLOAD, "--list"))
        self.assertEqual(self.run_(UPLOAD, "--delete", photo).returncode, 1)

    def test_what_is_not_there_is_not_uploaded(self):
        self.assertEqual(self.run_(UPLOAD, "nothing").returncode, 1)
        self.assertEqual(self.run_(UPLOAD).returncode, 2)


unittest.main(argv=sys.argv[:1])
