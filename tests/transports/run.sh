#!/bin/sh
# The transports against stubs of their systems, and Winsock under Wine where there is one.
set -e
cd "$(dirname "$0")/../.."
built() { ninja -C "build/$1" -t targets all | sed -n 's/^\(tests\/transports\/[a-z_.]*\): .*LINKER$/\1/p'; }

for tool in g++ meson ninja; do command -v $tool > /dev/null || { echo "needs $tool"; exit 77; }; done
[ -f build/gcc/build.ninja ] || CXX=g++ meson setup build/gcc -Dtests=enabled
ninja -C build/gcc build.ninja
ninja -C build/gcc $(built gcc)
meson test -C build/gcc --no-rebuild --suite transports --print-errorlogs

if command -v x86_64-w64-mingw32-g++ > /dev/null && command -v wine > /dev/null; then
  [ -f build/cross-mingw64/build.ninja ] || meson setup build/cross-mingw64 --cross-file tests/cross/mingw64.ini -Dtests=enabled \
    -Dexamples=disabled -Doptimization=0 -Ddebug=false -Denable_mbedtls=disabled
  ninja -C build/cross-mingw64 build.ninja
  ninja -C build/cross-mingw64 $(built cross-mingw64)
  WINEDEBUG=-all meson test -C build/cross-mingw64 --no-rebuild --suite transports --print-errorlogs
else
  echo 'SKIPPED: Winsock, needs x86_64-w64-mingw32-g++ and wine'
fi
