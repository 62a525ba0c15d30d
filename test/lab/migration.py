"""An account for `migration.ts`, on its host: `fill ADDRESS COUNT` makes folders and mail in it, `mark ADDRESS NAME` one mail more, `empty ADDRESS FOLDER` takes a
folder's mail away, `dump ADDRESS` prints what is in it by folder, and what it has subscribed to. Folders are parted by a slash."""

import hashlib
import imaplib
import json
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "/srv/mailserver/active/lib")
import store  # noqa: E402
from folders import namespaces, readable  # noqa: E402

verb, address, *rest = sys.argv[1:]
imap = imaplib.IMAP4_stream(store.imap(address))
prefix, delimiter, _ = namespaces(imap)


def own(folder):
    return '"INBOX"' if folder == "INBOX" else f'"{prefix}{folder.replace("/", delimiter)}"'


def names(lines):
    found = [re.search(rb' "[./]" "?(.*?)"?$', line)[1].decode() for line in lines if line]
    return [name.removeprefix(prefix).replace(delimiter, "/") for name in found]


def message(name):
    # Lines of every length, octets that are no text, and an end without a line end.
    return f"From: anna@outside.test\r\nSubject: migrated {name}\r\nMessage-ID: <{name}@outside.test>\r\n\r\n".encode() + bytes(range(128, 256)) + b"\r\n.\r\n\r\nend"


def save(folder, name, flags, day):
    status, data = imap.append(own(folder), f"({flags})", f'"{day:2}-Feb-2021 10:20:30 +0100"', message(name))
    assert status == "OK", data


if verb == "fill":
    for folder in ("Lists", "Lists/Garden", "Gr&APwA3w-e"):
        assert imap.create(own(folder))[0] == "OK", folder
    for index in range(int(rest[0])):
        save("INBOX", f"{address}-{index}", ("", r"\Seen", r"\Seen \Answered $Forwarded", r"\Flagged work")[index % 4], index % 28 + 1)
    for folder in ("Sent", "Lists/Garden", "Gr&APwA3w-e"):
        for index in range(3):
            save(folder, f"{address}-{folder}-{index}", r"\Seen", index + 1)
elif verb == "mark":
    save("INBOX", rest[0], "", 1)
elif verb == "empty":
    imap.select(own(rest[0]))
    imap.store("1:*", "+FLAGS", r"(\Deleted)")
    imap.expunge()
else:
    found = {}
    for folder in names(imap.list()[1]):
        count = int(imap.select(own(folder), readonly=True)[1][0])
        messages = found[readable(folder)] = []
        for item in imap.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])")[1] if count else []:
            if isinstance(item, tuple):
                flags = sorted(flag for flag in re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split() if flag != r"\Recent")
                date = re.search(rb'INTERNALDATE "([^"]*)"', item[0])[1].decode()
                messages.append([hashlib.sha256(item[1]).hexdigest(), *flags, date])
        messages.sort()
    print(json.dumps({"mail": found, "subscribed": names(imap.lsub()[1])}))
imap.logout()
