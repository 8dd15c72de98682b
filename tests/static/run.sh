#!/bin/sh
# No warning of any analyzer: two generations of clang-tidy (.clang-tidy says which checks, and why not the others),
# clang's static analyzer, cppcheck, and both compilers' warnings, over everything that the headers can become.
set -u
cd "$(dirname "$0")/../.." || exit 1
out=build/static
mkdir -p $out

switches=$(sed -n 's/^#ifndef PICOCLAUDE_ENABLE_\([A-Z_]*\).*/-DPICOCLAUDE_ENABLE_\1=1/p' include/picoclaude/config.hpp |
  grep -v -e MBEDTLS -e LOOPBACK)
strict='-fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror'
lacking=

# Runs a tool over a program; what it says is kept only when it refuses.
try() {
  echo "$*" | cut -c1-110
  "$@" > $out/said 2>&1 || { cat $out/said; return 1; }
}

# The analyzer looks into what is in the main file: so everything becomes one.
whole() {
  grep -hv -e '^#pragma once' -e '^#include "' -e '^#include <picoclaude' "$1" tests/effects/played.hpp \
    tests/effects/entry_points.hpp tests/static/everything.cpp > $out/whole.cpp
}
analyzer='clang++-22 --analyze -Xclang -analyzer-output=text -Xclang -analyzer-werror -std=c++17'
good=0
whole single_include/picoclaude.hpp
for tidy in clang-tidy-22 clang-tidy; do
  command -v $tidy > /dev/null || continue
  try $tidy --quiet --warnings-as-errors='*' tests/static/everything.cpp -- -std=c++17 -Iinclude $switches || good=1
done
command -v clang++-22 > /dev/null && { try $analyzer $switches $out/whole.cpp || good=1; }
command -v cppcheck > /dev/null &&
  { try cppcheck --quiet --std=c++17 --language=c++ --enable=warning,performance,portability --error-exitcode=1 \
    -Iinclude $switches tests/static/everything.cpp || good=1; }
for compiler in g++ clang++ clang++-22; do
  command -v $compiler > /dev/null || continue
  for chosen in -DPICOCLAUDE_ENABLE_MBEDTLS=0 "$switches"; do
    try $compiler -std=c++17 $strict -Wno-attributes -Iinclude $chosen -fsyntax-only tests/static/everything.cpp || good=1
  done
done
[ $good = 0 ] || exit 1

for tool in g++ clang++ clang++-22 clang-tidy clang-tidy-22 cppcheck; do
  command -v $tool > /dev/null || lacking="$lacking $tool"
done
# Each kind of tool must notice what is planted for it in the JSON reader.
for part in config base/view base/text base/error base/scan wire/json_reader; do
  grep -v -e '^#pragma once' -e '^#include "' include/picoclaude/$part.hpp
done > $out/reader.cpp
echo 'template class picoclaude::BasicJsonReader<96>;' >> $out/reader.cpp
plant() {
  sed "s|^  Json step_structure(char c) {\$|& $1|" $out/reader.cpp > $out/planted.cpp
  cmp -s $out/reader.cpp $out/planted.cpp && { echo 'nothing was planted'; exit 1; }
  shift
  command -v "$1" > /dev/null || return 0
  "$@" > $out/said 2>&1 && { echo "a planted fault was not noticed by: $*"; exit 1; }
  echo "$1 notices: $(grep -m 1 -e error -e warning $out/said)"
}
plant 'if (c == 1) return step_structure(c);' \
  clang-tidy-22 --quiet --warnings-as-errors='*' $out/planted.cpp -- -std=c++17
plant 'int* null = nullptr; if (c == 1) *null = 1;' $analyzer $out/planted.cpp
plant 'char few[4] = {}; few[4] = c; if (few[0] != 0) fail(error_);' \
  cppcheck --quiet --std=c++17 --language=c++ --error-exitcode=1 $out/planted.cpp
for compiler in g++ clang++ clang++-22; do
  plant 'const std::uint8_t narrow = depth_ * 300u; if (narrow == c) fail(error_);' \
    $compiler -std=c++17 -fsyntax-only $strict $out/planted.cpp
done

[ -z "$lacking" ] || echo "SKIPPED without:$lacking"
