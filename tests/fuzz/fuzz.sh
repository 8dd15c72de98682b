#!/bin/sh
# Runs every fuzz target with clang's libFuzzer, AddressSanitizer and UBSan, two at a time, with all parts on and off.
#
#   fuzz.sh FOLDER SECONDS [TARGET ...]      FOLDER keeps programs, corpora and logs; SECONDS for each target
#   fuzz.sh FOLDER runs=1000000000 [TARGET ...]
#
# What is found stays in FOLDER as crash-*; a mended one moves to corpus/TARGET beside this script, where every later run
# begins.
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
amount=$2
shift 2
targets=${*:-sse json http session request tool_input}
parts='PREFIX THINKING TOOLS TRANSCRIPT RATE_LIMITS HTTP_DATE'
case $amount in
  runs=*) amount="-$amount" ;;
  *) amount="-max_total_time=$amount" ;;
esac
mkdir -p "$folder"

fuzz() { # name source flags
  program=$folder/$1
  # shellcheck disable=SC2086
  clang++ -std=c++17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $3 -I"$here/.." \
    -I"$here/../../include" "$here/$2.cpp" -o "$program" || return 1
  mkdir -p "$program.corpus" "$here/corpus/$2"
  dictionary=
  [ ! -f "$here/$2.dict" ] || dictionary="-dict=$here/$2.dict"
  recorded= longest=512
  case $2 in
    sse | http | session) recorded="$here/../recordings/streams $here/../recordings/http" longest=4096 ;;
  esac
  # shellcheck disable=SC2086
  "$program" $amount $dictionary -max_len=$longest -timeout=20 -verbosity=1 -artifact_prefix="$folder/crash-$1-" \
    "$program.corpus" "$here/corpus/$2" $recorded > "$program.log" 2>&1 || return 1
}

failed=0
running=
wait_for() {
  for pair in $running; do
    name=${pair%%:*}
    if wait "${pair#*:}"; then
      echo "$name: $(grep -a DONE "$folder/$name.log" | tail -n 1 | sed 's/\t/ /g; s/ *lim:.*//')"
    else
      echo "$name: FOUND SOMETHING, see $folder/$name.log"
      grep -aE 'broken promise|ERROR' "$folder/$name.log" | head -n 3
      failed=1
    fi
  done
  running=
}

all=
for part in $parts; do all="$all -DPICOCLAUDE_ENABLE_$part=1"; done
for target in $targets; do
  fuzz "$target" "$target" '' &
  running="$running $target:$!"
  case $target in
    sse | http | session)
      fuzz "$target-all" "$target" "$all" &
      running="$running $target-all:$!"
      ;;
    *) continue ;;
  esac
  wait_for
done
wait_for
exit $failed
