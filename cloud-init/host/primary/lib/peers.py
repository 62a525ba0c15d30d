"""Exchangers that have left the declaration. When one is removed, this host learns of it first, and what the other holds comes after that: so its key is
taken for at least another day, until the first `apply` after that. Its address is let through only while it exists (the firewall rule goes after it has been drained)."""

import json
import os
import time

from bundles import ROOT

LEAVING = f"{ROOT}/identity/leaving_peers"
RECORD = f"{LEAVING}.json"
DAY = 86400


def keys(bundle):
    """Fingerprints of the other exchangers' keys -> their keys in the declaration."""
    lines = (bundle.read("etc/mailserver/peers") or b"").decode().splitlines()
    return {words[5]: words[0] for words in map(str.split, lines) if len(words) == 6 and not words[0].startswith("#")}


def remember(new, old):
    leaving = load()
    if old:
        leaving.update({fingerprint: {"exchanger": name, "until": time.time() + DAY} for fingerprint, name in keys(old).items()})
    here = keys(new)
    leaving = {fingerprint: entry for fingerprint, entry in leaving.items() if fingerprint not in here and entry["until"] > time.time()}
    write(RECORD, json.dumps(leaving, indent=1, sort_keys=True))
    write(LEAVING, "".join(f"# {entry['exchanger']}\n{fingerprint} permit\n" for fingerprint, entry in sorted(leaving.items())))


def load():
    try:
        with open(RECORD, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def write(path, text):
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    # A map that looks as if somebody still wrote it makes each Postfix process wait.
    settled = time.time() - 10
    os.utime(f"{path}.new", (settled, settled))
    os.replace(f"{path}.new", path)
