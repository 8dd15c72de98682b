"""Runs the examples that use tools against the stand-in server. Arguments: the stand-in, tools, agent."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from standin import PATIENCE_S, Server  # noqa: E402

STANDIN, TOOLS, AGENT = sys.argv[1:4]
READ = "I will use read_temperature.\n[kitchen: 18.1, valve at 0 percent]\n"


class Example(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_example(self, program, *arguments, misbehave="", pace="0", code=0, **settings):
        with Server(STANDIN, self.folder.name, "--pace", pace, "--misbehave", misbehave) as server:
            done = subprocess.run([program, *arguments], env={**os.environ, **server.settings, **settings},
                                  capture_output=True, text=True, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout


class Tools(Example):
    def test_the_lamp_is_switched_and_the_model_told(self):
        self.assertEqual(self.run_example(TOOLS),
                         'I will use set_lamp.\n[lamp: on, 1 %, warm]\nThe tool says: "done".\n(1 calls in 2 rounds)\n')

    def test_two_calls_of_one_turn_are_answered_in_one_round(self):
        said = self.run_example(TOOLS, misbehave="calls=2")
        self.assertEqual(said.count("[lamp: on, 1 %, warm]"), 2)
        self.assertIn('The tool says: "done". The tool says: "done".\n(2 calls in 2 rounds)\n', said)

    def test_a_stream_that_breaks_off_switches_nothing(self):
        said = self.run_example(TOOLS, misbehave="no-stop", code=1)
        self.assertNotIn("[lamp", said)
        self.assertIn("(0 calls in 1 rounds)\nstopped: truncated (HTTP status 200)", said)

    def test_a_model_without_end_is_stopped(self):
        said = self.run_example(TOOLS, misbehave="loop", code=1)
        self.assertIn("stopped: out_of_room", said)  # its pages of 4096 bytes end before the 16 rounds of Brakes


class Agent(Example):
    def test_it_looks_and_reports(self):
        said = self.run_example(AGENT)
        self.assertTrue(said.startswith(READ + 'The tool says: "18.1, valve at 0 percent".\n(1 calls in 2 rounds, '), said)

    def test_it_acts(self):
        self.assertIn("[kitchen: valve to 1 % because the model said so]", self.run_example(AGENT, "Use open_valve."))

    def test_a_tool_described_by_text_answers(self):
        self.assertIn('The tool says: "frost at night".', self.run_example(AGENT, "What does the forecast say?"))

    # ---- each brake, with an exit code of its own ---------------------------------------------------------------------

    def brake(self, code, error, misbehave="loop", pace="0", **settings):
        said = self.run_example(AGENT, code=code, misbehave=misbehave, pace=pace, **settings)
        self.assertIn(f"stopped: {error} (HTTP status 0)", said)
        return said

    def test_rounds(self):
        said = self.brake(2, "out_of_rounds")
        self.assertTrue(said.startswith(READ * 6 + "\n(6 calls in 6 rounds, "), said)
        self.assertIn("(2 calls in 2 rounds, ", self.brake(2, "out_of_rounds", AGENT_ROUNDS="2"))

    def test_calls(self):
        said = self.brake(3, "out_of_calls", misbehave="calls=11")
        self.assertEqual(said.count("[kitchen:"), 10)
        self.assertIn("(10 calls in 1 rounds, ", said)

    def test_tokens(self):
        self.assertIn("(1 calls in 1 rounds, ", self.brake(4, "out_of_tokens", AGENT_TOKENS="1"))

    def test_time(self):
        said = self.brake(5, "out_of_time", pace="100", AGENT_MS="150")
        self.assertIn("(0 calls in 1 rounds, 0 tokens, ", said)

    def test_money(self):
        said = self.brake(6, "spent", AGENT_MICRODOLLARS="1")
        self.assertIn("(1 calls in ", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
