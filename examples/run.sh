#!/bin/sh
# Builds and runs one of the examples, on a machine that has nothing yet.
#
#   sh examples/run.sh NAME [ARGUMENT]...    NAME is that of its source: quickstart, tools, vision, ...
#
# Asks api.anthropic.com when ANTHROPIC_API_KEY is set, else a stand-in server on this machine, and says which. What is
# missing is installed where Debian's apt-get and root or sudo allow it. Programs stay in build/examples: a second run is
# quick.
set -eu
name=${1:?"which example? For example: quickstart"}
shift
cd "$(dirname "$0")/.."
[ -f "examples/$name.cpp" ] || { echo "there is no examples/$name.cpp" >&2; exit 2; }
out=build/examples
mkdir -p "$out"
say() { echo "$name: $*"; }

compiler=${CXX:-c++}
real=${ANTHROPIC_API_KEY:+yes}

# ---- what is needed, and what of it is missing -----------------------------------------------------------------------

has_header() { echo "#include <$1>" | $compiler -fsyntax-only -x c++ - 2> /dev/null; }
missing() {
  if command -v "${compiler%% *}" > /dev/null; then
    has_header mbedtls/ssl.h || echo libmbedtls-dev
    [ "$real" ] || has_header nlohmann/json.hpp || echo nlohmann-json3-dev
  else
    echo g++ libmbedtls-dev
    [ "$real" ] || echo nlohmann-json3-dev
  fi
  # The certificates that the real service is checked with; the stand-in brings its own.
  [ -z "$real" ] || [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
}

install() {
  if [ "$(id -u)" = 0 ]; then
    root=
  elif sudo -n true 2> /dev/null; then
    root='sudo -n'
  else
    return 1
  fi
  command -v apt-get > /dev/null || return 1
  say "installing $*"
  {
    $root apt-get update
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
  } > "$out/install.log" 2>&1 < /dev/null
}

needed=$(missing | tr '\n' ' ')
if [ "$needed" ]; then
  # shellcheck disable=SC2086  # one word a package
  install $needed || true
  needed=$(missing | tr '\n' ' ')
  [ -z "$needed" ] || { say "please install these, or what they are called on this system: $needed" >&2; exit 1; }
fi

# ---- build what is older than its sources ----------------------------------------------------------------------------

build() {  # build PROGRAM SOURCE-FOLDERS OPTION...
  program=$out/$1 folders=$2
  shift 2
  # shellcheck disable=SC2086  # one word a folder
  [ -x "$program" ] && [ -z "$(find $folders -newer "$program" -type f)" ] && return
  say "building ${program##*/}"
  $compiler -std=c++17 -O1 "$@" -o "$program" -lmbedtls -lmbedx509 -lmbedcrypto
}

build "$name" "examples/$name.cpp single_include/picoclaude.hpp" -Isingle_include "examples/$name.cpp"
if [ "$real" ]; then
  say "asking ${PICOCLAUDE_BASE_URL:-https://api.anthropic.com}"
  exec "$out/$name" "$@"
fi
build standin examples/standin -pthread examples/standin/standin.cpp

# ---- no key: a server of our own, over real TLS with a certificate authority that it has just made ----------------------

rm -f "$out/port" "$out/ca.pem"
"$out/standin" --port-file "$out/port" --ca "$out/ca.pem" --quiet --lifetime 120 &
server=$!
trap 'kill "$server" 2> /dev/null; wait "$server" 2> /dev/null || :' EXIT
tries=100
while [ ! -s "$out/port" ] && [ "$tries" -gt 0 ]; do
  sleep 0.05
  tries=$((tries - 1))
done
[ -s "$out/port" ] || { say 'the stand-in server did not start' >&2; exit 1; }

PICOCLAUDE_BASE_URL=https://localhost:$(cat "$out/port")
PICOCLAUDE_CA=$out/ca.pem
ANTHROPIC_API_KEY=any
export PICOCLAUDE_BASE_URL PICOCLAUDE_CA ANTHROPIC_API_KEY
say "ANTHROPIC_API_KEY is not set: asking the stand-in server at $PICOCLAUDE_BASE_URL"
"$out/$name" "$@"
