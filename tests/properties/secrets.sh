#!/bin/sh
# No copy of the key is left, whatever the optimizer does: g++ and clang++, each with its usual and its strongest level,
# for size, and at link time.
#
#   secrets.sh FOLDER
set -u
here=$(cd "$(dirname "$0")" && pwd)
failed=0
for compiler in g++ clang++; do
  command -v $compiler > /dev/null || { echo "SKIPPED: copies of the key, no $compiler"; continue; }
  # All symbols are bound at the start: binding one later saves registers on the stack, which may hold bytes of the key.
  for level in -O2 -O3 -Os '-O3 -flto'; do
    case $level in
      *flto)
        echo 'int main() {}' > "$1/secrets_probe.cpp"
        $compiler -flto "$1/secrets_probe.cpp" -o "$1/secrets_probe" 2> /dev/null ||
          { echo "SKIPPED: copies of the key, no $compiler $level"; continue; } ;;
    esac
    said='does not compile'
    # shellcheck disable=SC2086
    $compiler -std=c++17 $level -fno-exceptions -fno-rtti -DPICOCLAUDE_ENABLE_MBEDTLS=0 -I"$here/../../include" \
      -Wl,-z,now "$here/secrets.cpp" -o "$1/secrets" && said=$("$1/secrets") || failed=1
    echo "$compiler $level: $said"
  done
done
exit $failed
