#!/bin/sh
# The whole of what the suites only sample, before a release: hours, two things at a time.
#
#   sh tests/deep.sh                  everything
#   sh tests/deep.sh simulation fuzz  these
#   PART=1000 sh tests/deep.sh        a thousandth of each count, to see that all of it runs
#
# Builds and logs stay in build/deep. The last line counts. Packages are those of `sh tests/run.sh all`.
set -u
cd "$(dirname "$0")/.." || exit 1

part=${PART:-1}

# One row a line: its name, and the command. A name may have several rows.
table() {
  cat <<END
simulation  simulated sessions $((5000000 / part))
simulation  simulated sessions $((5000000 / part)) 5000000
simulation  sh tests/simulation/traces.sh build/deep here
simulation  sh tests/simulation/traces.sh build/deep arm-linux-gnueabihf
simulation  sh tests/simulation/traces.sh build/deep s390x-linux-gnu
simulation  sh tests/simulation/traces.sh build/deep powerpc-linux-gnu
processors  env UNIT=s390x sh tests/cross/run.sh s390x
mutation    sh tests/mutation/run.sh $([ $part != 1 ] || echo --all)
prefixes    env PICOCLAUDE_DEEP=$part build/deep/meson/tests/unit --no-intro --no-version -tc=*a?prefix*
properties  env PICOCLAUDE_DEEP=$part build/deep/meson/tests/properties/properties --no-intro --no-version
allocations env PICOCLAUDE_DEEP=$part build/deep/meson/tests/tls/allocations --no-intro --no-version
fuzz        sh tests/fuzz/fuzz.sh build/deep/fuzz runs=$((1000000000 / part))
END
}

simulated() { build/deep/meson/tests/simulation/simulation "$@"; }

if [ "${1:-}" = --row ]; then
  shift
  "$@"
  exit
fi

mkdir -p build/deep
{
  [ -f build/deep/meson/build.ninja ] || meson setup build/deep/meson -Dtests=enabled -Dexamples=disabled
} > build/deep/build.log 2>&1 &&
  ninja -C build/deep/meson tests/simulation/simulation tests/properties/properties tests/tls/allocations tests/unit \
    tests/recordings/recordings.pack >> build/deep/build.log 2>&1 || { tail -n 20 build/deep/build.log; exit 1; }

chosen=" $* "
passed=0 failed=0 count=0 running=
wait_for_all() {
  for pair in $running; do
    row=${pair%%:*}
    if wait "${pair#*:}"; then
      passed=$((passed + 1)) word=ok
    else
      failed=$((failed + 1)) word=FAILED
    fi
    echo "$row $word: $(tail -n 1 "build/deep/$row.log")"
  done
  running=
}
table > build/deep/rows
while read -r name command; do
  case "$chosen" in '  ' | *" $name "*) ;; *) continue ;; esac
  count=$((count + 1))
  sh tests/deep.sh --row $command > "build/deep/$name-$count.log" 2>&1 < /dev/null &
  running="$running $name-$count:$!"
  [ $((count % 2)) = 1 ] || wait_for_all
done < build/deep/rows
wait_for_all
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed != 0 ]
