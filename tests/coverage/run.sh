#!/bin/sh
# What the unit tests reach, with the first clang that knows MC/DC. See coverage.py.
cd "$(dirname "$0")/../.." || exit 1
for name in clang++-22 clang++-21 clang++-20 clang++-19 clang++-18; do
  ! command -v $name > /dev/null || exec python3 tests/coverage/coverage.py $name "$@"
done
echo 'needs a clang of 18 or later'
exit 77
