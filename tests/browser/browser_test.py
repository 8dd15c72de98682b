"""The HTTP seam over fetch, and the page of the examples, in headless Chromium against the stand-in server.

Arguments: the folder of the compiled pages, the stand-in server, the program that prints what must be told. The picture
in docs/ is made by
  meson test -C build/gcc fetch && cp build/gcc/tests/browser/page.png docs/
"""
import os
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


class InBrowser(unittest.TestCase):
    """A browser, the pages and a server for all tests of a class."""
    page = None

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
        cls.browser.open(cls.pages.origin + cls.page)

    @classmethod
    def serve(cls, *options):
        return cls.enterClassContext(Server(
            STANDIN, cls.folder, "--plain", "--page", cls.pages.origin, "--recordings", cls.folder, *options))


class Seam(InBrowser):
    page = "/traces.html"

    @classmethod
    def serve(cls, *options):
        return super().serve("--pace", "0", *options)

    def setUp(self):
        self.browser.wait_for("return window.ready")

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


class Page(InBrowser):
    page = "/page.html"

    def setUp(self):
        self.browser.open(self.pages.origin + self.page)
        self.browser.wait_for("return !document.getElementById('ask').disabled")

    def ask(self, question, key="sk-test", server=None):
        self.browser.type("#address", f"http://127.0.0.1:{(server or self.server).port}")
        self.browser.type("#key", key)
        self.browser.type("#question", question)
        self.browser.click("#ask")

    def shown(self, selector):
        return self.browser.run("return document.querySelector(arguments[0]).textContent", selector)

    def wait_for_end(self):
        self.browser.wait_for("return !document.getElementById('ask').disabled")

    def test_an_answer_streams_into_the_page(self):
        # The page itself notes every state of the text.
        self.browser.run("""
            window.states = [];
            new MutationObserver(function() {
              window.states.push(document.getElementById('answer').textContent);
            }).observe(document.getElementById('answer'), {childList: true});""")
        self.ask("Tell me a haiku.", server=self.serve("--pace", "60"))
        self.wait_for_end()
        haiku = "A short loop wakes up,\nreads one byte, and sleeps again.\nThe moon has no heap."
        self.assertEqual(self.shown("#answer"), haiku)
        self.assertRegex(self.shown("#status"), r"^\d+ tokens in, \d+ out$")
        states = self.browser.run("return window.states")
        self.assertGreater(len(set(states)), 4, "the text came at once")
        for state in states:
            self.assertTrue(haiku.startswith(state), state)
        picture = os.path.join(FOLDER, "page.png")
        self.browser.screenshot(picture)
        self.assertLess(os.path.getsize(picture), 200_000)
        self.assertGreater(os.path.getsize(picture), 10_000)

    def test_the_key_is_forgotten_and_goes_to_the_service_only(self):
        self.ask("Hello", key="sk-very-secret-1234")
        self.wait_for_end()
        self.assertEqual(self.browser.run("return document.getElementById('key').value"), "")
        kept = self.browser.run("""
            const wanted = new TextEncoder().encode('sk-very-secret-1234');
            let found = 0;
            for (let at = HEAPU8.indexOf(wanted[0]); at >= 0; at = HEAPU8.indexOf(wanted[0], at + 1)) {
              if (wanted.every(function(byte, i) { return HEAPU8[at + i] == byte; })) ++found;
            }
            return found;""")
        self.assertEqual(kept, 0, "the key is still in the program's memory")
        self.assertEqual(self.browser.run("return JSON.stringify(Module.picoclaudeFetch)").count("secret"), 0)

    def test_cancel_ends_the_answer_where_it_is(self):
        self.ask("count to 500", server=self.serve("--pace", "100"))
        self.browser.wait_for("return document.getElementById('answer').textContent.length > 5")
        self.browser.click("#cancel")
        self.wait_for_end()
        text = self.shown("#answer")
        self.assertEqual(self.shown("#status"), "cancelled")
        self.assertTrue(text.startswith("1, 2"), text)
        self.browser.run("return null")
        self.assertEqual(self.shown("#answer"), text)

    def test_errors_are_shown(self):
        self.ask("Hello", key="invalid")
        self.wait_for_end()
        self.assertTrue(self.shown("#status").startswith("authentication: "), self.shown("#status"))
        self.assertEqual(self.browser.run("return document.getElementById('status').className"), "failed")
        self.ask("Hello", server=self.serve("--misbehave", "error-midstream"))
        self.wait_for_end()
        self.assertEqual(self.shown("#status"), "overloaded: Overloaded")
        self.ask("", key="sk-test")
        self.wait_for_end()
        self.assertEqual(self.shown("#status"), "missing_messages")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
