#!/bin/sh
# Streams an answer to the terminal, on a machine that has nothing yet: sh examples/quickstart.sh [QUESTION]
exec sh "$(dirname "$0")/run.sh" quickstart "$@"
