#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the tools that the benchmarks compare with, into the cache directory of the user.
set -euo pipefail
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/plimsoll-bench

DIR=$CACHE/osv-scanner-2.5.0
[ -x "$DIR/osv-scanner" ] || GOBIN=$DIR go install github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.5.0
echo "$DIR/osv-scanner"

# Unpacked, not installed: its start script goes through a shell, and the program needs nothing else.
DIR=$CACHE/sarif-multitool-5.7.0
if [ ! -x "$DIR/Sarif.Multitool" ]; then
  mkdir -p "$DIR"
  npm pack --silent --pack-destination "$DIR" @microsoft/sarif-multitool-linux@5.7.0 >/dev/null
  tar -xzf "$DIR"/*.tgz -C "$DIR" --strip-components=1 package/Sarif.Multitool
  rm "$DIR"/*.tgz
  echo "7eb1ad4dafe036e978464d55a9fed12b7cbb094639fc0ecd9fcd2a2ac84dfe80  $DIR/Sarif.Multitool" | sha256sum --check --quiet
  chmod 755 "$DIR/Sarif.Multitool"
fi
echo "$DIR/Sarif.Multitool"
