"""The HTTP seam over fetch, in headless Chromium against the stand-in server.

Arguments: the folder of the compiled page, the stand-in server, the program that prints what must be told.
"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / part) for part in ["browser", "support", "recordings"]]
from chromium import Browser, Pages  # noqa: E402
from standin import Server  # noqa: E402
import pack  # noqa: E402

FOLDER, STANDIN, EXPECTED = sys.argv[1:4]


def expected_traces():
    said = subprocess.run([EXPECTED], stdout=subprocess.PIPE, check=True).stdout.decode()
    return dict(one.split("\n", 1) for one in said.split("\n\n") if one)


class Seam(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        (Path(cls.folder) / "streams").mkdir()
        for name, body, _ in pack.recordings():
            if name.startswith("streams/"):
                (Path(cls.folder) / name).write_bytes(body)
        cls.pages = cls.enterClassContext(Pages(FOLDER))
        cls.browser = cls.enterClassContext(Browser())
        cls.server = cls.serve()
        cls.browser.open(cls.pages.origin + "/traces.html")
        cls.browser.wait_for("return window.ready")

    @classmethod
    def serve(cls, *options):
        return cls.enterClassContext(Server(
            STANDIN, cls.folder, "--plain", "--page", cls.pages.origin, "--recordings", cls.folder, "--pace", "0",
            *options))

    def begin(self, wish, direct=True, server=None, first_byte_ms=20_000):
        url = f"http://127.0.0.1:{(server or self.server).port}"
        self.browser.run("ccall('ask', null, ['string', 'string', 'number', 'number'], arguments)", url, wish,
                         int(direct), first_byte_ms)

    def answer(self):
        return self.browser.wait_for("return ccall('answer', 'string', [], [])")

    def ask(self, wish, **settings):
        self.begin(wish, **settings)
        return self.answer()

    def test_every_recording_gives_the_same_events_as_through_the_byte_seam(self):
        expected = expected_traces()
        self.assertEqual(len(expected), 64)
        for name, lines in expected.items():
            with self.subTest(name):
                self.assertEqual(self.ask("play=" + name), lines + "\n")

    def test_without_the_opt_in_the_service_answers_no_page(self):
        told = self.ask("", direct=False)
        self.assertIn("error_text 0 CORS requests must set 'anthropic-dangerous-direct-browser-access' header", told)
        self.assertIn("authentication http 401", told)

    def test_a_redirect_is_not_followed(self):
        elsewhere = self.serve("--once", "1")
        told = self.ask(f"status=307,redirect=http://127.0.0.1:{elsewhere.port}/v1/messages")
        self.assertEqual(told, "transport_failed http 0 stop_reason 0 refusal 0 usage 0 0 0 0\n")
        self.assertIsNone(elsewhere.process.poll())  # one request would have ended it

    def test_a_server_that_is_gone_is_told(self):
        gone = self.serve()
        gone.stop()
        self.assertIn("transport_failed http 0", self.ask("", server=gone))

    def test_a_connection_that_breaks_in_mid_stream_is_told(self):
        self.assertIn("truncated http 200", self.ask("cut=900,cut-how=reset"))
        self.assertIn("truncated http 200", self.ask("cut=900"))
        self.assertIn("truncated http 200", self.ask("no-stop"))

    def test_silence_is_told(self):
        self.assertIn("first_byte_timeout http 0", self.ask("wait=5000", first_byte_ms=300))

    def test_a_cancelled_answer_aborts_the_request(self):
        self.begin("words=60,slow=300")
        self.browser.run("ccall('cancel', null, [], [])")
        self.assertIn("cancelled", self.answer())
        self.assertIn("none http 200", self.ask("play=01_text_basic"))

    def test_an_error_of_the_service_is_told(self):
        self.assertIn("overloaded http 529", self.ask("status=529"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
