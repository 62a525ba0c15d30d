#!/bin/sh
# npm start: from a fresh clone to a running lab, the failover shown on it, and what to try next. The lab goes on running.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
lab() { sh "$root/lab/run.sh" lab/command/lab.ts "$@"; }

if [ "$(uname -s)" != Linux ]; then
  echo "The lab's hosts are Linux containers; this machine runs $(uname -s). Use a Linux machine (Debian 12 or 13), or a virtual one." >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "The lab makes network namespaces, mounts and containers, so it must run as root: sudo -H npm start" >&2
  exit 1
fi

lab up
echo
echo "The failover, on the lab that is now up:"
lab drill failover
echo
lab status --show-secrets
cat <<'NEXT'

The lab goes on running. What to try next:
  npm run lab -- pulumi preview                     nothing to do; then add a mailbox to Pulumi.lab.yaml and look again
  npm run lab -- pulumi up                          and it takes mail, on both exchangers
  npm run lab -- pulumi stack output                addresses, records, what a mail client needs
  npm run lab -- exec mx1 -- su - master -c mail    a host from inside
  npm run lab -- internet -- python3                this machine as a host elsewhere on the lab's internet
  npm run lab -- kill mx1                           pull the primary's plug; `start mx1` switches it on
  npm run lab -- down                               end it; nothing is left (--purge: caches too)
NEXT
