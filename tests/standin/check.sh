#!/bin/sh
# Checks the stand-in server with clients that we did not write: curl, and the official TypeScript SDK.
#
#   sh tests/standin/check.sh BUILD_DIR       the server is BUILD_DIR/examples/standin/standin, or $STANDIN
#
# Prints a line per check; exits with 1 when one failed. Bounded in time. What cannot run here is SKIPPED, loudly.

set -u
build=${1:?usage: check.sh BUILD_DIR}
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$build" && pwd) || exit 2
standin=${STANDIN:-$build/examples/standin/standin}
[ -x "$standin" ] || { echo "check.sh: no server at $standin" >&2; exit 2; }
command -v curl >/dev/null || { echo 'standin: SKIPPED: curl is not installed'; exit 77; }

work=$build/standin-check
rm -rf "$work/run" && mkdir -p "$work/run" && cd "$work/run" || exit 2

servers=
trap 'for pid in $servers; do kill "$pid" 2>/dev/null; done; wait' EXIT
trap 'exit 1' INT TERM

failures=0
checks=0
verdict() {  # verdict NAME RESULT(0 = good) [DETAIL]
  checks=$((checks + 1))
  if [ "$2" -eq 0 ]; then
    echo "ok       $1"
  else
    failures=$((failures + 1))
    echo "FAILED   $1${3:+: $3}"
  fi
}
same() {  # same NAME EXPECTED ACTUAL
  [ "$2" = "$3" ]
  verdict "$1" $? "expected '$2', got '$3'"
}
has() {  # has NAME TEXT FILE
  grep -qF -- "$2" "$3"
  verdict "$1" $? "no '$2' in $3"
}

serve() {  # serve NAME OPTION...: starts a server; $port is its port, $pid its process
  name=$1
  shift
  "$standin" --port-file "$name.port" --ca "$name.pem" --lifetime 240 "$@" 2>"$name.log" &
  pid=$!
  servers="$servers $pid"
  left=100
  while [ ! -s "$name.port" ] && [ "$left" -gt 0 ]; do sleep 0.05; left=$((left - 1)); done
  port=$(cat "$name.port" 2>/dev/null)
  [ -n "$port" ] || { echo "check.sh: the server did not start: $(cat "$name.log")" >&2; exit 1; }
}

. "$here/curl.sh"

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo 'SKIPPED  the TypeScript SDK: node or npm is not installed'
else
  . "$here/sdk.sh"
fi

echo "standin: $checks checks, $failures failed"
[ "$failures" -eq 0 ]
