"""Talks to the terminal chat over a pseudo terminal, as a person would. Arguments: the chat, the stand-in server."""
import os
import pty
import re
import select
import signal
import socket
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from standin import PATIENCE_S, Server  # noqa: E402

CHAT, STANDIN = sys.argv[1:3]


class Chat:
    """The chat in a terminal of its own."""

    def __init__(self, settings):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(CHAT, [CHAT], {**os.environ, **settings})
        self.heard = ""
        self.ended = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.ended is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def expect(self, text):
        """What came up to and with `text`."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self.heard:
            left = deadline - time.monotonic()
            ready = left > 0 and select.select([self.terminal], [], [], left)[0]
            try:
                more = os.read(self.terminal, 4096) if ready else b""
            except OSError:  # Linux's way to say that the other side is closed
                more = b""
            if not more:
                raise AssertionError(f"waited for {text!r}, got {self.heard!r}")
            self.heard += more.decode(errors="replace").replace("\r\n", "\n")
        end = self.heard.index(text) + len(text)
        result, self.heard = self.heard[:end], self.heard[end:]
        return result

    def type(self, text):
        os.write(self.terminal, text.encode())

    def ask(self, question):
        """The whole answer, up to the next prompt."""
        self.type(question + "\n")
        self.expect(question + "\n")  # the terminal's echo
        return self.expect("you> ")[: -len("\nyou> ")]

    def leave(self):
        self.type("\x04")
        deadline = time.monotonic() + PATIENCE_S
        while self.ended is None and time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.ended = os.waitstatus_to_exitcode(status) if pid else None
            time.sleep(0.01)
        return self.ended


class ChatTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def chat(self, server, **settings):
        chat = self.enter(Chat({**server.settings, **settings}))
        chat.expect("you> ")
        return chat

    def serve(self, *options, port=0):
        return self.enter(Server(STANDIN, self.folder, *options, port=port))

    def enter(self, context):
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return context

    def test_interrupt_cancels_the_answer_and_not_the_program(self):
        chat = self.chat(self.serve("--pace", "30"))
        self.assertEqual(chat.ask("Hello!"), "Hello! What shall we build today?")
        self.assertEqual(chat.ask("The capital of France?"), "The capital of France is Paris.")
        chat.type("Count to 5000\n")
        chat.expect("1, 2, 3")
        chat.type("\x03")
        begun = time.monotonic()
        rest = chat.expect("you> ")
        self.assertIn(" (cancelled)\n", rest)
        self.assertNotIn("5000.", rest)
        self.assertLess(time.monotonic() - begun, 2)
        self.assertIn('This is turn 4; we began with "Hello!"', chat.ask("Go on."))
        chat.type("half a line\x03")
        chat.expect("(Ctrl-D ends)\nyou> ")
        self.assertIn('You said: "Still there?" This is turn 5;', chat.ask("Still there?"))
        self.assertEqual(chat.leave(), 0)

    def test_a_dropped_connection_costs_one_answer(self):
        chat = self.chat(self.serve("--pace", "0", "--misbehave", "cut=900,cut-how=reset,fail-first=1"))
        self.assertRegex(chat.ask("Count to 500"), r"(?s)\n\(truncated, HTTP status 200, .*: ask again\)$")
        self.assertEqual(chat.ask("Hello?"), "Hello! What shall we build today?")
        self.assertIn('turn 2; we began with "Hello?"', chat.ask("What came first?"))

    def test_a_server_that_closes_every_connection_is_asked_again(self):
        chat = self.chat(self.serve("--pace", "0", "--misbehave", "close-after"))
        for _ in range(3):
            self.assertEqual(chat.ask("Hello"), "Hello! What shall we build today?")

    def test_a_server_that_was_away_is_found_again(self):
        server = self.serve("--pace", "0")
        chat = self.chat(server)
        self.assertEqual(chat.ask("Hello"), "Hello! What shall we build today?")
        server.stop()
        away = chat.ask("Are you there?")
        self.assertIn("(connect_failed, HTTP status 0, ", away)
        self.assertIn("look at the connection", away)
        # A new stand-in has a new authority, which this chat does not trust.
        self.serve("--pace", "0", port=server.port)
        self.assertIn("(tls_unknown_ca, HTTP status 0,", chat.ask("And you?"))

    def test_interrupt_ends_a_handshake_that_nobody_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            chat = self.enter(Chat({"PICOCLAUDE_BASE_URL": f"https://127.0.0.1:{silent.getsockname()[1]}",
                                    "ANTHROPIC_API_KEY": "any"}))
            chat.expect("you> ")
            chat.type("Hello?\n")
            with silent.accept()[0]:
                chat.type("\x03")
                chat.expect(" (cancelled)\nyou> ")
                self.assertEqual(chat.leave(), 0)

    def test_an_overloaded_service_is_tried_again(self):
        chat = self.chat(self.serve("--pace", "0", "--misbehave", "status=529,fail-first=1,retry-after-ms=10"))
        self.assertRegex(chat.ask("Hello"), r"(?s)\(trying again\)\nHello! What shall we build today\?$")

    def test_a_bad_key_is_named(self):
        chat = self.chat(self.serve("--pace", "0"), ANTHROPIC_API_KEY="invalid")
        self.assertIn("(authentication, HTTP status 401, native code 0: set ANTHROPIC_API_KEY to a valid key)",
                      chat.ask("Hello"))
        chat = self.chat(self.serve("--pace", "0"), ANTHROPIC_API_KEY="")
        self.assertIn("(missing_key, HTTP status 0, native code 0: set ANTHROPIC_API_KEY", chat.ask("Hello"))

    def test_the_oldest_turns_are_forgotten(self):
        chat = self.chat(self.serve("--pace", "0"))
        for number in range(1, 31):
            said = chat.ask(f"question {number} " + "x" * 3000)
        turn, first = map(int, re.search(r'This is turn (\d+); we began with "question (\d+) x', said).groups())
        self.assertEqual(first + turn - 1, 30)
        self.assertGreater(first, 1)
        self.assertGreater(turn, 10)

    def test_control_characters_stay_out_of_the_terminal(self):
        chat = self.chat(self.serve("--pace", "0"))
        chat.type("bell \x16\x1b[31m end\n")  # ^V takes the next one as it is
        chat.expect("end\n")
        said = chat.expect("you> ")
        self.assertIn("bell [31m end", said)
        self.assertNotIn("\x1b", said)


if __name__ == "__main__":
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError as reason:
        print(f"SKIPPED  the chat: no pseudo terminal can be had here: {reason}")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
