#!/bin/sh
# Builds and runs tests for other processors and systems.
#
#   sh tests/cross/run.sh cortex-m4 armhf ...           each is a file here; xtensa is only compiled
#   UNIT='cortex-m4 armhf' sh tests/cross/run.sh ...    the unit tests there
#
# The unit tests run on a 32-bit board with the smallest instruction set, on Windows and as WebAssembly; tests/deep.sh runs
# them on a big-endian machine as well. The others run the recorded streams, optimized for size. Prints a line for each;
# builds stay in build/cross-NAME.
set -u
cd "$(dirname "$0")/../.." || exit 1
mkdir -p build/logs
UNIT=${UNIT-cortex-m0 mingw64 emscripten}

# The Xtensa compiler has no C library and no C++ headers: picolibc's and those of the Arm compiler are borrowed.
xtensa() {
  headers=/usr/include/newlib/c++/12.2.1
  command -v xtensa-lx106-elf-g++ > /dev/null || { echo 'needs xtensa-lx106-elf-g++'; return 77; }
  xtensa-lx106-elf-g++ -std=c++17 -Os -fno-exceptions -fno-rtti -Wall -Wextra -Wconversion -Wshadow -Werror \
    -isystem $headers -isystem $headers/arm-none-eabi -isystem /usr/lib/picolibc/arm-none-eabi/include -Iinclude \
    -DPICOCLAUDE_ENABLE_MBEDTLS=0 "$@" -c tests/footprint/program.cpp -o build/cross-xtensa.o
}

cross() {
  compiler=$(sed -n "s/^cpp = '\(.*\)'/\1/p" "tests/cross/$1.ini")
  runner=$(sed -n "s/^exe_wrapper = .*\(qemu[a-z0-9-]*\|wine\|node\)['\" ].*/\1/p" "tests/cross/$1.ini")
  for tool in $compiler $runner meson ninja; do
    command -v "$tool" > /dev/null || { echo "needs $tool"; return 77; }
  done
  build=build/cross-$1
  stamp=$(cat "tests/cross/$1.ini"; ls tests/*/meson.build)
  if [ "$(cat "$build/stamp" 2> /dev/null)" != "$stamp" ]; then
    rm -rf "$build"
    meson setup "$build" --cross-file "tests/cross/$1.ini" -Dtests=enabled -Dexamples=disabled -Doptimization=0 \
      -Ddebug=false -Denable_mbedtls=disabled || return 1
    echo "$stamp" > "$build/stamp"
  fi
  case " $UNIT " in
    *" $1 "*) targets='' suites='--suite unit --suite cross' ;;
    *) targets=tests/cross/recorded suites='--suite cross' ;;
  esac
  ninja -C "$build" $targets || return 1
  said=$(WINEDEBUG=-all meson test -C "$build" --no-rebuild $suites --print-errorlogs -t 3 2>&1)
  code=$?
  echo "$said"
  case $said in *'No suitable tests defined'*) return 1 ;; esac
  return $code
}

worst=0
skipped=
for name; do
  start=$(date +%s)
  log=build/logs/cross-$name.log
  if [ "$name" = xtensa ]; then
    xtensa > "$log" 2>&1
  else
    cross "$name" > "$log" 2>&1
  fi
  code=$?
  took=$(($(date +%s) - start))
  case $code in
    0) echo "$name: ok, $took s" ;;
    77) echo "$name: SKIPPED, $(tail -n 1 "$log")"; skipped="$skipped $name" ;;
    *) tail -n 20 "$log"; echo "$name: FAILED after $took s, see $log"; worst=1 ;;
  esac
done
[ $worst = 0 ] || exit 1
[ -z "$skipped" ] || { echo "not run:$skipped"; exit 77; }
