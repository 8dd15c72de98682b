#!/bin/sh
# Firmware on emulated boards: builds the stand-in server, fetches the Pico's emulator from npm, runs firmware_test.py.
set -e
cd "$(dirname "$0")/../.."
for tool in arm-none-eabi-g++ qemu-system-arm meson ninja python3; do
  command -v $tool > /dev/null || { echo "needs $tool"; exit 77; }
done
[ -d build/gcc ] || CXX=g++ meson setup build/gcc -Dtests=enabled
ninja -C build/gcc examples/standin/standin
mkdir -p build/firmware
if [ ! -d build/firmware/node_modules/rp2040js ]; then
  timeout 60 npm --prefix build/firmware install --no-audit --no-fund rp2040js@1.4.1 ||
    echo 'SKIPPED: the Raspberry Pi Pico, npm did not give rp2040js'
fi
python3 tests/firmware/firmware_test.py build/gcc/examples/standin/standin "$@"
