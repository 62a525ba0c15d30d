"""What the programs of a primary have to know of Courier, and of maildrop, which delivers for it."""

import collections
import glob
import os
import pwd
import shlex
import shutil
import signal
import socket
import time

from bundles import ACTIVE, ROOT, Bundle
from steps import Failed, run, say

AUTHDAEMON = "/run/courier/authdaemon/socket"
CERTIFICATE = "/run/courier/tls.pem"
USERDB = "/etc/courier/userdb"
FILTERS = "/etc/courier/mailfilter"
SESSIONS = ("/usr/bin/imapd", "/usr/lib/courier/courier/courierpop3d")

# As in services.py. authdaemond reads its userdb anew by itself.
RELOAD = {}
RESTART = {
    "courier-authdaemon.service": ("etc/courier/authdaemonrc", "etc/systemd/system/courier-"),
    "courier-imap.service": ("etc/courier/imapd",),
    "courier-imap-ssl.service": ("etc/courier/imapd",),
    "courier-pop.service": ("etc/courier/pop3d",),
    "courier-pop-ssl.service": ("etc/courier/pop3d",),
}

# Why a mail waits for a full mailbox, as Postfix says it: what maildrop prints.
FULL = r"maildir over quota"


def transports(bundle):
    """Postfix's names of what delivers into mailboxes."""
    services = (line.split() for line in (bundle.read("etc/postfix/master.cf") or b"").decode().splitlines())
    return [words[0] for words in services if words and words[0].startswith("maildrop")]


def read_at_start(service, bundle):
    return None


def check(bundle):
    """Courier has nothing that looks at a configuration; apply proves it."""


def settle(bundle):
    """What is made of the bundle's accounts: userdb, filters, Maildirs. And the TLS key where Courier may read it; not on a disk, it stays the volume's."""
    with open(f"{ROOT}/identity/tls.pem", encoding="utf-8") as file:
        put(CERTIFICATE, file.read())
    shutil.chown(CERTIFICATE, "root", "courier")
    os.chmod(CERTIFICATE, 0o640)
    # Postfix may ask for passwords. Nobody else but Courier may: authdaemond tells hashes to whoever can speak with it.
    run("usermod", "--append", "--groups", "courier", "postfix")
    accounts = accounts_of(bundle)
    of_user = collections.defaultdict(list)
    for _, user, home, quota in accounts:
        of_user[user].append((home, quota))
    keep_filters(bundle, of_user)
    for user, homes in of_user.items():
        # As who they belong to: whoever has a shell can put anything where a folder should be.
        entry = pwd.getpwnam(user)
        run("setpriv", "--reuid", str(entry.pw_uid), "--regid", str(entry.pw_gid), "--clear-groups", f"{bundle.path}/lib/maildirs",
            stdin="".join(f"{home} {quota}\n" for home, quota in homes))
    write_userdb(bundle, accounts)


def accounts_of(bundle):
    """Address, who owns its mail, home, and quota in bytes or `none`."""
    return [line.split() for line in (bundle.read("etc/courier/accounts") or b"").decode().splitlines()]


def keep_filters(bundle, users):
    """A copy of the filter for each user: maildrop takes only one's own."""
    text = bundle.read("etc/courier/delivery").decode()
    os.makedirs(FILTERS, mode=0o755, exist_ok=True)
    for user in users:
        path = f"{FILTERS}/{user}"
        if read(path) != text:
            put(path, text)
            shutil.chown(path, user)
    for user in set(os.listdir(FILTERS)) - set(users):
        os.unlink(f"{FILTERS}/{user}")


def write_userdb(bundle, accounts):
    passwords = dict(line.split(":", 1) for line in (bundle.read("etc/courier/passwords") or b"").decode().splitlines())
    lines = []
    for address, user, home, quota in accounts:
        entry = pwd.getpwnam(user)
        fields = [f"uid={entry.pw_uid}", f"gid={entry.pw_gid}", f"home={home}", f"mail={home}/Maildir"]
        fields += [f"quota={quota}S"] if quota != "none" else []
        # crypt(3) takes the hash alone, without the scheme in braces.
        fields += [f"systempw={passwords[address].partition('}')[2]}"] if address in passwords else []
        lines.append(f"{address}\t{'|'.join(fields)}\n")
    text = "".join(lines)
    if os.path.exists(f"{USERDB}.dat") and read(USERDB) == text:
        return
    put(USERDB, text)
    run("makeuserdb")


def put(path, text):
    """For its owner only, as a whole."""
    with open(os.open(f"{path}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(f"{path}.new", path)


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def wait(seconds):
    """Until it knows accounts. Mail is delivered without it."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as daemon:
                daemon.connect(AUTHDAEMON)
                return
        except OSError as error:
            if time.monotonic() > deadline:
                raise Failed(f"authdaemond does not answer on {AUTHDAEMON}: {error}") from error
        time.sleep(0.1)


def logins(bundle):
    """Whoever can log in."""
    return {line.split(":")[0] for line in (bundle.read("etc/courier/passwords") or b"").decode().splitlines()}


def holds(address):
    """Whether it is a mailbox of this host."""
    return address in {account[0] for account in accounts_of(Bundle(ACTIVE))}


def imap(address):
    """A shell's command that speaks IMAP, logged in as this mailbox."""
    _, user, home, quota = next(account for account in accounts_of(Bundle(ACTIVE)) if account[0] == address)
    entry = pwd.getpwnam(user)
    told = {"AUTHENTICATED": address, "HOME": home, "TCPREMOTEIP": "127.0.0.1", **({} if quota == "none" else {"MAILDIRQUOTA": f"{quota}S"})}
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in told.items())
    become = f"setpriv --reuid {entry.pw_uid} --regid {entry.pw_gid} --clear-groups"
    return f"set -a; . /etc/courier/imapd; {settings}; cd {shlex.quote(home)} && exec {become} {SESSIONS[0]} Maildir 2>/dev/null"


def log_out(address):
    for environment in glob.glob("/proc/[0-9]*/environ"):
        process = os.path.dirname(environment)
        try:
            with open(environment, "rb") as file:
                theirs = f"AUTHENTICATED={address}".encode() in file.read().split(b"\0")
            if theirs and os.readlink(f"{process}/exe") in SESSIONS:
                say(f"ending a session of {address}")
                os.kill(int(os.path.basename(process)), signal.SIGTERM)
        except (FileNotFoundError, ProcessLookupError):
            continue
