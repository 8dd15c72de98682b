#!/bin/sh
# One command for all tables: builds what is found and runs it, about ten minutes. Needs no network.
#
#   sh tests/bench/run.sh [rounds=3] [only=speed,instructions,linear,others] [megabytes=20] [report=docs/bench.md]
set -e
cd "$(dirname "$0")/../.."
[ -d build/bench ] || CXX=g++ meson setup build/bench -Dtests=enabled -Dexamples=disabled
targets=$(ninja -C build/bench -t targets all | sed -n 's/^\(tests\/bench\/[a-z_]*\): .*LINKER$/\1/p')
ninja -C build/bench $targets
python3 tests/bench/bench.py build/bench/tests/bench "$@"
