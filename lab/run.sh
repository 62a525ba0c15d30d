#!/bin/sh
# Runs a TypeScript file of this project on the project's own Node, whatever Node the machine has.
# sh lab/run.sh FILE ARGS...
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
PATH=$root/node_modules/.bin:$PATH
export PATH
installed=$root/node_modules/.package-lock.json
if ! [ -x "$root/node_modules/.bin/node" ] || [ -z "$(find "$installed" -newer "$root/package-lock.json" 2>/dev/null)" ]; then
  echo "installing the project's npm packages (npm ci)" >&2
  (cd "$root" && npm ci --no-audit --no-fund >&2)
  # npm may keep an older time than the lock file's, which a fresh clone has just written.
  touch "$installed"
fi
script=$1
shift
exec "$root/node_modules/.bin/node" --import "$root/node_modules/tsx/dist/loader.mjs" "$root/$script" "$@"
