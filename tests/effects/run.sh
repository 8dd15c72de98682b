#!/bin/sh
# No heap, no lock, no exception below any entry point: by the compiler's proof, by RealtimeSanitizer, and by counting.
set -eu
cd "$(dirname "$0")/../.."
clang=
for name in clang++-22 clang++-21 clang++-20 clang++; do
  command -v $name > /dev/null || continue
  [ "$($name -dumpversion | cut -d. -f1)" -lt 20 ] || { clang=$name; break; }
done

out=build/effects
mkdir -p $out
python3 tests/recordings/pack.py $out/recordings.pack
switches=$(sed -n 's/^#ifndef PICOCLAUDE_ENABLE_\([A-Z_]*\).*/-DPICOCLAUDE_ENABLE_\1=1/p' include/picoclaude/config.hpp |
  grep -v MBEDTLS)
flags="-std=c++17 -O1 -fno-exceptions -fno-rtti -DPICOCLAUDE_ENABLE_MBEDTLS=0 -DPICOCLAUDE_RECORDINGS=\"$out/recordings.pack\"
  -Iinclude -Itests tests/effects/realtime.cpp"

# $1: must it be noticed; the rest: compiler and flags
play() {
  planted=$1
  shift
  "$@" $flags -o $out/realtime || return 1
  if [ "$planted" = no ]; then
    $out/realtime
  elif $out/realtime > $out/said 2>&1; then
    echo "a planted malloc was not noticed: $*"
    return 1
  else
    echo 'a planted malloc was noticed'
  fi
}

echo 'malloc is counted'
play no g++ tests/support/heap.cpp
play no g++ tests/support/heap.cpp $switches
play yes g++ tests/support/heap.cpp -DPLANTED
if [ -z "$clang" ]; then
  echo 'needs a clang of 20 or later for the proof and for RealtimeSanitizer'
  exit 77
fi
echo 'RealtimeSanitizer'
play no $clang -fsanitize=realtime -DREALTIME
play no $clang -fsanitize=realtime -DREALTIME $switches
play yes $clang -fsanitize=realtime -DREALTIME -DPLANTED
echo 'function effects'
python3 tests/effects/effects.py $clang
