#!/bin/sh
# Runs every fuzz target with clang's libFuzzer, AddressSanitizer and UBSan, two at a time. Those that read answers are
# two programs, with all parts off and on.
#
#   fuzz.sh FOLDER SECONDS [TARGET ...]      FOLDER keeps programs, corpora and logs; SECONDS for each target
#   fuzz.sh FOLDER runs=1000000000 [TARGET ...]              of each program
#
# What is found stays in FOLDER as crash-*; a mended one moves to corpus/TARGET beside this script, where every later run
# begins.
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
amount=$2
shift 2
[ $# != 0 ] || set -- sse json http session request tool_input calls
all=
for part in PREFIX THINKING TOOLS TRANSCRIPT RATE_LIMITS HTTP_DATE; do all="$all -DPICOCLAUDE_ENABLE_$part=1"; done
mkdir -p "$folder"

fuzz() { # name, source, programs of the target, flags
  program=$folder/$1
  # shellcheck disable=SC2086
  clang++ -std=c++17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $4 -I"$here/.." \
    -I"$here/../../include" "$here/$2.cpp" -o "$program" || return 1
  mkdir -p "$program.corpus" "$here/corpus/$2"
  dictionary=
  [ ! -f "$here/$2.dict" ] || dictionary="-dict=$here/$2.dict"
  recorded= longest=512
  case $2 in
    sse | http | session) recorded="$here/../recordings/streams $here/../recordings/http" longest=4096 ;;
    calls) longest=1024 ;;
  esac
  case $amount in
    runs=*) enough=-$amount ;;
    *) enough=-max_total_time=$((amount / $3)) ;;
  esac
  # shellcheck disable=SC2086
  if "$program" $enough $dictionary -max_len=$longest -timeout=20 -verbosity=1 -artifact_prefix="$folder/crash-$1-" \
    "$program.corpus" "$here/corpus/$2" $recorded > "$program.log" 2>&1; then
    echo "$1: $(grep -a '^Done' "$program.log" | tail -n 1)"
  else
    echo "$1: FOUND SOMETHING, see $program.log"
    grep -aE 'broken promise|ERROR' "$program.log" | head -n 3
    return 1
  fi
}

# Two lanes go through the same programs, and each runs those that the other has not begun.
lane() { # targets
  found=0
  for target; do
    case $target in
      sse | http | session)
        begun "$target" || fuzz "$target" "$target" 2 '' || found=1
        begun "$target-all" || fuzz "$target-all" "$target" 2 "$all" || found=1
        ;;
      *) begun "$target" || fuzz "$target" "$target" 1 '' || found=1 ;;
    esac
  done
  return $found
}
begun() { ! mkdir "$taken/$1" 2> /dev/null; }

taken=$(mktemp -d)
lane "$@" &
other=$!
lane "$@"
failed=$?
wait $other || failed=1
rm -r "$taken"
[ $failed = 0 ]
