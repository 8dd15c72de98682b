"""Starts the stand-in server for tests that are written in Python."""
import os
import subprocess
import time

PATIENCE_S = 10


def contents(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


class Server:
    """The stand-in server; gone at the end of the with block."""

    def __init__(self, program, folder, *options, port=0):
        self.ca = os.path.join(folder, f"ca-{time.monotonic_ns()}.pem")
        port_file = self.ca + ".port"
        self.process = subprocess.Popen(
            [program, "--port", str(port), "--port-file", port_file, "--ca", self.ca, "--quiet", "--lifetime", "600",
             *options])
        deadline = time.monotonic() + PATIENCE_S
        while not (port_text := contents(port_file).strip()):
            assert time.monotonic() < deadline and self.process.poll() is None, "the stand-in did not start"
            time.sleep(0.02)
        self.port = int(port_text)

    @property
    def settings(self):
        """The environment that leads a program here."""
        return {"PICOCLAUDE_BASE_URL": f"https://localhost:{self.port}", "PICOCLAUDE_CA": self.ca,
                "ANTHROPIC_API_KEY": "any"}

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
