#!/bin/sh
# One command for all tables: builds what is found and runs it, about ten minutes. Needs no network.
#
#   sh tests/bench/run.sh [rounds=3] [only=speed,instructions,linear] [megabytes=20]
set -e
cd "$(dirname "$0")/../.."
[ -d build/bench ] || CXX=g++ meson setup build/bench -Dtests=enabled -Dexamples=disabled
targets=$(ninja -C build/bench -t targets all | sed -n 's/^\(tests\/bench\/[a-z_]*\): .*LINKER$/\1/p')
ninja -C build/bench $targets
python3 tests/bench/bench.py build/bench/tests/bench "$@"
build/bench/tests/bench/crowd
[ ! -x build/bench/tests/bench/first_text ] || build/bench/tests/bench/first_text
