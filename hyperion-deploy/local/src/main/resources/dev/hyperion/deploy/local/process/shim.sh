#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs one replica, passes TERM on to it, and notes how it ended where a later operator finds it.
exit_file=$1
shift
"$@" &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM INT
wait "$child"
code=$?
# a trapped signal ends the wait, not the child
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
echo "$code" > "$exit_file.tmp" && mv "$exit_file.tmp" "$exit_file"
exit "$code"
