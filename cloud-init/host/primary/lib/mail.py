"""The mail on the volume, in the shape of the mailbox server that serves it. Messages and their flags are as Maildir has them for both; UIDs, keywords,
subscriptions and names of folders each keeps in its own way (lib/conversion)."""

import glob
import os

from accounts import HOMES, uids
from bundles import ROOT
from identity import write
from steps import run, say

RECORD = f"{ROOT}/identity/mailbox_server"
VMAIL = 700


def bring_to(bundle):
    """Nothing writes into the mailboxes meanwhile, and a power cut only makes it begin anew."""
    shape = read(RECORD) or "dovecot"
    if shape == bundle.mailbox_server:
        return
    say(f"bringing mail from the shape of {shape} to that of {bundle.mailbox_server}")
    owners = {VMAIL: glob.glob(f"{ROOT}/mail/*/*/Maildir"), **{uid: glob.glob(f"{HOMES}/{name}/Maildir") for name, uid in uids().items()}}
    for uid, maildirs in owners.items():
        # As who they belong to: whoever has a shell can put anything where a folder should be.
        done = run("setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups", f"{os.path.dirname(__file__)}/conversion",
                   bundle.mailbox_server, stdin="".join(f"{maildir}\n" for maildir in maildirs))
        say(done.stderr.strip() or f"{len(maildirs)} mailboxes of uid {uid}")
    run("sync", "-f", ROOT)
    write(RECORD, f"{bundle.mailbox_server}\n".encode(), 0o644)


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None
