"""One folder of an IMAP account, copied into one of another."""

import re
import time

from folders import quoted, readable
from steps import Failed, say

# Of one request: little memory, few round trips.
MESSAGES = 100
BYTES = 8 << 20
# Between two lines of progress.
SECONDS = 2


class Full(Exception):
    """The mailbox has no room; the text is its server's."""


class FolderCopy:
    def __init__(self, there, here, copied, name, name_here):
        self.there, self.here, self.copied = there, here, copied
        self.name, self.name_here = name, quoted(name_here)
        self.title = readable(name) if name == name_here else f"{readable(name)} (here {readable(name_here)})"
        self.count = 0
        self.has_recorded = False
        self.told = time.monotonic()

    def run(self):
        """Returns whether everything is here now."""
        # Read only: nothing is seen there that was not, and all that is recent stays so.
        status, data = self.there.select(quoted(self.name), readonly=True)
        if status != "OK":
            return self.fail(f"cannot be opened there: {text(data)}")
        total = int(data[0])
        validity = int(self.there.response("UIDVALIDITY")[1][0])
        known = self.copied.known(self.name)
        done = self.copied.uids(self.name)
        sizes = self.sizes() if total > 0 else {}
        wanted = sorted(sizes.keys() - done)
        say(f"{self.title}: {total} messages, {len(wanted)} to copy")
        # Of a folder without mail some servers say another one each time.
        if known is None or (known[0] != validity and not done):
            known = (validity, self.uid_next())
            self.copied.begin(self.name, *known)
        elif known[0] != validity:
            return self.fail(f"was made anew there, and what of it is here is no longer known. To copy it as a whole once more, remove {self.copied.path}")
        self.tail = known[1]
        whole = True
        for batch in batches(wanted, sizes):
            messages = self.fetched(batch)
            for uid in batch:
                if uid not in messages:
                    whole = self.fail(f"message {uid} does not come; it was deleted there meanwhile, or that server cannot read it")
                # Only the first that is recorded can be one that a run copied and had no time to record.
                elif self.has_recorded or not self.recovered(uid, messages[uid]):
                    whole = self.copy(uid, *messages[uid]) and whole
                self.progress(len(wanted))
        return whole

    def fail(self, reason):
        say(f"{self.title}: {reason}")
        return False

    def progress(self, total):
        if time.monotonic() > self.told + SECONDS:
            self.told = time.monotonic()
            say(f"{self.title}: {self.count} of {total}")

    def sizes(self):
        """Bytes of each message, by UID."""
        lines = need(self.there.uid("FETCH", "1:*", "(RFC822.SIZE)"))
        return {number(rb"UID", line): number(rb"RFC822.SIZE", line) for line in lines if b"RFC822.SIZE" in line}

    def uid_next(self):
        """The UID that the next message here gets at least. A folder that is missing is made, and shown by mail programs."""
        answer = self.here.status(self.name_here, "(UIDNEXT)")
        if answer[0] != "OK":
            need(self.here.create(self.name_here))
            need(self.here.subscribe(self.name_here))
            answer = self.here.status(self.name_here, "(UIDNEXT)")
        return number(rb"UIDNEXT", need(answer)[0])

    def fetched(self, uids):
        """Flags, date and text of messages there, by UID."""
        messages = {}
        for told, body in literals(need(self.there.uid("FETCH", ",".join(map(str, uids)), "(UID FLAGS INTERNALDATE BODY.PEEK[])"))):
            flags = " ".join(flag for flag in part(rb"FLAGS \(([^)]*)\)", told).split() if flag.lower() != r"\recent")
            date = part(rb'INTERNALDATE ("[^"]*")', told)
            messages[number(rb"UID", told)] = (f"({flags})", date, body)
        return messages

    def copy(self, uid, flags, date, body):
        status, data = self.here.append(self.name_here, flags, date, body)
        if status != "OK":
            # RFC 9208's [OVERQUOTA], and Courier's words.
            if b"QUOTA" in data[-1].upper():
                raise Full(text(data))
            return self.fail(f"message {uid} is not taken here: {text(data)}")
        at = re.search(rb"APPENDUID \d+ (\d+)", data[-1])
        self.record(uid, int(at[1]) if at else None)
        self.count += 1
        return True

    def record(self, uid, at):
        self.tail = self.tail if at is None else at + 1
        self.copied.record(self.name, uid, self.tail)
        self.has_recorded = True

    def recovered(self, uid, message):
        """Whether a message is here as the last that came from there, before a run could record it."""
        if self.uid_next() <= self.tail:
            return False
        need(self.here.select(self.name_here, readonly=True))
        at = self.found(crlf(message[2]))
        # Courier takes nothing into a folder that is open read-only. Closing that deletes nothing.
        need(self.here.close())
        if at is not None:
            self.record(uid, at)
        return at is not None

    def found(self, wanted):
        """UID of a message with this text among the last here."""
        for line in need(self.here.uid("FETCH", f"{self.tail}:*", "(RFC822.SIZE)")):
            at = number(rb"UID", line)
            if at < self.tail or number(rb"RFC822.SIZE", line) != len(wanted):
                continue
            if any(crlf(body) == wanted for _, body in literals(need(self.here.uid("FETCH", str(at), "(BODY.PEEK[])")))):
                return at
        return None


def batches(uids, sizes):
    batch, size = [], 0
    for uid in uids:
        if batch and (len(batch) == MESSAGES or size + sizes[uid] > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(uid)
        size += sizes[uid]
    if batch:
        yield batch


def literals(data):
    """What an answer to FETCH says of each message, and the literal in it: imaplib gives what stands before and with it as a pair, and the rest as an item of its own."""
    found = []
    for item in data:
        if isinstance(item, tuple):
            found.append(list(item))
        elif found and not re.match(rb"\d+ \(", item):
            found[-1][0] += item
    return found


def need(answer):
    status, data = answer
    if status != "OK":
        raise Failed(text(data))
    return data


def number(name, told):
    return int(part(rb"\b" + name + rb" (\d+)", told))


def part(pattern, told):
    found = re.search(pattern, told)
    if found is None:
        raise Failed(f"an answer that is not understood: {told[:200]!r}")
    return found[1].decode("ascii", "replace")


def text(data):
    return data[-1].decode("utf-8", "replace") if data and data[-1] else "no reason was given"


def crlf(body):
    """As imaplib sends it."""
    return re.sub(rb"\r\n|\r|\n", b"\r\n", body)
