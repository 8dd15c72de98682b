#!/bin/sh
# The traces of 20,000 seeds come to the same number with every compiler and on every processor.
#
#   traces.sh FOLDER here                    g++ and clang++ of this machine
#   traces.sh FOLDER arm-linux-gnueabihf     32 bits, unsigned char       (with qemu-user)
#   traces.sh FOLDER s390x-linux-gnu         64 bits, big-endian
#   traces.sh FOLDER powerpc-linux-gnu       32 bits, big-endian
#
# The number changes with the order of the client's calls and events: pin the new one where all agree on it.
set -u
wanted=ba9b180fb9787854
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
processor=$2
failed=0

traces() { # compiler optimization runner
  for tool in $1 $3; do
    command -v "$tool" > /dev/null || { echo "SKIPPED: traces of simulated sessions, no $tool"; return; }
  done
  program=$folder/traces-$1
  static=
  [ -z "$3" ] || static=-static
  "$1" -std=c++17 "$2" $static -fno-exceptions -fno-rtti -DPICOCLAUDE_ENABLE_MBEDTLS=0 -I"$here/../../include" -I"$here/.." \
    "$here/simulation.cpp" "$here/plain.cpp" "$here/prefixed.cpp" "$here/message.cpp" -o "$program" || { failed=1; return; }
  said=$($3 "$program" trace 20000)
  echo "$1 $2: the traces of 20,000 seeds come to $said"
  [ "$said" = "$wanted" ] || { echo "$1: FAILED, wanted $wanted"; failed=1; }
}

case $processor in
  here)
    traces g++ -O2 ''
    traces clang++ -O1 ''
    ;;
  arm-*) traces $processor-g++ -O1 qemu-arm ;;
  s390x-*) traces $processor-g++ -O1 qemu-s390x ;;
  powerpc-*) traces $processor-g++ -O1 qemu-ppc ;;
  *) echo "no such processor: $processor"; failed=1 ;;
esac
exit $failed
