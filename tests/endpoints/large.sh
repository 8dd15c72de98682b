#!/bin/sh
# Large batches and files: what they cost does not depend on their size.
#
#   STANDIN=server LARGE=program sh tests/endpoints/large.sh FOLDER      works in FOLDER
set -u
work=${1:?usage: large.sh FOLDER}
mkdir -p "$work" && cd "$work" || exit 2
rm -f port

"$STANDIN" --plain --quiet --pace 0 --lifetime 280 --port-file port 2> server.log &
server=$!
trap 'kill $server 2> /dev/null; wait' EXIT
left=100
while [ ! -s port ] && [ $left -gt 0 ]; do sleep 0.05; left=$((left - 1)); done
port=$(cat port) || { cat server.log; exit 1; }

failures=0
check() {  # check NAME CONDITION...
  name=$1
  shift
  if [ "$@" ]; then echo "ok      $name: $*"; else echo "FAILED  $name: $*"; failures=$((failures + 1)); fi
}
run() {  # run ARGUMENT...: the program's line goes to $told
  told=$("$LARGE" "$@" | tail -n 1) || { echo "FAILED  $*: $told"; exit 1; }
  echo "        $*: $told"
}
of() { echo "$told" | tr ' ' '\n' | sed -n "s/^$1=//p"; }
cpu() { echo $(($(of user_ms) + $(of system_ms))); }

run create "$port" 1
one_kb=$(of rss_kb)
run create "$port" 25000
quarter_ms=$(cpu)
run create "$port" 100000
id=$(of id)
check 'the library takes nothing from the heap' "$(of heap_calls)" = 0
check 'memory of 100,000 requests, in KB, against that of one' "$(of rss_kb)" -le $((one_kb + 1024))
# Each is asked for once to be measured, and once for every window of 1 KB that it is in.
check 'requests asked for' "$(of asked)" -le 300000
check 'milliseconds of 100,000 requests against 25,000' "$(cpu)" -le $((quarter_ms * 6 + 50))

run await "$port" 0 "$id"
run results "$port" 100000 "$id"
check 'the library takes nothing from the heap' "$(of heap_calls)" = 0
check 'memory of 100,000 results, in KB, against that of one request' "$(of rss_kb)" -le $((one_kb + 1024))

run files "$port" 20971520
check 'the library takes nothing from the heap' "$(of heap_calls)" = 0
check 'memory of 20 MB, in KB, against that of one request' "$(of rss_kb)" -le $((one_kb + 1024))

echo "$failures failed"
[ $failures = 0 ]
