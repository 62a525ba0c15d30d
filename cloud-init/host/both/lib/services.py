"""The host made to be what a bundle says: files in /etc, units, and services started, reloaded or, only where a change is read at start, restarted."""

import glob
import os
import time

from bundles import ACTIVE
from steps import Failed, run, say

# Made only when a bundle with accounts is active and the volume is mounted; all mail services have it as a condition. Its text is the bundle's name.
GATE = "/run/mailserver/serving"
UNITS = "etc/systemd/"
# systemd reads units and fail2ban starts before the volume is mounted; `postfix check` warns of links. Everything else in /etc is a link into the active bundle.
COPIED = (UNITS, "etc/postfix/", "etc/fail2ban/")

# Changed files (prefixes) -> what a service needs. What else a primary has stands in its store.py.
RELOAD = {"postfix.service": ("etc/postfix/",), "fail2ban.service": ("etc/fail2ban/",)}
RESTART = {
    "postfix.service": ("etc/systemd/system/postfix.service",),
    "postsrsd.service": ("etc/mailserver/srs", "etc/systemd/system/postsrsd.service"),
    "mailserver-sending.service": ("lib/sending", "etc/systemd/system/mailserver-sending.service"),
    "mailserver-hold.service": ("lib/hold", "etc/mailserver/peers", "etc/systemd/system/mailserver-hold.service"),
    "mailserver-report.timer": ("etc/systemd/system/mailserver-report.timer",),
}
# postconf(5): "you need to stop and start Postfix when this parameter changes"; and where its queue and locks are.
READ_AT_START = ("inet_interfaces", "inet_protocols", "queue_directory", "data_directory", "mail_owner")


def place_files(new):
    """The bundle's files in /etc; nothing else there is touched."""
    units_changed = set()
    # Maps before the .cf files that name them, for a process that starts in between.
    for path in sorted(new.paths("etc/"), key=lambda path: path.endswith(".cf")):
        if not path.startswith(COPIED):
            if not (os.path.islink(f"/{path}") and os.readlink(f"/{path}") == f"{ACTIVE}/{path}"):
                put(f"/{path}", lambda target, path=path: os.symlink(f"{ACTIVE}/{path}", target))
        elif os.path.islink(f"/{path}") or content_of(f"/{path}") != new.read(path):
            put(f"/{path}", lambda target, path=path: write(target, new.read(path)))
            units_changed.update([path] if path.startswith(UNITS) else [])
    if units_changed:
        run("systemctl", "daemon-reload")
    if any("journald.conf" in path for path in units_changed):
        run("systemctl", "restart", "systemd-journald.service")


def clear_files(new, old):
    """What only the old bundle has in /etc; when no service reads it any more, or Postfix would answer 451 for a map that is gone."""
    gone = [
        path
        for path in set(old.paths("etc/") if old else []) - set(new.paths("etc/"))
        if (path.startswith(COPIED) or os.path.islink(f"/{path}")) and os.path.lexists(f"/{path}")
    ]
    for path in gone:
        os.unlink(f"/{path}")
    if any(path.startswith(UNITS) for path in gone):
        run("systemctl", "daemon-reload")


def content_of(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def put(path, make):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    new = f"{path}.mailserver-new"
    if os.path.lexists(new):
        os.unlink(new)
    make(new)
    os.replace(new, path)


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)
    # As in the bundle: a map that looks as if somebody still wrote it makes each Postfix process wait.
    settled = time.time() - 10
    os.utime(path, (settled, settled))


def serving():
    """Name of the bundle that the running services have read, or None."""
    return (content_of(GATE) or b"").decode().strip() or None


def serve(new, old):
    """Opens the gate and brings every service to this bundle. `old` is what the running services have read, or None.
    Returns what was started, reloaded and restarted."""
    write(GATE, b"changing\n")
    reload, restart = RELOAD, RESTART
    if new.role == "primary":
        reload, restart = {**RELOAD, **new.store.RELOAD}, {**RESTART, **new.store.RESTART}
    done = {"started": [], "reloaded": [], "restarted": []}
    changed = new.differences(old) if old else set(new.paths())
    if old:
        stop_others(new, old)
    for service in new.services:
        if run("systemctl", "is-active", "--quiet", service, allowed=(0, 3, 4)).returncode != 0:
            act("start", service)
            done["started"].append(service)
        elif touched(changed, restart.get(service, ())) or (old and read_at_start(service, new) != read_at_start(service, old)):
            act("restart", service)
            done["restarted"].append(service)
        elif touched(changed, reload.get(service, ())):
            act("reload", service)
            done["reloaded"].append(service)
    write(GATE, f"{new.sha256}\n".encode())
    return done


def stop_others(new, old):
    """Services of the old bundle that the new one has not."""
    for service in reversed([name for name in old.services if name not in new.services]):
        if run("systemctl", "is-active", "--quiet", service, allowed=(0, 3, 4)).returncode == 0:
            act("stop", service)


def touched(changed, prefixes):
    return any(path.startswith(tuple(prefixes)) for path in changed) if prefixes else False


def read_at_start(service, bundle):
    if service == "postfix.service":
        return run("postconf", "-c", f"{bundle.path}/etc/postfix", "-x", *READ_AT_START).stdout
    if bundle.role == "primary":
        return bundle.store.read_at_start(service, bundle)
    return None


def act(verb, service):
    say(f"{verb} {service}")
    try:
        run("systemctl", verb, service)
    except Failed as error:
        log = run("journalctl", "-q", "--no-pager", "-n", "15", "-o", "cat", "-u", service, allowed=(0, 1)).stdout
        raise Failed(f"{error}\n{log}") from error


def close(bundle):
    """Nothing serves."""
    if os.path.exists(GATE):
        os.unlink(GATE)
    for service in reversed(bundle.services):
        run("systemctl", "stop", service, allowed=(0, 5))


def drop_caches():
    """Caches that a power cut may have damaged. Without them a client waits through postscreen's greeting once more."""
    for path in glob.glob("/var/lib/postfix/postscreen_cache*"):
        os.unlink(path)
