#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the tools that the benchmarks compare with, into the cache directory of the user.
set -euo pipefail
DIR=${XDG_CACHE_HOME:-$HOME/.cache}/plimsoll-bench/osv-scanner-2.5.0
[ -x "$DIR/osv-scanner" ] || GOBIN=$DIR go install github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.5.0
echo "$DIR/osv-scanner"
