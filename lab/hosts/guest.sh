#!/bin/sh
# Runs a host until it is switched off. A reboot from inside ends systemd-nspawn with status 133 (`--keep-unit` leaves the next start to whoever started
# it); the host starts again, with a new /dev, and gets the devices of its volumes back, which no reboot takes from a machine.
# guest.sh FOLDER NETWORK-NAMESPACE NSPAWN-OPTIONS...
set -u
folder=$1
network=$2
shift 2
status=133
while [ "$status" = 133 ]; do
  # A machine starts without firewall rules; the namespace outlives it.
  nsenter --net="$network" nft flush ruleset
  systemd-nspawn "$@" &
  nspawn=$!
  echo "$nspawn" >"$folder/pid"
  for volume in "$folder"/plugged/*; do
    [ -e "$volume" ] || continue
    init=
    while [ -z "$init" ] && [ -e "/proc/$nspawn" ]; do
      children=
      read -r children 2>/dev/null <"/proc/$nspawn/task/$nspawn/children" || :
      for child in $children; do
        [ "$(cat "/proc/$child/comm" 2>/dev/null)" != systemd ] || init=$child
      done
      [ -n "$init" ] || sleep 0.01
    done
    [ -z "$init" ] || sh "${0%/*}/plug-in.sh" "$init" "${volume##*/}" "$(cat "$volume")"
  done
  wait "$nspawn"
  status=$?
done
