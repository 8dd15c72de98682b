#!/bin/sh
# Consumers of the packages in single_include/.
set -e
cd "$(dirname "$0")/../.."
for tool in c++ cmake ninja meson pkg-config git python3; do
  command -v $tool > /dev/null || { echo "needs $tool"; exit 77; }
done
python3 tests/packages/packages_test.py
