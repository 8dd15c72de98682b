"""Starts the stand-in servers that seams_test.cpp asks. Arguments: the program, the stand-in server, the traces' file."""
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "recordings")]
from standin import Server  # noqa: E402
import pack  # noqa: E402

PROGRAM, STANDIN, TRACES = sys.argv[1:4]


def main():
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        (Path(folder) / "streams").mkdir()
        for name, body, _ in pack.recordings():
            if name.startswith("streams/"):
                (Path(folder) / name).write_bytes(body)
        good = stack.enter_context(Server(STANDIN, folder, "--recordings", folder, "--pace", "0"))
        settings = {"SEAMS_GOOD": f"https://localhost:{good.port}", "SEAMS_CA": good.ca, "SEAMS_TRACES": TRACES}
        for name, flaw in [("EXPIRED", "expired"), ("UNKNOWN", "unknown-authority"), ("WRONG_HOST", "wrong-host")]:
            bad = stack.enter_context(Server(STANDIN, folder, "--certificate", flaw))
            settings["SEAMS_" + name] = f"https://localhost:{bad.port}"
            settings[f"SEAMS_{name}_CA"] = bad.ca
        return subprocess.run([PROGRAM, "--no-intro", "--no-version"], env={**os.environ, **settings}).returncode


if __name__ == "__main__":
    sys.exit(main())
