#!/bin/sh
# Installs what is missing, builds and tests.
#
#   sh tests/run.sh              the core
#   sh tests/run.sh all          everything
#   sh tests/run.sh unit tls     these suites
#
# Debian's packages are installed without asking where root or sudo allows it. Builds and logs stay in build/: a second
# run is quick. The last line counts suites.
set -u
cd "$(dirname "$0")/.." || exit 1

# One suite a line: of the core, of all, or only run when it is asked for. The core's seconds add up to ten minutes. A
# suite that takes longer than its seconds is named, and at three times as long it is stopped.
table() {
  cat <<'END'
# suite        seconds  in    packages                                           command
format         15       core  clang-format                                       format
single_header  5        core  python3                                            single_header
unit           100      core  g++,meson,ninja-build,doctest-dev                  unit gcc
sanitizers     120      core  clang,libclang-rt-14-dev,meson,ninja-build,doctest-dev  unit sanitizers
prefix         100      ask   g++,meson,ninja-build,doctest-dev                  unit prefix
standards      20       core  g++,clang,libmbedtls-dev                           standards
refused        30       core  g++,clang,meson,ninja-build,doctest-dev            folder refused
switches       40       core  g++,meson,ninja-build,doctest-dev                  folder switches
switches_m0    160      all   g++,meson,ninja-build,doctest-dev,gcc-arm-none-eabi,libstdc++-arm-none-eabi-dev,picolibc-arm-none-eabi  meson_test gcc switches_m0
tls            25       core  g++,meson,ninja-build,doctest-dev,libmbedtls-dev   folder tls
standin        35       core  g++,meson,ninja-build,doctest-dev,libmbedtls-dev,nlohmann-json3-dev,curl  folder standin
examples       25       core  g++,meson,ninja-build,doctest-dev,libmbedtls-dev,nlohmann-json3-dev,python3  folder examples
readme         40       core  g++,clang,meson,ninja-build,doctest-dev,libmbedtls-dev,nlohmann-json3-dev,python3,cmake  folder readme
endpoints      40       all   g++,meson,ninja-build,doctest-dev,libmbedtls-dev,nlohmann-json3-dev  folder endpoints
quickstart     30       core  g++,libmbedtls-dev,nlohmann-json3-dev              quickstart
footprint      100      all   gcc-arm-none-eabi,libstdc++-arm-none-eabi-dev,picolibc-arm-none-eabi,meson,ninja-build  folder footprint
games          100      all   g++,meson,ninja-build,doctest-dev,libmbedtls-dev,nlohmann-json3-dev,libcurl4-openssl-dev,libsdl2-dev,libsdl2-ttf-dev,fonts-dejavu-core,xvfb,python3  folder games
firmware       40       all   g++,gcc-arm-none-eabi,libstdc++-arm-none-eabi-dev,picolibc-arm-none-eabi,qemu-system-arm,meson,ninja-build,doctest-dev,libmbedtls-dev,nlohmann-json3-dev,nodejs,python3  folder firmware
cortex_m       80       all   gcc-arm-none-eabi,libstdc++-arm-none-eabi-picolibc,qemu-system-arm,meson,ninja-build,doctest-dev,python3  cross cortex-m0 cortex-m3 cortex-m4 cortex-m33
processors     45       all   g++-i686-linux-gnu,g++-arm-linux-gnueabihf,g++-aarch64-linux-gnu,g++-s390x-linux-gnu,qemu-user,meson,ninja-build,doctest-dev,python3  cross i686 armhf aarch64 s390x
windows        80       all   g++-mingw-w64-x86-64,wine64,meson,ninja-build,doctest-dev,python3  cross mingw64
wasm           90       all   emscripten,nodejs,meson,ninja-build,doctest-dev,python3  cross emscripten
riscv_xtensa   20       all   gcc-riscv64-unknown-elf,picolibc-riscv64-unknown-elf,gcc-xtensa-lx106,libstdc++-arm-none-eabi-dev,picolibc-arm-none-eabi,qemu-system-misc,meson,ninja-build,doctest-dev,python3  cross riscv32 xtensa
packages       40       all   g++,meson,ninja-build,cmake,pkg-config,git,python3,python3-yaml,kconfig-frontends-nox,gcc-arm-none-eabi,libstdc++-arm-none-eabi-picolibc,qemu-system-arm  folder packages
transports     50       all   g++,meson,ninja-build,doctest-dev,g++-mingw-w64-x86-64,wine64  folder transports
bench          600      ask   g++,meson,ninja-build,doctest-dev,valgrind,libhttp-parser-dev,libsimdjson-dev,rapidjson-dev,nlohmann-json3-dev,libjsmn-dev,libboost1.81-dev,libyajl-dev,libcurl4-openssl-dev,python3  folder bench
effects        90       all   g++,clang-22,libclang-rt-22-dev,python3               folder effects
properties     90       all   g++,meson,ninja-build,doctest-dev                  folder properties
simulation     75       all   g++,clang,g++-arm-linux-gnueabihf,g++-s390x-linux-gnu,qemu-user,meson,ninja-build,doctest-dev  folder simulation
tls_torture    45       all   g++,meson,ninja-build,doctest-dev,libmbedtls-dev   meson_test gcc tls_torture
mutation       90      all   g++,doctest-dev,python3                            folder mutation
coverage       60       all   clang-22,llvm-22,libclang-rt-22-dev,libmbedtls-dev,doctest-dev,python3  folder coverage
fuzz           260      all   clang,libclang-rt-14-dev                           fuzz
browser        100      all   g++,meson,ninja-build,doctest-dev,libmbedtls-dev,nlohmann-json3-dev,emscripten,chromium,chromium-driver,python3  folder browser
static         150      all   g++,clang,clang-22,clang-tidy,clang-tidy-22,cppcheck,libmbedtls-dev,python3  folder static
END
}

strict='-fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror'

# ---- suites: each is run in a shell of its own, and its output goes to a log -----------------------------------------

skip() { echo "$*"; exit 77; }
absent() { echo "$* is not there yet"; exit 78; }
need() { for tool; do command -v "$tool" > /dev/null || skip "needs $tool"; done; }

format() {
  need clang-format
  ugly=
  for file in $(find include tests examples -name '*.[ch]pp' 2> /dev/null | sort); do
    clang-format --dry-run -Werror "$file" 2> /dev/null || ugly="$ugly $file"
  done
  [ -z "$ugly" ] || { echo "mend it with: clang-format -i$ugly"; return 1; }
}

single_header() {
  python3 tests/amalgamate_test.py && python3 single_include/amalgamate.py --check
}

# Sets up build/$1, anew where its settings or the folders under tests/ have changed.
configure() {
  flags=
  case $1 in
    gcc) settings=g++ ;;
    prefix) settings=g++ flags=-DPICOCLAUDE_ENABLE_PREFIX=1 ;;
    sanitizers)  # with another compiler, so that its warnings count too
      settings='clang++ -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=0'
      flags='-fno-sanitize-recover=all -DPICOCLAUDE_ENABLE_PREFIX=1' ;;
  esac
  need meson ninja "${settings%% *}"
  stamp=$(echo "$settings $flags"; ls tests/*/meson.build 2> /dev/null)
  [ "$(cat "build/$1/stamp" 2> /dev/null)" != "$stamp" ] || return 0
  rm -rf "build/$1"
  CXX=${settings%% *} CXXFLAGS=$flags meson setup "build/$1" -Dtests=enabled ${settings#*++} && echo "$stamp" > "build/$1/stamp"
}

# The tests of suite $2, built in build/$1. No test at all is a failure; lines that start with SKIPPED reach the summary.
meson_test() {
  configure "$1" || return 1
  said=$(meson test -C "build/$1" --suite "$2" --print-errorlogs 2>&1)
  code=$?
  echo "$said"
  [ $code = 0 ] || return 1
  case $said in *'No suitable tests defined'*) return 1 ;; esac
  grep '^SKIPPED' "build/$1/meson-logs/testlog.txt"
  echo "$said" | grep -Eq '^Ok: +0 *$' && skip 'every test skipped itself'
  return 0
}

unit() {
  ls tests/*/*_test.cpp > /dev/null 2>&1 || absent 'tests/*/*_test.cpp'
  for file in tests/*/*_test.cpp; do
    grep -q "${file##*/}" "${file%/*}/meson.build" || { echo "$file is in no meson.build"; return 1; }
  done
  configure "$1" || return 1
  # Only they are built, and run as they are, in two halves that take as long: most of these builds have no other suite's
  # programs.
  ninja -C "build/$1" tests/unit tests/recordings/recordings.pack || return 1
  "build/$1/tests/unit" --no-intro --no-version --test-case='streams:*' &
  "build/$1/tests/unit" --no-intro --no-version --test-case-exclude='streams:*'
  code=$?
  wait $! && [ $code = 0 ]
}

# A folder under tests/ is a suite of the build, or has a script of its own.
folder() {
  if [ -f "tests/$1/run.sh" ]; then
    sh "tests/$1/run.sh"
  elif [ -f "tests/$1/meson.build" ]; then
    meson_test gcc "$1"
  else
    absent "tests/$1"
  fi
}

cross() { sh tests/cross/run.sh "$@"; }

# The single header alone in every standard; linked twice into one program; and every part alone.
standards() {
  need g++ clang++
  mkdir -p build/standards
  echo '#include <picoclaude.hpp>' > build/standards/one.cpp
  printf '#include <picoclaude.hpp>\n#include <picoclaude.hpp>\nint main() {}\n' > build/standards/two.cpp
  for compiler in g++ clang++; do
    for standard in c++17 c++20 c++2b; do
      echo "$compiler $standard"
      $compiler -std=$standard $strict -Isingle_include -c build/standards/one.cpp -o build/standards/one.o || return 1
    done
  done
  g++ -std=c++17 $strict -DPICOCLAUDE_ENABLE_MBEDTLS=0 -Isingle_include build/standards/one.cpp \
    build/standards/two.cpp -o build/standards/two || return 1
  for part in $(cd include && find picoclaude -name '*.hpp'); do
    # What is only included where a switch is on needs it here too.
    switch=$(awk -v part="\"$part\"" '/^#if !/{on = "-D" substr($2, 2) "=0"; next} /^#if /{on = "-D" $2 "=1"} /^#(else|endif)/{on = ""} $2 == part {print on}' \
      include/picoclaude.hpp)
    echo "$part alone $switch"
    echo "#include <$part>" | g++ -std=c++17 $strict $switch -Iinclude -fsyntax-only -x c++ - || return 1
  done
}

quickstart() {
  unset ANTHROPIC_API_KEY  # the stand-in is asked, nobody is billed
  said=$(sh examples/quickstart.sh)
  code=$?
  echo "$said"
  [ $code = 0 ] || return 1
  case $said in *'asking the stand-in server'*'Io, Europa and Ganymede.'*) ;; *) return 1 ;; esac
}

fuzz() {
  need clang++
  echo 'int main() {}' > build/fuzz_probe.cpp
  clang++ -fsanitize=address build/fuzz_probe.cpp -o build/fuzz_probe 2> /dev/null || skip "needs clang's sanitizers"
  sh tests/fuzz/fuzz.sh build/fuzz 60
}

# ---- the runner -------------------------------------------------------------------------------------------------------

if [ "${1:-}" = --suite ]; then
  shift
  "$@"
  exit
fi

chosen=" $* "
rows() {
  table | grep -v '^#' | while read -r suite seconds in packages command; do
    case "$chosen" in
      ' all ') [ "$in" != ask ] || continue ;;
      '  ') [ "$in" = core ] || continue ;;
      *" $suite "*) ;;
      *) continue ;;
    esac
    echo "$suite $seconds $packages $command"
  done
}
[ "$chosen" = '  ' ] || [ "$chosen" = ' all ' ] || for wanted; do
  table | grep -q "^$wanted " || { echo "there is no suite $wanted; there are all, and:" >&2; table >&2; exit 2; }
done

# Of the packages named, those that Debian's dpkg does not have; on other systems each suite looks for its tools.
missing() {
  command -v dpkg-query > /dev/null || return 0
  for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || echo "$package"
  done
}

install() {
  if [ "$(id -u)" = 0 ]; then root=; elif sudo -n true 2> /dev/null; then root='sudo -n'; else return; fi
  echo "installing: $*"
  {
    $root apt-get update
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" ||
      for package; do
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package"
      done
  } > build/logs/install.log 2>&1 < /dev/null
  rm -rf build/gcc build/sanitizers  # they remember what they did not find
}

mkdir -p build/logs
wanted=$(missing $(rows | cut -d' ' -f3 | tr ',' '\n' | sort -u))
[ -z "$wanted" ] || install $wanted

echo "only when asked for by name: $(table | awk '$3 == "ask" {printf "%s ", $1}')"
passed=0 failed=0 skipped=0 skips='' begun=$(date +%s)
rows > build/logs/rows
while read -r suite seconds packages command; do
  log=build/logs/$suite.log
  start=$(date +%s)
  lacking=$(missing $(echo "$packages" | tr ',' ' ') | tr '\n' ' ')
  if [ -n "$lacking" ]; then
    echo "needs the packages: $lacking" > "$log"
    code=77
  else
    timeout -k 5 $((seconds * 3)) sh tests/run.sh --suite $command > "$log" 2>&1 < /dev/null
    code=$?
  fi
  took=$(($(date +%s) - start))
  note=
  case $code in
    0) word=ok; passed=$((passed + 1)); [ $took -le "$seconds" ] || note="longer than its $seconds s" ;;
    77) word=SKIPPED note=$(tail -n 1 "$log"); skipped=$((skipped + 1)); skips="$skips $suite" ;;
    78) word=absent note=$(tail -n 1 "$log") ;;
    124 | 137) word=FAILED note="stopped after $took s, see $log"; failed=$((failed + 1)) ;;
    *) word=FAILED note="see $log"; failed=$((failed + 1)) ;;
  esac
  printf '%-14s %-8s %4s s  %s\n' "$suite" "$word" "$took" "$note"
  grep '^SKIPPED' "$log" | sed 's/^/    /'
  [ $word != FAILED ] || tail -n 25 "$log" | sed 's/^/    /'
done < build/logs/rows
printf '%-14s %-8s %4s s\n' total '' $(($(date +%s) - begun))
[ -z "$skips" ] || echo "NOT TESTED, what they need could not be installed:$skips"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
