"""The file system grows with its volume, while it is in use."""

import os
import time

from bundles import ROOT
from steps import Failed, run, say


def grow(size_gib):
    """Returns what there is to say, or None. A volume that EC2 has made larger shows its new size within moments."""
    device = run("findmnt", "-n", "-o", "SOURCE", ROOT).stdout.strip()
    deadline = time.monotonic() + 30
    while (bytes_of(device) >> 30) < size_gib and time.monotonic() < deadline:
        time.sleep(0.2)
    stat = os.statvfs(ROOT)
    # What a file system keeps for itself is far below a twentieth.
    if stat.f_blocks * stat.f_frsize > bytes_of(device) * 0.95 - (64 << 20):
        return None
    try:
        say(f"the file system grows to {bytes_of(device) >> 30} GiB")
        run("resize2fs", device)
        return "grown"
    except Failed as error:
        say(f"the file system grows at the next start of the machine: {error}")
        return "grows at the next start"


def bytes_of(device):
    return int(run("blockdev", "--getsize64", device).stdout)
