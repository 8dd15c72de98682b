#!/bin/sh
# Plants bugs in a copy of the tree, at least one for each suite that defends something, and shows that the suite notices
# them. By hand, not in CI: the whole table takes half an hour.
#
#   sh tests/planted.sh                  all
#   sh tests/planted.sh oracle tls       these
#   sh tests/planted.sh --sound oracle   the same, but nothing is planted: all must pass
#   sh tests/planted.sh --check          only whether each can still be planted, which CI looks at
set -u
cd "$(dirname "$0")/.." || exit 1
tree=$PWD/build/planted

# suite ~ file ~ what sed does to it ~ what must notice it
table() {
  cat <<'END'
unit ~ include/picoclaude/wire/sse.hpp ~ s/after_cr_ = c == '.r';/after_cr_ = false;/ ~ unit wire/sse_test.cpp *
sanitizers ~ include/picoclaude/base/text.hpp ~ s/if (!text.empty()) std::memcpy/std::memcpy/ ~ unit session/tool_call_test.cpp * -O0 -fsanitize=address,undefined -fno-sanitize-recover=all
prefix ~ include/picoclaude/session/exchange.hpp ~ s/^    return Error::truncated;/    return Error::none;/ ~ unit recordings/streams_test.cpp *a?prefix?succeeds*
prefix ~ include/picoclaude/session/exchange.hpp ~ s/const bool whole = proper \&\& /const bool whole = / ~ unit messages/message_test.cpp *a?prefix*
prefix ~ include/picoclaude/session/exchange.hpp ~ s/if (answer_body() != nullptr) return false;// ~ unit endpoints/prefixes_test.cpp *
prefix ~ include/picoclaude/session/exchange.hpp ~ s/if (answer_body() != nullptr) return false;// ~ unit endpoints/batch_messages_test.cpp *whole?message*
redirects ~ include/picoclaude/session/exchange.hpp ~ s/if (status < 300) {/if (status < 400) {/ ~ unit io/refused_test.cpp *
redirects ~ include/picoclaude/session/exchange.hpp ~ s/if (status < 300) {/if (status < 400) {/ ~ unit io/redirects_test.cpp *
limits ~ include/picoclaude/wire/json_reader.hpp ~ s/if (depth_ == MaxDepth)/if (depth_ + 1u == MaxDepth)/ ~ unit io/limits_test.cpp *
limits ~ include/picoclaude/wire/http_head.hpp ~ s/if (size_++ >= /if (size_++ > / ~ unit io/limits_test.cpp *
limits ~ include/picoclaude/wire/json_reader.hpp ~ s/  std::uint8_t depth_ = 0;/  std::int8_t depth_ = 0;/ ~ unit io/limits_large_test.cpp *
limits ~ include/picoclaude/endpoints/create_batch.hpp ~ s/window.size() > max_size/window.size() >= max_size/ ~ unit endpoints/batches_test.cpp *256?MB*
limits ~ include/picoclaude/endpoints/upload_file.hpp ~ s/call.content.size > max_size/call.content.size >= max_size/ ~ unit endpoints/files_test.cpp *500?MB*
limits ~ include/picoclaude/io/client_core.hpp ~ s/left_of(config_.total_ms, now - begun_ms_)/left_of(config_.total_ms, now - since_ms_)/ ~ unit io/timeouts_test.cpp *drip*
closure ~ include/picoclaude/wire/sse.hpp ~ /constexpr void end_event/,/}/s/place_ = 0;// ~ unit properties/closure_test.cpp *SSE*
closure ~ include/picoclaude/wire/json_reader.hpp ~ /unsigned end_unit/,/}/s/high_ = 0;// ~ unit properties/closure_test.cpp *JSON?strings*
closure ~ include/picoclaude/wire/http_body.hpp ~ /case State::data_lf:/,/return/s/line_ = 0;// ~ unit properties/closure_test.cpp *bodies*
closure ~ include/picoclaude/wire/http_head.hpp ~ s/if (c != ' ') return fail(Error::bad_http);/if (c == 0) return fail(Error::bad_http);/ ~ unit properties/closure_test.cpp *heads*
closure ~ include/picoclaude/messages/event_order.hpp ~ s/ = open_\[at + 1\];/ = open_[at];/ ~ unit properties/closure_test.cpp *order?of?events*
closure ~ include/picoclaude/messages/event_order.hpp ~ s/open_\[open_count_++\] = {index, kind};/open_[open_count_++] = {index, kind == BlockKind::server_tool_use ? BlockKind::tool_use : kind};/ ~ unit properties/closure_test.cpp *order?of?events*
closure ~ include/picoclaude/messages/input_reader.hpp ~ s/if (self.in_array_ == (token == Json::begin_array)) return.*// ~ unit properties/closure_test.cpp *tool?inputs*
splits ~ include/picoclaude/messages/event_reader.hpp ~ /bool advance(char\*& next, char\* end)/s/{$/{ sse_.end_event();/ ~ unit properties/splits_test.cpp *
splits ~ include/picoclaude/wire/json_reader.hpp ~ /Json read(char\*& next, char\* end)/s/{$/{ high_ = 0;/ ~ unit properties/splits_test.cpp *
builds ~ include/picoclaude/messages/event_shortcut.hpp ~ s/ \&\& position.draft.has_index \&\&$/ \&\&/ ~ builds
oracle ~ include/picoclaude/wire/http_body.hpp ~ s/left_ > 0x0FFFFFFF/left_ > 0x1FFFFFFF/ ~ unit properties/oracle_test.cpp *chunked*
oracle ~ include/picoclaude/wire/json_reader.hpp ~ /Json step_digit/,/^  }/s/if (state_ == State::zero) return.*// ~ unit properties/oracle_test.cpp *JSON
oracle ~ include/picoclaude/wire/sse.hpp ~ /Sse step_name/,/^  }/s/place_ = 0;// ~ unit properties/oracle_test.cpp *SSE
oracle ~ include/picoclaude/wire/json_reader.hpp ~ s/bfnrt", c)/bfnrtv", c)/; s/if (at == 8)/if (at == 9)/; s/n.r.t"\[at\]/n\\r\\t\\v"[at]/ ~ unit wire/json_reader_test.cpp *parsers?let?pass
oracle ~ include/picoclaude/wire/http_head.hpp ~ s/(name_size_ == 0 \&\& (c == '0' || c > '5'))/(name_size_ == 0 \&\& c > '5')/ ~ unit properties/oracle_test.cpp *heads
oracle ~ include/picoclaude/messages/event_order.hpp ~ s/ = open_\[at + 1\];/ = open_[at];/ ~ unit properties/oracle_production_test.cpp *order?of?events*
oracle ~ include/picoclaude/messages/input_check.hpp ~ /^inline bool repeats/,/^}/s/if (token == Json::begin_object) found = false;// ~ unit properties/oracle_production_test.cpp *tool?inputs*
torture ~ include/picoclaude/io/transport.hpp ~ s/return word_ > 0 \&\& size() <= most;/return word_ > 0;/ ~ unit properties/torture_test.cpp *
torture ~ include/picoclaude/io/client.hpp ~ s/^    if (transport_.recv(memory_.data, 1) == Io::wait()) {/    const Io io = transport_.recv(memory_.data, 1); if (io == Io::ok()) return lose(io, false); if (io == Io::wait()) {/ ~ unit properties/torture_test.cpp *
torture ~ include/picoclaude/session/exchange.hpp ~ s/if (answer_body() != nullptr) return false;// ~ unit properties/torture_calls_test.cpp *
torture ~ include/picoclaude/io/client.hpp ~ s/} else if (!wait(left)) {/} else if (!wait(left)) {\n        expire(now);/ ~ unit properties/torture_clock_test.cpp *
torture ~ include/picoclaude/endpoints/await_batch.hpp ~ s/!call.seen_ || !passes(error)/true/ ~ unit properties/torture_clock_test.cpp *
secrets ~ include/picoclaude/base/wipe.hpp ~ s/__asm__.*// ~ sh tests/properties/secrets.sh build
secrets ~ include/picoclaude/io/client_core.hpp ~ s/void wipe_output() { .* }/void wipe_output() {}/ ~ sh tests/properties/secrets.sh build
tls ~ include/picoclaude/io/mbedtls_setup.hpp ~ s/MBEDTLS_SSL_VERIFY_REQUIRED/MBEDTLS_SSL_VERIFY_NONE/ ~ tls certificates.cpp
tls ~ include/picoclaude/io/mbedtls.hpp ~ s/^      session_.forget();/      below_.send("\\x17\\x03\\x03\\x00\\x01k", 6);&/ ~ tls certificates.cpp
tls ~ include/picoclaude/io/mbedtls.hpp ~ s/^      session_.forget();/      below_.send("\\x17\\x03\\x03\\x00\\x01k", 6);&/ ~ tls peers.cpp
tls ~ include/picoclaude/io/mbedtls.hpp ~ s/== MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) return/!= MBEDTLS_ERR_SSL_WANT_READ) return/ ~ tls peers.cpp
tls_torture ~ include/picoclaude/io/mbedtls.hpp ~ s/io.size() != 0 \&\& io.size() <= asked/io.size() != 0/ ~ tls torture.cpp -fsanitize=address,undefined -fno-sanitize-recover=all
allocations ~ include/picoclaude/io/mbedtls.hpp ~ s/if (code == 0) code = mbedtls_ssl_set_hostname/if (code == 0) mbedtls_ssl_set_hostname/ ~ tls allocations.cpp
fuzz ~ include/picoclaude/wire/json_reader.hpp ~ /Json step_digit/,/^  }/s/if (state_ == State::zero) return.*// ~ sh tests/fuzz/fuzz.sh build/fuzz 10 json
fuzz ~ include/picoclaude/messages/content.hpp ~ s/(,"context":)", block.context/(,"context":)", block.title/ ~ sh tests/fuzz/fuzz.sh build/fuzz 10 request
fuzz ~ include/picoclaude/session/exchange.hpp ~ s/if (answer_body() != nullptr) return false;// ~ sh tests/fuzz/fuzz.sh build/fuzz 20 calls
fuzz ~ include/picoclaude/endpoints/batch_results.hpp ~ s/if (depth == 0) failure = Error::bad_json;// ~ sh tests/fuzz/fuzz.sh build/fuzz 20 calls
fuzz ~ include/picoclaude/messages/event_reader.hpp ~ /bool advance(char\*& next, char\* end)/s/{$/{ sse_.end_event();/ ~ sh tests/fuzz/fuzz.sh build/fuzz 20 sse
fuzz ~ include/picoclaude/session/exchange.hpp ~ s/^    return Error::truncated;/    return Error::none;/ ~ sh tests/fuzz/fuzz.sh build/fuzz 20 http
fuzz ~ include/picoclaude/io/transport.hpp ~ s/return word_ > 0 \&\& size() <= most;/return word_ > 0;/ ~ sh tests/fuzz/fuzz.sh build/fuzz 20 session
fuzz ~ include/picoclaude/messages/input_check.hpp ~ /^inline Json step_text/,/^}/s/return Json::more;/return Json::line_end;/ ~ sh tests/fuzz/fuzz.sh build/fuzz 20 tool_input
simulation ~ include/picoclaude/session/exchange.hpp ~ s/^    return Error::truncated;/    return Error::none;/ ~ simulation
simulation ~ tests/simulation/network.hpp ~ s/switch (random_.below(24)) {/switch (23) {/ ~ simulation
traces ~ include/picoclaude/base/scan.hpp ~ s/return byte >= 0x20 \&\& byte < 0x80/return c >= 0x20/ ~ sh tests/simulation/traces.sh build arm-linux-gnueabihf
fleet ~ include/picoclaude/session/retry.hpp ~ s/full_budget = 30/full_budget = 60/ ~ fleet
effects ~ include/picoclaude/wire/json_reader.hpp ~ s/^  Json step_structure(char c) {/&\n    delete new int;/ ~ sh tests/effects/run.sh
effects ~ include/picoclaude/session/transcript.hpp ~ s/void take_back() { lent_ = 0; }/void take_back() { int* volatile taken = new int; delete taken; lent_ = 0; }/ ~ sh tests/effects/run.sh
footprint ~ include/picoclaude/wire/json_reader.hpp ~ s/^  Json step_structure(char c) {/&\n    volatile char room[500];\n    room[0] = c;/ ~ python3 tests/footprint/price_list.py --gate
static ~ include/picoclaude/wire/json_reader.hpp ~ s/^  Json step_structure(char c) {/&\n    if (c == 1) return step_structure(c);/ ~ static
mutation ~ tests/wire/url_test.cpp ~ /TEST_SUITE_BEGIN/,$d ~ sh tests/mutation/run.sh
coverage ~ tests/wire/url_test.cpp ~ /TEST_SUITE_BEGIN/,$d ~ python3 tests/coverage/coverage.py clang++-22
END
}

flags='-std=c++17 -O1 -w -fno-exceptions -fno-rtti -Iinclude -Itests -DDOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS
  -DDOCTEST_CONFIG_SUPER_FAST_ASSERTS -DPICOCLAUDE_RECORDINGS="build/recordings.pack" -DPICOCLAUDE_RECORDED_STREAMS=64'

# Sources under tests/, up to the first option, which is the compiler's. main.cpp is the same in all of them.
build() { # program, sources and options
  program=$1 sources=
  [ -f ../planted_main.o ] || g++ $flags -c tests/main.cpp -o ../planted_main.o || exit 2
  shift
  while [ $# != 0 ] && [ "${1#-}" = "$1" ]; do
    case $1 in
      main.cpp) sources="$sources ../planted_main.o" ;;
      *) sources="$sources tests/$1" ;;
    esac
    shift
  done
  g++ $flags $sources "$@" -o "build/$program" || exit 2
}

# A test file alone: its tests that are named so.
unit() { # file, names, options
  file=$1 names=$2
  shift 2
  python3 tests/recordings/pack.py build/recordings.pack
  build unit main.cpp "$file" "$@"
  build/unit -tc="$names"
}

builds() {
  python3 tests/recordings/pack.py build/recordings.pack
  build builds main.cpp properties/builds_test.cpp properties/reader_plain.cpp properties/reader_prefixed.cpp \
    properties/reader_full.cpp properties/reader_full_prefixed.cpp
  build/builds
}

tls() { # file, options
  file=$1
  shift
  build tls tls/main.cpp "tls/$file" "$@" -lmbedtls -lmbedx509 -lmbedcrypto -pthread
  timeout 120 build/tls
}

simulation() {
  build simulation simulation/simulation.cpp simulation/plain.cpp simulation/prefixed.cpp simulation/message.cpp \
    -DPICOCLAUDE_ENABLE_MBEDTLS=0
  build/simulation sessions 20000
}

static() {
  python3 single_include/amalgamate.py && sh tests/static/run.sh
}

fleet() {
  build fleet simulation/fleet.cpp -O2 -DPICOCLAUDE_ENABLE_MBEDTLS=0
  build/fleet
}

if [ "${1:-}" = --row ]; then
  shift
  set -f
  "$@"
  exit
fi

if [ "${1:-}" = --check ]; then
  lost=0 count=0 folder=$(mktemp -d)
  table > "$folder/rows"
  while IFS='~' read -r suite file change command; do
    suite=${suite% } file=$(echo $file) change=${change# } change=${change% } count=$((count + 1))
    sed "$change" "$file" > "$folder/changed"
    cmp -s "$file" "$folder/changed" || [ ! -s "$folder/changed" ] || continue
    echo "$suite: cannot be planted: ${file#include/picoclaude/}: $change"
    lost=$((lost + 1))
  done < "$folder/rows"
  rm -r "$folder"
  echo "$count bugs to plant, $lost of them nowhere"
  [ $lost = 0 ]
  exit
fi

sound=
[ "${1:-}" != --sound ] || { sound=yes; shift; }
chosen=" $* "
good=0 bad=0
mkdir -p "$tree/build"
rm -f build/planted_main.o
table > build/planted.rows
while IFS='~' read -r suite file change command; do
  suite=${suite% } file=$(echo $file) change=${change# } change=${change% }
  case "$chosen" in '  ' | *" $suite "*) ;; *) continue ;; esac
  rm -rf "$tree/include" "$tree/tests" "$tree/single_include"
  cp -r include tests single_include LICENSE .clang-tidy .clang-format "$tree"
  sed -i "$change" "$tree/$file"
  if cmp -s "$file" "$tree/$file"; then
    word='NOT PLANTED'
  else
    [ -z "$sound" ] || cp "$file" "$tree/$file"
    (cd "$tree" && set -f && sh tests/planted.sh --row $command > "build/$suite.log" 2>&1 < /dev/null)
    case $?$sound in
      0) word=MISSED ;;
      2 | 2yes) word='DOES NOT COMPILE' ;;
      0yes) word=passes change= ;;
      *yes) word=FAILS change= ;;
      *) word=noticed ;;
    esac
  fi
  case $word in noticed | passes) good=$((good + 1)) ;; *) bad=$((bad + 1)) ;; esac
  echo "$suite: $word: ${file#include/picoclaude/}: $change"
done < build/planted.rows
echo "$good as they must, $bad not"
[ $bad = 0 ]
