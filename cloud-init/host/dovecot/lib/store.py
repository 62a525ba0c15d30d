"""What the programs of a primary have to know of Dovecot."""

import shlex
import socket
import time

from steps import Failed, run

LMTP = "/srv/mailserver/spool/postfix/private/dovecot-lmtp"

# As in services.py. Dovecot reads its passwd-files anew by itself.
RELOAD = {"dovecot.service": ("etc/dovecot/dovecot.conf",)}
RESTART = {"dovecot.service": ("etc/systemd/system/dovecot.service",)}

# Why a mail waits for a full mailbox, as Postfix says it: LMTP's answer under quota_full_tempfail.
FULL = r"said: 4\d\d 4\.2\.2 "


def transports(_bundle):
    """Postfix's names of what delivers into mailboxes."""
    return ["lmtp"]


def read_at_start(service, bundle):
    """The directories that log-in processes of a protocol listen in are made at start; after a mere reload a new protocol's die."""
    if service != "dovecot.service":
        return None
    return [line for line in (bundle.read("etc/dovecot/dovecot.conf") or b"").splitlines() if line.startswith(b"protocols =")]


def check(bundle):
    run("doveconf", "-n", "-c", f"{bundle.path}/etc/dovecot/dovecot.conf")
    for path in bundle.paths("etc/dovecot/sieve/"):
        # The binary stays beside the script: Dovecot may not write it there, and would compile the script for each mail.
        run("sievec", "-c", f"{bundle.path}/etc/dovecot/dovecot.conf", f"{bundle.path}/{path}")


def wait(seconds):
    """Until it takes mail."""
    deadline = time.monotonic() + seconds
    while not lmtp_answers():
        if time.monotonic() > deadline:
            raise Failed(f"Dovecot's LMTP does not answer on {LMTP}")
        time.sleep(0.1)


def lmtp_answers():
    try:
        with socket.socket(socket.AF_UNIX) as lmtp:
            lmtp.settimeout(5)
            lmtp.connect(LMTP)
            return lmtp.recv(512).startswith(b"220")
    except OSError:
        return False


def logins(bundle):
    """Whoever can log in: addresses, and ADDRESS/NAME/PROTOCOL for each app password. (The number in its line changes when another one goes.)"""
    own = {line.split(":")[0] for line in lines(bundle, "etc/dovecot/passwords")}
    apps = {f"{line.rsplit('=', 1)[1]}/{line.split('/')[1]}" for line in lines(bundle, "etc/dovecot/app-passwords")}
    return own | apps


def lines(bundle, path):
    return (bundle.read(path) or b"").decode().splitlines()


def holds(address):
    """Whether it is a mailbox of this host."""
    return run("doveadm", "user", address, allowed=(0, 67)).returncode == 0


def imap(address):
    """A shell's command that speaks IMAP, logged in as this mailbox. Its standard input must be a pipe: at a socket it takes itself for a child of inetd."""
    return f"exec /usr/lib/dovecot/imap -u {shlex.quote(address)} 2>/dev/null"


def log_out(login):
    address, _, app = login.partition("/")
    if app:
        # Only sessions that this password has opened.
        run("doveadm", "kick", "-f", "user_app", f"{address}/{app.split('/')[0]}")
    else:
        run("doveadm", "kick", address)


def settle(bundle):
    """Before Postfix looks for it."""
    if bundle.read("etc/postfix/limited") is not None:
        run(f"{bundle.path}/lib/nearly-full")
