"""What has been copied of an account elsewhere, so that a run goes on where the one before ended, however that was. It stands on the volume, without any password."""

import fcntl
import os
import sqlite3
import urllib.parse

from bundles import ROOT
from steps import Failed

SCHEMA = """
create table if not exists folder (name text primary key, validity integer not null, tail integer not null);
create table if not exists message (folder text not null, uid integer not null, primary key (folder, uid)) without rowid;
"""


class Copied:
    def __init__(self, address, source):
        folder = f"{ROOT}/migrations/{address}"
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.path = f"{folder}/{urllib.parse.quote(source, safe='@')}"
        # Held to the end of the process.
        self.lock = open(f"{self.path}.lock", "w", encoding="utf-8")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(f"another run copies {source} into {address}; wait for its end") from None
        self.database = sqlite3.connect(self.path)
        self.database.executescript(SCHEMA)

    def known(self, folder):
        """The UIDVALIDITY that the folder had, and the UID here from which on a copy may lie that is not recorded; None for a new folder."""
        return self.database.execute("select validity, tail from folder where name = ?", (folder,)).fetchone()

    def begin(self, folder, validity, tail):
        with self.database:
            self.database.execute("insert or replace into folder values (?, ?, ?)", (folder, validity, tail))

    def uids(self, folder):
        return {uid for (uid,) in self.database.execute("select uid from message where folder = ?", (folder,))}

    def count(self):
        return self.database.execute("select count(*) from message").fetchone()[0]

    def record(self, folder, uid, tail):
        """A message is copied, and what comes next comes at this UID or after it."""
        with self.database:
            self.database.execute("insert into message values (?, ?)", (folder, uid))
            self.database.execute("update folder set tail = ? where name = ?", (tail, folder))
