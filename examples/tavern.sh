#!/bin/sh
# Opens the tavern: a window in which a dozen characters talk to you and to each other.
#
#   sh examples/tavern.sh [OPTION]...      options of the tavern, see examples/tavern/main.cpp
#
# They are played by api.anthropic.com when ANTHROPIC_API_KEY is set, else by a stand-in server on this machine. Needs
# SDL2 and SDL2_ttf besides what the other examples need (Debian: libsdl2-dev libsdl2-ttf-dev libmbedtls-dev
# nlohmann-json3-dev fonts-dejavu-core meson g++).
set -eu
cd "$(dirname "$0")/.."
out=build/tavern
[ -d "$out" ] || meson setup "$out" -Dtests=disabled -Dexamples=enabled
meson compile -C "$out" tavern
[ "${ANTHROPIC_API_KEY:-}" ] && exec "$out/examples/tavern/tavern" "$@"

meson compile -C "$out" standin
rm -f "$out/port" "$out/ca.pem"
"$out/examples/standin/standin" --port-file "$out/port" --ca "$out/ca.pem" --pace 60 --quiet --lifetime 36000 &
server=$!
trap 'kill "$server" 2> /dev/null; wait "$server" 2> /dev/null || :' EXIT
tries=100
while [ ! -s "$out/port" ] && [ "$tries" -gt 0 ]; do
  sleep 0.05
  tries=$((tries - 1))
done
PICOCLAUDE_BASE_URL=https://localhost:$(cat "$out/port")
PICOCLAUDE_CA=$out/ca.pem
ANTHROPIC_API_KEY=any
export PICOCLAUDE_BASE_URL PICOCLAUDE_CA ANTHROPIC_API_KEY
echo "ANTHROPIC_API_KEY is not set: a stand-in server plays the characters"
"$out/examples/tavern/tavern" "$@"
