"""Folders of an IMAP account, and what one is called in another account (RFC 9051; RFC 6154 for special uses). Names are as on the wire, in modified UTF-7."""

import base64
import re

from steps import Failed

QUOTED = rb'"((?:[^"\\]|\\.)*)"'
LISTED = re.compile(rb"\(([^)]*)\) (?:" + QUOTED + rb"|NIL) (.*)", re.DOTALL)
# What every mailbox here has (dovecot.conf).
SPECIAL = {"\\drafts": "Drafts", "\\sent": "Sent", "\\trash": "Trash", "\\junk": "Junk"}
# They show what is in other folders.
VIRTUAL = {"\\all", "\\flagged", "\\important"}
NOWHERE = {"\\noselect", "\\nonexistent"}


class Folder:
    def __init__(self, name, delimiter, attributes):
        self.name = name
        self.delimiter = delimiter
        self.attributes = attributes
        self.is_virtual = bool(VIRTUAL & attributes)

    def parts(self, prefix):
        """Its path, without the prefix that a server puts before all of a person's folders."""
        if self.name.upper() == "INBOX":
            return ["INBOX"]
        name = self.name[len(prefix):] if prefix and self.name.startswith(prefix) else self.name
        return name.split(self.delimiter) if self.delimiter else [name]


def namespaces(imap):
    """The prefix and the delimiter of a person's own folders, and the prefixes of other people's."""
    if "NAMESPACE" not in imap.capabilities:
        return "", None, []
    answer = imap.namespace()[1][0]
    own, *others = re.findall(rb"NIL|\(\(.*?\)\)(?= |$)", answer)
    found = [[(unquoted(prefix), unquoted(delimiter)) for prefix, delimiter in re.findall(QUOTED + rb" (?:" + QUOTED + rb"|NIL)", group)] for group in (own, *others)]
    prefix, delimiter = found[0][0] if found[0] else ("", None)
    return prefix, delimiter, [name for group in found[1:] for name, _ in group if name]


def own_folders(imap):
    """A person's folders that hold mail, the inbox first, and the prefix of their names."""
    prefix, _, foreign = namespaces(imap)
    # Servers with RFC 6154 need not tell special uses unasked.
    pattern = '"*" RETURN (SPECIAL-USE)' if {"SPECIAL-USE", "LIST-EXTENDED"} <= set(imap.capabilities) else '"*"'
    status, lines = imap.list('""', pattern)
    if status != "OK":
        raise imap.error(f"LIST: {lines}")
    folders = [folder for folder in map(listed, lines) if folder and not NOWHERE & folder.attributes and not folder.name.startswith(tuple(foreign))]
    return prefix, sorted(folders, key=lambda folder: (folder.name.upper() != "INBOX", folder.name))


def listed(line):
    """A line of LIST's answer, in which the name may be an atom, a quoted string or a literal."""
    if line is None or line == b")":
        return None
    head, literal = line if isinstance(line, tuple) else (line, None)
    parts = LISTED.fullmatch(head)
    if parts is None:
        raise Failed(f"a folder that is not understood: {head[:200]!r}")
    attributes, delimiter, name = parts.groups()
    if literal is not None:
        name = literal
    elif name.startswith(b'"'):
        name = re.match(QUOTED, name).group(1).replace(b'\\"', b'"').replace(b"\\\\", b"\\")
    return Folder(name.decode("utf-8", "replace"), unquoted(delimiter or b"") or None, {word.lower() for word in attributes.decode().split()})


def names_here(folders, prefix, here):
    """What each folder is called in the other account, by its name there: special folders by their use, with what is below them; others as they are called."""
    prefix_here, delimiter_here, _ = here
    uses = [(folder.parts(prefix), SPECIAL[use]) for folder in folders for use in sorted(folder.attributes & SPECIAL.keys())]
    return {folder.name: name_here(folder.parts(prefix), uses, prefix_here, delimiter_here or "/") for folder in folders}


def name_here(parts, uses, prefix, delimiter):
    if parts == ["INBOX"]:
        return "INBOX"
    for of, name in uses:
        if parts[: len(of)] == of:
            parts = [name, *parts[len(of):]]
            break
    # In a Maildir a dot parts a folder's name from that of the one above it.
    return prefix + delimiter.join(re.sub(r"[./]", "_", part) for part in parts)


def readable(name):
    """Out of modified UTF-7 (RFC 3501 section 5.1.3)."""

    def letters(part):
        encoded = part[1].replace(",", "/")
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-16-be", "replace") if encoded else "&"

    return re.sub(r"&([A-Za-z0-9+,]*)-", letters, name)


def quoted(name):
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unquoted(text):
    return text.replace(b'\\"', b'"').replace(b"\\\\", b"\\").decode("utf-8", "replace")
