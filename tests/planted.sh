#!/bin/sh
# Plants one bug for each suite in a copy of the tree, and shows that the suite notices it. By hand, not in CI.
#
#   sh tests/planted.sh               all
#   sh tests/planted.sh oracle tls    these
set -u
cd "$(dirname "$0")/.." || exit 1
tree=$PWD/build/planted

# suite ~ file ~ what sed does to it ~ what must notice it
table() {
  cat <<'END'
prefix ~ include/picoclaude/session/exchange.hpp ~ s/^    return Error::truncated;/    return Error::none;/ ~ unit recordings/streams_test.cpp *a?prefix?succeeds*
redirects ~ include/picoclaude/session/exchange.hpp ~ s/if (status < 300) {/if (status < 400) {/ ~ unit io/refused_test.cpp *
closure ~ include/picoclaude/wire/sse.hpp ~ /constexpr void end_event/,/}/s/matched_ = 0;// ~ unit properties/closure_test.cpp *SSE*
closure ~ include/picoclaude/wire/http_body.hpp ~ /case State::data_lf:/,/return/s/line_ = 0;// ~ unit properties/closure_test.cpp *bodies*
closure ~ include/picoclaude/messages/event_order.hpp ~ s/ = open_\[at + 1\];/ = open_[at];/ ~ unit properties/closure_test.cpp *order?of?events*
closure ~ include/picoclaude/messages/input_reader.hpp ~ s/if (in_array_ || field().max_count == 0) return/if (field().max_count == 0) return/ ~ unit properties/closure_test.cpp *tool?inputs*
splits ~ include/picoclaude/messages/event_reader.hpp ~ /bool advance(char\*& next, char\* end)/s/{$/{ sse_.end_event();/ ~ unit properties/splits_test.cpp *
oracle ~ include/picoclaude/wire/http_body.hpp ~ s/left_ > 0x0FFFFFFF/left_ > 0x1FFFFFFF/ ~ unit properties/oracle_test.cpp *chunked*
torture ~ include/picoclaude/io/client.hpp ~ s/ && io.size() <= size) {/) {/ ~ unit properties/torture_test.cpp *
tls ~ include/picoclaude/io/mbedtls_setup.hpp ~ s/MBEDTLS_SSL_VERIFY_REQUIRED/MBEDTLS_SSL_VERIFY_NONE/ ~ tls
fuzz ~ include/picoclaude/messages/input_check.hpp ~ /^inline Json step_text/,/^}/s/return Json::more;/return Json::line_end;/ ~ sh tests/fuzz/fuzz.sh build/fuzz 20 tool_input
simulation ~ include/picoclaude/session/exchange.hpp ~ s/^    return Error::truncated;/    return Error::none;/ ~ simulation
effects ~ include/picoclaude/wire/json_reader.hpp ~ s/^  Json step_structure(char c) {/&\n    delete new int;/ ~ sh tests/effects/run.sh
mutation ~ tests/wire/sse_test.cpp ~ /TEST_SUITE_BEGIN/,$d ~ sh tests/mutation/run.sh
coverage ~ tests/wire/url_test.cpp ~ /TEST_SUITE_BEGIN/,$d ~ python3 tests/coverage/coverage.py clang++-22
END
}

# A test file alone: its tests that are named so.
unit() {
  python3 tests/recordings/pack.py build/recordings.pack
  g++ -std=c++17 -O1 -w -fno-exceptions -fno-rtti -DDOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS \
    -DDOCTEST_CONFIG_SUPER_FAST_ASSERTS -DPICOCLAUDE_RECORDINGS='"build/recordings.pack"' \
    -DPICOCLAUDE_RECORDED_STREAMS=64 -Iinclude -Itests tests/main.cpp "tests/$1" -o build/unit || exit 2
  build/unit -tc="$2"
}

tls() {
  g++ -std=c++17 -O1 -w -fno-exceptions -fno-rtti -DDOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS \
    -DDOCTEST_CONFIG_SUPER_FAST_ASSERTS -Iinclude -Itests tests/tls/main.cpp tests/tls/certificates.cpp -o build/tls \
    -lmbedtls -lmbedx509 -lmbedcrypto -pthread || exit 2
  timeout 120 build/tls
}

simulation() {
  g++ -std=c++17 -O1 -w -DPICOCLAUDE_ENABLE_MBEDTLS=0 -Iinclude -Itests tests/simulation/simulation.cpp \
    tests/simulation/plain.cpp tests/simulation/prefixed.cpp tests/simulation/message.cpp -o build/simulation || exit 2
  build/simulation sessions 20000
}

if [ "${1:-}" = --row ]; then
  shift
  set -f
  "$@"
  exit
fi

chosen=" $* "
noticed=0 missed=0
mkdir -p build
table > build/planted.rows
while IFS='~' read -r suite file change command; do
  suite=${suite% } file=$(echo $file) change=${change# } change=${change% }
  case "$chosen" in '  ' | *" $suite "*) ;; *) continue ;; esac
  rm -rf "$tree/include" "$tree/tests"
  mkdir -p "$tree/build"
  cp -r include tests "$tree"
  sed -i "$change" "$tree/$file"
  if cmp -s "$file" "$tree/$file"; then
    word='NOT PLANTED'
  elif (cd "$tree" && set -f && sh tests/planted.sh --row $command > "build/$suite.log" 2>&1 < /dev/null); then
    word=MISSED
  elif [ $? = 2 ]; then
    word='DOES NOT COMPILE'
  else
    word=noticed
  fi
  [ "$word" = noticed ] && noticed=$((noticed + 1)) || missed=$((missed + 1))
  echo "$suite: $word: ${file#include/picoclaude/}: $change"
done < build/planted.rows
echo "$noticed noticed, $missed missed"
[ $missed = 0 ]
