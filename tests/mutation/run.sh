#!/bin/sh
# Faults in the headers, judged by the unit tests. See mutation.py.
cd "$(dirname "$0")/../.." && exec python3 tests/mutation/mutation.py "$@"
