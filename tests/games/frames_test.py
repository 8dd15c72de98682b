"""Starts the stand-in server for frames_test.cpp. Arguments: the program, the stand-in server."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from standin import Server  # noqa: E402

PROGRAM, STANDIN = sys.argv[1:3]

with tempfile.TemporaryDirectory() as folder, Server(STANDIN, folder) as server:
    settings = {"FRAMES_URL": f"https://127.0.0.1:{server.port}", "FRAMES_CA": server.ca}
    code = subprocess.run([PROGRAM, "--no-intro", "--no-version"], env={**os.environ, **settings}).returncode
sys.exit(code)
